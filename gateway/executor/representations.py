"""Entity representations: what a subgraph needs to know of an object, copied from the tree, each distinct one once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any, cast

import orjson

from gateway.executor.failures import Failure
from gateway.plan import RequiredField, RequiredOnTypes, RequiredSelection, Requires

Tree = dict[str, Any]
Json = Any
Build = Callable[[Tree], Tree]
Index = dict[str | bytes, list[Tree]]


class Missing(Exception):
    """The object lacks what the representation needs; with the failure that cost it, if one did."""

    def __init__(self, failure: Failure | None = None) -> None:
        """Keep the failure."""
        super().__init__()
        self.failure = failure


@dataclass(slots=True)
class Batch:
    """Distinct representations as JSON, in order, with the objects that gave each, and those that could give none."""

    representations: list[bytes] = field(default_factory=list[bytes])
    targets: list[list[Tree]] = field(default_factory=list[list[Tree]])
    failed: list[tuple[Tree, Failure]] = field(default_factory=list[tuple[Tree, Failure]])


def compile_batch(requires: tuple[Requires, ...]) -> Callable[[list[Tree]], Batch]:
    """Return the function that turns objects of the tree into a batch."""
    add = _compile_add(requires)
    if len(requires) == 1 and not requires[0].on and requires[0].typename and _is_flat(requires[0]):
        return _flat_batch(requires[0], add)

    def batch(objects: list[Tree]) -> Batch:
        result = Batch()
        index: Index = {}
        for found in objects:
            add(found, index, result)
        result.targets = list(index.values())
        return result

    return batch


def _compile_add(requires: tuple[Requires, ...]) -> Callable[[Tree, "Index", Batch], None]:
    """Return the function that adds any object to a batch."""
    builders = _Builders(requires)

    def add(found: Tree, index: Index, result: Batch) -> None:
        try:
            build = builders.of(found)
            if build is None:
                return
            representation = orjson.dumps(build(found))
        except TypeError:
            # Nested deeper than JSON is written: such an object gives no representation.
            return
        except Missing as missing:
            if missing.failure:
                result.failed.append((found, missing.failure))
            return
        targets = index.get(representation)
        if targets is None:
            index[representation] = [found]
            result.representations.append(representation)
        else:
            targets.append(found)

    return add


def _is_flat(requires: Requires) -> bool:
    return all(isinstance(one, RequiredField) and not one.selections for one in requires.selections)


def _flat_batch(requires: Requires, add: Callable[[Tree, "Index", Batch], None]) -> Callable[[list[Tree]], Batch]:
    """Return the same for objects of one known type and a flat key, the usual case: no dict is made to compare."""
    fields = [one for one in requires.selections if isinstance(one, RequiredField)]
    values = itemgetter(*(one.key for one in fields))
    head = b'{"__typename":%b' % orjson.dumps(requires.typename)
    names = [b",%b:" % orjson.dumps(one.name) for one in fields]
    [name] = names if len(names) == 1 else [b""]

    def batch(objects: list[Tree]) -> Batch:
        result = Batch()
        index: Index = {}
        for found in objects:
            try:
                value = values(found)
                key = value if value.__class__ is str else orjson.dumps(value)
            except (KeyError, TypeError):
                add(found, index, result)
                continue
            targets = index.get(key)
            if targets is not None:
                targets.append(found)
                continue
            index[key] = [found]
            parts = (
                [name, orjson.dumps(value)]
                if name
                else [n + orjson.dumps(v) for n, v in zip(names, value, strict=True)]
            )
            result.representations.append(b"%b%b}" % (head, b"".join(parts)))
        result.targets = list(index.values())
        return result

    return batch


class _Builders:
    """Which of a fetch's representations an object gives, by its `__typename`."""

    def __init__(self, requires: tuple[Requires, ...]) -> None:
        self._by_type: dict[str, Build] = {}
        for one in requires:
            build = _compile_build(one)
            for name in one.on:
                self._by_type.setdefault(name, build)
        every = [one for one in requires if not one.on]
        self._every = _compile_build(every[0]) if every else None

    def of(self, found: Tree) -> Build | None:
        if self._every:
            return self._every
        name: Any = found.get("__typename")
        if isinstance(name, Failure):
            raise Missing(name)
        return self._by_type.get(name) if name.__class__ is str else None


def _compile_build(requires: Requires) -> Build:
    copy = _compile_copy(requires.selections)
    typename = requires.typename

    def build(found: Tree) -> Tree:
        representation = {"__typename": found["__typename"] if typename is None else typename}
        copy(found, representation)
        return representation

    return build


def _compile_copy(selections: tuple[RequiredSelection, ...]) -> Callable[[Tree, Tree], None]:
    copies = [_compile_selection(selection) for selection in selections]
    if len(copies) == 1:
        return copies[0]

    def copy(source: Tree, target: Tree) -> None:
        for one in copies:
            one(source, target)

    return copy


def _compile_selection(selection: RequiredSelection) -> Callable[[Tree, Tree], None]:
    if isinstance(selection, RequiredOnTypes):
        return _compile_conditional(selection)
    return _compile_field(selection)


def _compile_conditional(selection: RequiredOnTypes) -> Callable[[Tree, Tree], None]:
    names = frozenset(selection.names)
    copy = _compile_copy(selection.selections)

    def conditional(source: Tree, target: Tree) -> None:
        typename = source.get("__typename")
        if typename.__class__ is str and typename in names:
            copy(source, target)

    return conditional


def _compile_field(selection: RequiredField) -> Callable[[Tree, Tree], None]:
    name, key = selection.name, selection.key
    below = _compile_copy(selection.selections) if selection.selections else None

    def field(source: Tree, target: Tree) -> None:
        value = source.get(key, Missing)
        if value is Missing:
            raise Missing
        if value.__class__ is Failure:
            raise Missing(cast(Failure, value))
        if below is not None and value is not None:
            value = _nested(value, below, target.get(name))
        target[name] = value

    return field


def _nested(value: Json, copy: Callable[[Tree, Tree], None], known: Json) -> Json:
    """Copy an object or a (nested) list of them; `known` is what an earlier selection of the same field copied."""
    if isinstance(value, list):
        items = cast(list[Json], value)
        before = cast(list[Json], known) if isinstance(known, list) else [None] * len(items)
        return [_nested(item, copy, old) for item, old in zip(items, before, strict=True)]
    if isinstance(value, dict):
        target = cast(Tree, known) if isinstance(known, dict) else {}
        copy(cast(Tree, value), target)
        return target
    if isinstance(value, Failure):
        raise Missing(value)
    return value
