"""Comparing an answer with what it would be if nothing were broken."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]


def at(data: Any, path: Sequence[str | int]) -> Any:
    """Return the value at an error's path, None where a null is above it."""
    for step in path:
        if data is None:
            return None
        data = data[step]
    return data


def missing(expected: Any, actual: Any, path: Path = ()) -> Iterator[Path]:
    """Yield the paths where `actual` is null and `expected` is not.

    Raises:
        AssertionError: anything else differs.
    """
    if actual is None and expected is not None:
        yield path
    elif isinstance(expected, dict):
        assert expected.keys() == actual.keys(), path
        for key, value in expected.items():
            yield from missing(value, actual[key], (*path, key))
    elif isinstance(expected, list):
        assert len(expected) == len(actual), path
        for number, value in enumerate(expected):
            yield from missing(value, actual[number], (*path, number))
    else:
        assert expected == actual, path


def gaps_are_told(good: Mapping[str, Any], bad: Mapping[str, Any], codes: set[str]) -> list[Path]:
    """Return what is missing in `bad`; each gap has an error at it, above or below, each error a path to null.

    Raises:
        AssertionError: a gap is not told, an error points at nothing missing, has another code, or a value differs.
    """
    gaps, errors = list(missing(good["data"], bad["data"])), bad.get("errors", [])
    assert bool(gaps) == bool(errors), bad
    assert {error["extensions"]["code"] for error in errors} <= codes, errors
    paths = [tuple(error["path"]) for error in errors]
    assert [path for path in paths if at(bad["data"], path) is not None] == []
    assert [gap for gap in gaps if not any(path[: len(gap)] == gap or gap[: len(path)] == path for path in paths)] == []
    return gaps
