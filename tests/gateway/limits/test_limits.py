"""Each limit as accept/reject pairs, and documents that were written to hurt."""

import tracemalloc
from dataclasses import replace

import pytest
from graphql import get_introspection_query, parse

from gateway.executor.answer import InvalidVariables
from gateway.executor.ports import Forwarded
from gateway.limits import Limits, first_refusal, variable_cost
from gateway.limits.variables import oversized
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from gateway.plan import QueryPlan
from tests.gateway.limits.abuse import SCHEMA, documents
from tests.support.effort import calls_of
from tests.support.plans import fetch
from tests.support.scripted_transport import ScriptedTransport

SMALL = Limits(
    depth=4,
    aliases=3,
    fields=8,
    root_fields=3,
    root_mutations=2,
    operations=2,
    fragments=2,
    spreads=4,
    repetition=5,
    directives=2,
    cost=50,
    list_size=5,
    page_size=20,
    value_items=4,
    value_depth=2,
    number_chars=5,
    introspection_lists=1,
)

PAIRS = [
    ("TOO_DEEP", "{ me { best { best { id } } } }", "{ me { best { best { best { id } } } } }"),
    (
        "TOO_DEEP",
        "{ ...A } fragment A on Query { me { ...B } } fragment B on User { best { best { id } } }",
        "{ ...A } fragment A on Query { me { ...B } } fragment B on User { best { best { best { id } } } }",
    ),
    ("TOO_DEEP", "{ __schema { types { name } } }", "{ __schema { types { fields { args { name } } } } }"),
    ("TOO_MANY_ALIASES", "{ me { a: id b: id c: id } }", "{ me { a: id b: id c: id d: id } }"),
    (
        "TOO_MANY_ALIASES",
        "{ me { ...A best { ...A } a: id } } fragment A on User { b: id }",
        "{ me { ...A best { ...A } } } fragment A on User { b: id c: id }",
    ),
    (
        "TOO_MANY_FIELDS",
        "{ me { id name best { id name best { id } } } }",
        "{me{id name best{id name best{id name}} node}}",
    ),
    (
        "TOO_MANY_FIELDS",
        "{ me { ...A ...A best { ...A } } } fragment A on User { id name }",
        "{ me { ...A ...A best { ...A ...A } } } fragment A on User { id name }",
    ),
    (
        "TOO_MANY_ROOT_FIELDS",
        "{ a: me { id } b: me { id } c: me { id } }",
        "{ me {id} ...A ...A } fragment A on Query { me {id} me {id} }",
    ),
    (
        "TOO_MANY_ROOT_FIELDS",
        "mutation { a: pay { id } b: pay { id } }",
        "mutation { a: pay { id } b: pay { id } c: pay { id } }",
    ),
    (
        "TOO_MANY_OPERATIONS",
        "query A { me { id } } query B { me { id } }",
        "query A {me{id}} query B {me{id}} query C {me{id}}",
    ),
    (
        "TOO_MANY_FRAGMENTS",
        "{ me { ...A ...B } } fragment A on User { id } fragment B on User { id }",
        "{ me { ...A } } fragment A on User {id} fragment B on User {id} fragment C on User {id}",
    ),
    (
        "TOO_MANY_FRAGMENTS",
        "{ me { ... { id } ... { id } ... { id } } }",
        "{ me { ...{id} ...{id} ...{id} ...{id} ...{id} } }",
    ),
    ("TOO_REPETITIVE", "{ me { id id id id id } }", "{ me { id id id best { id id id } } }"),
    ("TOO_MANY_DIRECTIVES", "{ me { id @skip(if: true) @a } }", "query @a { me { id @skip(if: true) @b } }"),
    ("VALUE_TOO_LARGE", "{ search(tags: [1, 2, 3, 4]) { id } }", "{ search(tags: [1, 2, 3, 4, 5]) { id } }"),
    ("VALUE_TOO_LARGE", "{ search(f: {a: 1, b: {a: 2}}) { id } }", "{ search(f: {b: {b: {a: 1}}}) { id } }"),
    ("VALUE_TOO_LARGE", "{ search(f: {a: 12345}) { id } }", "{ search(f: {a: 123456}) { id } }"),
    ("TOO_EXPENSIVE", "{ users(first: 25) { best { id } } }", "{ users(first: 26) { best { id } } }"),
    ("TOO_EXPENSIVE", "{ users { friends { id } } }", "{ users { friends { best { id } } } }"),
    (
        "TOO_EXPENSIVE",
        "{ invoices(first: 10) { edges { node { id } } } }",
        "{ invoices(first: 17) { edges { node { id } } } }",
    ),
    (
        "TOO_EXPENSIVE",
        "query($n: Int = 60) { users(first: 50, last: $n) { id } }",
        "query($n: Int) { users(first: 51, last: $n) { id } }",
    ),
    (
        "TOO_EXPENSIVE",
        "{ me { ...A } } fragment A on User { friends(first: 40) { id } }",
        "{ me { ...A best { ...A } } } fragment A on User { friends(first: 40) { id } }",
    ),
]


@pytest.mark.parametrize(("code", "accepted", "rejected"), PAIRS)
def test_each_limit_accepts_what_is_at_it_and_refuses_what_is_over(code, accepted, rejected):
    """At the limit a document passes every rule; one step further it is refused with this limit's code."""
    assert first_refusal(SCHEMA, parse(accepted), SMALL) is None
    refusal = first_refusal(SCHEMA, parse(rejected), SMALL)
    assert refusal is not None
    assert refusal.extensions["code"] == code
    assert refusal.message.startswith("The document has too many ")
    assert refusal.message.endswith(f"; the limit is {refusal.extensions['limit']:,}.")


FRIENDS = "query($n: Int, $m: Int = 3) { users(first: $n) { ...A } } fragment A on User { friends(first: $m) { id } }"


@pytest.mark.parametrize(
    ("document", "accepted", "rejected"),
    [
        ("query($n: Int) { users(first: $n) { best { id } } }", {"n": 25}, {"n": 26}),
        ("query($n: Int) { users(first: $n) { best { id } } }", {"n": -9}, {"n": 10**30}),
        ("query($n: Int = 50) { users(first: $n) { id } }", {}, {"n": 51}),
        ("query($n: Int = 51) { users(first: $n) { id } }", {"n": 50}, {}),
        ("query($n: Int = 51) { users(last: $n) { id } }", {"n": None}, None),
        (FRIENDS, {"n": 12}, {"n": 13}),
        (FRIENDS, {"n": 10, "m": 4}, {"n": 10, "m": 5}),
        (FRIENDS, {"m": 1}, {"m": 2}),
        (FRIENDS, {"m": 1, "n": "many"}, {"m": 2, "n": None}),
        ("query($n: Int) { users(first: $n) { friends(first: 24) { id } } }", {"n": 2}, {"n": 3}),
    ],
)
def test_sizes_in_variables_count_by_their_values(document, accepted, rejected):
    """A request is judged by its variables; a missing one has its default, and nothing or null is a page of 20."""
    parsed = parse(document)
    assert first_refusal(SCHEMA, parsed, SMALL) is None
    judge = variable_cost(SCHEMA, parsed, parsed.definitions[0], SMALL)
    for _ in range(2):
        assert judge.refusal(accepted) is None
        assert judge.refusal(rejected).extensions == {"code": "TOO_EXPENSIVE", "limit": 50}


def test_nothing_is_judged_twice_without_sizes_in_variables():
    """An operation whose variables are no sizes costs nothing per request."""
    document = parse("query($id: ID!, $n: Int) { node(id: $id) { id } } query B($n: Int) { users(first: $n) { id } }")
    assert variable_cost(SCHEMA, document, document.definitions[0], SMALL) is None
    assert variable_cost(SCHEMA, document, document.definitions[1], SMALL) is not None


async def test_an_operation_that_costs_too_much_is_not_run():
    """One prepared operation runs for a short list and is refused for a long one, however it is asked to run."""
    planned = QueryPlan("query", fetch("s", "query($n: Int) { users(first: $n) { id } }"))
    stages = Pipeline(SCHEMA, lambda *_: planned, PipelineOptions(limits=SMALL))
    prepared = stages.prepare("query($n: Int) { users(first: $n) { id } }")
    transport = ScriptedTransport({"s": {"data": {"users": []}}})
    assert (await prepared.execute({"n": 50}, transport, Forwarded())).errors == []
    for run in (prepared.execute, prepared.execute_body):
        with pytest.raises(InvalidVariables, match="too many possible objects"):
            await run({"n": 51}, transport, Forwarded())
    with pytest.raises(InvalidVariables, match="too many possible objects"):
        prepared.subscribe({"n": 51}, transport, Forwarded())
    assert transport.asked == ["s"]


def test_the_tools_introspection_passes():
    """GraphiQL and codegen can read the schema under the default limits."""
    query = get_introspection_query(specified_by_url=True, input_value_deprecation=True, directive_is_repeatable=True)
    assert first_refusal(SCHEMA, parse(query), Limits()) is None


@pytest.mark.parametrize(
    "query",
    ["{ __schema { types { name } } }", '{ me { id } ...A } fragment A on Query { __type(name: "a") { name } }'],
)
def test_introspection_can_be_off(query):
    """With introspection off, neither entry to the schema is open, `__typename` is."""
    off = replace(Limits(), introspection=False)
    refusal = first_refusal(SCHEMA, parse(query), off)
    assert refusal is not None
    assert refusal.extensions["code"] == "INTROSPECTION_DISABLED"
    assert first_refusal(SCHEMA, parse("{ __typename me { __typename } }"), off) is None


@pytest.mark.parametrize(
    ("accepted", "rejected"),
    [
        ({"a": [1, 2, 3]}, {"a": [1, 2, 3, 4, 5]}),
        ({"a": {"b": 1}}, {"a": {"b": {"c": {"d": 1}}}}),
        (None, {"a": [[[[[]]]]]}),
        ({}, {str(i): i for i in range(6)}),
    ],
)
def test_variables_are_bounded(accepted, rejected):
    """Items of all lists and objects count together, and nesting is bounded."""
    assert oversized(accepted, 5, 3) is None
    refusal = oversized(rejected, 5, 3)
    assert refusal is not None
    assert refusal.message.endswith(("too many items; the limit is 5.", "too deeply; the limit is 3 levels."))


def test_an_invoice_of_a_thousand_lines_is_no_abuse():
    """The longest document that billing takes passes with taxes and discounts; ten times as many lines do not."""
    taxes, discounts = [{"name": "VAT", "percent": "19"}], [{"kind": "DISCOUNT", "percent": "5", "label": "Spring"}]
    line = {"description": "Work", "quantity": "1", "unit": "h", "unitPrice": "9", "taxes": taxes}
    usual, full = {"lines": [line] * 1_000}, {"lines": [{**line, "adjustments": discounts}] * 1_000}
    limits = Limits()
    for given in (usual, full):
        assert oversized({"input": given}, limits.variable_items, limits.value_depth) is None
    assert oversized({"input": {"lines": [line] * 10_000}}, limits.variable_items, limits.value_depth) is not None


def never(*_):
    """A planner that must not be reached."""
    raise AssertionError("planned")


MOST_CALLS = 300_000
"""What refusing one document may cost: twice what reading the longest of them, character by character, costs."""


def test_abusive_documents_are_refused_cheaply():
    """Each of more than 200 abusive documents is refused for so many calls and 20 MB at most, before it is planned.

    `benchmarks/bounds.py` shows the milliseconds.
    """
    cases = documents()
    assert len(cases) >= 200
    Pipeline(SCHEMA, never, PipelineOptions()).prepare(cases[0][1])  # what is made once for all of them
    dearest, largest = (0, ""), (0, "")
    for family, document in cases:
        pipeline, refused = Pipeline(SCHEMA, never, PipelineOptions()), []
        calls = calls_of(lambda pipeline=pipeline, text=document, into=refused: into.append(pipeline.prepare(text)))
        assert not isinstance(refused[0], Prepared), (family, document[:100])
        assert refused[0][0].extensions["code"], family
        dearest = max(dearest, (calls, f"{family}: {document[:60]}"))
        largest = max(largest, (_memory(pipeline, document), f"{family}: {document[:60]}"))
    print(f"\n{len(cases)} documents; dearest {dearest[0]} calls ({dearest[1]}), most memory {largest[0] >> 10} kB")
    assert dearest[0] < MOST_CALLS
    assert largest[0] < 20_000_000


def _memory(pipeline: Pipeline, document: str) -> int:
    if len(document) < 20_000:
        return 0
    tracemalloc.start()
    pipeline.prepare(document)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    return peak
