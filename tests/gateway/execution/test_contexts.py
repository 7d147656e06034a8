"""Contextual arguments: a value of the nearest object that carries the context, for every entity its own."""

import json
from typing import Any

import pytest
from graphql import print_schema

from gateway.executor.answer import Answer
from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.pipeline import Pipeline, Prepared
from gateway.supergraph import Supergraph
from tests.support.composed import Federation
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport, refuse

LINK = """extend schema @link(url: "https://specs.apollo.dev/federation/v2.8", import: ["@key", "@shareable",
  "@external", "@context", "@fromContext"])
"""
SHOE, HAT = {"id": "shoe"}, {"id": "hat"}
ADDRESS = {"CH": {"country": {"code": "CH"}}, "AT": {"country": {"code": "AT"}}}
ADA: dict[str, Any] = {"__typename": "User", "id": "1", "locale": "de", "item": SHOE, "items": [SHOE, HAT],
                       "tags": ["a", "b"], "address": ADDRESS["CH"], "level": 1}  # fmt: skip
ZOE: dict[str, Any] = {"__typename": "User", "id": "2", "locale": "fr", "item": SHOE, "items": [HAT], "tags": [],
                       "best": ADA, "address": None, "level": None}  # fmt: skip
FIRM: dict[str, Any] = {"__typename": "Firm", "id": "f", "country": None, "item": SHOE, "address": ADDRESS["AT"]}
BOX: dict[str, Any] = {"__typename": "Box", "item": HAT}
BROKEN: dict[str, Any] = {"__typename": "Firm", "id": "b", "country": refuse("no country", code="LOST"), "item": SHOE}

PEOPLE = MemorySubgraph(
    "people",
    LINK
    + """
    type Query { users: [User!]! any: [Any] me: User broken: [Firm] party: Party }
    type Mutation { touch: User }
    union Any = User | Firm
    union Held = User | Firm | Box
    interface Party { item: Item address: Address }
    type User implements Party @key(fields: "id") {
      id: ID! locale: String! best: User item: Item items: [Item!] held: [Held] tags: [String!] address: Address
      level: Int
    }
    type Firm implements Party @key(fields: "id") { id: ID! country: String item: Item address: Address }
    type Box { item: Item }
    type Item @key(fields: "id") { id: ID! }
    type Address @shareable { country: Country }
    type Country @shareable { code: String }
    """,
    {"User": [ADA, ZOE], "Firm": [FIRM, BROKEN]},
    {
        "Query.users": [ADA, ZOE],
        "Query.any": [ADA, FIRM, None, ZOE],
        "Query.me": {**ZOE, "held": [BOX, FIRM, ADA]},
        "Query.broken": [BROKEN, FIRM],
        "Query.party": FIRM,
        "Mutation.touch": ZOE,
    },
)
ZONES = MemorySubgraph(
    "zones",
    LINK + 'type User @key(fields: "id") { id: ID! zone: String }',
    {"User": [{"id": "1", "zone": "Vienna"}, {"id": "2", "zone": "Paris"}]},
)


def priced(source: Any, **arguments: Any) -> str:
    """Tell what the subgraph was given."""
    return json.dumps([source["id"], *arguments.values()])


SHOP = MemorySubgraph(
    "shop",
    LINK
    + """
    union Who @context(name: "who") = User | Firm
    interface Party @context(name: "party") { address: Address @external }
    type User implements Party @key(fields: "id") @context(name: "user") {
      id: ID! locale: String! @external zone: String @external tags: [String!] @external address: Address @external
      level: Int @external own: Offer wrap: Wrap
    }
    type Wrap { deep: Offer }
    type Firm implements Party @key(fields: "id") { id: ID! country: String @external address: Address @external }
    type Address @external { country: Country }
    type Country @external { code: String }
    type Item @key(fields: "id") {
      id: ID! plain: Int
      price(at: String @fromContext(field: "$who ... on User { locale } ... on Firm { country }"), n: Int): String
      abroad(at: String @fromContext(field: "$party { address { country { code } } }")): String
    }
    type Offer @key(fields: "id") {
      id: ID!
      text(at: String @fromContext(field: "$user { locale }")): String
      late(zone: String @fromContext(field: "$user { zone }")): String
      several(
        at: String @fromContext(field: "$user { locale }")
        tags: [String!] @fromContext(field: "$user { tags }")
        level: Int @fromContext(field: "$user { level }")
      ): String
    }
    """,
    {"Item": [{**one, "plain": 7} for one in (SHOE, HAT)],
     "Offer": [{"id": "o-own"}, {"id": "o-deep"}],
     "User": [{"id": one, "own": {"id": "o-own"}, "wrap": {"deep": {"id": "o-deep"}}} for one in ("1", "2")]},
    {f"{name}": priced for name in ("Item.price", "Item.abroad", "Offer.text", "Offer.late", "Offer.several")},
)  # fmt: skip
FEDERATION = Federation("contexts", PEOPLE, ZONES, SHOP)


def given(*values: Any) -> str:
    """Return what `priced` tells."""
    return json.dumps(list(values))


# (what it shows, the operation, the answer)
CASES: list[tuple[str, str, Any]] = [
    (
        "one entity under two contexts is two",
        "{ users { item { price } } }",
        {"users": [{"item": {"price": given("shoe", "de")}}, {"item": {"price": given("shoe", "fr")}}]},
    ),
    (
        "entities in lists, with arguments and fields of the client's own",
        "{ users { items { id price(n: 3) plain } } }",
        {"users": [
            {"items": [{"id": "shoe", "price": given("shoe", "de", 3), "plain": 7},
                       {"id": "hat", "price": given("hat", "de", 3), "plain": 7}]},
            {"items": [{"id": "hat", "price": given("hat", "fr", 3), "plain": 7}]},
        ]},
    ),
    (
        "the nearest one counts",
        "{ users { best { item { price } } item { price } } }",
        {"users": [{"best": None, "item": {"price": given("shoe", "de")}},
                   {"best": {"item": {"price": given("shoe", "de")}}, "item": {"price": given("shoe", "fr")}}]},
    ),
    (
        "several types carry it, null is a value",
        "{ any { ... on User { item { price } } ... on Firm { item { price } } } }",
        {"any": [{"item": {"price": given("shoe", "de")}}, {"item": {"price": given("shoe", None)}}, None,
                 {"item": {"price": given("shoe", "fr")}}]},
    ),
    (
        "a type between that carries none",
        "{ me { held { ... on Box { item { price } } ... on Party { item { price } } } } }",
        {"me": {"held": [{"item": {"price": given("hat", "fr")}}, {"item": {"price": given("shoe", None)}},
                         {"item": {"price": given("shoe", "de")}}]}},
    ),
    (
        "an interface carries it, the value lies deep",
        "{ users { item { abroad } } party { item { abroad } } }",
        {"users": [{"item": {"abroad": given("shoe", "CH")}}, {"item": {"abroad": given("shoe", None)}}],
         "party": {"item": {"abroad": given("shoe", "AT")}}},
    ),
    (
        "an object further down in the same subgraph",
        "{ users { wrap { deep { text } } } }",
        {"users": [{"wrap": {"deep": {"text": given("o-deep", "de")}}},
                   {"wrap": {"deep": {"text": given("o-deep", "fr")}}}]},
    ),
    (
        "the value needs a fetch of its own",
        "{ users { own { late } } }",
        {"users": [{"own": {"late": given("o-own", "Vienna")}}, {"own": {"late": given("o-own", "Paris")}}]},
    ),
    (
        "several arguments, a list and a number",
        "{ users { own { several } } }",
        {"users": [{"own": {"several": given("o-own", "de", ["a", "b"], 1)}},
                   {"own": {"several": given("o-own", "fr", [], None)}}]},
    ),
    (
        "aliases, and the value asked for as well",
        "{ users { l: locale locale: id item { a: price(n: 1) b: price(n: 2) } } }",
        {"users": [
            {"l": "de", "locale": "1", "item": {"a": given("shoe", "de", 1), "b": given("shoe", "de", 2)}},
            {"l": "fr", "locale": "2", "item": {"a": given("shoe", "fr", 1), "b": given("shoe", "fr", 2)}},
        ]},
    ),
    ("a mutation", "mutation { touch { item { price } } }", {"touch": {"item": {"price": given("shoe", "fr")}}}),
    (
        "fragments and conditions",
        """query ($yes: Boolean = true, $no: Boolean = false) { me { ...F item { q: price @include(if: $no) id } } }
        fragment F on User { item { price(n: 1) @skip(if: $no) } best { item { price @include(if: $yes) } } }""",
        {"me": {"item": {"price": given("shoe", "fr", 1), "id": "shoe"},
                "best": {"item": {"price": given("shoe", "de")}}}},
    ),
]  # fmt: skip


@pytest.mark.parametrize(("query", "data"), [one[1:] for one in CASES], ids=[one[0] for one in CASES])
async def test_an_argument_gets_the_value_around(query: str, data: Any) -> None:
    """Every entity's argument has the value of the nearest object that carries the context."""
    reply = await FEDERATION.run(query)
    assert (reply.data, reply.errors) == (data, [])


async def test_equal_values_share_a_request() -> None:
    """Entities whose values are equal are asked for together, once each; each other combination is one request more."""
    reply = await FEDERATION.run("{ users { items { price } best { items { price } } } }")
    sent = [one.variables for one in reply.transport.sent if one.subgraph == "shop"]
    asked = sorted((one["contextualArgument_0"], len(one["representations"])) for one in sent[:2])
    assert (asked, len(sent)) == ([("de", 2), ("fr", 1)], 3)


async def test_a_lost_value_costs_only_its_own_entities() -> None:
    """An object whose context failed has null and the error; the others have their answer."""
    reply = await FEDERATION.run("{ broken { item { id price } } }")
    assert reply.data == {
        "broken": [{"item": {"id": "shoe", "price": None}}, {"item": {"id": "shoe", "price": given("shoe", None)}}]
    }
    assert [code for _, code in reply.errors] == ["LOST"]


async def test_a_subgraph_that_has_the_value_is_down() -> None:
    """The field that waits for it is null, with the outage as its error; nothing else is lost."""
    reply = await FEDERATION.run("{ users { id own { id late text } } }", zones=SubgraphUnavailable("zones", "down"))
    assert {code for _, code in reply.errors} == {"SUBGRAPH_UNAVAILABLE"}
    assert [user["id"] for user in reply.data["users"]] == ["1", "2"]


async def test_a_deferred_field_takes_its_value_along() -> None:
    """A contextual argument of a deferred field is filled in as in any other answer."""
    prepared = FEDERATION.pipeline.prepare("{ me { id ... @defer { item { price } } } }")
    assert isinstance(prepared, Prepared)
    transport = MemoryTransport.of(*FEDERATION.subgraphs)
    result = await prepared.execute_incrementally(None, transport, Forwarded())
    assert not isinstance(result, Answer)
    assert result.initial_result.data == {"me": {"id": "2"}}
    [later] = [part async for part in result.subsequent_results]
    formatted: Any = later.formatted
    [brought] = formatted["incremental"]
    assert brought["data"] == {"item": {"price": given("shoe", "fr")}}


def test_clients_cannot_give_it() -> None:
    """The argument is not in the schema."""
    printed = print_schema(FEDERATION.schema)
    assert "  price(n: Int): String\n" in printed
    assert "  text: String\n" in printed


@pytest.mark.parametrize("name", ["contextualArgument_0", "representations"])
async def test_a_name_of_the_clients_is_not_taken(name: str) -> None:
    """A client's variable may have the name that ours would have."""
    query = f"query (${name}: Int) {{ me {{ item {{ price(n: ${name}) }} }} }}"
    reply = await FEDERATION.run(query, {name: 5})
    assert reply.data == {"me": {"item": {"price": given("shoe", "fr", 5)}}}


APOLLO = """
schema
  @link(url: "https://specs.apollo.dev/link/v1.0")
  @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION)
  @link(url: "https://specs.apollo.dev/context/v0.1", for: SECURITY)
  @link(url: "https://specs.apollo.dev/cost/v0.1", import: ["@listSize"])
  @link(url: "https://specs.apollo.dev/cacheTag/v0.1", for: EXECUTION)
{ query: Query }
directive @context(name: String!) repeatable on INTERFACE | OBJECT | UNION
directive @context__fromContext(field: context__ContextFieldValue) on ARGUMENT_DEFINITION
directive @cost(weight: Int!) on ARGUMENT_DEFINITION | FIELD_DEFINITION
directive @listSize(assumedSize: Int) on FIELD_DEFINITION
directive @join__directive(graphs: [join__Graph!], name: String!, args: join__DirectiveArguments) repeatable on OBJECT
scalar context__ContextFieldValue
scalar join__DirectiveArguments
enum join__Graph {
  PEOPLE @join__graph(name: "people", url: "http://x")
  SHOP @join__graph(name: "shop", url: "http://x")
}
type Query @join__type(graph: PEOPLE) @join__type(graph: SHOP) {
  users: [User!]! @join__field(graph: PEOPLE) @listSize(assumedSize: 2)
    @join__directive(graphs: [PEOPLE], name: "federation__cacheTag", args: {format: "u"})
}
type User @join__type(graph: PEOPLE, key: "id") @join__type(graph: SHOP, key: "id") @context(name: "shop__user")
  @join__directive(graphs: [PEOPLE], name: "federation__cacheTag", args: {format: "u-{$key.id}"})
{
  id: ID!
  locale: String! @join__field(graph: PEOPLE) @join__field(graph: SHOP, external: true)
  own: Offer @join__field(graph: SHOP)
}
type Offer @join__type(graph: SHOP, key: "id") {
  id: ID!
  text: String @join__field(graph: SHOP, contextArguments: [{context: "shop__user", name: "at", type: "String",
    selection: " { locale }"}])
}
"""


async def test_what_apollos_composer_writes_is_served() -> None:
    """A file with contexts, costs and cache tags, as @apollo/composition 2.14.4 writes it."""
    supergraph = Supergraph.from_sdl(APOLLO)
    prepared = Pipeline.of(supergraph).prepare("{ users { own { text } } }")
    assert isinstance(prepared, Prepared)
    answer = await prepared.execute(None, MemoryTransport.of(PEOPLE, SHOP), Forwarded())
    assert answer.data == {"users": [{"own": {"text": given("o-own", one)}} for one in ("de", "fr")]}
    assert not any(name in print_schema(supergraph.api_schema) for name in ("context", "cost", "listSize", "cacheTag"))
