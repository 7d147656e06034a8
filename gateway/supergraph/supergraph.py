"""The supergraph: read once from SDL, never changed."""

import gc
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse

from gateway.supergraph.api_schema import build_api_schema
from gateway.supergraph.errors import InvalidJoin, InvalidSdl
from gateway.supergraph.join_spec import JoinReader
from gateway.supergraph.links import read_links
from gateway.supergraph.model import RootKind, Subgraph, Type
from gateway.supergraph.requirements import Marks, Rules, read_marks, rules_of


@dataclass(frozen=True, eq=False)
class Supergraph:
    """What a planner and an executor need to know about the subgraphs behind one endpoint."""

    subgraphs: Mapping[str, Subgraph]
    types: Mapping[str, Type]
    roots: Mapping[RootKind, str]
    api_schema: GraphQLSchema
    contexts: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    """The types that carry each context, as the file marks them; empty in a supergraph without contextual arguments."""
    marks: Marks = field(default_factory=dict[str, Any])
    """What types and fields demand of whoever asks, as the file has it; `rules` are what that comes to."""

    @classmethod
    def from_sdl(cls, sdl: str) -> Self:
        """Read a Federation v2 supergraph (join specification v0.1 to v0.5).

        Raises:
            InvalidSdl: it does not parse, or its types form no schema.
            NotASupergraph: it links no join specification or declares no subgraph.
            UnsupportedFeature: it needs a specification that we do not implement.
            InvalidJoin: a join directive is wrong.
        """
        with _no_collecting():
            document = _parse(sdl)
            links = read_links(document)
            reader = JoinReader(document, links)
            types, contexts = reader.types(), reader.contexts()
            _require_contexts(types, contexts)
            api_schema, marks = build_api_schema(document, links), read_marks(document, links)
            return cls(reader.subgraphs(), types, reader.roots(), api_schema, contexts, marks)

    @cached_property
    def override_labels(self) -> frozenset[str]:
        """The labels of progressive overrides; a caller passes the active ones to the planner."""
        joins = (j for t in self.types.values() for f in t.fields.values() for j in f.joins.values())
        return frozenset(join.override_label for join in joins if join.overrides and join.override_label)

    @cached_property
    def rules(self) -> Rules:
        """What this supergraph demands of whoever asks; empty (false) where it demands nothing."""
        if not self.marks:
            return Rules()
        interfaces = {name: self.implementers[name] for name, one in self.types.items() if one.kind == "interface"}
        return rules_of(self.marks, interfaces)

    @cached_property
    def carried(self) -> Mapping[str, frozenset[str]]:
        """The contexts that objects of each type carry, by the name of the object type."""
        found: dict[str, frozenset[str]] = {}
        for context, names in self.contexts.items():
            for name in {one for each in names for one in self.runtime_types(each)}:
                found[name] = found.get(name, frozenset()) | {context}
        return found

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


@contextmanager
def _no_collecting() -> Generator[None]:
    """Stop the cyclic garbage collector: it walks the growing tree again and again, a third of all the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def _require_contexts(types: Mapping[str, Type], contexts: Mapping[str, frozenset[str]]) -> None:
    for type_ in types.values():
        for field_ in type_.fields.values():
            for needed in (one for join in field_.joins.values() for one in join.contexts):
                if needed.context not in contexts:
                    place = f"{type_.name}.{field_.name}({needed.name}:)"
                    raise InvalidJoin(f"the contextual argument {place} names an unknown context, {needed.context}")


def _parse(sdl: str) -> DocumentNode:
    try:
        return parse(sdl, no_location=True)
    except GraphQLError as error:
        place = "".join(f" at line {location.line}" for location in error.locations or ())
        raise InvalidSdl(f"the supergraph is not valid SDL: {error.message}{place}") from error
