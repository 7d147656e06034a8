"""The nodes of a plan as functions: waves of fetches, written at once and awaited together, one after the other."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Iterator

from gateway.executor.entity_fetch import EntityFetch
from gateway.executor.failures import ErrorReader
from gateway.executor.fetch import Pending, Request
from gateway.executor.root_fetch import RootFetch
from gateway.plan import BatchFetch, BatchPart, Condition, Fetch, Flatten, Node, OnTypes, Parallel, Path, Sequence

Run = Callable[[Request], Awaitable[None]]
Start = Callable[[Request], Pending | None]


def compile_node(node: Node, reader: ErrorReader) -> Run:
    """Return the function that runs a node over a request's tree.

    No task is made for a fetch: the fetches of a wave are written synchronously and then awaited as plain futures.
    """
    return _Compiler(reader, tuple(_paths(node))).run(node)


class _Compiler:
    def __init__(self, reader: ErrorReader, paths: tuple[Path, ...]) -> None:
        self._reader = reader
        self._paths = paths

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
                return EntityFetch(node, self._reader, share=self._batch_shares(node)).start
            case Condition(variable, if_true, if_false):
                yes, no = self._start(if_true), self._start(if_false)
                known = (yes or not if_true) and (no or not if_false)
                return _start_either(variable, yes, no) if known else None
            case _:
                return None

    def _fetch(self, fetch: Fetch, path: Path) -> Start:
        share = self._may_share([path])
        if not fetch.requires:
            return RootFetch(fetch, path, self._reader, share=share).start
        part = BatchPart("_entities", "representations", (path,), fetch.requires, fetch.output_rewrites)
        batch = BatchFetch(fetch.subgraph, fetch.operation, fetch.variables, (part,))
        return EntityFetch(batch, self._reader, share=share).start

    def _batch_shares(self, batch: BatchFetch) -> bool:
        return all(self._may_share(part.paths) for part in batch.parts)

    def _may_share(self, waiting: Iterable[Path]) -> bool:
        """Tell whether all that is fetched later is fetched for all objects of equal representation or for none."""
        after = [[_rest(later, path) for later in self._paths] for path in waiting]
        if any(rest is None for each in after for rest in each):
            return False
        return all(sorted(filter(None, each), key=repr) == sorted(filter(None, after[0]), key=repr) for each in after)


def _one(start: Start) -> Run:
    async def run(request: Request) -> None:
        pending = start(request)
        if pending is not None:
            await pending.settle()

    return run


def _wave(starts: list[Start]) -> Run:
    async def run(request: Request) -> None:
        pending = [one for start in starts if (one := start(request)) is not None]
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
    def start(request: Request) -> Pending | None:
        chosen = if_true if request.variables.values[variable] else if_false
        return chosen(request) if chosen else None

    return start


def _paths(node: Node | None) -> Iterator[Path]:
    match node:
        case Flatten(path):
            yield path
        case BatchFetch():
            for part in node.parts:
                yield from part.paths
        case Sequence(nodes) | Parallel(nodes):
            for one in nodes:
                yield from _paths(one)
        case Condition(_, if_true, if_false):
            yield from _paths(if_true)
            yield from _paths(if_false)
        case _:
            return


def _rest(later: Path, path: Path) -> Path | None:
    """Return the steps of `later` beyond `path`, () if it does not lead on, None if it does from only some objects."""
    at, narrowed = 0, False
    for step in path:
        while at < len(later) and later[at] != step and isinstance(later[at], OnTypes):
            at, narrowed = at + 1, True
        if at < len(later) and later[at] == step:
            at += 1
        elif not isinstance(step, OnTypes):
            return ()
    return None if narrowed and at < len(later) else later[at:]
