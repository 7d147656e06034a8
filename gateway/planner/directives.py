"""The directives that go along to the subgraphs: all that the client writes but those which the gateway itself obeys.

Composition leaves in a supergraph only such executable directives as every subgraph knows; what a client may write has
therefore a place to go to, at the element that carries it.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from graphql import (
    ConstDirectiveNode,
    DirectiveLocation,
    DirectiveNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    ListValueNode,
    NonNullTypeNode,
    ObjectValueNode,
    OperationDefinitionNode,
    OperationType,
    ValueNode,
    VariableNode,
    print_ast,
)

from gateway.plan import OperationKind
from gateway.planner.selection import Around

OURS = frozenset({"skip", "include", "defer"})
_LOCATIONS: dict[OperationKind, DirectiveLocation] = {
    "query": DirectiveLocation.QUERY,
    "mutation": DirectiveLocation.MUTATION,
    "subscription": DirectiveLocation.SUBSCRIPTION,
}
Directives = Iterable[DirectiveNode] | Iterable[ConstDirectiveNode] | None


@dataclass(frozen=True, slots=True)
class Head:
    """What every fetch of an operation begins with: directives by the kind of fetch, and how variables are declared."""

    declared: Mapping[str, str]
    directives: Mapping[OperationKind, tuple[str, frozenset[str]]] = field(
        default_factory=dict[OperationKind, tuple[str, frozenset[str]]]
    )


def head(schema: GraphQLSchema, operation: OperationDefinitionNode) -> Head:
    """Read what an operation begins with; a directive goes along with the fetches whose kind allows it."""
    declared: dict[str, str] = {}
    for one in operation.variable_definitions or ():
        default = "" if one.default_value is None else f"={print_ast(one.default_value)}"
        name = one.variable.name.value
        declared[name] = f"${name}:{print_ast(one.type)}{default}{text(schema, one.directives)}"
    kinds: list[OperationKind] = ["query"]
    if operation.operation is not OperationType.QUERY:
        kinds.append(operation.operation.value)
    found: dict[OperationKind, tuple[str, frozenset[str]]] = {}
    for kind in kinds:
        allowed = [one for one in operation.directives or () if _allows(schema, one, _LOCATIONS[kind])]
        if allowed:
            found[kind] = text(schema, allowed), used(allowed)
    return Head(declared, found)


def around(
    schema: GraphQLSchema, node: InlineFragmentNode | FragmentSpreadNode, definition: FragmentDefinitionNode | None
) -> Around | None:
    """Return what a fragment's directives put around its fields, None where it has none of the client's own."""
    outer, inner = tuple(node.directives or ()), tuple(definition.directives or () if definition else ())
    spread, defined = text(schema, outer), text(schema, inner)
    if not spread and not defined:
        return None
    variables = used(outer) | used(inner)
    if all(_allows(schema, one, DirectiveLocation.INLINE_FRAGMENT) for one in (*outer, *inner) if _travels(one)):
        return Around(defined + spread, None, variables)
    return Around(spread, defined, variables)


def text(schema: GraphQLSchema, directives: Directives) -> str:
    """Return the directives that go along, in their order, as compact GraphQL."""
    return "".join(f"@{one.name.value}{_arguments(schema, one)}" for one in directives or () if _travels(one))


def used(directives: Directives) -> frozenset[str]:
    """Return the names of the variables that the directives which go along use."""
    arguments = (a for one in directives or () if _travels(one) for a in one.arguments or ())
    return frozenset(name for argument in arguments for name in variables(argument.value))


def variables(value: ValueNode) -> Iterator[str]:
    """Yield the names of the variables in a value, however deep."""
    if isinstance(value, VariableNode):
        yield value.name.value
    elif isinstance(value, ListValueNode):
        for item in value.values or ():
            yield from variables(item)
    elif isinstance(value, ObjectValueNode):
        for entry in value.fields or ():
            yield from variables(entry.value)


def _arguments(schema: GraphQLSchema, directive: DirectiveNode) -> str:
    given = {one.name.value: print_ast(one.value) for one in directive.arguments or ()}
    written = ",".join(f"{name}:{value}" for name, value in (given | _promised(schema, directive, given)).items())
    return f"({written})" if written else ""


def _promised(schema: GraphQLSchema, directive: DirectiveNode, given: Mapping[str, str]) -> dict[str, str]:
    """Return the defaults that a client may rely on and a subgraph may lack, so that it refuses what has none."""
    definition = schema.get_directive(directive.name.value)
    known = definition.ast_node.arguments if definition and definition.ast_node else ()
    required = (one for one in known or () if isinstance(one.type, NonNullTypeNode) and one.name.value not in given)
    return {one.name.value: print_ast(one.default_value) for one in required if one.default_value}


def _travels(directive: DirectiveNode) -> bool:
    return directive.name.value not in OURS


def _allows(schema: GraphQLSchema, directive: DirectiveNode, location: DirectiveLocation) -> bool:
    known = schema.get_directive(directive.name.value)
    return _travels(directive) and known is not None and location in known.locations
