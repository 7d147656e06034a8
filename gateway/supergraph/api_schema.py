"""The schema that clients see: no join or link machinery, nothing marked `@inaccessible`."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from graphql import (
    DefinitionNode,
    DirectiveDefinitionNode,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    Node,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    build_ast_schema,
    parse,
)

from gateway.supergraph.applied import directives, type_ref
from gateway.supergraph.errors import InvalidSdl
from gateway.supergraph.links import Link

_STANDARD = {"deprecated", "specifiedBy", "oneOf"}
NodeType = TypeVar("NodeType", bound=Node)
_DEFER = parse(
    """
"Lets the response start without this fragment, which follows later. The client must accept multipart/mixed or SSE."
    directive @defer(
"Whether to defer the fragment."
      if: Boolean! = true
      "A unique name for the fragment, repeated in `pending`."
      label: String
    ) on FRAGMENT_SPREAD | INLINE_FRAGMENT
    """
).definitions
_EXECUTABLE = frozenset(
    ("QUERY", "MUTATION", "SUBSCRIPTION", "FIELD", "FRAGMENT_DEFINITION", "FRAGMENT_SPREAD", "INLINE_FRAGMENT")
) | {"VARIABLE_DEFINITION"}
_NESTED = ("fields", "values", "arguments")


def build_api_schema(document: DocumentNode, links: Mapping[str, Link]) -> GraphQLSchema:
    """Build the consumer schema of a supergraph document.

    Raises:
        InvalidSdl: when what is left does not form a schema.
    """
    definitions = [*_Cut(document, links).definitions(), *_DEFER]
    try:
        # Composition has validated the schema by the rules of its day; newer rules must not refuse an old file.
        schema = build_ast_schema(DocumentNode(definitions=tuple(definitions)), assume_valid=True)
    except (GraphQLError, TypeError, KeyError) as error:
        raise InvalidSdl(f"the types of the supergraph do not form a schema: {error}") from error
    if schema.query_type is None:
        raise InvalidSdl("the supergraph has no query type")
    return schema


class _Cut:
    """Cuts one document down to what clients see."""

    def __init__(self, document: DocumentNode, links: Mapping[str, Link]) -> None:
        self._document = document
        self._links = [link for link in links.values() if link.is_known or not self._is_for_clients(link)]
        self._marker = links["inaccessible"].directive("inaccessible") if "inaccessible" in links else "inaccessible"
        types = [d for d in document.definitions if isinstance(d, TypeDefinitionNode)]
        self._hidden = {d.name.value for d in types if self._is_hidden(d) or self._is_owned(d.name.value)}

    def definitions(self) -> list[DefinitionNode]:
        """Return the definitions that stay."""
        kept: list[DefinitionNode] = []
        for definition in self._document.definitions:
            if isinstance(definition, DirectiveDefinitionNode):
                name = definition.name.value
                if name != "defer" and not any(link.owns(name, directive=True) for link in self._links):
                    kept += self._executable(definition)
            elif isinstance(definition, SchemaDefinitionNode):
                kept.append(self._without_machinery(definition))
            elif isinstance(definition, TypeDefinitionNode) and definition.name.value not in self._hidden:
                kept.append(self._cut(definition))
        return kept

    def _executable(self, definition: DirectiveDefinitionNode) -> list[DefinitionNode]:
        """Return what clients may write of a directive, nothing where it is only for schemas."""
        locations = tuple(one for one in definition.locations if one.value in _EXECUTABLE)
        arguments = tuple(one for one in definition.arguments or () if type_ref(one.type).name not in self._hidden)
        standard = definition.name.value in _STANDARD
        if not locations and not standard:
            return []
        narrowed = definition if standard else replace(definition, locations=locations, arguments=arguments)
        return [self._cut(narrowed)]

    def _is_for_clients(self, link: Link) -> bool:
        """Tell whether somebody's own specification has directives that clients may write: subgraphs obey them."""
        defined = (one for one in self._document.definitions if isinstance(one, DirectiveDefinitionNode))
        owned = (one for one in defined if link.owns(one.name.value, directive=True))
        return any(_EXECUTABLE & {location.value for location in one.locations} for one in owned)

    def _is_owned(self, name: str) -> bool:
        return any(link.owns(name, directive=False) for link in self._links)

    def _is_hidden(self, node: Node) -> bool:
        return any(directive.name.value == self._marker for directive in directives(node))

    def _cut(self, node: NodeType) -> NodeType:
        changes: dict[str, Any] = {}
        for name in _NESTED:
            if children := getattr(node, name, None):
                changes[name] = tuple(self._cut(child) for child in children if not self._is_hidden(child))
        for name in ("interfaces", "types"):
            if references := getattr(node, name, None):
                changes[name] = tuple(r for r in references if r.name.value not in self._hidden)
        return replace(self._without_machinery(node), **changes)

    def _without_machinery(self, node: NodeType) -> NodeType:
        kept = tuple(d for d in directives(node) if d.name.value in _STANDARD)
        return replace(node, directives=kept) if hasattr(node, "directives") else node
