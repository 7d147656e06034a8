"""A mail server that answers each step as its script says, on the test's own loop; it keeps what it took.

An answer is a reply line, `drop` (the connection ends), or `silence` (until the test's end). What the script does not
name is answered well.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from portal_cli.ports import LOOPBACK

STEPS = ("greeting", "EHLO", "AUTH", "MAIL", "RCPT", "DATA", "content")
WELL = {"greeting": "220 ready", "AUTH": "235 welcome", "DATA": "354 go on", "QUIT": "221 bye"}
Script = Callable[[str, int], str | None]
"""From a step and the number of the connection, counted from 1, to the answer; None is a good one."""


@dataclass
class ScriptedServer:
    """`taken` are whole contents; `received` counts contents that arrived, whatever was answered; `log` every step."""

    script: Script = lambda step, connection: None
    offers: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "AUTH PLAIN")
    taken: list[bytes] = field(default_factory=list[bytes])
    received: int = 0
    connections: int = 0
    log: list[str] = field(default_factory=list[str])
    port: int = 0

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["ScriptedServer"]:
        """Listen while the block runs."""
        talks: set[asyncio.Task[None]] = set()

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            talks.add(task)
            try:
                await self._talk(reader, writer)
            except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
                pass
            finally:
                writer.transport.abort()

        server = await asyncio.start_server(talk, LOOPBACK, self.port)
        self.port = server.sockets[0].getsockname()[1]
        try:
            yield self
        finally:
            server.close()
            for task in talks:
                task.cancel()
            await asyncio.gather(*talks, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        connection = self.connections
        await self._answer("greeting", connection, writer)
        while line := await reader.readline():
            step = line.split()[0].decode().upper() if line.split() else ""
            reply = await self._answer(step, connection, writer)
            if step == "QUIT":
                return
            if step == "DATA" and reply.startswith("354"):
                content = await reader.readuntil(b"\r\n.\r\n")
                self.received += 1
                if (await self._answer("content", connection, writer)).startswith("2"):
                    self.taken.append(content[:-5])

    async def _answer(self, step: str, connection: int, writer: asyncio.StreamWriter) -> str:
        self.log.append(step)
        reply = self.script(step, connection) or WELL.get(step, "250 OK")
        if reply == "drop":
            raise ConnectionResetError
        if reply == "silence":
            await asyncio.Event().wait()
        lines = ["250-scripted.example", *(f"250-{offer}" for offer in self.offers), "250 HELP"]
        whole = lines if step == "EHLO" and reply == "250 OK" else [reply]
        writer.write("".join(f"{one}\r\n" for one in whole).encode())
        await writer.drain()
        return reply


def always(step: str, answer: str) -> Script:
    """Return the script that answers so at this step, every time."""
    return lambda at, _: answer if at == step else None


def once(step: str, answer: str, connection: int = 1) -> Script:
    """Return the script that answers so at this step of one connection."""
    return lambda at, number: answer if (at, number) == (step, connection) else None
