"""Promises 13 and 14: a subgraph that is down, lying or slow costs its own part of the answer, and bounded time."""

import asyncio
import json

import pytest

from chassis.web import FINISH_SECONDS
from gateway.bootstrap import _transport_options
from gateway.settings import GatewaySettings
from tests.support.loop_clock import time_stands_still
from tests.support.partial import gaps_are_told

BOTH = "query Both { me { id name invoices { id total } } users { id name } invoices(first: 2) { id } }"
QUERIES = {
    "both": BOTH,
    "one after the other": "{ me { name invoices { id } } }",
    "only accounts": "{ me { name } users { id name } }",
    "only billing": "{ invoices { id total } }",
    "back again": "{ invoices { id owner { id name } } }",
    "aliases": "{ a: me { n: name b: invoices { id } } c: invoices(first: 1) { id } }",
}
FAULTS = ["killed", "reset", "html", "truncated", "wrong types", "no graphql", "errors"]
CODES = {"SUBGRAPH_UNAVAILABLE", "SUBGRAPH_INVALID_VALUE", "SUBGRAPH_ERROR", "UNEXPECTED_NULL"}


async def break_(subgraph, fault):
    """Make a subgraph misbehave."""
    if fault == "killed":
        await subgraph.stop()
    else:
        subgraph.mode = fault


async def mend(subgraph, fault):
    """Make it well again."""
    if fault == "killed":
        await subgraph.start()
    subgraph.mode = "ok"


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("name", ["accounts", "billing"])
async def test_one_bad_subgraph_gives_partial_data(make_world, name, fault):
    """For every query: fields of the other subgraph are identical, each gap has an error with its path and a code."""
    world = await make_world()
    subgraph = getattr(world, name)
    for query in QUERIES.values():
        good = await world.ask(query)
        assert "errors" not in good
        await break_(subgraph, fault)
        try:
            bad = await world.ask(query)
        finally:
            await mend(subgraph, fault)
        lost = fault in ("killed", "reset", "html", "truncated", "no graphql")
        gaps_are_told(good, bad, {"SUBGRAPH_UNAVAILABLE"} if lost else CODES)
        text = json.dumps(bad.get("errors", []))
        assert not [word for word in ("secret", "127.0.0.1", "_entities", "Traceback", subgraph.url) if word in text]
        assert await world.ask(query) == good


@pytest.mark.parametrize("fault", ["reset", "html", "truncated", "no graphql", "errors"])
async def test_mutations_are_sent_once(world, fault):
    """Whatever the answer, a mutation is never repeated; a query is, once at most."""
    world.billing.mode = fault
    answer = await world.ask('mutation { pay(input: {id: "i0", amount: 1}) { id } }')
    assert answer["data"] == {"pay": None}
    assert answer["errors"][0]["path"] == ["pay"]
    assert len(world.billing.requests) == 1
    await world.ask("{ invoices { id } }")
    assert len(world.billing.requests) <= 3


async def test_a_subgraph_that_comes_back_is_used_at_once(world):
    """After a restart on the same port the first query is answered."""
    await world.ask("{ invoices { id } }")
    await world.billing.stop()
    await world.ask("{ invoices { id } }")
    await world.billing.start()
    assert (await world.ask("{ invoices { id } }"))["data"]["invoices"]


SLOW = [f"{{ a{n}: me {{ name }} b{n}: invoices {{ id }} }}" for n in range(50)]
"""Fifty operations with no fetch in common, so that none waits for another's answer."""


async def test_a_slow_subgraph_is_bounded(make_world):
    """With one subgraph silent and 50 clients on it, all are answered by 5.25 s, and others are answered meanwhile.

    The time-outs are the ones that a gateway has by default; the clock is the loop's own, moved by the test.
    """
    defaults = {name: GatewaySettings.model_fields[name].default for name in ("operation_timeout", "fetch_timeout")}
    world = await make_world(**defaults, fetch_connections=32)
    with time_stands_still() as clock:
        world.billing.mode = "slow"
        slow = [asyncio.ensure_future(world.ask(query)) for query in SLOW]
        await clock.until(lambda: len(world.accounts.requests) >= len(SLOW), "the fifty operations")
        await clock.until(lambda: len(world.billing.requests) >= 32, "as many fetches as there are connections")
        await others_are_answered(world)
        clock.advance(min(defaults.values()) - 0.1)
        await others_are_answered(world)
        assert [one for one in slow if one.done()] == []
        clock.advance(5.25 - min(defaults.values()) + 0.1)
        await clock.until(lambda: all(one.done() for one in slow), "the answers")
    for number, one in enumerate(slow):
        answer = one.result()
        assert answer["data"] == {f"a{number}": {"name": "Ada"}, f"b{number}": None}
        assert {error["extensions"]["code"] for error in answer["errors"]} == {"SUBGRAPH_TIMEOUT"}
    assert len(world.billing.requests) == 32


async def others_are_answered(world):
    """Operations that need the silent subgraph not are answered, whole, without any time passing."""
    for _ in range(20):
        assert "errors" not in await world.ask("{ me { name } users { id } }")


PAY = 'mutation { pay(input: {id: "1", amount: 5}) { id total } }'
BY_DEFAULT = {name: field.default for name, field in GatewaySettings.model_fields.items() if "_timeout" in name}
TRANSPORTS = pytest.mark.parametrize("transport", ["lean", "aiohttp"])


@TRANSPORTS
@pytest.mark.parametrize("way", ["plain", "batch"])
async def test_a_mutation_that_takes_ten_seconds_is_answered(make_world, transport, way):
    """A payment's provider may need so long: that it was made is told, and nobody else waits for it."""
    world = await make_world(**BY_DEFAULT, transport=transport, limits={"batch": 2})
    asked = [{"query": PAY}, {"query": "{ me { name } }"}] if way == "batch" else {"query": PAY}
    world.billing.mode = "held"
    with time_stands_still() as clock:
        paying = asyncio.ensure_future(_sent(world, asked))
        await clock.until(world.billing.asked.is_set, "the payment")
        if way == "batch":
            await clock.until(lambda: world.accounts.requests, "the query beside it")
            for _ in range(500):  # turns of the loop, on which that is answered
                await asyncio.sleep(0)
        clock.advance(10.0)
        await others_are_answered(world)
        assert not paying.done()
        world.billing.released.set()
        await clock.until(paying.done, "the answer")
    answers = paying.result() if way == "batch" else [paying.result()]
    assert answers[0]["data"]["pay"]["id"]
    assert [answer for answer in answers if "errors" in answer] == []


@TRANSPORTS
async def test_a_mutation_without_an_answer_is_bounded(make_world, transport):
    """After its own bound it is told that there is no answer; it is never sent again, and queries end at theirs."""
    world = await make_world(**BY_DEFAULT, transport=transport)
    bound, query_bound = BY_DEFAULT["mutation_fetch_timeout"], BY_DEFAULT["fetch_timeout"]
    with time_stands_still() as clock:
        world.billing.mode = "slow"
        paying, reading = (asyncio.ensure_future(world.ask(text)) for text in (PAY, "{ invoices { id } }"))
        await clock.until(lambda: len(world.billing.requests) == 2, "both")
        clock.advance(query_bound + 0.25)
        await clock.until(reading.done, "the query's answer")
        assert not paying.done()
        clock.advance(bound - query_bound)
        await clock.until(paying.done, "the mutation's answer")
    for one in (paying, reading):
        assert [error["extensions"]["code"] for error in one.result()["errors"]] == ["SUBGRAPH_TIMEOUT"]
    assert len(world.billing.requests) == 2


async def test_what_a_mutation_shows_waits_no_longer_than_a_query(make_world):
    """Its own fetch has the long bound; those that only read for its answer have the short one."""
    world = await make_world(**BY_DEFAULT)
    with time_stands_still() as clock:
        world.billing.mode = "slow"
        asked = asyncio.ensure_future(world.ask('mutation { logIn(name: "Ada") { name invoices { id } } }'))
        await clock.until(lambda: world.billing.requests, "the fetch of the invoices")
        clock.advance(BY_DEFAULT["fetch_timeout"] + 0.25)
        await clock.until(asked.done, "the answer")
    assert asked.result()["data"]["logIn"] == {"name": "Ada", "invoices": None}


@pytest.mark.parametrize("seconds", [0.5, 60.0])
def test_a_mutation_has_never_less_than_a_query(seconds):
    """Whoever gives queries longer need not know that mutations have bounds of their own."""
    settings = GatewaySettings(supergraph="x", fetch_timeout=seconds, operation_timeout=seconds)
    options = _transport_options(settings)
    assert options.timeout_of("query") == seconds
    assert options.timeout_of("mutation") == max(seconds, BY_DEFAULT["mutation_fetch_timeout"])


def test_a_process_that_ends_waits_as_long_as_a_mutation_may_take():
    """Gateway and services finish open requests; the bounds of a mutation lie within that."""
    assert BY_DEFAULT["mutation_fetch_timeout"] < BY_DEFAULT["mutation_timeout"] < FINISH_SECONDS


async def _sent(world, asked):
    async with world.client.post(world.url, json=asked) as answer:
        return await answer.json()
