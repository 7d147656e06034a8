"""The transports under test, each on asyncio's own loop and on uvloop."""

import asyncio
from collections.abc import AsyncIterator, Callable
from dataclasses import replace

import pytest
import uvloop

from gateway.subgraphs.aiohttp_transport import AiohttpTransport
from gateway.subgraphs.http import HttpTransport
from gateway.subgraphs.target import TransportOptions
from tests.gateway.transport.nasty import NastyServer
from tests.support.waiting import LIMIT

Transport = HttpTransport | AiohttpTransport
PATIENT = TransportOptions(timeout=LIMIT, connect_timeout=LIMIT, answer_bytes=1_000_000)


def pytest_asyncio_loop_factories(config, item):
    """Run every test on both loops."""
    return {"asyncio": asyncio.new_event_loop, "uvloop": uvloop.new_event_loop}


@pytest.fixture
async def server() -> AsyncIterator[NastyServer]:
    """A nasty server on a free port."""
    nasty = await NastyServer().start()
    yield nasty
    await nasty.stop()


@pytest.fixture(params=[HttpTransport, AiohttpTransport], ids=["lean", "aiohttp"])
async def connect(request: pytest.FixtureRequest) -> AsyncIterator[Callable[..., Transport]]:
    """Makes a transport to one subgraph, `shop`, with changed options; closed after the test."""
    made: list[Transport] = []

    def make(url: str, **options: object) -> Transport:
        made.append(request.param({"shop": url}, replace(PATIENT, **options)))
        return made[-1]

    yield make
    for transport in made:
        await transport.aclose()
