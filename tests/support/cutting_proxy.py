"""A proxy before a server that loses the answer to one message: what was asked is done, and nobody learns of it."""

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from portal_cli.ports import LOOPBACK


class CuttingProxy:
    """Passes bytes on both ways; `lose_answer_to` arms it for one message."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._marker = b""
        self.seen: list[bytes] = []
        self.lost = 0
        self.flowing = asyncio.Event()
        """Cleared, it holds back all answers, as a client does that does not read."""
        self.flowing.set()
        self._connections: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Cut every connection there is now."""
        for writer in self._connections:
            writer.transport.abort()

    def lose_answer_to(self, marker: bytes) -> None:
        """Cut the connection when the answer comes to the next message that contains `marker`; note all such."""
        self._marker = marker
        self.lost = 0
        self.seen.clear()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answers, server = await asyncio.open_connection(LOOPBACK, self._port)
        cut = asyncio.Event()
        self._connections |= {server, writer}
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(self._ask(reader, server, cut))
                both.create_task(self._answer(answers, writer, cut))
        except* (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self._connections -= {server, writer}
            server.close()
            writer.close()

    async def _ask(self, reader: asyncio.StreamReader, server: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await reader.read(65_536):
            if self._marker and self._marker in data:
                self.seen.append(data)
                if not self.lost:
                    self.lost = 1
                    cut.set()
            server.write(data)
        raise ConnectionResetError

    async def _answer(self, answers: asyncio.StreamReader, writer: asyncio.StreamWriter, cut: asyncio.Event) -> None:
        while data := await answers.read(65_536):
            if cut.is_set():
                break
            await self.flowing.wait()
            writer.write(data)
            await writer.drain()
        raise ConnectionResetError


@asynccontextmanager
async def cutting_proxy(port: int) -> AsyncGenerator[tuple[CuttingProxy, int]]:
    """Run a proxy before a port of this machine; yield it and its own port."""
    proxy = CuttingProxy(port)
    server = await asyncio.start_server(proxy.serve, LOOPBACK, 0)
    try:
        yield proxy, server.sockets[0].getsockname()[1]
    finally:
        server.close()
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(server.wait_closed(), 5)
