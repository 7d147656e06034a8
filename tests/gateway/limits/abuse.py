# ruff: noqa: E501, RUF005 - documents stay in one line
"""A schema like ours, and documents that were written to hurt: each with what refuses it."""

from graphql import build_schema

SCHEMA = build_schema(
    """
    type Query { me: User users(first: Int, last: Int): [User!]! search(text: String, tags: [String!], f: F): [Node!]
      invoices(first: Int): Invoices node(id: ID!): Node }
    type Mutation { logIn(email: String!, password: String!): User pay(input: F): User }
    type Subscription { ticked(a: Int): User other: User }
    interface Node { id: ID! }
    type User implements Node { id: ID! name: String friends(first: Int): [User!]! best: User matrix: [[User]]
      invoices(first: Int): Invoices }
    type Invoices { edges: [Edge!]! nodes: [Invoice!]! total: Int }
    type Edge { node: Invoice! cursor: String }
    type Invoice implements Node { id: ID! number: String customer: User lines: [Line!]! }
    type Line { text: String product: Product }
    type Product { name: String sellers: [User!]! }
    input F { a: Int b: F list: [Int] deep: [[[[[[[[[[[[[[[[Int]]]]]]]]]]]]]]]] x: Float }
    """
)


def _fan_out(levels: int, wide: int, leaf: str = "id") -> str:
    """Fragments that spread the next one several times: 881 bytes that stand for billions of fields."""
    parts = [f"fragment F{i} on User {{ {' '.join(f'...F{i + 1}' for _ in range(wide))} }}" for i in range(levels)]
    return "{ me { ...F0 } } " + " ".join(parts) + f" fragment F{levels} on User {{ {leaf} }}"


def _nest(field: str, depth: int, leaf: str = "id") -> str:
    return f"{{ me {{ {f'{field} {{ ' * depth} {leaf} {'} ' * depth} }} }}"


def _introspect(inner: str, times: int) -> str:
    return f"{{ __schema {{ types {{ {f'fields {{ {inner} {{ ' * times} name {'} } ' * times} }} }} }}"


def _cycle(length: int) -> str:
    parts = [f"fragment F{i} on User {{ best {{ ...F{(i + 1) % length} ...F{i} }} }}" for i in range(length)]
    return "{ me { ...F0 } } " + " ".join(parts)


FAMILIES = {
    "deep": [_nest("best", n) for n in (20, 21, 25, 30, 40, 60, 80, 150, 200, 250, 300, 400, 500, 700)]
    + [_nest("friends", n) for n in (6, 20, 100, 300)]
    + [_nest("... on User", n, "best { id }") for n in (400, 900)]
    + [_nest("best { ... @include(if: true)", n, "id") for n in (60,)]
    + [f"query {'{ me { best ' * n}" for n in (5, 100, 500)],
    "wide": ["{" + " me { id }" * n + "}" for n in (101, 300, 740)]
    + ["{ me {" + " name" * n + " } }" for n in (101, 500, 2_900)]
    + ["{ me {" + " ".join(f"f{i}" for i in range(n)) + " } }" for n in (2_995, 5_000)]
    + ["{ me {" + " best { id }" * n + " } }" for n in (101, 400)],
    "aliases": ["{ me {" + " ".join(f"a{i}: name" for i in range(n)) + "} }" for n in (101, 150, 300, 600, 900)]
    + ["{" + " ".join(f"a{i}: me {{ id }}" for i in range(n)) + "}" for n in (31, 100, 490)]
    + [
        "mutation {" + " ".join(f'a{i}: logIn(email: "a", password: "{i}") {{ id }}' for i in range(n)) + "}"
        for n in (11, 30, 100, 220)
    ]
    + ["{ ...A } fragment A on Query {" + " ".join(f"a{i}: me {{ id }}" for i in range(n)) + "}" for n in (31, 60, 200)]
    + [
        "mutation { ...A } fragment A on Mutation {"
        + " ".join(f'a{i}: logIn(email: "a", password: "{i}") {{ id }}' for i in range(n))
        + "}"
        for n in (11, 100)
    ],
    "fan-out": [_fan_out(levels, wide) for levels in (12, 16, 20, 30, 40, 60, 90) for wide in (2, 3, 5)]
    + [_fan_out(levels, 10) for levels in (4, 6, 8, 12, 20, 30)]
    + [_fan_out(levels, 2, "a: name") for levels in (8, 20, 60)]
    + [_fan_out(levels, 2, "best { id }") for levels in (12, 40)]
    + [_fan_out(levels, 2, "friends(first: 10) { id }") for levels in (14, 40)]
    + [_fan_out(99, 3), _fan_out(120, 2), _fan_out(500, 1), _fan_out(300, 2)],
    "cycles": [_cycle(n) for n in (1, 2, 3, 5, 10, 20, 50, 75, 99, 200, 400)]
    + [
        "{ ...A } fragment A on Query { ...A }",
        "{ ...A } fragment A on Query { me { id } ...B } fragment B on Query { ...A }",
    ],
    "lists": [f"{{ users(first: {n}) {{ id }} }}" for n in (100_001, 10**6, 10**9, 10**12, 10**30)]
    + [f"{{ users(last: {n}) {{ friends(first: {n}) {{ id }} }} }}" for n in (400, 1_000, 10**5)]
    + [f"{{ users(first: {n}) {{ friends(first: {n}) {{ friends(first: {n}) {{ id }} }} }} }}" for n in (50, 100)]
    + [
        f"{{ invoices(first: {n}) {{ edges {{ node {{ lines {{ product {{ sellers {{ id }} }} }} }} }} }} }}"
        for n in (1_000, 9_999)
    ]
    + ["{ users { friends { friends { friends { friends { id } } } } } }"]
    + ["query($n: Int) { users(first: $n) { friends(first: 10000) { friends(first: 100) { id } } } }"]
    + [
        "query($n: Int = 1000000) { users(first: 1000000, last: $n) { id } }",
        "{ users(first: -1) { matrix { id } friends(first: 100001) { id } } }",
    ]
    + [f"{{ search(tags: [{', '.join(['1'] * n)}]) {{ id }} }}" for n in (1_001, 2_000, 20_000)]
    + [f"{{ search(f: {{ list: [{', '.join(str(i) for i in range(n))}] }}) {{ id }} }}" for n in (1_001, 2_500)]
    + [f"{{ search(f: {{ list: [{', '.join(['[1]'] * n)}] }}) {{ id }} }}" for n in (600, 900)],
    "values": [f"{{ search(f: {{ deep: {'[' * n}1{']' * n} }}) {{ id }} }}" for n in (13, 20, 100, 400)]
    + [f"{{ search(f: {'{b: ' * n}{{a: 1}}{'}' * n}) {{ id }} }}" for n in (13, 60, 300)]
    + [
        f"{{ search(f: {{ {kind}: {sign}{'9' * n} }}) {{ id }} }}"
        for kind in "ax"
        for sign in ("", "-")
        for n in (45, 5_000, 50_000)
    ]
    + [f"{{ search(f: {{ x: 1.{'0' * n}1 }}) {{ id }} }}" for n in (45, 10_000)]
    + [f"{{ search(f: {{ x: 1e{'9' * n} }}) {{ id }} }}" for n in (45, 4_400)]
    + ["query($v: F = {list: [" + "1 " * n + "]}) { search(f: $v) { id } }" for n in (1_001, 2_500)],
    "directives": ["{ me { id " + "@include(if: true) " * n + "} }" for n in (51, 300, 490)]
    + ["{ me { id " + "@unknown " * n + "} }" for n in (51, 1_000)]
    + ["{ me { " + " ".join(f"f{i} @skip(if: false)" for i in range(n)) + "} }" for n in (51, 300)]
    + ["query " + "@a" * n + " { me { id } }" for n in (51, 700)],
    "fragments": [
        "{ me { "
        + " ".join(f"...F{i}" for i in range(n))
        + " } }"
        + " ".join(f"fragment F{i} on User {{ id }}" for i in range(n))
        for n in (101, 250)
    ]
    + ["{ me { " + "...F " * n + "} } fragment F on User { id }" for n in (301, 1_400)]
    + ["{ me { " + "... { id } " * n + "} }" for n in (101, 200, 301, 400, 580)]
    + ["{ me { id } } " + " ".join(f"fragment F{i} on User {{ ...F{i + 1} }}" for i in range(n)) for n in (101, 280)],
    "operations": [" ".join(f"query Q{i} {{ me {{ id }} }}" for i in range(n)) for n in (21, 40, 100, 330)]
    + [" ".join("{ me { id } }" for _ in range(n)) for n in (21, 400)],
    "introspection": [_introspect("type", n) for n in (3, 5, 10, 20)]
    + [_introspect("args { type", 2).replace("} }", "} } }", 2), _introspect("type { possibleTypes", 2) + "} }"]
    + [
        "{ ...A } fragment A on Query { __schema { types { ...B } } } fragment B on __Type { fields { type { ...C } } } "
        "fragment C on __Type { fields { type { ...D } } } fragment D on __Type { fields { type { fields { name } } } }"
    ]
    + [
        '{ __type(name: "User") { ' + "fields { type { interfaces { " * n + "name" + " } } }" * n + " } }"
        for n in (2, 4, 8)
    ],
    "text": ["{ me { id } } #" + "x" * 60_000, "{ me" + " " * 60_000 + "{ id } }", "{ me { id } " + "," * 70_000 + " }"]
    + ['{ search(text: "' + "x" * 60_000 + '") { id } }', '{ search(text: """' + "\n" * 60_000 + '""") { id } }']
    + [
        "{" + "a" * 60_000 + "}",
        "query " + "Q" * 70_000 + " { me { id } }",
        "{" * 20_000,
        "}" * 20_000,
        "(" * 20_000,
        "..." * 3_001,
        '"' * 60_001,
        "\\u0000" * 11_000,
        "$" * 5_000,
        "@" * 5_000,
        "[" * 10_000,
        "&" * 3_001,
    ],
}


def documents() -> list[tuple[str, str]]:
    """Return (family, document) for all of them."""
    return [(family, document) for family, group in FAMILIES.items() for document in group]
