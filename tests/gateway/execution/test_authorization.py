"""`@authenticated` and `@requiresScopes`: what a caller may not see is null with an error, and is not fetched."""

from typing import Any

import pytest

from gateway.executor.answer import InvalidVariables
from gateway.pipeline import PipelineOptions
from gateway.supergraph import NOBODY, Granted, InvalidJoin, Supergraph
from tests.support.composed import Federation
from tests.support.memory_subgraphs import MemorySubgraph

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable",
  "@external", "@requires", "@authenticated", "@requiresScopes"])
"""
CODE = "UNAUTHORIZED_FIELD_OR_TYPE"
PRODUCT = {"id": "p1", "name": "Lamp", "cost": 7, "owner": {"id": "u1"}}
POSTS = [
    {"__typename": "PublicBlog", "id": "1", "title": "Open", "note": "n"},
    {"__typename": "PrivateBlog", "id": "2", "title": "Shut", "note": "m"},
]
BOB = {"id": "u2", "name": "Bob", "email": "b@x", "phone": "2", "rank": "HIGH", "boss": None}
USERS = [{"id": "u1", "name": "Ada", "email": "a@x", "phone": "1", "rank": "LOW", "boss": BOB}, BOB]


def subgraphs() -> tuple[MemorySubgraph, ...]:
    """Return the shop's two subgraphs."""
    a = MemorySubgraph(
        "a",
        LINK
        + """
        type Query {
          me: User @authenticated
          user: User
          users: [User!]! @shareable
          admin: Admin
          secret: Secret
          posts: [Post]!
          post: Post
          found: [Found]
          product: Product
          mail: String @requiresScopes(scopes: [["mail:read", "mail:all"], ["admin"]])
          level: Level
        }
        type Mutation { open: Int shut: Int @requiresScopes(scopes: [["admin"]]) }
        type Subscription { told: User @authenticated seen: User }
        type User @key(fields: "id") {
          id: ID!
          name: String
          email: String! @requiresScopes(scopes: [["user:read"]])
          phone: String @authenticated
          rank: Level
          boss: User
        }
        type Admin @authenticated { id: ID name: String }
        type Secret { value: Int! @authenticated }
        enum Level @requiresScopes(scopes: [["levels"]]) { LOW HIGH }
        interface Post { id: ID! title: String note: String }
        type PublicBlog implements Post { id: ID! title: String note: String @authenticated }
        type PrivateBlog implements Post @authenticated { id: ID! title: String note: String }
        union Found = PublicBlog | PrivateBlog
        type Product @key(fields: "id") { id: ID! @authenticated name: String! cost: Int @authenticated owner: User }
        """,
        {"User": USERS, "Product": [PRODUCT]},
        {
            "Query.me": USERS[0],
            "Query.user": USERS[0],
            "Query.users": USERS,
            "Query.admin": {"id": "1", "name": "Root"},
            "Query.secret": {"value": 1},
            "Query.posts": POSTS,
            "Query.post": POSTS[1],
            "Query.found": POSTS,
            "Query.product": PRODUCT,
            "Query.mail": "hello",
            "Query.level": "LOW",
            "Mutation.open": 1,
            "Mutation.shut": 2,
        },
    )
    b = MemorySubgraph(
        "b",
        LINK
        + """
        type Product @key(fields: "id") {
          id: ID! @authenticated
          cost: Int @external
          inStock: Boolean!
          margin: Int @requires(fields: "cost") @authenticated
        }
        """,
        {"Product": [{"id": "p1", "inStock": True, "margin": 3}]},
    )
    return a, b


SHOP = Federation("authorization", *subgraphs())
STRICT = Federation("authorization", *subgraphs(), options=PipelineOptions(rejects_unauthorized=True))
ADA = Granted(authenticated=True)


def scoped(*scopes: str) -> Granted:
    """Return somebody with these scopes."""
    return Granted(authenticated=True, scopes=frozenset(scopes))


async def places(query: str, granted: Granted = NOBODY, variables: dict[str, Any] | None = None) -> tuple[Any, ...]:
    """Return the data, where something was denied, and who was asked."""
    prepared = SHOP.pipeline.prepare(query, granted=granted)
    assert not isinstance(prepared, list), prepared
    reply = await SHOP.run(query, variables, granted=granted)
    assert all(code == CODE for _, code in reply.errors), reply.errors
    return reply.data, [path for path, _ in reply.errors], reply.asked


DENIED = {
    "a field": ("{ user { name phone } }", {"user": {"name": "Ada", "phone": None}}, ["user.phone"], ["a"]),
    "a field that leads on": ("{ me { name } user { name } }", {"me": None, "user": {"name": "Ada"}}, ["me"], ["a"]),
    "nothing is left": ("{ me { name } }", {"me": None}, ["me"], []),
    "nothing is left below": ("{ user { phone rank } }", {"user": None}, ["user.phone", "user.rank"], []),
    "the type is asked too": (
        "{ user { __typename phone } }",
        {"user": {"__typename": "User", "phone": None}},
        ["user.phone"],
        ["a"],
    ),
    "items of a list": (
        "{ users { name phone } }",
        {"users": [{"name": "Ada", "phone": None}, {"name": "Bob", "phone": None}]},
        ["users.0.phone", "users.1.phone"],
        ["a"],
    ),
    "nothing of the items": ("{ level users { phone } }", None, ["level", "users"], []),
    "what may not be null": ("{ user { name email } }", {"user": None}, ["user.email"], ["a"]),
    "a type": ("{ admin { id } }", {"admin": None}, ["admin"], []),
    "all fields of a type": ("{ secret { value } }", {"secret": None}, ["secret.value"], []),
    "an enumeration": (
        "{ level user { name rank } }",
        {"level": None, "user": {"name": "Ada", "rank": None}},
        2,
        ["a"],
    ),
    "under an alias": ("{ user { name tel: phone } }", {"user": {"name": "Ada", "tel": None}}, ["user.tel"], ["a"]),
    "a named fragment": (
        "{ user { ...U boss { ...U } } } fragment U on User { name phone }",
        {"user": {"name": "Ada", "phone": None, "boss": {"name": "Bob", "phone": None}}},
        ["user.phone", "user.boss.phone"],
        ["a"],
    ),
    "a fragment of which nothing is left": (
        "{ user { name ...U } } fragment U on User { phone ... { rank } }",
        {"user": {"name": "Ada", "phone": None, "rank": None}},
        ["user.phone", "user.rank"],
        ["a"],
    ),
    "an interface": ("{ posts { id title } }", None, ["posts"], []),
    "an interface by name": (
        "{ user { name } post { ... on Post { id } } }",
        {"user": {"name": "Ada"}, "post": None},
        1,
        ["a"],
    ),
    "object types of an interface": (
        "{ posts { __typename ... on PublicBlog { id } ... on PrivateBlog { title } } }",
        {"posts": [{"__typename": "PublicBlog", "id": "1"}, {"__typename": "PrivateBlog", "title": None}]},
        ["posts.1.title"],
        ["a"],
    ),
    "a field of one object type": (
        "{ posts { ... on PublicBlog { id note } } }",
        {"posts": [{"id": "1", "note": None}, {}]},
        ["posts.0.note"],
        ["a"],
    ),
    "a union": (
        "{ found { ... on PublicBlog { id } ... on PrivateBlog { title } } }",
        {"found": [{"id": "1"}, {"title": None}]},
        ["found.1.title"],
        ["a"],
    ),
    "a key": ("{ product { name inStock id } }", {"product": None}, ["product.id"], ["a", "b"]),
    "a key that only the plan needs": (
        "{ product { name inStock } }",
        {"product": {"name": "Lamp", "inStock": True}},
        [],
        ["a", "b"],
    ),
    "what another subgraph has": (
        "{ product { name margin } }",
        {"product": {"name": "Lamp", "margin": None}},
        ["product.margin"],
        ["a"],
    ),
    "a field that is asked twice": (
        "{ user { phone } user { name } }",
        {"user": {"phone": None, "name": "Ada"}},
        ["user.phone"],
        ["a"],
    ),
    "one of several mutations": ("mutation { open shut }", {"open": 1, "shut": None}, ["shut"], ["a"]),
    "what is left out anyway": ("{ user { phone @skip(if: true) } }", {"user": {}}, [], ["a"]),
    "introspection": ('{ __type(name: "Admin") { name } level }', {"__type": {"name": "Admin"}, "level": None}, 1, []),
}


@pytest.mark.parametrize("name", DENIED)
async def test_what_nobody_in_particular_may_not_see_is_null_with_an_error(name: str) -> None:
    """Fields, types, fragments, keys and items are left out, told at their places, and cost no fetch."""
    query, data, errors, asked = DENIED[name]
    seen = await places(query)
    assert seen[0] == data
    assert (seen[1] if isinstance(errors, list) else len(seen[1])) == errors
    assert seen[2] == asked


ALLOWED = {
    "a log-in": ("{ user { name phone } }", ADA, {"user": {"name": "Ada", "phone": "1"}}),
    "a type": ("{ admin { name } }", ADA, {"admin": {"name": "Root"}}),
    "an interface": ("{ post { id note } }", ADA, {"post": {"id": "2", "note": "m"}}),
    "a required field": ("{ product { margin } }", ADA, {"product": {"margin": 3}}),
    "all of one list": ("{ mail }", scoped("mail:read", "mail:all", "x"), {"mail": "hello"}),
    "one list of several": ("{ mail }", scoped("admin"), {"mail": "hello"}),
    "half of a list": ("{ mail }", scoped("mail:read"), {"mail": None}),
    "scopes without a log-in": ("{ mail }", Granted(scopes=frozenset({"admin"})), {"mail": None}),
    "a log-in without scopes": ("{ user { name email } }", ADA, {"user": None}),
    "the scope of a type": ("{ level }", scoped("levels"), {"level": "LOW"}),
}


@pytest.mark.parametrize("name", ALLOWED)
async def test_the_outer_list_is_or_and_the_inner_is_and(name: str) -> None:
    """Scopes demand a log-in too; of each list all are needed, of the lists one."""
    query, granted, data = ALLOWED[name]
    reply = await SHOP.run(query, granted=granted)
    assert reply.data == data


async def test_a_condition_decides_whether_anything_was_denied() -> None:
    """What a variable leaves out is no error, and the object around it is there all the same."""
    query = "query($x: Boolean!) { user { phone @include(if: $x) } }"
    assert await places(query, variables={"x": False}) == ({"user": {}}, [], ["a"])
    assert await places(query, variables={"x": True}) == ({"user": {"phone": None}}, ["user.phone"], ["a"])


async def test_a_subscription_that_nobody_may_see_does_not_begin() -> None:
    """It is a request error; with a log-in it is prepared."""
    refused = SHOP.pipeline.prepare("subscription { told { name } }")
    assert isinstance(refused, list)
    assert [(error.extensions or {})["code"] for error in refused] == [CODE]
    assert not isinstance(SHOP.pipeline.prepare("subscription { told { name } }", granted=ADA), list)
    assert not isinstance(SHOP.pipeline.prepare("subscription { seen { name phone } }"), list)


async def test_what_is_left_comes_as_a_whole() -> None:
    """A deferring operation is answered at once where something of it is denied."""
    query = "{ user { name ... @defer { rank boss { name phone } } } }"
    data, denied, _ = await places(query)
    assert data == {"user": {"name": "Ada", "rank": None, "boss": {"name": "Bob", "phone": None}}}
    assert denied == ["user.rank", "user.boss.phone"]


async def test_a_request_may_be_refused_as_a_whole() -> None:
    """Where the operator wants that, nothing is run, and every place is named; conditions count."""
    with pytest.raises(InvalidVariables) as refused:
        await STRICT.run("{ users { name phone } me { id } }")
    assert [error.path for error in refused.value.errors] == [["users", "phone"], ["me"]]
    conditional = "query($x: Boolean!) { user { name phone @include(if: $x) } }"
    assert (await STRICT.run(conditional, {"x": False})).data == {"user": {"name": "Ada"}}
    with pytest.raises(InvalidVariables):
        await STRICT.run(conditional, {"x": True})
    assert (await STRICT.run("{ users { phone } }", granted=ADA)).errors == []


def test_callers_share_what_does_not_differ_between_them() -> None:
    """An operation is prepared once for all whose scopes make no difference, and not guarded where none could."""
    pipeline = SHOP.pipeline
    query = "{ mail user { name } }"
    assert pipeline.prepare(query, granted=scoped("admin", "x")) is pipeline.prepare(
        query, granted=scoped("admin", "y")
    )
    assert pipeline.prepare(query, granted=ADA) is not pipeline.prepare(query, granted=scoped("admin"))
    open_ = "{ user { name } }"
    assert pipeline.prepare(open_, granted=ADA) is pipeline.prepare(open_)


JOIN = """
schema @link(url: "https://specs.apollo.dev/join/v0.3", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/authenticated/v0.1", as: "auth", for: SECURITY)
  @link(url: "https://specs.apollo.dev/requiresScopes/v0.1", import: [{name: "@requiresScopes", as: "@needs"}]) {
  query: Query
}
enum join__Graph { A @join__graph(name: "a", url: "http://a") }
"""

INTERFACE, OBJECT, C = "interface I @join__type(graph: A) { f: Int }", "{ f: Int }", '@needs(scopes: [["c"]])'


def rules(types: str) -> Any:
    """Return the rules of a supergraph file that says what is here."""
    return Supergraph.from_sdl(f"{JOIN} type Query @join__type(graph: A) {{ a: I }} {types}").rules


def test_interfaces_demand_what_their_object_types_demand_together() -> None:
    """Where an older composer did not write that down, and under the names that a file gives to the directives."""
    of = rules("""
        interface I @join__type(graph: A) { f: Int }
        type S implements I @join__type(graph: A) @join__implements(graph: A, interface: "I") @auth { f: Int }
        type T implements I @join__type(graph: A) @join__implements(graph: A, interface: "I")
          { f: Int @needs(scopes: [["s"]]) }
    """)
    assert not of.of_objects("I").is_met(NOBODY)
    assert of.of_objects("I").is_met(ADA)
    assert not of.of_field("I", "f").is_met(ADA)
    assert of.of_field("I", "f").is_met(scoped("s"))
    assert of.of_type("I").is_met(NOBODY)
    assert of.of_field("S", "f").is_met(NOBODY)


def test_an_interface_may_demand_more_than_its_object_types() -> None:
    """Then the fields that return it demand that, whatever is asked below them."""
    of = rules("""
        interface I @join__type(graph: A) @auth { f: Int }
        type T implements I @join__type(graph: A) @join__implements(graph: A, interface: "I") { f: Int }
    """)
    assert not of.of_type("I").is_met(NOBODY)


def test_requirements_of_several_places_are_all_to_be_met() -> None:
    """One mark does not replace another; no scopes at all still demand a log-in; what is no scope is refused."""
    of = rules(f'{INTERFACE} type T @join__type(graph: A) @auth @needs(scopes: [["a"], ["b"]]) {C} {OBJECT}')
    assert [of.of_type("T").is_met(scoped(*one)) for one in ("a", "ac", "bc", "c")] == [False, True, True, False]
    for nothing in ("[]", "[[]]"):
        empty = rules(f"{INTERFACE} type T @join__type(graph: A) @needs(scopes: {nothing}) {OBJECT}").of_type("T")
        assert (empty.is_met(NOBODY), empty.is_met(ADA)) == (False, True)
    with pytest.raises(InvalidJoin, match="the scopes that T requires"):
        rules(f"{INTERFACE} type T @join__type(graph: A) @needs(scopes: [[1]]) {OBJECT}")


def test_a_supergraph_without_such_marks_has_no_rules() -> None:
    """Nothing is looked up for its operations."""
    assert not rules(INTERFACE)
