"""Read the join directives of a supergraph document into the model."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any, cast

from graphql import (
    DocumentNode,
    EnumTypeDefinitionNode,
    FieldDefinitionNode,
    GraphQLError,
    InputObjectTypeDefinitionNode,
    InterfaceTypeDefinitionNode,
    Node,
    ObjectTypeDefinitionNode,
    ScalarTypeDefinitionNode,
    SchemaDefinitionNode,
    TypeDefinitionNode,
    UnionTypeDefinitionNode,
    parse,
    parse_type,
    print_ast,
)

from gateway.supergraph.applied import applied, type_ref
from gateway.supergraph.errors import InvalidJoin, NotASupergraph
from gateway.supergraph.links import Link
from gateway.supergraph.model import (
    ContextArgument,
    Field,
    FieldJoin,
    Key,
    RootKind,
    Subgraph,
    Type,
    TypeJoin,
    TypeKind,
    TypeRef,
)

_KINDS: dict[type[TypeDefinitionNode], TypeKind] = {
    ObjectTypeDefinitionNode: "object",
    InterfaceTypeDefinitionNode: "interface",
    UnionTypeDefinitionNode: "union",
    ScalarTypeDefinitionNode: "scalar",
    EnumTypeDefinitionNode: "enum",
    InputObjectTypeDefinitionNode: "input",
}


class JoinReader:
    """Reads one document; `join` tells the names by which it uses the specification."""

    def __init__(self, document: DocumentNode, links: Mapping[str, Link]) -> None:
        self._join = links["join"]
        self._context = links.get("context")
        self._links = links.values()
        self._definitions = [d for d in document.definitions if isinstance(d, TypeDefinitionNode)]
        self._schema = next((d for d in document.definitions if isinstance(d, SchemaDefinitionNode)), None)
        self._graphs = dict(self._read_graphs())
        if not self._graphs:
            raise NotASupergraph("the file does not declare any subgraphs")

    def subgraphs(self) -> dict[str, Subgraph]:
        """Return the subgraphs by name."""
        return {subgraph.name: subgraph for subgraph in self._graphs.values()}

    def roots(self) -> dict[RootKind, str]:
        """Return the names of the root types."""
        operations = (self._schema.operation_types if self._schema else None) or ()
        if operations:
            return {o.operation.value: o.type.name.value for o in operations}
        names = {definition.name.value for definition in self._definitions}
        defaults: dict[RootKind, str] = {"query": "Query", "mutation": "Mutation", "subscription": "Subscription"}
        return {kind: name for kind, name in defaults.items() if name in names}

    def types(self) -> dict[str, Type]:
        """Return the types of the subgraphs by name, without those of the specifications."""
        return {d.name.value: self._type(d) for d in self._definitions if not self._of_specification(d.name.value)}

    def contexts(self) -> dict[str, frozenset[str]]:
        """Return the types, abstract ones too, that carry each context of `@fromContext`."""
        found: dict[str, frozenset[str]] = {}
        marker = self._context.directive("context") if self._context else "context"
        for definition in self._definitions:
            for arguments in applied(definition, marker):
                name = arguments["name"]
                found[name] = found.get(name, frozenset()) | {definition.name.value}
        return found

    def _of_specification(self, name: str) -> bool:
        return any(link.owns(name, directive=False) for link in self._links)

    def _read_graphs(self) -> Iterator[tuple[str, Subgraph]]:
        for definition in self._definitions:
            if (
                isinstance(definition, EnumTypeDefinitionNode)
                and definition.name.value == f"{self._join.prefix}__Graph"
            ):
                for value in definition.values or ():
                    for arguments in self._applied(value, "graph"):
                        subgraph = Subgraph(arguments["name"], arguments.get("url") or "")
                        yield value.name.value, subgraph

    def _applied(self, node: Node, name: str) -> Iterator[dict[str, Any]]:
        return applied(node, self._join.directive(name))

    def _graph(self, identifier: str | None) -> str:
        subgraph = self._graphs.get(identifier or "")
        if subgraph is None:
            raise InvalidJoin(f"a join directive names an unknown graph, {identifier}")
        return subgraph.name

    def _type(self, node: TypeDefinitionNode) -> Type:
        joins = self._type_joins(node)
        owner = next((self._graph(a["graph"]) for a in self._applied(node, "owner")), None)
        fields: dict[str, Field] = {}
        if isinstance(node, ObjectTypeDefinitionNode | InterfaceTypeDefinitionNode):
            fields = {f.name.value: self._field(f, joins, owner) for f in node.fields or ()}
            fields = _mark_required_of_interface_objects(fields, joins)
        name, kind = node.name.value, _KINDS[type(node)]
        return Type(name, kind, joins, fields, self._interfaces(node, joins), self._members(node, joins))

    def _type_joins(self, node: TypeDefinitionNode) -> dict[str, TypeJoin]:
        joins: dict[str, TypeJoin] = {}
        for arguments in self._applied(node, "type"):
            graph = self._graph(arguments["graph"])
            keys: tuple[Key, ...] = ()
            if arguments.get("key") is not None:
                keys = (Key(_field_set(arguments["key"]), arguments.get("resolvable", True)),)
            before = joins.get(graph, TypeJoin())
            joins[graph] = TypeJoin(
                before.keys + keys,
                before.extension or arguments.get("extension", False),
                before.interface_object or arguments.get("isInterfaceObject", False),
            )
        # Join v0.1 leaves value types unmarked: every subgraph may know them.
        return joins or {subgraph.name: TypeJoin() for subgraph in self._graphs.values()}

    def _field(self, node: FieldDefinitionNode, joins: Mapping[str, TypeJoin], owner: str | None) -> Field:
        ref, arguments = type_ref(node.type), frozenset(a.name.value for a in node.arguments or ())
        fields: dict[str, FieldJoin] = {}
        applications = list(self._applied(node, "field"))
        if not applications:
            graphs = joins if owner is None else _owner_and_key_holders(node.name.value, joins, owner)
            fields = {graph: FieldJoin(ref) for graph in graphs}
            return Field(node.name.value, ref, arguments, fields, _defaults(node, fields))
        for applied_ in applications:
            if applied_.get("graph") is not None:
                fields[self._graph(applied_["graph"])] = _field_join(applied_, ref)
        if owner is not None:
            holders = _owner_and_key_holders(node.name.value, joins, owner) - {owner}
            fields = {**{graph: FieldJoin(ref) for graph in holders}, **fields}
        return Field(node.name.value, ref, arguments, fields, _defaults(node, fields))

    def _interfaces(self, node: TypeDefinitionNode, joins: Mapping[str, TypeJoin]) -> dict[str, frozenset[str]]:
        pairs = [(self._graph(a["graph"]), a["interface"]) for a in self._applied(node, "implements")]
        declared = [interface.name.value for interface in getattr(node, "interfaces", None) or ()]
        if not pairs and self._join.version in ("v0.1", "v0.2"):
            pairs = [(graph, interface) for graph in joins for interface in declared]
        return _grouped(pairs)

    def _members(self, node: TypeDefinitionNode, joins: Mapping[str, TypeJoin]) -> dict[str, frozenset[str]]:
        if not isinstance(node, UnionTypeDefinitionNode):
            return {}
        pairs = [(self._graph(a["graph"]), a["member"]) for a in self._applied(node, "unionMember")]
        if not pairs:
            pairs = [(graph, member.name.value) for graph in joins for member in node.types or ()]
        return _grouped(pairs)


def _defaults(node: FieldDefinitionNode, joins: Mapping[str, FieldJoin]) -> dict[str, str]:
    """Return the defaults that have to be sent: those of a field that more than one subgraph resolves."""
    if sum(not join.external for join in joins.values()) < 2:
        return {}
    return {a.name.value: print_ast(a.default_value) for a in node.arguments or () if a.default_value}


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    grouped: dict[str, frozenset[str]] = {}
    for graph, name in pairs:
        grouped[graph] = grouped.get(graph, frozenset()) | {name}
    return grouped


def _owner_and_key_holders(field: str, joins: Mapping[str, TypeJoin], owner: str) -> set[str]:
    """Return, for join v0.1, the graphs that resolve an unmarked field of an entity: its owner, and whose key it is."""
    holders = {graph for graph, join in joins.items() if any(field in key_names(key.fields) for key in join.keys)}
    return {owner, *holders}


def key_names(field_set: str) -> set[str]:
    """Return the top-level field names of a field set."""
    definition: Any = parse(f"{{{field_set}}}", no_location=True).definitions[0]
    return {s.name.value for s in definition.selection_set.selections if s.kind == "field"}


def _field_join(arguments: dict[str, Any], ref: TypeRef) -> FieldJoin:
    own, label = arguments.get("type"), arguments.get("overrideLabel")
    return FieldJoin(
        type=type_ref(parse_type(own)) if own else ref,
        external=bool(arguments.get("external") or (arguments.get("usedOverridden") and not label)),
        requires=_field_set(arguments["requires"]) if arguments.get("requires") else None,
        provides=_field_set(arguments["provides"]) if arguments.get("provides") else None,
        overrides=arguments.get("override"),
        override_label=label,
        contexts=tuple(_contexts(arguments.get("contextArguments"))),
    )


def _contexts(given: Any) -> Iterator[ContextArgument]:
    several = cast(list[dict[str, str]], given if isinstance(given, list) else [given] if given else [])
    for one in several:
        text = one["selection"].strip()
        selection = _field_set(text[1:-1] if text.startswith("{") else text)
        yield ContextArgument(one["context"], one["name"], one["type"], selection)


def _field_set(text: str) -> str:
    try:
        parse(f"{{{text}}}")
    except GraphQLError as error:
        raise InvalidJoin(f"the field set {text!r} does not parse: {error.message}") from error
    return text


def _mark_required_of_interface_objects(fields: dict[str, Field], joins: Mapping[str, TypeJoin]) -> dict[str, Field]:
    """Mark as external what an interface object requires: composition drops the mark from unmarked interface fields."""
    objects = {graph for graph, join in joins.items() if join.interface_object}
    required = {
        (graph, name)
        for field in fields.values()
        for graph, join in field.joins.items()
        if graph in objects and join.requires
        for name in key_names(join.requires)
    }
    for graph, name in required:
        field = fields.get(name)
        if field and graph in field.joins:
            joined = {**field.joins, graph: replace(field.joins[graph], external=True)}
            fields[name] = replace(field, joins=joined)
    return fields
