"""A layer-4 round robin: passes bytes to those of several processes that are ready, as a cluster's service does.

It knows nothing of HTTP but the probe of readiness. A connection stays where it went; one that nobody takes goes to the
next process.
"""

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from itertools import count

from portal_cli.http_probe import answers_ok
from portal_cli.ports import LOOPBACK

_LOOK_EVERY = 0.25


class Balancer:
    """Takes connections at `port`; `ready` are the ports behind it that get new ones."""

    def __init__(self, ports: Sequence[int]) -> None:
        self.port = 0
        self.ready: frozenset[int] = frozenset()
        self._ports = tuple(ports)
        self._turns = count()
        self._passing: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Balancer"]:
        """Listen while the block runs."""
        server = await asyncio.start_server(self._take, LOOPBACK, self.port)
        self.port = server.sockets[0].getsockname()[1]
        looking = asyncio.create_task(self._look())
        try:
            yield self
        finally:
            server.close()
            for task in (looking, *self._passing):
                task.cancel()
            await asyncio.gather(looking, *self._passing, return_exceptions=True)

    async def _look(self) -> None:
        probes = {port: answers_ok(port, "/readyz") for port in self._ports}
        while True:
            answers = await asyncio.gather(*(asyncio.to_thread(probe) for probe in probes.values()))
            self.ready = frozenset(port for port, ready in zip(probes, answers, strict=True) if ready)
            await asyncio.sleep(_LOOK_EVERY)

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._passing.add(task)
        try:
            with contextlib.suppress(OSError, asyncio.CancelledError):
                answers, server = await self._connect()
                await asyncio.gather(_pass(reader, server), _pass(answers, writer))
        finally:
            writer.transport.abort()
            self._passing.discard(task)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        for _ in range(2 * len(self._ports)):
            chosen = sorted(self.ready) or self._ports
            with contextlib.suppress(OSError):
                return await asyncio.open_connection(LOOPBACK, chosen[next(self._turns) % len(chosen)])
        raise ConnectionRefusedError


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes, and its end."""
    try:
        while data := await reader.read(65_536):
            writer.write(data)
            await writer.drain()
    finally:
        writer.close()
