"""The normal form: what is left of an operation before anything is decided."""

import pytest
from graphql import parse

from gateway.planner.normalize import normalize, normalize_field_set
from gateway.planner.selection import render
from tests.gateway.plans.planned import supergraph


def normal(query: str, feature: str = "abstract") -> list[str]:
    """Return the normal form of a query as lines."""
    return list(render(normalize(supergraph(feature), parse(query)).selections))


@pytest.mark.parametrize(
    ("query", "lines"),
    [
        ("{ pets { id id } }", ["  id on Cat|Dog"]),
        ("{ pets { id ... on Cat { id } } }", ["  id on Cat|Dog", "  __typename on Cat|Dog"]),
        ("{ walkers { ... on Pet { ... on Walker { id } } } }", ["  __typename on Dog|Person|Robot", "  id on Dog"]),
    ],
)
def test_fragments_become_the_types_that_they_stand_for(query: str, lines: list[str]) -> None:
    """A field is asked for the object types of all fragments around it, and for none if they exclude one another."""
    assert normal(query)[1:] == lines


def test_a_fragment_that_cannot_apply_is_gone() -> None:
    """No field is asked of types that cannot be there."""
    assert "lives" not in "".join(normal("{ walkers { ... on Being { ... on Cat { lives } } } }"))


def test_the_order_of_arguments_makes_no_second_field() -> None:
    """Equal fields are one, however they were written."""
    query = "{ x: carts(filter: { open: true }, first: 1) { id } x: carts(first: 1, filter: { open: true }) { name } }"
    made = normal(query, "operations")
    assert [line.split(" on ")[0] for line in made] == ["x: carts(filter:{ open: true },first:1)", "  id", "  name"]


def test_a_field_that_is_asked_anyway_has_no_condition() -> None:
    """A leaf under fewer conditions makes the one under more superfluous."""
    made = normal("query ($a: Boolean!) { pets { id ... @include(if: $a) { id name } } }")
    assert made[1:] == ["  id on Cat|Dog", "  name on Cat|Dog if $a"]


def test_conditions_that_exclude_one_another_ask_nothing() -> None:
    """What is included and skipped by one variable can never be there; the object itself is still looked for."""
    made = normal("query ($a: Boolean!) { pets { id @skip(if: $a) @include(if: $a) } }")
    assert made[1:] == ["  __typename on Cat|Dog"]


def test_a_field_set_has_no_keys_of_its_own() -> None:
    """The fields of a directive get their response keys only when fetches are written."""
    selections = normalize_field_set(supergraph("requires"), "dimensions { size }", "Product")
    assert [selection.key for selection in (*selections, *selections[0].selections)] == ["", ""]
    assert list(render(selections)) == ["dimensions on Product", "  size on Dimensions"]
