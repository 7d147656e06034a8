"""The client's own directives go along to the subgraphs, at the element that carries them."""

import pytest
from graphql import parse, print_schema, validate

from gateway.planner import explain, plan
from gateway.supergraph import Supergraph
from tests.gateway.plans.planned import fetches, planned, supergraph
from tests.gateway.plans.test_supergraph_file import GRAPHS, JOIN

# (what carries it, the operation, what the subgraphs are asked for)
CARRIED: list[tuple[str, str, list[str]]] = [
    (
        "a field, with its variable declared; repeated ones in their order",
        'query Q($t: String, $u: String) { user(id: "1") { name @tone(of: $t) n(x: 2) @tone(of: "b") @tone(of: $u) } }',
        [
            'query($t:String){user(id:"1"){name@tone(of:$t) id}}',
            'query($representations:[_Any!]!,$u:String){_entities(representations:$representations){'
            '...on User{n(x:2)@tone(of:"b")@tone(of:$u)}}}',
        ],
    ),
    ("one of two fields that are else the same", "{ user { a: name @tone b: name } }", ["{user{a:name@tone b:name}}"]),
    ("two fields of one key stay two", "{ user { name @tone name } }", ["{user{name@tone name}}"]),
    ("and in their order", "{ user { name name @tone } }", ["{user{name name@tone}}"]),
    (
        "a field with a selection",
        "{ user { best @tone { id } best { name } } }",
        ["{user{best@tone{id} best{name}}}"],
    ),
    (
        "a key that the planner needs without it",
        "{ user { id @tone n } }",
        [
            "{user{__id_0:id id@tone}}",
            "query($representations:[_Any!]!){_entities(representations:$representations){...on User{n}}}",
        ],
    ),
    ("`__typename`", "{ any { __typename @tone t: __typename @tone } }", [
        "{any{__typename __typename@tone t:__typename@tone}}"]),
    (
        "an inline fragment, in every fetch of its fields",
        '{ user { ... @tone(of: "i") { name n } } }',
        [
            '{user{...@tone(of:"i"){name} id}}',
            "query($representations:[_Any!]!){_entities(representations:$representations){"
            '...on User{...@tone(of:"i"){n}}}}',
        ],
    ),
    ("fragments in fragments", '{ user { ... @tone(of: "o") { ... @tone(of: "i") { name } best { id } } } }', [
        '{user{...@tone(of:"o"){...@tone(of:"i"){name} best{id}}}}']),
    ("a fragment at the top", "{ ... @tone { user { name } } user { id } }", ["{...@tone{user{name}} user{id}}"]),
    (
        "a definition and a spread, as one inline fragment where the directives may stand there",
        '{ user { ...F @tone(of: "s") } } fragment F on User @tone(of: "d") { name }',
        ['{user{...@tone(of:"d")@tone(of:"s"){name}}}'],
    ),
    (
        "a definition and a spread, where they may stand nowhere else",
        '{ user { ...F @spread best { ...F } } } fragment F on User @defined(as: "x") { name }',
        ['{user{...F0@spread best{...F0}}} fragment F0 on User@defined(as:"x"){name}'],
    ),
    (
        "a query, with every fetch",
        "query Q @asked @tone { user { n } }",
        [
            "query@asked@tone{user{id}}",
            "query($representations:[_Any!]!)@asked@tone{_entities(representations:$representations){...on User{n}}}",
        ],
    ),
    (
        "a mutation, with the fetches that may carry it",
        "mutation M @changed @tone { rename(id: 1) { n } }",
        [
            "mutation@changed@tone{rename(id:1){id}}",
            "query($representations:[_Any!]!)@tone{_entities(representations:$representations){...on User{n}}}",
        ],
    ),
    (
        "a variable's definition",
        'query ($id: ID = "1" @tone(of: "v")) { user(id: $id) { name } }',
        ['query($id:ID="1"@tone(of:"v")){user(id:$id){name}}'],
    ),
    (
        "variables in lists and objects of a directive's arguments, nulls as they are",
        "query ($v: String) { user @tone(in: {all: [$v, null], one: null}) { name } }",
        ["query($v:String){user@tone(in:{ all: [$v, null], one: null }){name}}"],
    ),
    (
        "a field under conditions, which stay the gateway's",
        "query ($c: Boolean!) { user { name @skip(if: $c) @tone @include(if: true) } }",
        ["query($c:Boolean!){user{name@tone@skip(if:$c)}}"],
    ),
    (
        "a field asked for more often, with and without conditions",
        "query ($c: Boolean!) { user { name @tone name @include(if: $c) } }",
        ["query($c:Boolean!){user{name@tone name@include(if:$c)}}"],
    ),
    (
        "a deferred fragment",
        "{ user { id ... @defer @tone { n } } }",
        ["{user{id}}",
         "query($representations:[_Any!]!){_entities(representations:$representations){...on User{...@tone{n}}}}"],
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "asked"), [one[1:] for one in CARRIED], ids=[one[0] for one in CARRIED])
def test_a_directive_goes_along(query: str, asked: list[str]) -> None:
    """Every fetch has the directives of what it asks for; what it uses is declared."""
    assert [operation for _, operation in fetches(planned("directives", query).node)] == asked


def test_a_fetch_declares_the_variables_of_its_directives_only() -> None:
    """A variable that only another fetch's directive uses is neither declared nor sent."""
    query = "query ($t: String, $u: String) { user { name @tone(of: $t) ... @tone(of: $u) { n } } }"
    first, second = (operation for _, operation in fetches(planned("directives", query).node))
    assert ("$u" in first, "$t" in second) == (False, False)
    assert ("$t:String" in first, "$u:String" in second) == (True, True)


def test_the_stages_show_directives() -> None:
    """`explain` prints them, too."""
    assert "name@tone" in explain(supergraph("directives"), parse("{ user { name @tone } }"))


DEFINED = """
    directive @ran(x: Int, secret: Int @inaccessible, hidden: Hidden) on FIELD | OBJECT
    directive @typed on OBJECT | FIELD_DEFINITION
    directive @mine(x: Int) repeatable on FIELD
    input Hidden @inaccessible { a: Int }
    type Query @join__type(graph: A) { a: Int }
"""
LINKS = f"""schema {JOIN} @link(url: "https://specs.apollo.dev/inaccessible/v0.2", for: SECURITY)
    @link(url: "https://my.org/mine/v1.0", import: ["@mine"]) {{ query: Query }} {GRAPHS}"""


def test_what_cannot_be_sent_is_not_in_the_schema() -> None:
    """Directives for schemas and hidden arguments are not for clients; a team's own specification's are."""
    schema = Supergraph.from_sdl(LINKS + DEFINED).api_schema
    printed = [line for line in print_schema(schema).splitlines() if line.startswith("directive") and "@ran" in line]
    assert printed == ["directive @ran(x: Int) on FIELD"]
    assert "directive @mine(x: Int) repeatable on FIELD" in print_schema(schema)
    assert not validate(schema, parse("{ a @mine @mine(x: 1) }"))
    for unknown in ("{ a @typed }", "{ a @ran(secret: 1) }", "{ a @ran(hidden: {}) }"):
        assert validate(schema, parse(unknown)), unknown


COMPOSED = """
    directive @access(scope: access__Scope! = PUBLIC, note: String = "n") repeatable on FIELD | QUERY
    enum access__Scope { PUBLIC PRIVATE }
    type Query @join__type(graph: A) @join__type(graph: B) {
      a: Int @join__field(graph: A)
      b: Int @join__field(graph: B)
    }
"""
OWN = '@link(url: "https://my.org/access/v1.0", import: ["@access"])'


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("{ a @access b @access }", ["{a@access(scope:PUBLIC)}", "{b@access(scope:PUBLIC)}"]),
        ("query @access { a }", ["query@access(scope:PUBLIC){a}"]),
        ("{ a @access(scope: PRIVATE) }", ["{a@access(scope:PRIVATE)}"]),
        (
            "query ($s: access__Scope! = PRIVATE) { a @access(scope: $s) @access }",
            ["query($s:access__Scope!=PRIVATE){a@access(scope:$s)@access(scope:PUBLIC)}"],
        ),
        ("{ ... @include(if: true) { a @access(note: null) } }", ["{a@access(note:null,scope:PUBLIC)}"]),
    ],
)
@pytest.mark.parametrize("link", ["", OWN], ids=["of no specification", "of an own specification"])
def test_a_default_that_a_subgraph_may_lack_is_sent(query: str, asked: list[str], link: str) -> None:
    """A directive's argument may not be null and has its default in one subgraph only: the others are told it."""
    made = Supergraph.from_sdl(f"schema {JOIN} {link} {{ query: Query }} {GRAPHS} {COMPOSED}")
    assert validate(made.api_schema, parse(query)) == []
    assert [operation for _, operation in fetches(plan(made, parse(query)).node)] == asked


SHARED = """
    type Query @join__type(graph: A) @join__type(graph: B) {
      both(x: Int = 1, y: [String!] = ["z"], w: Int): Int
      one(x: Int = 1): Int @join__field(graph: A)
    }
"""


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ("{ both }", '{both(x:1,y:["z"])}'),
        ("{ both(x: null) }", '{both(x:null,y:["z"])}'),
        ("query ($x: Int = 5) { both(x: $x, w: 2) }", 'query($x:Int=5){both(w:2,x:$x,y:["z"])}'),
        ("{ a: both b: both(x: 1) }", '{a:both(x:1,y:["z"]) b:both(x:1,y:["z"])}'),
        ("{ one }", "{one}"),
    ],
)
def test_a_default_reaches_every_subgraph(query: str, asked: str) -> None:
    """A shared field's default, which a composer may have found in one subgraph only, is sent."""
    made = Supergraph.from_sdl(f"schema {JOIN} {{ query: Query }} {GRAPHS} {SHARED}")
    assert [operation for _, operation in fetches(plan(made, parse(query)).node)] == [asked]
