"""Deferred fragments over HTTP: parts for clients that accept them, one complete answer for all others."""

import asyncio
import json

import pytest

from tests.gateway.http.test_sockets import open_socket
from tests.support.loop_clock import time_stands_still
from tests.support.waiting import LIMIT

LATER = '{ me { id ... @defer(label: "bills") { invoices { id } } } }'
WHOLE = {"me": {"id": "1", "invoices": [{"id": "i0"}, {"id": "i2"}]}}
MULTIPART = "multipart/mixed;deferSpec=20220824, application/json"


class Parts:
    """The parts of a multipart response as they come in, read by the rules of RFC 2046."""

    def __init__(self, answer):
        self._answer = answer
        self._boundary = answer.headers["content-type"].split('boundary="')[1].split('"')[0].encode()

    async def next(self):
        """Return the JSON of the next part, None after the last."""
        line = (await self._answer.content.readline()).rstrip()
        if line == b"--" + self._boundary + b"--":
            return None
        assert line == b"--" + self._boundary, line
        headers = {}
        while line := (await self._answer.content.readline()).rstrip():
            name, _, value = line.partition(b": ")
            headers[name.lower()] = value
        assert headers[b"content-type"].startswith(b"application/json")
        body = await self._answer.content.readexactly(int(headers[b"content-length"]))
        assert await self._answer.content.readexactly(2) == b"\r\n"
        return json.loads(body)

    async def all(self):
        """Return every part up to the end."""
        parts = []
        while (part := await self.next()) is not None:
            parts.append(part)
        return parts


def post(world, query, variables=None, accept=MULTIPART):
    """Ask for parts."""
    return world.client.post(world.url, json={"query": query, "variables": variables}, headers={"accept": accept})


@pytest.mark.parametrize("accept", [MULTIPART, "multipart/mixed;incrementalSpec=v0.2", "multipart/mixed"])
async def test_parts_over_http(world, accept):
    """The first part announces the fragment, the next one brings and closes it."""
    async with post(world, LATER, accept=accept) as answer:
        assert answer.status == 200
        first, second = await Parts(answer).all()
    assert first == {
        "data": {"me": {"id": "1"}},
        "pending": [{"id": "0", "path": ["me"], "label": "bills"}],
        "hasNext": True,
    }
    assert second == {
        "incremental": [
            {"id": "0", "data": {"invoices": [{"id": "i0"}, {"id": "i2"}]}, "path": ["me"], "label": "bills"}
        ],
        "completed": [{"id": "0"}],
        "hasNext": False,
    }


@pytest.mark.parametrize("accept", ["application/json", "application/graphql-response+json", "*/*"])
async def test_others_get_one_answer(world, accept):
    """A client that does not accept parts gets the complete answer, by as few fetches as without `@defer`."""
    assert await world.ask(LATER, accept=accept) == {"data": WHOLE}
    assert [len(one.requests) for one in (world.accounts, world.billing)] == [1, 1]


async def test_nothing_deferred_is_one_answer(world):
    """Where variables defer nothing, or there is no `@defer`, the answer is plain JSON however it was asked for."""
    query = "query($d: Boolean!) { me { id ... @defer(if: $d) { invoices { id } } } }"
    async with post(world, query, {"d": False}) as answer:
        assert answer.headers["content-type"].startswith("application/json")
        assert await answer.json() == {"data": WHOLE}
    async with post(world, query, {"d": True}) as answer:
        assert len(await Parts(answer).all()) == 2
    async with post(world, "{ me { id } }") as answer:
        assert await answer.json() == {"data": {"me": {"id": "1"}}}


async def test_refusals_are_one_answer(world):
    """An invalid use of `@defer` is a request error also for those who accept parts."""
    async with post(world, '{ me { ... @defer(label: "a") { id } ... @defer(label: "a") { name } } }') as answer:
        [error] = (await answer.json())["errors"]
    assert error["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    assert "unique" in error["message"]


async def test_parts_over_sse(world):
    """Over server-sent events every part is a `next` event."""
    async with post(world, LATER, accept="text/event-stream") as answer:
        text = await answer.text()
    parts = [json.loads(line[6:]) for line in text.splitlines() if line.startswith("data: {")]
    assert [part["hasNext"] for part in parts] == [True, False]
    assert parts[0]["data"] == {"me": {"id": "1"}}
    assert parts[1]["incremental"][0]["data"] == {"invoices": [{"id": "i0"}, {"id": "i2"}]}


async def test_sockets_get_one_answer(world):
    """graphql-transport-ws has no words for parts: the answer is complete."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": LATER})
        assert await socket.result("1") == [{"data": WHOLE}]


async def test_the_first_part_does_not_wait(world):
    """The first part is sent while the subgraph of the deferred one is silent; the other comes when it speaks."""
    world.billing.mode = "held"
    async with post(world, LATER) as answer:
        parts = Parts(answer)
        assert (await parts.next())["data"] == {"me": {"id": "1"}}
        world.billing.released.set()
        assert (await parts.next())["completed"] == [{"id": "0"}]


async def test_a_subgraph_that_is_down_costs_only_the_deferred_part(world):
    """Its fields are null there, with an error at the client's path."""
    await world.billing.stop()
    async with post(world, LATER) as answer:
        first, second = await Parts(answer).all()
    assert "errors" not in first
    [brought] = second["incremental"]
    assert brought["data"] == {"invoices": None}
    assert [(e["path"], e["extensions"]["code"]) for e in brought["errors"]] == [
        (["me", "invoices"], "SUBGRAPH_UNAVAILABLE")
    ]


async def test_a_deferred_fetch_times_out(make_world):
    """A subgraph that never answers ends the deferred part with an error after the time for a fetch, and not before."""
    world = await make_world(fetch_timeout=5)
    with time_stands_still() as clock:
        world.billing.mode = "slow"
        async with post(world, LATER) as answer:
            parts = Parts(answer)
            assert (await parts.next())["hasNext"]
            await clock.until(lambda: world.billing.requests, "the deferred fetch")
            second = asyncio.ensure_future(parts.next())
            clock.advance(4.9)
            await world.ask("{ me { name } }")
            assert not second.done()
            clock.advance(0.2)
            await clock.until(second.done, "the deferred part")
    assert second.result()["incremental"][0]["errors"][0]["extensions"]["code"] == "SUBGRAPH_TIMEOUT"


async def test_a_client_that_leaves_takes_its_fetches_along(make_world):
    """The deferred fetch is given up when the client closes the connection after the first part.

    The lean transport keeps the connection and drops the answer; with aiohttp the subgraph sees it go.
    """
    world = await make_world(transport="aiohttp")
    world.billing.mode = "held"
    answer = await post(world, LATER)
    assert (await Parts(answer).next())["hasNext"]
    async with asyncio.timeout(LIMIT):
        await world.billing.asked.wait()
        answer.close()
        await world.billing.abandoned.wait()


FAILING = '{ users { id ... @defer(label: "m") { must } } }'
ITEM = {"data": None, "path": ["users", 1], "label": "m"}


@pytest.mark.parametrize(
    ("accept", "is_item"),
    [
        (MULTIPART, True),
        ("multipart/mixed;deferSpec=20220824", True),
        ("multipart/mixed; deferSpec=20220824; q=0.9, application/json; q=0.9", True),
        ("multipart/mixed", True),
        ("text/event-stream", True),
        ("multipart/mixed;incrementalSpec=v0.2, application/graphql-response+json, application/json;q=0.9", False),
        ("multipart/mixed; IncrementalSpec=v0.2", False),
        ("multipart/mixed;incrementalSpec=v0.2, multipart/mixed;deferSpec=20220824", True),
    ],
)
async def test_a_fragment_that_failed_is_told_in_the_clients_format(world, accept, is_item):
    """The proposal says so in `completed`, the format of 2022 by an item without data; both unless one is asked for."""
    async with post(world, FAILING, accept=accept) as answer:
        if accept == "text/event-stream":
            lines = (await answer.text()).splitlines()
            _, second = (json.loads(line[6:]) for line in lines if line.startswith("data: {"))
        else:
            _, second = await Parts(answer).all()
    brought, *failed = second["incremental"]
    assert (brought["data"], brought["path"]) == ({"must": 1}, ["users", 0])
    [error] = second["completed"][1]["errors"]
    assert (error["message"], error["path"]) == ("no must", ["users", 1, "must"])
    assert failed == ([{**ITEM, "errors": [error]}] if is_item else [])
