"""Entity fetches with contextual arguments: one request for each combination of values that lies around entities.

Objects of one key under different contexts are different entities here: each gets the answer of its own combination.
"""

from collections.abc import Iterator
from typing import Any, Final

import orjson

from gateway.executor.entity_fetch import EntityFetch, Gathered, Gatherings
from gateway.executor.failures import ErrorReader, Failure
from gateway.executor.fetch import Pending, Request
from gateway.executor.paths import Walk, compile_walk
from gateway.executor.representations import Batch, Missing, Representer
from gateway.plan import BatchFetch, ContextVariable, Key, OnTypes, Path

Json = Any
Tree = dict[str, Any]
Values = tuple[tuple[str, bytes], ...]
"""The contextual variables of some entities, as JSON, by name."""
_ABSENT: Final = object()


class ContextFetch(EntityFetch):
    """An entity fetch of one part."""

    def __init__(
        self,
        fetch: BatchFetch,
        reader: ErrorReader,
        gatherings: Gatherings,
        contexts: tuple[ContextVariable, ...],
    ) -> None:
        """Compile the ways from one object that carries a context to the next, and to the entities."""
        super().__init__(fetch, reader, gatherings)
        (part,) = fetch.parts
        (path,) = part.paths
        self._representer = Representer(part.requires)
        depths = sorted({one.depth for one in contexts})
        ends = [*depths, len(path)]
        starts = [0, *depths]
        self._walks = [compile_walk(path[start:end]) for start, end in zip(starts, ends, strict=True)]
        self._taken = [[one for one in contexts if one.depth == depth] for depth in depths]

    def start(self, request: Request, gathered: Gathered) -> Pending | None:
        """Write the requests; None where no object gives a representation."""
        (part,) = self._parts
        batches: dict[Values, Batch] = {}
        for found, values in _entities(self._walks, self._taken, [request.tree], ()):
            if isinstance(values, Failure):
                part.lose(found, values)
                continue
            batch = batches.setdefault(values, Batch())
            identity = self._representer.identity(found, batch)
            if identity is not None:
                self._representer.add(identity, found, batch)
        for batch in batches.values():
            for found, failure in batch.failed:
                part.lose(found, failure)
        pending = [self._sent(request, *one) for one in batches.items() if one[1].representations]
        return Several(pending) if pending else None

    def _sent(self, request: Request, values: Values, batch: Batch) -> Pending:
        own = [b"%b:%b" % (orjson.dumps(name), value) for name, value in values]
        body = self.request.body(request.variables.encoded, [self._parts[0].variable(batch), *own])
        return Pending(self.request.post(request, body), self, request, [batch])


class Several(Pending):
    """Requests under way for one fetch."""

    __slots__ = ("_all",)

    def __init__(self, pending: list[Pending]) -> None:
        first = pending[0]
        super().__init__(first.answer, first.fetch, first.request, None)
        self._all = pending

    async def settle(self) -> None:
        """Wait for every answer."""
        for one in self._all:
            await one.settle()

    def cancel(self) -> None:
        """Give up the answers."""
        for one in self._all:
            one.cancel()


def _entities(
    walks: list[Walk], taken: list[list[ContextVariable]], objects: list[Tree], values: Values
) -> Iterator[tuple[Tree, Values | Failure]]:
    """Yield the entities below objects, each with the values around it, or the failure that cost one of them."""
    walk, *rest = walks
    for found in walk(objects):
        if not rest:
            yield found, values
            continue
        try:
            here = (*values, *_values(taken[0], found))
        except Missing as missing:
            if missing.failure is not None:
                yield from ((one, missing.failure) for one, _ in _entities(rest, [[]] * len(taken[1:]), [found], ()))
            continue
        yield from _entities(rest, taken[1:], [found], here)


def _values(contexts: list[ContextVariable], found: Tree) -> Iterator[tuple[str, bytes]]:
    for one in contexts:
        value = next((v for way in one.values if (v := _value(found, way)) is not _ABSENT), _ABSENT)
        if value is not _ABSENT:
            yield one.name, orjson.dumps(value)


def _value(found: Json, way: Path) -> Json:
    """Return what lies at the end of a way, null where it ends before; `_ABSENT` where it is for other types."""
    for step in way:
        if found is None:
            return None
        match step:
            case Key(name):
                found = found.get(name, _ABSENT) if found.__class__ is dict else _ABSENT
                if isinstance(found, Failure):
                    raise Missing(found)
            case OnTypes(names):
                if found.__class__ is not dict or found.get("__typename") not in names:
                    return _ABSENT
            case _:
                return _ABSENT
        if found is _ABSENT:
            return _ABSENT
    return found
