"""The nodes of a plan as functions: waves of fetches, written at once and awaited together, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.executor.context_fetch import ContextFetch
from gateway.executor.entity_fetch import EntityFetch, Gathered, Gatherings
from gateway.executor.failures import ErrorReader
from gateway.executor.fetch import Pending, Request
from gateway.executor.root_fetch import RootFetch
from gateway.executor.sharing import Sharing
from gateway.plan import AnyOf, BatchFetch, BatchPart, Condition, Defer, Fetch, Flatten, Node, Parallel, Path, Sequence

Run = Callable[[Request], Awaitable[None]]
Start = Callable[[Request, Gathered], Pending | None]


def compile_node(node: Node, reader: ErrorReader) -> Run:
    """Return the function that runs a node over a request's tree.

    No task is made for a fetch: the fetches of a wave are written synchronously and then awaited as plain futures.
    """
    return _Compiler(reader, Sharing(node)).run(node)


def compile_defer(plan: Defer, reader: ErrorReader) -> tuple[Run | None, list[Run]]:
    """Return the functions that run the first part of a plan, and every later one."""
    compiler = _Compiler(reader, Sharing(plan))
    primary = compiler.run(plan.primary) if plan.primary else None
    return primary, [compiler.run(part.node) for part in plan.deferred]


class _Compiler:
    def __init__(self, reader: ErrorReader, sharing: Sharing) -> None:
        self._reader = reader
        self._sharing = sharing
        self._gatherings = Gatherings(sharing)

    def run(self, node: Node) -> Run:
        if start := self._start(node):
            return _one(start)
        match node:
            case Sequence(nodes):
                return _in_turn([self.run(one) for one in nodes])
            case Parallel(nodes):
                starts = [self._start(one) for one in nodes]
                longer = [self.run(one) for one, start in zip(nodes, starts, strict=True) if start is None]
                wave = _wave([start for start in starts if start])
                return _side_by_side([wave, *longer]) if longer else wave
            case Condition(variable, if_true, if_false):
                return _either(variable, self._branch(if_true), self._branch(if_false))
            case _:
                raise TypeError(f"{type(node).__name__} can only be the top of a plan")

    def _branch(self, node: Node | None) -> Run | None:
        return self.run(node) if node else None

    def _start(self, node: Node | None) -> Start | None:
        """Return the function that starts a node which is one fetch, None for any other node."""
        match node:
            case Fetch():
                return self._fetch(node, ())
            case Flatten(path, fetch):
                return self._fetch(fetch, path)
            case BatchFetch():
                return EntityFetch(node, self._reader, self._gatherings).start
            case Condition(variable, if_true, if_false):
                yes, no = self._start(if_true), self._start(if_false)
                known = (yes or not if_true) and (no or not if_false)
                return _start_either(variable, yes, no) if known else None
            case AnyOf(choices, fetch):
                start = self._start(fetch)
                return _start_any(choices, start) if start else None
            case _:
                return None

    def _fetch(self, fetch: Fetch, path: Path) -> Start:
        if not fetch.requires:
            return RootFetch(fetch, path, self._reader, self._sharing).start
        part = BatchPart("_entities", fetch.representations, (path,), fetch.requires, fetch.output_rewrites)
        batch = BatchFetch(fetch.subgraph, fetch.operation, fetch.variables, (part,))
        if fetch.contexts:
            return ContextFetch(batch, self._reader, self._gatherings, fetch.contexts).start
        return EntityFetch(batch, self._reader, self._gatherings).start


def _one(start: Start) -> Run:
    async def run(request: Request) -> None:
        pending = start(request, {})
        if pending is not None:
            await pending.settle()

    return run


def _wave(starts: list[Start]) -> Run:
    async def run(request: Request) -> None:
        gathered: Gathered = {}
        pending = [one for start in starts if (one := start(request, gathered)) is not None]
        try:
            for one in pending:
                await one.settle()
        except BaseException:
            for one in pending:
                one.cancel()
            raise

    return run


def _in_turn(runs: list[Run]) -> Run:
    async def run(request: Request) -> None:
        for one in runs:
            await one(request)

    return run


def _side_by_side(runs: list[Run]) -> Run:
    async def alone(one: Run, request: Request) -> None:
        await one(request)

    async def run(request: Request) -> None:
        async with asyncio.TaskGroup() as group:
            for one in runs:
                group.create_task(alone(one, request))

    return run


def _either(variable: str, if_true: Run | None, if_false: Run | None) -> Run:
    async def run(request: Request) -> None:
        chosen = if_true if request.variables.values[variable] else if_false
        if chosen:
            await chosen(request)

    return run


def _start_either(variable: str, if_true: Start | None, if_false: Start | None) -> Start:
    def start(request: Request, gathered: Gathered) -> Pending | None:
        chosen = if_true if request.variables.values[variable] else if_false
        return chosen(request, gathered) if chosen else None

    return start


def _start_any(choices: tuple[tuple[tuple[str, bool], ...], ...], start_: Start) -> Start:
    def start(request: Request, gathered: Gathered) -> Pending | None:
        values = request.variables.values
        wanted = any(all(bool(values[name]) == value for name, value in choice) for choice in choices)
        return start_(request, gathered) if wanted else None

    return start
