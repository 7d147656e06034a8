"""A server that does to a transport what real networks and broken subgraphs do."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from tests.support.waiting import LIMIT

ANSWER = b'{"data":{"ok":true}}'
OK = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 20\r\n\r\n" + ANSWER


@dataclass
class Exchange:
    """One request as it arrived, and the connection to answer on."""

    head: bytes
    body: bytes
    connection: int
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, *parts: bytes) -> None:
        """Write each part by itself."""
        for part in parts:
            self.writer.write(part)
            await self.writer.drain()
            await asyncio.sleep(0)

    def hang_up(self) -> None:
        """Close in an orderly way."""
        self.writer.close()

    def reset(self) -> None:
        """Drop the connection."""
        self.writer.transport.abort()


Script = Callable[[Exchange], Awaitable[None]]


async def answer_well(exchange: Exchange) -> None:
    """Answer as a good subgraph does."""
    await exchange.send(OK)


@dataclass
class NastyServer:
    """Runs one script for each request; the last one again and again. Records everything."""

    scripts: list[Script] = field(default_factory=lambda: [answer_well])
    requests: list[Exchange] = field(default_factory=list)
    connections: int = 0
    open_now: int = 0
    arrived: asyncio.Event = field(default_factory=asyncio.Event)
    _server: asyncio.Server | None = None
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    scheme: str = "http"

    async def start(self, tls: ssl.SSLContext | None = None) -> "NastyServer":
        """Listen on a free port."""
        self.scheme = "https" if tls else "http"
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, ssl=tls)
        return self

    @property
    def url(self) -> str:
        """Where it listens."""
        assert self._server
        return f"{self.scheme}://localhost:{self._server.sockets[0].getsockname()[1]}/graphql"

    def then(self, *scripts: Script) -> None:
        """Set what happens to the next requests."""
        self.scripts = list(scripts)

    async def has_requests(self, count: int) -> None:
        """Wait until so many requests have come."""
        while len(self.requests) < count:
            self.arrived.clear()
            await asyncio.wait_for(self.arrived.wait(), LIMIT)

    async def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._tasks.add(task)
        self.connections += 1
        self.open_now += 1
        number = self.connections
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = int(
                    next(h.split(b":")[1] for h in head.split(b"\r\n") if h.lower().startswith(b"content-length"))
                )
                exchange = Exchange(head, await reader.readexactly(length), number, reader, writer)
                self.requests.append(exchange)
                self.arrived.set()
                script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
                await script(exchange)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        except asyncio.CancelledError:
            writer.transport.abort()
        finally:
            self.open_now -= 1
            self._tasks.discard(task)
            writer.close()

    async def stop(self) -> None:
        """Stop listening and drop everybody."""
        assert self._server
        self._server.close()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
