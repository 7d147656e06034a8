"""Answers in parts: what they come to when a client puts the parts together."""

import asyncio
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import parse, validate
from graphql.execution import ExperimentalIncrementalExecutionResults

from gateway.executor.ports import Forwarded
from gateway.pipeline import Prepared
from tests.gateway.differential.compare import Arena
from tests.gateway.differential.operations import Operation, OperationMaker
from tests.support.memory_subgraphs import MemoryTransport

Fragment = tuple[tuple[str | int, ...], str | None]


@dataclass
class Parts:
    """An answer in parts: the first data, all of it, and which fragments the first part announced and which were lost.

    Which others are announced later depends on their order: not those whose fields have all come with another.
    """

    first: Any
    whole: Any
    announced: list[Fragment]
    lost: set[Fragment]
    faultless: bool


async def put_together(result: Any) -> Parts:
    """Read an answer to its end, strict about the protocol: ids are announced before use and closed once."""
    if not isinstance(result, ExperimentalIncrementalExecutionResults):
        return Parts(result.data, result.data, [], set(), not result.errors)
    first = result.initial_result
    whole, pending = deepcopy(first.data), {one.id: one for one in first.pending}
    announced = sorted(((tuple(one.path), one.label) for one in first.pending), key=repr)
    lost: set[Fragment] = set()
    faultless, more = not first.errors, first.has_next
    async for part in result.subsequent_results:
        assert more, "a part after the last one"
        more = part.has_next
        # Those of nested fragments that are complete at once are announced, filled and closed in one part.
        pending |= {one.id: one for one in part.pending or ()}
        for one in part.incremental or ():
            put_in(whole, (*pending[one.id].path, *(one.sub_path or ())), one.data)
            faultless = faultless and not one.errors
        for one in part.completed or ():
            closed = pending.pop(one.id)
            if one.errors:
                lost.add((tuple(closed.path), closed.label))
    assert not more
    assert not pending, "a fragment that was never closed"
    return Parts(first.data, whole, announced, lost, faultless and not lost)


def put_in(whole: Any, path: tuple[str | int, ...], data: dict[str, Any]) -> None:
    """Merge a part into the object at its path, which must be there, without bringing anything a second time."""
    for step in path:
        whole = whole[step]
    assert isinstance(whole, dict)
    assert whole.keys().isdisjoint(data), "a field that came before"
    whole.update(deepcopy(data))


def operations(arena: Arena, count: int) -> Iterator[Operation]:
    """Return random valid operations, most of them with deferred fragments."""
    schema = arena.pipeline.schema
    while count:
        operation = OperationMaker(arena.reference.schema, arena.random, defers=0.6).make()
        if "@defer" in operation.query and not validate(schema, parse(operation.query)):
            count -= 1
            yield operation


class Shuffled:
    """Answers of subgraphs come in any order, and some turns of the event loop later."""

    def __init__(self, transport: MemoryTransport, random: Random) -> None:
        """Ask by way of `transport`."""
        self._transport, self._random = transport, random

    def post(self, *args: Any) -> "asyncio.Future[bytes]":
        """Send a request; see the executor's port."""
        answer, later = self._transport.post(*args), asyncio.get_running_loop().create_future()
        self._wait(self._random.randrange(12), answer, later)
        return later

    def _wait(self, turns: int, answer: "asyncio.Future[bytes]", later: "asyncio.Future[bytes]") -> None:
        if turns:
            later.get_loop().call_soon(self._wait, turns - 1, answer, later)
        elif not later.done():
            later.set_result(answer.result())


def is_part_of(less: Any, more: Any) -> bool:
    """Tell whether one answer has nothing that the other has not: null may stand for anything, a field may be away."""
    if less is None or less == more:
        return True
    if isinstance(less, dict) and isinstance(more, dict):
        return all(key in more and is_part_of(value, more[key]) for key, value in less.items())
    if isinstance(less, list) and isinstance(more, list) and len(less) == len(more):
        return all(is_part_of(one, other) for one, other in zip(less, more, strict=True))
    return False


async def difference(arena: Arena, operation: Operation) -> str | None:
    """Run an operation in parts and at once, and by graphql-core in parts: say what is not the same.

    A deferred field of an object that has no key is asked with the object, and when it fails its subgraph takes the
    object away as well: then the answer may have less than what graphql-core makes of parts, and nothing else.
    """
    prepared = arena.pipeline.prepare(operation.query)
    assert isinstance(prepared, Prepared), prepared
    shuffled: Any = Shuffled(arena.transport, arena.random)
    ours = await put_together(await prepared.execute_incrementally(operation.variables, shuffled, Forwarded()))
    plain = await prepared.execute(operation.variables, arena.transport, Forwarded())
    if not plain.errors and (ours.whole != plain.data or not ours.faultless):
        return f"{operation}\nin parts {ours}\nat once  {plain.data}"
    expected = arena.reference.execute_incrementally(parse(operation.query), operation.variables)
    theirs = await put_together(await expected if hasattr(expected, "__await__") else expected)
    if plain.errors and is_part_of(ours.whole, theirs.whole):
        return None
    return None if ours == theirs else f"{operation}\nours   {ours}\ntheirs {theirs}"
