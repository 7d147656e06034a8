"""`@defer`: what the first answer needs, and what is fetched for each deferred fragment after it."""

from pathlib import Path

import pytest
from graphql import parse

from gateway.deferral import Deferrals
from gateway.plan import Defer
from gateway.planner import plan
from tests.gateway.plans.planned import FOLDER, plan_text, planned, snapshot, supergraph

CASES = {
    "defer-another-subgraph": '{ me { name ... @defer(label: "reviews") { reviews { body } } } }',
    "defer-same-subgraph": "{ me { name ... @defer { birthday } } }",
    "defer-root": "{ me { name } ... @defer { topProducts { upc } users { name } } }",
    "defer-everything": "{ ... @defer { me { name } } }",
    "defer-nested": """{ me { id ... @defer(label: "outer") {
        birthday reviews { id ... @defer(label: "inner") { product { name } } } } } }""",
    "defer-list": "{ topProducts { upc ... @defer { price shippingEstimate reviews { author { username } } } } }",
    "defer-overlapping": """{ me { name
        ... @defer(label: "a") { name birthday reviews { id } }
        ... @defer(label: "b") { birthday reviews { body } } } }""",
    "defer-covered": "{ me { name birthday ... @defer { name } } }",
    "defer-named-twice": """{ me { ...Rest @defer } user(id: "2") { ...Rest @defer } }
        fragment Rest on User { reviews { id } }""",
    "defer-conditions": """query($more: Boolean!, $none: Boolean!) { me { id
        ... @defer { birthday @include(if: $more) } ... @skip(if: $none) @defer { reviews { id } } } }""",
}


@pytest.mark.parametrize("name", CASES)
def test_deferred_fragments(name: str) -> None:
    """Plans part what comes first from what comes later as written down."""
    assert plan_text("shop", CASES[name]) == snapshot("shop", name)


def test_every_snapshot_is_of_a_case() -> None:
    """No snapshot lies about that nothing checks."""
    written = {Path(one).stem for one in (FOLDER / "shop" / "plans").glob("defer-*.txt")}
    assert written == set(CASES)


def test_abstract_types() -> None:
    """For a deferred fragment on one type the first part asks for `__typename`: it tells who has the fragment."""
    text = plan_text("abstract", "{ pets { ... on Cat @defer { colour } } }")
    assert text == snapshot("abstract", "defer-on-one-type")


@pytest.mark.parametrize("condition", ["if: false", "if: $off"])
def test_nothing_deferred(condition: str) -> None:
    """Where `if` is false the plan is that of the fragment without `@defer`."""
    head = "query($off: Boolean = true) " if "$" in condition else ""
    document = parse(f"{head}{{ me {{ name ... @defer({condition}) {{ birthday reviews {{ body }} }} }} }}")
    deferral = Deferrals(document).under((False,) if "$" in condition else ())
    without = parse(f"{head}{{ me {{ name ... {{ birthday reviews {{ body }} }} }} }}")
    assert plan(supergraph("shop"), document, deferral=deferral) == plan(supergraph("shop"), without)


def test_ignored_unless_asked_for() -> None:
    """Without a deferral the planner reads `@defer` as an ordinary fragment."""
    document, without = (
        parse("{ me { name ... @defer { reviews { body } } } }"),
        parse("{ me { name reviews { body } } }"),
    )
    assert plan(supergraph("shop"), document) == plan(supergraph("shop"), without)


def test_a_type_without_a_key_comes_along() -> None:
    """What cannot be fetched on its own is fetched with its object: the fragment needs no later part."""
    node = planned(
        "operations",
        'mutation { openCart(input: {name: "n"}) { __typename ... @defer(label: "along") { cart { id } } } }',
    ).node
    assert isinstance(node, Defer)
    assert [fragment.label for fragment in node.fragments] == ["along"]
    assert node.deferred == ()
