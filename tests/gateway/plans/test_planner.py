"""The planner's doors: root types re-entered, operations by name, errors, and the stages as text."""

import pytest
from graphql import parse

from gateway.plan import Fetch, Flatten, Key, QueryPlan, Sequence
from gateway.planner import UnknownOperation, Unsatisfiable, explain, plan
from gateway.supergraph import Supergraph
from tests.gateway.plans.planned import FOLDER, supergraph


def reentry() -> Supergraph:
    """Read a supergraph whose payloads lead back to the query type."""
    return Supergraph.from_sdl((FOLDER / "reentry.graphql").read_text())


def test_a_query_inside_a_payload_is_asked_of_other_subgraphs() -> None:
    """Below the root the query type is re-entered without a key."""
    made = plan(reentry(), parse("mutation { change { query { a b } } }"))
    first = Fetch("one", "mutation", "mutation{change{query{a}}}")
    second = Flatten((Key("change"), Key("query")), Fetch("two", "query", "{b}"))
    assert made == QueryPlan("mutation", Sequence((first, second)))


def test_an_operation_is_chosen_by_name() -> None:
    """Of several operations the named one is planned."""
    document = parse("query A { a } query B { b }")
    assert plan(reentry(), document, "B").node == Fetch("two", "query", "{b}")


@pytest.mark.parametrize("name", [None, "C"])
def test_an_unclear_operation_is_refused(name: str | None) -> None:
    """Several operations and no name, or a name that none has, is an error of its own."""
    with pytest.raises(UnknownOperation):
        plan(reentry(), parse("query A { a } query B { b }"), name)


def test_a_field_that_cannot_be_reached_is_named() -> None:
    """A supergraph that was never checked may have fields without a way to them; the error tells which."""
    sdl = (FOLDER / "reentry.graphql").read_text().replace("c: Int", "c: Int @join__field")
    sdl = sdl.replace("b: Int @join__field(graph: TWO)", "b: Island @join__field(graph: TWO)")
    with pytest.raises(Unsatisfiable, match=r"b\.c"):
        plan(Supergraph.from_sdl(sdl), parse("{ a b { c } }"))


def test_equal_operations_have_equal_plans() -> None:
    """Planning is a pure function: plans compare as data."""
    document = parse("{ products { name cost rate } }")
    assert plan(supergraph("requires"), document) == plan(supergraph("requires"), document)


def test_every_stage_can_be_printed() -> None:
    """The explanation shows the normal form, the decisions, the steps before and after the passes, and the plan."""
    text = explain(supergraph("requires"), parse("query ($x: Boolean!) { products { name cost @include(if: $x) } }"))
    titles = [line for line in text.splitlines() if line.startswith("#")]
    assert titles == ["# normalised", "# decided", "# steps", "# optimised", "# plan"]
    assert "cost on Product if $x" in text
    assert "[1] _Entity@shipping entered by id,price,dimensions" in text
    assert 'step 1: shipping at "products.@" after 0' in text


def test_an_explanation_of_introspection_needs_no_stage() -> None:
    """An operation without fetches explains itself as an empty plan."""
    assert explain(supergraph("requires"), parse("{ __typename }")).endswith("QueryPlan {\n}\n")
