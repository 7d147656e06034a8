"""A circuit breaker for one subgraph: while most of its answers fail, it is not asked, and the client is told at once.

Closed, fetches are counted in windows; when enough of them failed it opens. After a pause it is half open: one fetch
at a time goes out as a probe. The first that is answered closes it, one that fails opens it for another pause. What
counts as failed is no answer, none in time, and none that is GraphQL; errors in an answer do not.
"""

import asyncio
from collections.abc import Callable

import structlog
from prometheus_client import Counter, Gauge

from gateway.executor.ports import SubgraphError, SubgraphUnavailable
from gateway.subgraphs.target import TransportOptions

WINDOW = 10.0
"""How many seconds fetches are counted before the count begins anew."""
OPENED = Counter("gateway_circuit_opened", "How often a subgraph was given up for a while.", ["subgraph"])
OPEN = Gauge(
    "gateway_circuit_open", "Whether a subgraph is given up at the moment (1), or tried again (0.5).", ["subgraph"]
)
_LOG = structlog.get_logger("gateway.subgraphs")


class CircuitOpen(SubgraphUnavailable):
    """The subgraph was not asked, since it has failed too often in the last seconds."""

    code = "SUBGRAPH_CIRCUIT_OPEN"


class Breaker:
    """Admits fetches, and is told how each ended."""

    def __init__(self, subgraph: str, options: TransportOptions, now: Callable[[], float]) -> None:
        self._subgraph, self._now = subgraph, now
        self._percent, self._least, self._pause = (
            options.breaker_percent,
            options.breaker_fetches,
            options.breaker_pause,
        )
        self._began, self._ended, self._failed = now(), 0, 0
        self._until: float | None = None
        self._probe: asyncio.Future[bytes] | None = None

    def refusal(self) -> CircuitOpen | None:
        """Return why a fetch may not go out now, None where it may; then it must be `watch`ed at once."""
        if self._until is None or (self._now() >= self._until and self._probe is None):
            return None
        return CircuitOpen(self._subgraph, "it failed too often, and is given a pause")

    def watch(self, fetch: asyncio.Future[bytes]) -> None:
        """Take notice of how an admitted fetch ends."""
        if self._until is not None:
            self._probe = fetch
            OPEN.labels(self._subgraph).set(0.5)
        fetch.add_done_callback(self._note)

    def _note(self, done: asyncio.Future[bytes]) -> None:
        is_probe = done is self._probe
        if is_probe:
            self._probe = None
        if done.cancelled():
            return
        failed = isinstance(done.exception(), SubgraphError)
        if self._until is None:
            self._count(failed=failed)
        elif is_probe and failed:
            self._open()
        elif is_probe:
            self._close()

    def _count(self, *, failed: bool) -> None:
        now = self._now()
        if now - self._began > WINDOW:
            self._began, self._ended, self._failed = now, 0, 0
        self._ended += 1
        self._failed += failed
        if failed and self._ended >= self._least and self._failed * 100 >= self._percent * self._ended:
            OPENED.labels(self._subgraph).inc()
            _LOG.warning("circuit_opened", subgraph=self._subgraph, failed=self._failed, fetches=self._ended)
            self._open()

    def _open(self) -> None:
        self._until = self._now() + self._pause
        OPEN.labels(self._subgraph).set(1)

    def _close(self) -> None:
        self._until = None
        self._began, self._ended, self._failed = self._now(), 0, 0
        OPEN.labels(self._subgraph).set(0)
        _LOG.info("circuit_closed", subgraph=self._subgraph)


def breaker_for(subgraph: str, options: TransportOptions, now: Callable[[], float]) -> Breaker | None:
    """Return a breaker where one is wanted."""
    return Breaker(subgraph, options, now) if options.breaker_percent else None
