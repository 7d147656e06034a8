# ruff: noqa: E501 - documents stay in one line
"""No operation is admitted whose predicted CPU is over the limit: lists inside of lists multiply, in our own schema."""

import pytest
from graphql import build_schema, get_introspection_query, parse

from gateway.limits import Limits, first_refusal, predicted_work, variable_cost
from portal_cli.paths import ROOT

SCHEMA = build_schema((ROOT / "gateway" / "schema" / "schema.graphql").read_text())
LIMITS = Limits()
INVOICE = "id number status dueOn total { amount currency } balance { amount currency }"

ORDINARY = {
    "a page of a hundred": f"{{ invoices(first: 100) {{ totalCount pageInfo {{ endCursor hasNextPage }} nodes {{ {INVOICE} customer {{ id name }} }} }} }}",
    "a hundred with lines": f"{{ invoices(first: 100) {{ nodes {{ {INVOICE} lines {{ description quantity }} }} }} }}",
    "a hundred with lines and their taxes": f"{{ invoices(first: 100) {{ nodes {{ {INVOICE} customer {{ id name }} lines {{ description quantity unitPrice {{ amount }} taxes {{ name percent }} }} }} }} }}",
    "pages by default, with a page by default in each": f"{{ invoices {{ nodes {{ {INVOICE} comments {{ nodes {{ text }} }} }} }} estimates {{ nodes {{ id comments {{ nodes {{ text }} }} }} }} }}",
    "a page with a list in each": "{ customers(first: 20) { nodes { name contacts(first: 20) { nodes { name } } } } }",
    "one with all of its lists": f'{{ invoice(id: "inv_1") {{ {INVOICE} payments {{ id }} comments(first: 50) {{ nodes {{ text author {{ name }} }} }} views {{ count contact {{ name }} }} }} }}',
    "introspection": get_introspection_query(),
}
EXPENSIVE = {
    "by a client": "{invoices(first:30){nodes{customer{invoices(first:30){nodes{customer{invoices(first:15){nodes{id}}}}}}}}}",
    "two deep": "{ invoices(first: 100) { nodes { customer { invoices(first: 100) { nodes { id } } } } } }",
    "estimates too": "{ estimates(first: 50) { nodes { customer { estimates(first: 50) { nodes { id } } } } } }",
    "pages by default": "{ invoices { nodes { customer { invoices { nodes { customer { invoices { nodes { id } } } } } } } } }",
    "by edges": "{ invoices(first: 100) { edges { node { customer { invoices(first: 100) { edges { node { id } } } } } } } }",
    "by fragments": """{ ...A } fragment A on Query { invoices(first: 50) { nodes { ...B } } }
        fragment B on Invoice { customer { ... on Customer { invoices(first: 50) { nodes { id } } } } }""",
    "across services": "{ customers(first: 20) { nodes { invoices(first: 20) { nodes { comments(first: 50) { nodes { text } } } } } } }",
    "side by side": "{ "
    + " ".join(f"a{n}: invoices(first: 100) {{ nodes {{ {INVOICE} customer {{ name }} }} }}" for n in range(30))
    + " }",
    "in a mutation's payload": """mutation { markAllNotificationsRead(input: {}) { __typename } a: updateCustomer(input: {id: "c"}) { customer {
        invoices(first: 100) { nodes { customer { invoices(first: 50) { nodes { id } } } } } } } }""",
    "in a subscription": "subscription { documentChanged { ... on Invoice { customer { invoices(first: 100) { nodes { customer { invoices(first: 50) { nodes { id } } } } } } } } }",
}


@pytest.mark.parametrize("name", sorted(ORDINARY))
def test_ordinary_operations_are_admitted(name: str) -> None:
    """What a front end asks for a page is within the limit."""
    assert first_refusal(SCHEMA, parse(ORDINARY[name]), LIMITS) is None


@pytest.mark.parametrize("name", sorted(EXPENSIVE))
def test_lists_that_multiply_are_refused(name: str) -> None:
    """Few fields, no deep nesting, and still more work than a service can do for one request."""
    refusal = first_refusal(SCHEMA, parse(EXPENSIVE[name]), LIMITS)

    assert refusal is not None
    assert refusal.extensions == {"code": "TOO_EXPENSIVE", "limit": LIMITS.work_ms}
    assert "limit is 250 ms" in refusal.message


def test_sizes_in_variables_count_as_they_come() -> None:
    """The same document is admitted with short lists and refused with long ones, or with none given."""
    document = parse(
        "query($n: Int!, $m: Int) { invoices(first: $n) { nodes { customer { invoices(first: $m) { nodes { id } } } } } }"
    )
    judge = variable_cost(SCHEMA, document, document.definitions[0], LIMITS)  # pyright: ignore[reportArgumentType]

    assert judge is not None
    assert [
        judge.refusal(given) is None for given in ({"n": 5, "m": 5}, {"n": 100, "m": 100}, {"n": 100}, {"n": "x"})
    ] == [True, False, False, False]


def test_a_size_that_is_left_out_is_the_argument_s_default() -> None:
    """Typed clients declare `$m: Int` and send nothing: the schema's twenty rows come, not a whole page."""
    document = parse(
        "query($m: Int) { customers(first: 20) { nodes { contacts(first: $m) { nodes { name email } } } } }"
    )
    judge = variable_cost(SCHEMA, document, document.definitions[0], Limits(work_ms=80))  # pyright: ignore[reportArgumentType]

    assert judge is not None
    assert [judge.refusal(given) is None for given in ({}, {"m": 20}, {"m": 100}, {"m": None})] == [
        True,
        True,
        False,
        False,
    ]


def test_work_grows_with_every_kind_of_field() -> None:
    """A page costs more than an object, and an object more than a leaf."""
    leaf, object_, page = (
        predicted_work(SCHEMA, parse(query), LIMITS)
        for query in ("{ __typename }", "{ me { id } }", "{ invoices(first: 1) { nodes { id } } }")
    )

    assert leaf < object_ < page


def test_a_page_by_default_counts_as_long_as_the_schema_says() -> None:
    """Twenty, which is written in the schema, and not the hundred that a page may have."""
    by_default, said, longest = (
        predicted_work(SCHEMA, parse(f"{{ invoices{size} {{ nodes {{ id }} }} }}"), LIMITS)
        for size in ("", "(first: 20)", "(first: 100)")
    )

    assert by_default == said < longest


def test_the_limit_is_the_operators() -> None:
    """A larger limit admits what the default refuses."""
    document = parse(EXPENSIVE["by a client"])

    assert first_refusal(SCHEMA, document, Limits(work_ms=10_000)) is None
