"""Plan an operation over one of the checked-in supergraphs, and hold every fetch against its subgraph's own schema.

`supergraphs/FEATURE/` holds the subgraphs by name, the supergraph composed from them (again by
`node tools/composition/fixtures.mjs tests/gateway/plans/supergraphs`) and the expected plans.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from graphql import (
    GraphQLSchema,
    ObjectTypeDefinitionNode,
    ObjectTypeExtensionNode,
    build_schema,
    parse,
    print_ast,
    validate,
)
from graphql.language import DefinitionNode

from gateway.deferral import Deferrals
from gateway.plan import (
    AnyOf,
    BatchFetch,
    Condition,
    Defer,
    Fetch,
    Flatten,
    Node,
    Parallel,
    QueryPlan,
    Sequence,
    Subscription,
    render,
)
from gateway.planner import plan
from gateway.supergraph import Supergraph

FOLDER = Path(__file__).parent / "supergraphs"

FEDERATION = """
    directive @link(url: String, import: [String], as: String, for: String) repeatable on SCHEMA
    directive @key(fields: String!, resolvable: Boolean) repeatable on OBJECT | INTERFACE
    directive @external on OBJECT | FIELD_DEFINITION
    directive @requires(fields: String!) on FIELD_DEFINITION
    directive @provides(fields: String!) on FIELD_DEFINITION
    directive @shareable repeatable on OBJECT | FIELD_DEFINITION
    directive @override(from: String!, label: String) on FIELD_DEFINITION
    directive @inaccessible on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM_VALUE | ARGUMENT_DEFINITION
    directive @interfaceObject on OBJECT
    directive @extends on OBJECT | INTERFACE
    directive @tag(name: String!) repeatable on FIELD_DEFINITION | OBJECT | INTERFACE | UNION | ENUM | ENUM_VALUE
    scalar _Any
"""


@cache
def supergraph(feature: str) -> Supergraph:
    """Read the supergraph of a feature."""
    return Supergraph.from_sdl((FOLDER / feature / "supergraph.graphql").read_text())


@cache
def subgraph(feature: str, name: str) -> GraphQLSchema:
    """Build a subgraph's schema as a federation library would serve it."""
    document = parse((FOLDER / feature / f"{name}.graphql").read_text())
    definitions = [print_ast(_defined(d)) for d in document.definitions if d.kind != "schema_extension"]
    entities = [d.name.value for d in document.definitions if _is_entity(d)]
    query = "extend type Query" if any("type Query" in d for d in definitions) else "type Query"
    served = [f"{query} {{ _entities(representations: [_Any!]!): [_Entity]! _sdl: String }}"]
    union = f"union _Entity = {' | '.join(dict.fromkeys(entities))}" if entities else "scalar _Entity"
    return build_schema("\n".join([FEDERATION, *definitions, union, *served]), assume_valid_sdl=True)


def _defined(definition: DefinitionNode) -> DefinitionNode:
    """Federation 1 extends types that no definition in its own file declares."""
    if isinstance(definition, ObjectTypeExtensionNode):
        return ObjectTypeDefinitionNode(
            name=definition.name,
            interfaces=definition.interfaces,
            directives=definition.directives,
            fields=definition.fields,
        )
    return definition


def _is_entity(definition: DefinitionNode) -> bool:
    kinds = ("object_type_definition", "object_type_extension")
    directives = getattr(definition, "directives", None) or ()
    return definition.kind in kinds and any(directive.name.value == "key" for directive in directives)


def planned(
    feature: str, query: str, operation_name: str | None = None, labels: frozenset[str] = frozenset()
) -> QueryPlan:
    """Plan a query that is valid for clients; every fetch must be valid for its subgraph."""
    document = parse(query)
    assert validate(supergraph(feature).api_schema, document) == []
    deferral = Deferrals(document).always()
    result = plan(supergraph(feature), document, operation_name, labels=labels, deferral=deferral)
    for service, operation in fetches(result.node):
        errors = validate(subgraph(feature, service), parse(operation))
        assert errors == [], f"{service}: {operation}"
    return result


def plan_text(feature: str, query: str, labels: frozenset[str] = frozenset()) -> str:
    """Plan a query and return the plan as text, without the frame around it."""
    lines = render(planned(feature, query, labels=labels)).splitlines()
    return "\n".join(line[2:] for line in lines[1:-1])


def snapshot(feature: str, name: str) -> str:
    """Return the plan that is written down, beside the subgraphs, for one test."""
    return (FOLDER / feature / "plans" / f"{name}.txt").read_text().removesuffix("\n")


def fetches(node: Node | None) -> Iterator[tuple[str, str]]:
    """Yield the subgraph and the operation of every fetch of a plan."""
    match node:
        case Fetch() | BatchFetch():
            yield node.subgraph, node.operation
        case Flatten(_, inner) | AnyOf(_, inner):
            yield from fetches(inner)
        case Sequence(nodes) | Parallel(nodes):
            for one in nodes:
                yield from fetches(one)
        case Condition(_, if_true, if_false):
            yield from fetches(if_true)
            yield from fetches(if_false)
        case Subscription(primary, rest):
            yield from fetches(primary)
            yield from fetches(rest)
        case Defer(_, primary, deferred):
            yield from fetches(primary)
            for part in deferred:
                yield from fetches(part.node)
        case _:
            pass
