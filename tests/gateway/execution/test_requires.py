"""`@requires`: a field gets what it needs from other subgraphs, however deep, and before it is asked for."""

import json
from typing import Any

import pytest

from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph


def shown(*names: str) -> Any:
    """Return a resolver whose value is what it was given, as JSON."""
    return lambda source, **_: json.dumps({name: source[name] for name in names}, sort_keys=True)


PRODUCT = {"id": "1", "price": 5, "weight": None}
GOODS = MemorySubgraph(
    "goods",
    federation2("""
    type Query { products: [Product!]! product: Product }
    type Product @key(fields: "id") {
      id: ID! price: Int weight: Int size: Size parts: [Part!] owner: Owner cost(currency: String = "EUR"): Int
      thing: Thing
    }
    type Size { width: Int height: Int unit: Unit }
    type Unit { name: String }
    type Part { code: String! grams: Int }
    union Owner = Person | Firm
    type Person { name: String age: Int }
    type Firm { title: String }
    interface Thing { label: String }
    type Box implements Thing { label: String sides: Int }
    type Ball implements Thing { label: String radius: Int }
    """),
    {"Product": [
        {"id": "1", "price": 5, "weight": None, "size": {"width": 1, "height": 2, "unit": {"name": "cm"}},
         "parts": [{"code": "a", "grams": 1}, {"code": "b", "grams": None}],
         "owner": {"__typename": "Firm", "title": "F"}, "thing": {"__typename": "Box", "label": "L", "sides": 4}},
        {"id": "2", "price": None, "weight": 3, "size": None, "parts": None,
         "owner": {"__typename": "Person", "name": "P", "age": 4}, "thing": None},
    ]},
    {
        "Query.products": [{"id": "1"}, {"id": "2"}],
        "Query.product": lambda source: GOODS.rows["Product"][0],
        "Product.cost": lambda source, currency: {"EUR": 1, "USD": 2}[currency],
    },
)  # fmt: skip
GOODS.resolvers["Query.products"] = lambda source: GOODS.rows["Product"]
SHIPPING = MemorySubgraph(
    "shipping",
    federation2("""
    type Product @key(fields: "id") {
      id: ID!
      price: Int @external weight: Int @external size: Size @external parts: [Part!] @external
      owner: Owner @external cost(currency: String = "EUR"): Int @external thing: Thing @external
      flat: String @requires(fields: "price weight")
      nested: String @requires(fields: "size { width unit { name } }")
      list: String @requires(fields: "parts { code }")
      typed: String @requires(fields: "owner { ... on Firm { title } ... on Person { name } }")
      face: String @requires(fields: "thing { label ... on Box { sides } }")
      exchanged: String @requires(fields: "cost(currency: \\"USD\\")")
      local: String @requires(fields: "cost(currency: \\"EUR\\") price")
      fee: Int @requires(fields: "price")
    }
    type Size @external { width: Int unit: Unit }
    type Unit @external { name: String }
    type Part @external { code: String! }
    union Owner = Person | Firm
    type Person @external { name: String }
    type Firm @external { title: String }
    interface Thing { label: String }
    type Box implements Thing @external { label: String sides: Int }
    type Ball implements Thing @external { label: String }
    """),
    {"Product": [{"id": "1"}, {"id": "2"}]},
    {
        "Product.flat": shown("price", "weight"),
        "Product.nested": shown("size"),
        "Product.list": shown("parts"),
        "Product.typed": shown("owner"),
        "Product.face": shown("thing"),
        "Product.exchanged": shown("cost"),
        "Product.local": shown("cost", "price"),
        "Product.fee": lambda source: None if source["price"] is None else source["price"] * 10,
    },
)
TAX = MemorySubgraph(
    "tax",
    federation2("""
    type Product @key(fields: "id") {
      id: ID! fee: Int @external price: Int @external
      tax: String @requires(fields: "fee price")
      mark: String
    }
    """),
    {"Product": [{"id": "1", "mark": "A"}, {"id": "2", "mark": "B"}]},
    {"Product.tax": shown("fee", "price")},
)
FEDERATION = Federation("requires", GOODS, SHIPPING, TAX)


def given(**values: Any) -> str:
    """Return what `shown` shows."""
    return json.dumps(values, sort_keys=True)


# (name, field, its value for the products 1 and 2)
CASES: list[tuple[str, str, Any, Any]] = [
    ("flat fields, nulls included", "flat", given(price=5, weight=None), given(price=None, weight=3)),
    ("nested objects", "nested", given(size={"width": 1, "unit": {"name": "cm"}}), given(size=None)),
    ("lists of objects", "list", given(parts=[{"code": "a"}, {"code": "b"}]), given(parts=None)),
    ("arguments", "exchanged", given(cost=2), given(cost=2)),
    ("a number", "fee", 50, None),
    ("a chain", "tax", given(fee=50, price=5), given(fee=None, price=None)),
]


@pytest.mark.parametrize(("field", "first", "second"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_a_field_gets_what_it_requires(field: str, first: Any, second: Any) -> None:
    """The subgraph was given exactly the required selection of each product."""
    reply = await FEDERATION.run(f"{{ products {{ {field} }} }}")
    assert ({"products": [{field: first}, {field: second}]}, []) == (reply.data, reply.errors)


@pytest.mark.parametrize(("field", "name", "first", "second"), [
    ("typed", "owner", {"title": "F"}, {"name": "P"}),
    ("face", "thing", {"label": "L", "sides": 4}, None),
])  # fmt: skip
async def test_fragments_in_requirements_follow_the_type(field: str, name: str, first: Any, second: Any) -> None:
    """Of a union or interface each object sends the fields of its type."""
    reply = await FEDERATION.run(f"{{ products {{ {field} }} }}")
    assert reply.errors == []
    sent = [json.loads(one[field])[name] for one in reply.data["products"]]
    plain = [one and {key: value for key, value in one.items() if key != "__typename"} for one in sent]
    assert [first, second] == plain


@pytest.mark.parametrize(
    ("query", "data"),
    [
        ("{ product { flat price } }", {"flat": given(price=5, weight=None), "price": 5}),
        ("{ product { p: price flat weight } }", {"p": 5, "flat": given(price=5, weight=None), "weight": None}),
        ("{ product { price: weight flat } }", {"price": None, "flat": given(price=5, weight=None)}),
        ("{ product { cost exchanged } }", {"cost": 1, "exchanged": given(cost=2)}),
        ('{ product { cost: cost(currency: "USD") exchanged } }', {"cost": 2, "exchanged": given(cost=2)}),
        ("{ product { size { height } nested } }",
         {"size": {"height": 2}, "nested": given(size={"width": 1, "unit": {"name": "cm"}})}),
        ("{ product { tax mark flat } }",
         {"tax": given(fee=50, price=5), "mark": "A", "flat": given(price=5, weight=None)}),
        ("{ product { exchanged local cost } }",
         {"exchanged": given(cost=2), "local": given(cost=1, price=5), "cost": 1}),
        ("{ product { a: flat b: flat } }", dict.fromkeys("ab", given(price=5, weight=None))),
    ],
)  # fmt: skip
async def test_requirements_beside_the_client_s_own_fields(query: str, data: Any) -> None:
    """What the client asks for under the same names does not get into the way."""
    reply = await FEDERATION.run(query)
    assert ({"product": data}, []) == (reply.data, reply.errors)


@pytest.mark.parametrize("on", [True, False])
async def test_a_skipped_field_requires_nothing(on: bool) -> None:
    """The subgraph of a field that the condition leaves out is not asked."""
    query = "query($on: Boolean!) { product { id flat @include(if: $on) } }"
    reply = await FEDERATION.run(query, {"on": on})
    assert (["goods", "shipping"] if on else ["goods"]) == reply.asked
    assert reply.data["product"] == {"id": "1", **({"flat": given(price=5, weight=None)} if on else {})}


async def test_a_requirement_that_failed_is_told_at_the_field() -> None:
    """When the input of a field is lost, the field is null with an error, and its subgraph is not asked for it."""
    lost = {"data": {"product": {"id": "1", "price": None, "weight": 1}},
            "errors": [{"message": "no", "path": ["product", "price"], "extensions": {"code": "X"}}]}  # fmt: skip
    reply = await FEDERATION.run("{ product { id flat } }", goods=lost)
    assert (reply.data, reply.errors) == ({"product": {"id": "1", "flat": None}}, [("product.flat", "X")])
    assert reply.asked == ["goods"]
