"""Reading supergraph files: what is refused and by which name, and what clients see of the rest."""

import pytest
from graphql import parse, print_schema

from gateway.planner import plan
from gateway.supergraph import InvalidJoin, InvalidSdl, NotASupergraph, Supergraph, SupergraphError, UnsupportedFeature
from tests.gateway.plans.planned import fetches

JOIN = '@link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)'
GRAPHS = 'enum join__Graph { A @join__graph(name: "a", url: "http://a") B @join__graph(name: "b", url: "http://b") }'
MARK = '@link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)'

FEDERATION_1 = """
    schema @core(feature: "https://specs.apollo.dev/core/v0.1") @core(feature: "https://specs.apollo.dev/join/v0.1")
    { query: Query }
    enum join__Graph { A @join__graph(name: "a" url: "") B @join__graph(name: "b" url: "") }
    type Query { user: User @join__field(graph: A) }
    type User @join__owner(graph: A) @join__type(graph: A, key: "id") @join__type(graph: B, key: "id") {
      id: ID! @join__field(graph: A)
      name: String @join__field(graph: A)
      reviews: [Review] @join__field(graph: B)
    }
    type Review { text: String }
"""


def supergraph(types: str, links: str = "") -> Supergraph:
    """Read a supergraph of two subgraphs with these types."""
    return Supergraph.from_sdl(f"schema {JOIN} {links} {{ query: Query }} {GRAPHS} {types}")


@pytest.mark.parametrize(
    ("sdl", "error", "says"),
    [
        ("type Query {", InvalidSdl, "not valid SDL"),
        ("", InvalidSdl, "not valid SDL"),
        ("type Query { a: Int }", NotASupergraph, "does not link the join specification"),
        (f"schema {JOIN} {{ query: Query }} type Query {{ a: Int }}", NotASupergraph, "does not declare any subgraphs"),
        ('schema @link(url: "https://specs.apollo.dev/join/v9.0") { query: Q }', UnsupportedFeature, "join/v9.0"),
        (f"schema {JOIN} {{ query: Query }} {GRAPHS} type Query {{ a: Nowhere }}", InvalidSdl, "Nowhere"),
        (f"schema {JOIN} {{ mutation: M }} {GRAPHS} type M {{ a: Int }}", InvalidSdl, "no query type"),
        (
            f"schema {JOIN} {{ query: Query }} {GRAPHS} type Query @join__type(graph: C) {{ a: Int }}",
            InvalidJoin,
            "unknown graph, C",
        ),
        (
            f'schema {JOIN} {{ query: Query }} {GRAPHS} type Query @join__type(graph: A, key: "id {{") {{ id: Int }}',
            InvalidJoin,
            "does not parse",
        ),
    ],
)
def test_a_bad_file_is_refused_by_a_named_error(sdl: str, error: type[SupergraphError], says: str) -> None:
    """Every kind of bad file raises its own error, whose text names what is wrong."""
    with pytest.raises(error, match=says):
        Supergraph.from_sdl(sdl)


@pytest.mark.parametrize(
    ("specification", "purpose"),
    [
        ("https://specs.apollo.dev/authenticated/v0.2", "SECURITY"),
        ("https://specs.apollo.dev/requiresScopes/v1.0", "SECURITY"),
        ("https://specs.apollo.dev/policy/v0.1", "SECURITY"),
        ("https://specs.apollo.dev/context/v0.2", "SECURITY"),
        ("https://specs.apollo.dev/cacheTag/v0.2", "EXECUTION"),
        ("https://specs.apollo.dev/cacheTag/v0.1/more", "EXECUTION"),
        ("https://specs.example/cacheTag/v0.1", "EXECUTION"),
        ("https://specs.apollo.dev/connect/v0.3", "EXECUTION"),
        ("https://specs.apollo.dev/cost/v0.1", "EXECUTION"),
        ("https://specs.apollo.dev/connect/v0.1", "EXECUTION"),
        ("https://specs.apollo.dev/inaccessible/v1.0", "SECURITY"),
        ("https://specs.example/inaccessible/v0.2", "SECURITY"),
        ("https://specs.example/ours", "EXECUTION"),
    ],
)
@pytest.mark.parametrize("link", ["@link(url:", "@core(feature:"])
def test_what_must_be_enforced_and_is_not_is_refused(link: str, specification: str, purpose: str) -> None:
    """An unknown specification, version or owner is refused when it is linked for a purpose, else ignored."""
    types = "type Query @join__type(graph: A) { a: Int }"
    with pytest.raises(UnsupportedFeature) as refused:
        supergraph(types, f'{link} "{specification}", for: {purpose})')
    assert str(refused.value) == (
        f"the supergraph needs {specification} for {purpose}, which this gateway does not implement: "
        "compose it without, or serve it by a router that does"
    )
    assert list(supergraph(types, f'{link} "{specification}")').types) == ["Query"]


def test_another_specification_of_a_known_name_is_another() -> None:
    """A team's own `join` or `inaccessible` neither replaces federation's nor hides anything."""
    own = '@link(url: "https://specs.example/join/v3.0", as: "x") @link(url: "https://specs.example/inaccessible/v1.0")'
    read = supergraph("type Query @join__type(graph: A) { a: Int @inaccessible b: Int @x }", f"{MARK} {own}")
    assert list(read.subgraphs) == ["a", "b"]
    assert print_schema(read.api_schema).endswith("INLINE_FRAGMENT\n\ntype Query {\n  b: Int\n}")


def test_arguments_from_an_unknown_context_are_refused() -> None:
    """A field whose argument a gateway must fill in is not served where no type carries the context."""
    context = '[{ name: "a", type: "Int", context: "c", selection: " { id }" }]'
    with pytest.raises(InvalidJoin, match=r"Query\.a\(a:\) names an unknown context, c"):
        supergraph(f"type Query @join__type(graph: A) {{ a: Int @join__field(graph: A, contextArguments: {context}) }}")
    supergraph("type Query @join__type(graph: A) { a: Int @join__field(graph: A, contextArguments: []) }")


def test_the_consumer_schema_has_no_machinery_and_nothing_inaccessible() -> None:
    """Join types, link directives and every kind of element marked inaccessible are gone; the rest stays."""
    sdl = """
        "Who asks" type Query implements Shown & Hidden @join__type(graph: A) {
          kept(seen: Int, unseen: Int @inaccessible): Kind @deprecated(reason: "old")
          gone: Int @inaccessible
        }
        enum Kind @join__type(graph: A) { SEEN UNSEEN @inaccessible }
        interface Shown @join__type(graph: A) { kept(seen: Int): Kind }
        interface Hidden @join__type(graph: A) @inaccessible { gone: Int }
        union Either @join__type(graph: A) = Query | Secret
        type Secret @join__type(graph: A) @inaccessible { a: Int }
        input In @join__type(graph: A) { seen: Int unseen: Int @inaccessible }
        directive @inaccessible on FIELD_DEFINITION
        directive @custom on QUERY
    """
    printed = print_schema(supergraph(sdl, MARK).api_schema)
    assert "join__" not in printed
    assert "nseen" not in printed
    assert "NSEEN" not in printed
    assert "Hidden" not in printed
    assert "Secret" not in printed
    assert "gone" not in printed
    assert '"""Who asks"""' in printed
    assert '@deprecated(reason: "old")' in printed
    assert "directive @custom on QUERY" in printed


def test_fields_join_the_graphs_of_their_type_unless_marked() -> None:
    """An unmarked field belongs to every graph of its type, a mark without a graph to none."""
    types = supergraph("""
        type Query @join__type(graph: A) @join__type(graph: B) {
          everywhere: Int
          one: Int @join__field(graph: B, type: "Int!")
          nowhere: Int @join__field
        }
    """).types
    fields = types["Query"].fields
    assert list(fields["everywhere"].joins) == ["a", "b"]
    assert fields["one"].joins["b"].type.text == "Int!"
    assert fields["nowhere"].joins == {}


def test_specifications_may_be_renamed() -> None:
    """A file may use another prefix for the join specification."""
    sdl = """
        schema @link(url: "https://specs.apollo.dev/join/v0.3", as: "j") { query: Query }
        enum j__Graph { A @j__graph(name: "a", url: "http://a") }
        type Query @j__type(graph: A) { a: Int }
    """
    read = Supergraph.from_sdl(sdl)
    assert list(read.subgraphs) == ["a"]
    assert "j__" not in print_schema(read.api_schema)


def test_a_federation_1_supergraph_is_read() -> None:
    """Join v0.1 names an owner per entity; unmarked fields are the owner's, key fields also their holders'."""
    types = Supergraph.from_sdl(FEDERATION_1).types
    assert sorted(types["User"].fields["id"].joins) == ["a", "b"]
    assert list(types["User"].fields["name"].joins) == ["a"]
    assert sorted(types["Review"].fields["text"].joins) == ["a", "b"]


def test_a_federation_1_supergraph_is_planned() -> None:
    """Its entities are entered by their keys like those of any other."""
    document = parse("{ user { name reviews { text } } }")
    operations = [operation for _, operation in fetches(plan(Supergraph.from_sdl(FEDERATION_1), document).node)]
    assert operations == [
        "{user{name id}}",
        "query($representations:[_Any!]!){_entities(representations:$representations){...on User{reviews{text}}}}",
    ]
