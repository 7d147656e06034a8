"""An answer in parts: the first as soon as nothing but deferred fragments is missing, these as they come.

The results are graphql-core's, in the format of the incremental delivery proposal: `pending` announces fragments,
`incremental` brings their fields, `completed` closes them, with `errors` where a null bubbled out of the fragment.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from graphql import GraphQLError
from graphql.execution import (
    CompletedResult,
    ExperimentalIncrementalExecutionResults,
    IncrementalDeferResult,
    InitialIncrementalExecutionResult,
    PendingResult,
    SubsequentIncrementalExecutionResult,
)

from gateway.executor.answer import Answer
from gateway.executor.deliveries import Delivery, PartedCompletion, Piece, best, deliverable
from gateway.executor.failures import ErrorReader
from gateway.executor.fetch import Request
from gateway.executor.parted_shape import PartedObject
from gateway.executor.run import Run, compile_defer
from gateway.plan import Chain, Defer

Increments = ExperimentalIncrementalExecutionResults


class Incremental:
    """A plan with deferred parts, compiled."""

    def __init__(self, plan: Defer, reader: ErrorReader) -> None:
        """Compile every part."""
        self._primary, self.parts = compile_defer(plan, reader)
        self.after = [part.after for part in plan.deferred]
        self.needs: Mapping[Chain, frozenset[int]] = {
            fragment.chain: frozenset(
                number for number, part in enumerate(plan.deferred) if fragment.chain in part.fragments
            )
            for fragment in plan.fragments
        }

    async def execute(
        self, request: Request, shape: PartedObject, introspect: Callable[[Request], list[GraphQLError]]
    ) -> Answer | Increments:
        """Run the first part; the rest runs while its results are asked for. `introspect` puts its answer in the tree.

        A complete answer is returned where nothing is left to come: fragments of objects that are null, for instance.
        """
        if self._primary:
            await self._primary(request)
        if errors := introspect(request):
            return Answer(None, errors)
        completion = PartedCompletion(shape, {})
        data = completion.part(shape, request.tree, ())
        for cause, path in request.loose:
            completion.tell(cause, path)
        open_ = deliverable(completion.found.attach())
        if not open_:
            return Answer(data, completion.errors)
        rest = _Rest(self, request, shape)
        first = InitialIncrementalExecutionResult(
            data, completion.errors or None, pending=rest.announce(open_), has_next=True
        )
        return Increments(first, rest.results())


class _Rest:
    """What follows the first result of one request."""

    def __init__(self, plan: Incremental, request: Request, asked: PartedObject) -> None:
        self._plan = plan
        self._asked = asked
        self._request = request
        self._told = len(request.loose)
        self._open: dict[Delivery, None] = {}
        self._announced = 0
        self._tasks: list[asyncio.Task[None]] = []

    def announce(self, deliveries: list[Delivery]) -> list[PendingResult]:
        """Give every delivery its id."""
        pending: list[PendingResult] = []
        for delivery in deliveries:
            delivery.id = str(self._announced)
            self._announced += 1
            self._open[delivery] = None
            pending.append(PendingResult(delivery.id, list(delivery.path), delivery.usage.label))
        return pending

    async def results(self) -> AsyncGenerator[SubsequentIncrementalExecutionResult, None]:
        """Yield a result whenever a fragment is complete; closing the iterator gives up the fetches under way."""
        self._tasks = [asyncio.create_task(self._run(*part)) for part in enumerate(self._plan.parts)]
        try:
            while self._open:
                ready = self._ready()
                if ready:
                    yield self._deliver(ready)
                else:
                    running = [task for task in self._tasks if not task.done()]
                    await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, number: int, run: Run) -> None:
        if before := [self._tasks[other] for other in self._plan.after[number]]:
            await asyncio.gather(*before)
        await run(self._request)

    def _ready(self) -> list[Delivery]:
        done = {number for number, task in enumerate(self._tasks) if task.done()}
        for number in done:
            self._tasks[number].result()
        return [one for one in self._open if self._plan.needs[one.usage.chain] <= done]

    def _deliver(self, ready: list[Delivery]) -> SubsequentIncrementalExecutionResult:
        """Return the result that completes deliveries, and those that they were in the way of, as far as ready."""
        pending: list[PendingResult] = []
        incremental: list[IncrementalDeferResult] = []
        completed: list[CompletedResult] = []
        while ready:
            for delivery in ready:
                errors, brought = self._completed(delivery)
                incremental += brought
                completed.append(CompletedResult(str(delivery.id), errors))
                del self._open[delivery]
                delivery.id = None
                if errors is None:
                    pending += self.announce(deliverable(delivery.children))
            ready = self._ready()
        self._tell_loose(incremental)
        return SubsequentIncrementalExecutionResult(bool(self._open), pending, [*incremental], completed)

    def _completed(self, delivery: Delivery) -> tuple[list[GraphQLError] | None, list[IncrementalDeferResult]]:
        """Return the errors that cost a whole delivery, or what it brings that was not brought by another."""
        for piece in delivery.pieces:  # it grows while pieces lead to others
            if piece.data is None and piece.errors is None:
                self._complete(piece)
        lost = [error for piece in delivery.pieces if piece.data is None for error in piece.errors or ()]
        if any(piece.data is None for piece in delivery.pieces):
            return lost, []
        return None, [self._brought(piece) for piece in delivery.pieces if not piece.sent]

    def _complete(self, piece: Piece) -> None:
        completion = PartedCompletion(self._asked, piece.scope)
        piece.data = completion.part(piece.shape, _at(self._request.tree, piece.path), piece.path)
        piece.errors = completion.errors
        completion.found.attach()

    def _brought(self, piece: Piece) -> IncrementalDeferResult:
        piece.sent = True
        nearest = best(piece)
        below = list(piece.path[len(nearest.path) :])
        return IncrementalDeferResult(piece.data or {}, str(nearest.id), below or None, piece.errors or None)

    def _tell_loose(self, incremental: list[IncrementalDeferResult]) -> None:
        """Tell the errors that cost no value with the first fields that come after them."""
        loose = self._request.loose[self._told :]
        if not incremental or not loose:
            return
        completion = PartedCompletion(self._asked, {})
        for cause, path in loose:
            completion.tell(cause, path)
        incremental[0].errors = [*(incremental[0].errors or ()), *completion.errors]
        self._told += len(loose)


def _at(tree: Any, path: tuple[str | int, ...]) -> Any:
    for step in path:
        tree = tree[step]
    return tree
