"""A change made to a stored document that knows more than we do: what we do not know is carried through.

Three forms of one thing go in: as it is stored, as we read it, and as we want it after a decision. What the decision
left alone stays exactly as it is stored, at every depth; where it changed something, only what we know is changed.
Elements of a list find their stored form by `id`; else as one that is equal; else as the most similar one, when more
than half of what we know of it is the same; else, when as many are left on both sides, by their order. A thing that is
taken away takes with it what others noted inside.
"""

from collections.abc import Sequence
from typing import Any, cast

_MOST_PAIRS = 10_000
"""How many pairs of changed elements are looked at for similarity: a thousand new lines are simply new."""
_NOTHING: Any = object()


def carried(stored: Any, before: Any, after: Any) -> Any:
    """Return `stored` with the change from `before` to `after` made in it; nothing given is changed."""
    if before == after and type(before) is type(after):
        return stored
    if isinstance(stored, dict) and isinstance(before, dict) and isinstance(after, dict):
        return _fields(stored, before, after)  # pyright: ignore[reportUnknownArgumentType]
    if isinstance(stored, list) and isinstance(before, list | tuple) and isinstance(after, list | tuple):
        return _elements(stored, before, after)  # pyright: ignore[reportUnknownArgumentType]
    return after


def overlaid(stored: Any, computed: Any) -> Any:
    """Return what is stored with what we compute laid over it; fields that we do not compute stay."""
    if isinstance(stored, dict) and isinstance(computed, dict):
        noted, known = cast(dict[str, Any], stored), cast(dict[str, Any], computed)
        return noted | {name: overlaid(noted.get(name), value) for name, value in known.items()}
    return computed


def _fields(stored: dict[str, Any], before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in stored.items() if name in after or name not in before}
    for name, value in after.items():
        was = before.get(name, _NOTHING)
        if was is _NOTHING or was != value:
            kept[name] = carried(stored.get(name, _NOTHING), was, value)
    return kept


def _elements(stored: list[Any], before: Sequence[Any], after: Sequence[Any]) -> Sequence[Any]:
    if len(stored) != len(before) or not any(isinstance(one, dict | list | tuple) for one in before):
        return after
    places = _pairs(before, after)
    return [
        one if places[here] is None else carried(stored[place], before[place], one)
        for here, one in enumerate(after)
        for place in (places[here],)
    ]


def _pairs(before: Sequence[Any], after: Sequence[Any]) -> list[Any]:
    """Return for each element of `after` the place of its form in `before`, or None."""
    places: list[int | None] = [None] * len(after)
    free = dict.fromkeys(range(len(before)))

    def pair(here: int, place: int | None) -> None:
        if place is not None:
            places[here] = place
            del free[place]

    for here, one in enumerate(after):
        name = _id(one)
        pair(here, None if name is None else next((place for place in free if _id(before[place]) == name), None))
    for here, one in enumerate(after):
        if places[here] is None:
            same = here if here in free and before[here] == one else None
            pair(here, same if same is not None else next((place for place in free if before[place] == one), None))
    left = [here for here, place in enumerate(places) if place is None]
    if len(left) * len(free) <= _MOST_PAIRS:
        for here in left:
            pair(here, _most_similar(after[here], here, {place: before[place] for place in free}))
    left = [here for here in left if places[here] is None and _id(after[here]) is None]
    unnamed = [place for place in free if _id(before[place]) is None]
    if len(left) == len(unnamed):
        for here, place in zip(left, unnamed, strict=True):
            pair(here, place)
    return places


def _most_similar(one: Any, here: int, others: dict[int, Any]) -> int | None:
    """Return the place of the element that shares the most with `one`, the nearest of those that share as much.

    Fields that one of them lacks say nothing: an older version's element has no defaults.
    """
    if not isinstance(one, dict) or _id(one) is not None:
        return None
    known = cast(dict[str, Any], one)
    best, most = None, 0
    for place in sorted(others, key=lambda place: abs(place - here)):
        other = cast(dict[str, Any], others[place] if isinstance(others[place], dict) else {})
        shared = sum(other.get(name, _NOTHING) == value for name, value in known.items())
        if shared > max(most, len(known.keys() & other.keys()) / 2) and _id(other) is None:
            best, most = place, shared
    return best


def _id(one: Any) -> str | None:
    """Return the id of an element that has one."""
    name: Any = one.get("id") if isinstance(one, dict) else None  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    return name if isinstance(name, str) else None
