"""Prepares documents that are new while those that are known are answered.

Parsing, validating and planning are pure Python and take milliseconds for each dozen lines. On the event loop nobody
else would be answered meanwhile; in a thread the loop waits for the interpreter's lock at most as long as its switch
interval, each time that it wakes. How many are prepared at once and how many wait is bounded; a document that many ask
for at once is prepared once.
"""

import asyncio
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import cast

from graphql import GraphQLError

from gateway.pipeline import NO_LABELS, Asked, Guarded, Labels, Pipeline, Prepared
from gateway.requests.refused import Refused
from gateway.supergraph import Granted

Made = Prepared | Guarded | list[GraphQLError]

AT_ONCE = 2
MOST = 100
"""How many documents may be in preparation, those that wait included."""
SWITCH_SECONDS = 0.001
"""How long the event loop waits for a thread that computes; the interpreter's own 5 ms would add up over a request."""
_BUSY = "Too many new documents are being prepared. Try again in a moment."


class Preparing:
    """Prepares for all pipelines of a process; closed at its end."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._threads = ThreadPoolExecutor(AT_ONCE, "preparing")
        self._under_way: dict[tuple[Pipeline, Asked], asyncio.Future[Made]] = {}
        sys.setswitchinterval(SWITCH_SECONDS)

    async def prepare(
        self,
        pipeline: Pipeline,
        query: str,
        operation_name: str | None = None,
        labels: Labels = NO_LABELS,
        granted: Granted | None = None,
    ) -> Prepared | Guarded | Sequence[GraphQLError]:
        """Return what `Pipeline.make` does. Who gives up waiting does not end it for others.

        Raises:
            Refused: too many are in preparation.
        """
        asked: Asked = (query, operation_name, labels)
        if granted is not None:
            asked = (*asked, granted)
        running = self._under_way.get((pipeline, asked))
        if running is None:
            if len(self._under_way) >= self._most:
                raise Refused("TOO_BUSY", _BUSY)
            running = self._start(pipeline, asked)
        return await asyncio.shield(running)

    async def for_caller(
        self, pipeline: Pipeline, guarded: Guarded, query: str, name: str | None, labels: Labels, granted: Granted
    ) -> Prepared | Sequence[GraphQLError]:
        """Return an operation as its caller may run it, who has these rights.

        Raises:
            Refused: too many are in preparation.
        """
        relevant, prepared = pipeline.known_to(guarded, query, name, labels, granted)
        if prepared is None:
            return cast(Prepared | Sequence[GraphQLError], await self.prepare(pipeline, query, name, labels, relevant))
        return prepared

    def close(self) -> None:
        """Forget what waits."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _start(self, pipeline: Pipeline, asked: Asked) -> "asyncio.Future[Made]":
        running = asyncio.get_running_loop().run_in_executor(self._threads, pipeline.make, asked)
        self._under_way[pipeline, asked] = running

        def ended(done: "asyncio.Future[Made]") -> None:
            del self._under_way[pipeline, asked]
            if not done.cancelled() and done.exception() is None:
                pipeline.keep(asked, done.result())

        running.add_done_callback(ended)
        return running
