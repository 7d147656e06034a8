"""What a newer version noted inside a document stays where it is, whatever an older one decides."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.mongo.carrying import carried, overlaid

LINE = {"description": "Poster", "quantity": "1", "taxes": [{"name": "VAT", "percent": "19"}]}


def line(**more: Any) -> dict[str, Any]:
    return deepcopy(LINE) | more


def noted(value: Any, path: str = "") -> Any:
    """Return the value with a field in every object that only a newer version knows, named after its place."""
    if isinstance(value, dict):
        return {key: noted(one, f"{path}.{key}") for key, one in value.items()} | {"new": path}  # pyright: ignore
    if isinstance(value, list):
        return [noted(one, f"{path}[{place}]") for place, one in enumerate(value)]  # pyright: ignore
    return value


def test_what_did_not_change_stays_as_it_is_stored() -> None:
    """Without a decision nothing is touched, at whatever depth."""
    known = {"content": {"lines": [line(), line()]}, "closed": None}
    assert carried(noted(known), known, deepcopy(known)) == noted(known)


def test_only_what_changed_is_changed() -> None:
    """A field that changes leaves its neighbours alone, of the same object and of those around it."""
    known = {"content": {"notes": "", "lines": [line()]}}
    after = {"content": {"notes": "Thanks", "lines": [line()]}}
    expected = noted(known)
    expected["content"]["notes"] = "Thanks"
    assert carried(noted(known), known, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "origins"),
    [
        ([line(), line(unit="h")], [line(unit="h"), line()], [1, 0]),
        ([line(), line(unit="h")], [line(unit="h")], [1]),
        ([line(), line(unit="h")], [line(), line(unit="h", quantity="2")], [0, 1]),
        ([line(unit="a"), line(unit="b"), line(unit="c")], [line(unit="b"), line(unit="c", quantity="9")], [1, 2]),
        ([line()], [{"description": "Flyer", "quantity": "7", "taxes": []}], [0]),
        ([line()], [line(), {"description": "Flyer", "quantity": "7", "taxes": []}], [0, None]),
        ([{"id": "a", "n": 1}, {"id": "b", "n": 1}], [{"id": "b", "n": 2}, {"id": "c", "n": 1}], [1, None]),
        ([line(), line()], [line()], [0]),
    ],
    ids=["moved", "first taken away", "one edited", "taken away and edited", "all new", "one more", "by id", "twins"],
)
def test_elements_of_lists_find_themselves_again(
    before: list[Any], after: list[Any], origins: list[int | None]
) -> None:
    """By id, as equals, as the most similar one, or by their order; a new one has nothing noted."""
    stored = [one | {"new": place} for place, one in enumerate(before)]
    assert [one.get("new") for one in carried(stored, before, after)] == origins


def test_what_is_taken_away_takes_its_notes_with_it() -> None:
    """An entry of a mapping, and an object that becomes nothing, are gone; a newcomer is as it is."""
    before = {"refunds": {"a": {"n": 1}, "b": {"n": 2}}, "invite": {"n": 1}}
    after = {"refunds": {"b": {"n": 2}, "c": {"n": 3}}, "invite": None}
    assert carried(noted(before), before, after) == {
        "refunds": {"b": {"n": 2, "new": ".refunds.b"}, "c": {"n": 3}, "new": ".refunds"},
        "invite": None,
        "new": "",
    }


def test_computed_values_are_laid_over_stored_ones() -> None:
    """Of values for lists, those of ours are ours, and those of a newer version stay."""
    assert overlaid({"text": "old", "new": 1, "portal": {"a": 1}}, {"text": "now", "portal": None}) == {
        "text": "now",
        "new": 1,
        "portal": None,
    }


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["", "a", "b"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["id", "x", "y", "z"]), inner),
    max_leaves=12,
)


@given(JSON, JSON)
def test_whoever_knows_everything_stores_what_was_decided(before: Any, after: Any) -> None:
    """Where nothing unknown is stored, the result is exactly what was decided; and nothing given is changed."""
    given_before = deepcopy(before)
    result = carried(deepcopy(before), before, after)
    assert result == after
    assert before == given_before
