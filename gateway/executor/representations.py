"""Entity representations: what a subgraph needs to know of an object, copied from the tree, each distinct one once."""

from collections.abc import Callable
from typing import Any, cast

import orjson

from gateway.executor.failures import Failure
from gateway.plan import RequiredField, RequiredOnTypes, RequiredSelection, RequiredType, Requires

Tree = dict[str, Any]
Json = Any
Lost = list[tuple[Failure, tuple[str, ...]]]
"""Failures of what is required, with the keys of the fields that require it."""
Build = Callable[[Tree, Lost], Tree]
Copy = Callable[[Tree, Tree, Lost], None]
Identity = str | bytes


class Missing(Exception):
    """The object lacks what the representation needs; with the failure that cost it, if one did."""

    def __init__(self, failure: Failure | None = None) -> None:
        """Keep the failure."""
        super().__init__()
        self.failure = failure


class Batch:
    """Distinct representations as JSON, in order, with the objects that gave each, and those that could give none.

    `lost` are objects that gave one without all that some of their fields require.
    """

    __slots__ = ("failed", "lost", "representations", "targets")

    def __init__(self) -> None:
        self.representations: list[bytes] = []
        self.targets: dict[Identity, list[Tree]] = {}
        self.failed: list[tuple[Tree, Failure]] = []
        self.lost: list[tuple[Tree, Failure, tuple[str, ...]]] = []


class Representer:
    """Knows of an object which representation it gives.

    An object of the one known type with one plain key, the usual case, is known by the key's value, any other by its
    whole representation.
    """

    def __init__(self, requires: tuple[Requires, ...], asked: frozenset[str] = frozenset()) -> None:
        """`asked` are the keys of all that an entity is asked for: an object of which all has failed gives none."""
        self._builders = _Builders(requires)
        self._asked = asked
        self._key, self._head = _plain_key(requires)

    def identity(self, found: Tree, batch: Batch) -> Identity | None:
        """Return what tells the object's representation from others; None if it gives none (`batch` may note why)."""
        if self._key is not None:
            value: Json = found.get(self._key)
            if value.__class__ is str:
                return value
        try:
            build = self._builders.of(found)
            lost: Lost = []
            identity = orjson.dumps(build(found, lost)) if build else None
            return identity if not lost or self._note(found, lost, batch) else None
        except TypeError:
            # Nested deeper than JSON is written: such an object gives no representation.
            return None
        except Missing as missing:
            if missing.failure:
                batch.failed.append((found, missing.failure))
            return None

    def _note(self, found: Tree, lost: Lost, batch: Batch) -> bool:
        """Note what an object cannot bring along; return whether anything can be asked for it all the same."""
        if self._asked and self._asked <= {key for _, keys in lost for key in keys}:
            batch.failed += [(found, failure) for failure, _ in lost]
            return False
        batch.lost += [(found, *one) for one in lost]
        return True

    def add(self, identity: Identity, found: Tree, batch: Batch) -> None:
        """Add an object, and its representation where the batch has not got it."""
        targets = batch.targets.get(identity)
        if targets is not None:
            targets.append(found)
            return
        batch.targets[identity] = [found]
        whole = identity if isinstance(identity, bytes) else b"%b%b}" % (self._head, orjson.dumps(identity))
        batch.representations.append(whole)

    def collect(self, objects: list[Tree], batch: Batch) -> None:
        """Add objects."""
        for found in objects:
            identity = self.identity(found, batch)
            if identity is not None:
                self.add(identity, found, batch)


def needs_more(requires: Requires) -> bool:
    """Tell whether a representation holds more than a key."""
    return any(_is_required(one) for one in requires.selections)


def _is_required(selection: RequiredSelection) -> bool:
    match selection:
        case RequiredField():
            return bool(selection.wanted_by)
        case RequiredOnTypes():
            return any(map(_is_required, selection.selections))
        case RequiredType():
            return False


def _plain_key(requires: tuple[Requires, ...]) -> tuple[str | None, bytes]:
    """Return the one field that a representation has, and the representation's bytes up to its value."""
    only = requires[0].selections[0] if len(requires) == 1 and len(requires[0].selections) == 1 else None
    if not isinstance(only, RequiredField) or only.selections or requires[0].on or not requires[0].typename:
        return None, b""
    return only.key, b'{"__typename":%b,%b:' % (orjson.dumps(requires[0].typename), orjson.dumps(only.name))


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

    def build(found: Tree, lost: Lost) -> Tree:
        representation = {"__typename": found["__typename"] if typename is None else typename}
        copy(found, representation, lost)
        return representation

    return build


def _compile_copy(selections: tuple[RequiredSelection, ...]) -> Copy:
    copies = [_compile_selection(selection) for selection in selections]
    if len(copies) == 1:
        return copies[0]

    def copy(source: Tree, target: Tree, lost: Lost) -> None:
        for one in copies:
            one(source, target, lost)

    return copy


def _compile_selection(selection: RequiredSelection) -> Copy:
    match selection:
        case RequiredOnTypes():
            return _compile_conditional(selection)
        case RequiredType(name):
            return lambda _, target, __: target.update(__typename=name)
        case _:
            return _compile_required(selection) if selection.wanted_by else _compile_field(selection)


def _compile_conditional(selection: RequiredOnTypes) -> Copy:
    names = frozenset(selection.names)
    copy = _compile_copy(selection.selections)

    def conditional(source: Tree, target: Tree, lost: Lost) -> None:
        typename = source.get("__typename")
        if typename.__class__ is str and typename in names:
            copy(source, target, lost)

    return conditional


def _compile_required(selection: RequiredField) -> Copy:
    """Return how to copy what fields require: what cannot be had is null."""
    name, wanted_by = selection.name, selection.wanted_by
    copy = _compile_field(selection)

    def required(source: Tree, target: Tree, lost: Lost) -> None:
        try:
            copy(source, target, lost)
        except Missing as missing:
            target[name] = None
            if missing.failure:
                lost.append((missing.failure, wanted_by))

    return required


def _compile_field(selection: RequiredField) -> Copy:
    name, key = selection.name, selection.key
    below = _compile_copy(selection.selections) if selection.selections else None

    def field(source: Tree, target: Tree, lost: Lost) -> None:
        value = source.get(key, Missing)
        if value is Missing:
            raise Missing
        if value.__class__ is Failure:
            raise Missing(cast(Failure, value))
        if below is not None and value is not None:
            value = _nested(value, below, target.get(name), lost)
        target[name] = value

    return field


def _nested(value: Json, copy: Copy, known: Json, lost: Lost) -> Json:
    """Copy an object or a (nested) list of them; `known` is what an earlier selection of the same field copied."""
    if isinstance(value, list):
        items = cast(list[Json], value)
        before = cast(list[Json], known) if isinstance(known, list) else [None] * len(items)
        return [_nested(item, copy, old, lost) for item, old in zip(items, before, strict=True)]
    if isinstance(value, dict):
        target = cast(Tree, known) if isinstance(known, dict) else {}
        copy(cast(Tree, value), target, lost)
        return target
    if isinstance(value, Failure):
        raise Missing(value)
    return value
