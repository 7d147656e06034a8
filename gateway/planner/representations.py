"""Combine what several fetches of one subgraph need in the representations of the same objects."""

from collections.abc import Iterable

from gateway.plan import RequiredField, RequiredOnTypes, RequiredSelection, RequiredType, Requires


def merge_requires(all_requires: Iterable[Requires]) -> tuple[Requires, ...]:
    """Make one of the requirements of each type; types with equal ones share them."""
    per_type: dict[tuple[str, str | None], tuple[RequiredSelection, ...]] = {}
    for requires in all_requires:
        for name in requires.on or ("",):
            identity = (name, requires.typename)
            per_type[identity] = merge_required((*per_type.get(identity, ()), *requires.selections))
    shared: dict[tuple[str | None, tuple[RequiredSelection, ...]], list[str]] = {}
    for (name, typename), selections in per_type.items():
        shared.setdefault((typename, selections), []).append(name)
    return tuple(
        Requires(() if names == [""] else tuple(sorted(names)), typename, selections)
        for (typename, selections), names in shared.items()
    )


def merge_required(selections: Iterable[RequiredSelection]) -> tuple[RequiredSelection, ...]:
    """Make one of equal fields, with everything that is selected of them."""
    merged: dict[object, RequiredSelection] = {}
    for one in selections:
        identity = _identity(one)
        before = merged.get(identity)
        merged[identity] = one if before is None else _both(before, one)
    return tuple(merged.values())


def _identity(one: RequiredSelection) -> object:
    match one:
        case RequiredField(name, key):
            return name, key
        case RequiredOnTypes(names):
            return names
        case RequiredType():
            return one


def _both(one: RequiredSelection, other: RequiredSelection) -> RequiredSelection:
    if isinstance(one, RequiredType) or isinstance(other, RequiredType):
        return one
    selections = merge_required((*one.selections, *other.selections))
    if isinstance(one, RequiredField):
        wanted_by = _wanted_by(one, other)
        return RequiredField(one.name, one.key, selections, wanted_by)
    return RequiredOnTypes(one.names, selections)


def _wanted_by(one: RequiredSelection, other: RequiredSelection) -> tuple[str, ...]:
    """Return the fields that require both; none where either is part of a key."""
    sets = [each.wanted_by for each in (one, other) if isinstance(each, RequiredField)]
    return tuple(sorted({key for each in sets for key in each})) if all(sets) else ()


def mergeable(one: tuple[Requires, ...], other: tuple[Requires, ...]) -> bool:
    """Tell whether one fetch can make both: the same objects as one type, each of their fields from one key."""
    names: dict[str, str | None] = {}
    for requires in (*one, *other):
        for name in requires.on or ("",):
            if names.setdefault(name, requires.typename) != requires.typename:
                return False
    together = merge_requires((*one, *other))
    return (("" not in names) or len(names) == 1) and all(_unambiguous(each.selections, {}) for each in together)


def _unambiguous(selections: tuple[RequiredSelection, ...], keys: dict[str, str]) -> bool:
    """Tell whether each field has one key; one field may be required twice with different arguments."""
    for one in selections:
        if isinstance(one, RequiredOnTypes):
            if not _unambiguous(one.selections, keys):
                return False
        elif isinstance(one, RequiredType):
            continue
        elif keys.setdefault(one.name, one.key) != one.key or not _unambiguous(one.selections, {}):
            return False
    return True
