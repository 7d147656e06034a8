# ruff: noqa: E501 - documents stay in one line
"""Promise 26: bad HTTP, JSON and UTF-8 never become a 500, and simple requests never run."""

import asyncio
import contextlib
import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gateway.limits import Limits
from gateway.requests import PersistedDocuments, Reader, Refused, read_json
from tests.support.waiting import LIMIT

GOOD = json.dumps(
    {"query": "query A($n: Int) { me { id } invoices(first: $n) { id } }", "variables": {"n": 1}}
).encode()
HEAD = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: %d\r\nconnection: close\r\n\r\n"
PIECES = [b"\xff", b"\x00", b"\xed\xa0\x80", b'"', b"{", b"}", b"[", b"\\u0000", b"\\ud800", b"9" * 400, b"null", b"1e999",
          b"\r\n", b"\xef\xbb\xbf", b"//", b"NaN", b"\x1b[2J", b"{" * 300, b"\xe2\x80\xa8", b"-", b"true", b"$", b"@", b"..."]  # fmt: skip


def mutate(data: bytes, chance: random.Random) -> bytes:
    """Cut, double, insert or replace somewhere, a few times."""
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data = data[:at]
            case 1:
                data = data[:at] + data[chance.randrange(at + 1) :]
            case 2:
                data = data[:at] + chance.choice(PIECES) + data[at:]
            case _:
                data = data[:at] + bytes([chance.randrange(256)]) + data[at + 1 :]
    return data


async def exchange(port: int, data: bytes) -> int:
    """Send raw bytes on a new connection and return the status, 0 when there was none."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(data)
        writer.write_eof()
        answer = await asyncio.wait_for(reader.read(65_536), LIMIT)
    except ConnectionError:
        return 0
    finally:
        writer.close()
    return int(answer[9:12]) if answer.startswith(b"HTTP/1.1 ") else 0


async def statuses(port: int, requests: list[bytes]) -> list[int]:
    """Send them, twenty at a time."""
    gate = asyncio.Semaphore(20)

    async def one(data: bytes) -> int:
        async with gate:
            return await exchange(port, data)

    return await asyncio.gather(*map(one, requests))


async def test_mutated_bodies_and_requests(world):
    """Of 2,400 mutated bodies and raw requests none is answered by 5xx, and the gateway goes on."""
    chance = random.Random(26)
    bodies = [mutate(GOOD, chance) for _ in range(1_600)]
    requests = [HEAD % len(body) + body for body in bodies]
    requests += [mutate(HEAD % len(GOOD) + GOOD, chance) for _ in range(800)]
    found = await statuses(world.port, requests)
    print(f"\n{len(found)} requests: " + ", ".join(f"{s}: {found.count(s)}" for s in sorted(set(found))))
    assert [status for status in found if status >= 500] == []
    assert (await world.ask("{ me { id } }"))["data"]


@pytest.mark.parametrize("method", [b"GET", b"POST", b"PUT", b"TRACE", b"FOO"])
async def test_simple_requests_run_nothing(world, method):
    """What a page of another origin can send without asking is never run, however it is dressed."""
    text = b'{"query":"mutation{logIn(name:\\"a\\"){id}}"}'
    types = [
        b"text/plain",
        b"application/x-www-form-urlencoded",
        b"multipart/form-data;boundary=x",
        b"",
        b"TEXT/PLAIN;application/json",
    ]
    paths = [
        b"/graphql",
        b"/graphql?query=mutation%7BlogIn(name:%22a%22)%7Bid%7D%7D",
        b"/graphql?documentId=" + b"a" * 64,
    ]
    requests = [
        method + b" " + path + b" HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\ncontent-type: " + kind
        + b"\r\ncontent-length: %d\r\nconnection: close\r\n\r\n%b" % (len(text), text)
        for path in paths for kind in types
    ]  # fmt: skip
    found = await statuses(world.port, requests)
    assert {status // 100 for status in found} <= {0, 4}
    assert world.accounts.requests == []


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(max_size=10), inner, max_size=5),
    max_leaves=30,
)
_MEMBERS = st.sampled_from(
    ["query", "variables", "operationName", "extensions", "documentId", "persistedQuery", "sha256Hash"]
)
_READER = Reader(Limits(), PersistedDocuments({}))


@settings(max_examples=500, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(_JSON, st.dictionaries(_MEMBERS, st.one_of(_JSON, st.dictionaries(_MEMBERS, _JSON)))))
def test_every_json_value_is_read_or_refused(value):
    """Whatever JSON comes, reading it gives a request or a refusal of the client, never an exception of ours."""
    try:
        request = _READER.read(value)
    except Refused as refused:
        seen = refused.status, json.loads(refused.body()).keys()
    else:
        seen = 400 if isinstance(request.query, str) else 500, {"errors"}
    assert seen == (400, {"errors"})


@settings(max_examples=500, deadline=None)
@given(st.binary(max_size=300))
def test_every_query_string_is_read_or_refused(data):
    """So it is with query strings."""
    with pytest.raises(Refused):
        _READER.read_query_string(data)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=300))
def test_every_body_is_json_or_refused(data):
    """So it is with bodies."""
    with contextlib.suppress(Refused):
        read_json(data)
