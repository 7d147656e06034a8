"""Serve the four subgraphs from one process: every distinct request is computed once and then answered from memory.

python -m benchmarks.gateway.subgraphs PORT        (users on PORT, products, inventory, reviews on the next three)
"""

import asyncio
import sys
from typing import Any

import httptools
import orjson
import uvloop
from graphql import graphql_sync

from benchmarks.gateway import world

NAMES = ("users", "products", "inventory", "reviews")


class Answers:
    """One subgraph's answers by request body."""

    def __init__(self, name: str) -> None:
        self._schema = world.subgraph(name)
        self._known: dict[bytes, bytes] = {}

    def __call__(self, body: bytes) -> bytes:
        known = self._known.get(body)
        if known is None:
            known = self._known[body] = self._compute(body)
        return known

    def _compute(self, body: bytes) -> bytes:
        request: dict[str, Any] = orjson.loads(body)
        result = graphql_sync(
            self._schema,
            request["query"],
            variable_values=request.get("variables"),
            operation_name=request.get("operationName"),
        )
        answer = orjson.dumps(result.formatted)
        head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answer)
        return head + answer


class Connection(asyncio.Protocol):
    """One kept-alive HTTP connection."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._parser = httptools.HttpRequestParser(self)
        self._body: list[bytes] = []

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport: Any = transport

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def on_body(self, body: bytes) -> None:
        self._body.append(body)

    def on_message_complete(self) -> None:
        body = b"".join(self._body)
        self._body.clear()
        self._transport.write(self._answers(body))


async def main(port: int) -> None:
    """Serve until killed."""
    loop = asyncio.get_running_loop()
    for offset, name in enumerate(NAMES):
        answers = Answers(name)
        await loop.create_server(lambda answers=answers: Connection(answers), "127.0.0.1", port + offset)
    await asyncio.Event().wait()


if __name__ == "__main__":
    uvloop.run(main(int(sys.argv[1])))
