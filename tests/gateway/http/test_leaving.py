"""Work that nobody waits for ends: at the gateway, and below it."""

import asyncio
import contextlib

import pytest

from tests.support.waiting import LIMIT, eventually

PAY = 'mutation { pay(input: {id: "1", amount: 5}) { id } }'
TRANSPORTS = pytest.mark.parametrize("transport", ["lean", "aiohttp"])


async def leave(world, query):
    """Ask, and go away as soon as the subgraph has been asked."""
    world.billing.mode = "held"
    asking = asyncio.ensure_future(world.ask(query))
    async with asyncio.timeout(LIMIT):
        await world.billing.asked.wait()
    asking.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await asking


@TRANSPORTS
async def test_a_query_ends_when_its_client_leaves(make_world, transport):
    """The subgraph's connection closes, so that the subgraph notices; the gateway goes on with others."""
    world = await make_world(transport=transport)

    await leave(world, "{ invoices { id } }")

    async with asyncio.timeout(LIMIT):
        await world.billing.abandoned.wait()
    world.billing.mode = "ok"
    assert (await world.ask("{ invoices { id } }"))["data"]["invoices"]


@TRANSPORTS
async def test_a_mutation_goes_on_without_its_client(make_world, transport):
    """What was begun is done whole, whoever left."""
    world = await make_world(transport=transport)

    await leave(world, PAY)
    for _ in range(5):
        await world.ask("{ me { name } }")
        await asyncio.sleep(0.05)

    assert not world.billing.abandoned.is_set()
    world.billing.released.set()
    await eventually(lambda: len(world.billing.requests) == 1, "the one payment")


@TRANSPORTS
async def test_every_fetch_says_how_long_somebody_waits(make_world, transport):
    """`x-portal-deadline-ms` is what is left of the fetch's time, or of the operation's where that is less."""
    world = await make_world(transport=transport, fetch_timeout=90, operation_timeout=60, mutation_fetch_timeout=240)

    await world.ask("{ me { invoices { id } } }")
    await world.ask(PAY)

    told = [int(headers["x-portal-deadline-ms"]) for headers, _ in (*world.accounts.requests, *world.billing.requests)]
    assert [0 < ms <= most for ms, most in zip(told, (60_000, 60_000, 240_000), strict=True)] == [True] * 3
    assert told[1] <= told[0]


async def test_a_client_cannot_say_how_long_it_waits(make_world):
    """The header of a client stays outside."""
    world = await make_world(fetch_timeout=60)

    await world.ask("{ invoices { id } }", x_portal_deadline_ms="1")

    assert int(world.billing.requests[0][0]["x-portal-deadline-ms"]) > 1
