"""The supergraph: read once from SDL, never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Self

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse

from gateway.supergraph.api_schema import build_api_schema
from gateway.supergraph.errors import InvalidSdl
from gateway.supergraph.join_spec import JoinReader
from gateway.supergraph.links import read_links
from gateway.supergraph.model import RootKind, Subgraph, Type


@dataclass(frozen=True, eq=False)
class Supergraph:
    """What a planner and an executor need to know about the subgraphs behind one endpoint."""

    subgraphs: Mapping[str, Subgraph]
    types: Mapping[str, Type]
    roots: Mapping[RootKind, str]
    api_schema: GraphQLSchema

    @classmethod
    def from_sdl(cls, sdl: str) -> Self:
        """Read a Federation v2 supergraph (join specification v0.1 to v0.5).

        Raises:
            InvalidSdl: it does not parse, or its types form no schema.
            NotASupergraph: it links no join specification or declares no subgraph.
            UnsupportedFeature: it needs a specification that we do not implement.
            InvalidJoin: a join directive is wrong.
        """
        document = _parse(sdl)
        links = read_links(document)
        reader = JoinReader(document, links)
        return cls(reader.subgraphs(), reader.types(), reader.roots(), build_api_schema(document, links))

    @cached_property
    def override_labels(self) -> frozenset[str]:
        """The labels of progressive overrides; a caller passes the active ones to the planner."""
        joins = (j for t in self.types.values() for f in t.fields.values() for j in f.joins.values())
        return frozenset(join.override_label for join in joins if join.overrides and join.override_label)

    @cached_property
    def implementers(self) -> Mapping[str, frozenset[str]]:
        """The object types of every abstract type, over all subgraphs."""
        found: dict[str, frozenset[str]] = {name: frozenset() for name, t in self.types.items() if t.is_abstract}
        for name, type_ in self.types.items():
            if type_.kind == "union":
                found[name] = frozenset(m for members in type_.members.values() for m in members)
            elif type_.kind == "object":
                for interface in {i for names in type_.interfaces.values() for i in names if i in found}:
                    found[interface] |= {name}
        return found

    def runtime_types(self, name: str) -> frozenset[str]:
        """Return the object types that an object of static type `name` may have."""
        return self.implementers.get(name) or frozenset({name})


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLError as error:
        place = "".join(f" at line {location.line}" for location in error.locations or ())
        raise InvalidSdl(f"the supergraph is no SDL: {error.message}{place}") from error
