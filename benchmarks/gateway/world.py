"""Resolvers over `data.py`: for each subgraph alone, and for all merged into one schema (the expected answers)."""

from pathlib import Path
from typing import Any

from graphql import GraphQLObjectType, GraphQLSchema, build_schema, graphql_sync

from benchmarks.gateway import data

HERE = Path(__file__).parent
DIRECTIVES = """
directive @key(fields: String!) repeatable on OBJECT
directive @external on FIELD_DEFINITION
directive @requires(fields: String!) on FIELD_DEFINITION
directive @shareable on FIELD_DEFINITION
directive @link(url: String!, import: [String!]) repeatable on SCHEMA
scalar _Any
"""
MERGED = """
type Query { me: User user(id: ID!): User users: [User] topProducts(first: Int = 5): [Product] }
type User { id: ID! name: String username: String birthday: Int reviews: [Review] }
type Product {
  upc: String! name: String price: Int weight: Int inStock: Boolean shippingEstimate: Int reviews: [Review]
}
type Review { id: ID! body: String author: User product: Product }
"""
KEYS = {"users": {"User": "id"}, "products": {"Product": "upc"}, "inventory": {"Product": "upc"}}
KEYS["reviews"] = {"User": "id", "Product": "upc", "Review": "id"}

RESOLVERS: dict[tuple[str, str], Any] = {
    ("Query", "me"): lambda _o, _i: data.USERS[0],
    ("Query", "user"): lambda _o, _i, **given: data.user(given["id"]),
    ("Query", "users"): lambda _o, _i: data.USERS,
    ("Query", "topProducts"): lambda _o, _i, first=5: data.PRODUCTS[:first],
    ("User", "reviews"): lambda o, _i: [one for one in data.REVIEWS if one["author"] == o["id"]],
    ("Product", "reviews"): lambda o, _i: [one for one in data.REVIEWS if one["product"] == o["upc"]],
    ("Product", "shippingEstimate"): lambda o, _i: data.shipping(o),
    ("Review", "author"): lambda o, _i: data.user(o["author"]),
    ("Review", "product"): lambda o, _i: data.product(o["product"]),
}


def merged() -> GraphQLSchema:
    """Return one schema over all the data."""
    return _with_resolvers(build_schema(MERGED))


def expected(query: str) -> dict[str, Any]:
    """Return the answer that every gateway must give to a query."""
    result = graphql_sync(merged(), query)
    return {"data": result.data}


def subgraph(name: str) -> GraphQLSchema:
    """Return one subgraph, with `_entities`."""
    sdl = (HERE / "schema" / f"{name}.graphql").read_text().split("\n", 1)[1]
    entities = " | ".join(KEYS[name])
    root = "extend type Query" if "type Query" in sdl else "type Query"
    tail = f"\nunion _Entity = {entities}\n{root} {{ _entities(representations: [_Any!]!): [_Entity]! }}\n"
    schema = _with_resolvers(build_schema(DIRECTIVES + sdl + tail))
    query = schema.query_type
    assert query is not None
    query.fields["_entities"].resolve = lambda _o, _i, representations: [_entity(name, one) for one in representations]
    union: Any = schema.type_map["_Entity"]
    union.resolve_type = lambda value, _i, _t: value["__typename"]
    return schema


def _entity(name: str, given: dict[str, Any]) -> dict[str, Any] | None:
    kind = given["__typename"]
    if kind == "Review":
        known = next((one for one in data.REVIEWS if one["id"] == given["id"]), None)
    else:
        known = data.user(given["id"]) if kind == "User" else data.product(given["upc"])
    if known is None:
        return None
    visible = {**known, "price": given.get("price"), "weight": given.get("weight")} if name == "inventory" else known
    return {"__typename": kind, **visible}


def _with_resolvers(schema: GraphQLSchema) -> GraphQLSchema:
    for (kind, field), resolve in RESOLVERS.items():
        defined = schema.type_map.get(kind)
        if isinstance(defined, GraphQLObjectType) and field in defined.fields:
            defined.fields[field].resolve = resolve
    return schema
