"""Answers of the gateway, compressed for clients that read that."""

import gzip

import pytest
from aiohttp import ClientSession

LONG = "{ " + " ".join(f"a{n}: users {{ id name }}" for n in range(25)) + " }"


async def raw(world, accept_encoding, query=LONG):
    """Return the coding and the bytes of an answer as they came."""
    headers = {"accept-encoding": accept_encoding} if accept_encoding is not None else {}
    async with (
        ClientSession(auto_decompress=False) as client,
        client.post(world.url, json={"query": query}, headers=headers, skip_auto_headers=["accept-encoding"]) as answer,
    ):
        return answer.headers.get("content-encoding"), await answer.read(), answer


@pytest.fixture
async def small(make_world):
    """A world that compresses from 200 bytes on."""
    return await make_world(compress_from=200)


@pytest.mark.parametrize(
    ("accept_encoding", "coding"),
    [
        ("gzip", "gzip"),
        ("gzip, deflate, br, zstd", "gzip"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "gzip"),
        ("*", "gzip"),
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("br", None),
        ("*;q=0", None),
        ("gzip;q=x", None),
    ],
)
async def test_accept_encoding_decides(small, accept_encoding, coding):
    """gzip where it is preferred, by quality; who says nothing gets no coding."""
    found, body, answer = await raw(small, accept_encoding)
    assert found == coding
    text = gzip.decompress(body) if coding else body
    assert text.startswith(b'{"data":{"a0":[')
    assert int(answer.headers["content-length"]) == len(body)
    assert "accept-encoding" in answer.headers["vary"]


async def test_small_answers_and_those_with_cookies_stay(make_world):
    """Below the threshold nothing is won; what sets a cookie may hold a secret."""
    world = await make_world(compress_from=20, returned_headers={"accounts": ["set-cookie"]})
    assert (await raw(world, "gzip", "{ __typename }"))[0] == "gzip"
    coding, _, answer = await raw(world, "gzip", 'mutation { logIn(name: "a") { id name } }')
    assert "set-cookie" in answer.headers
    assert coding is None
    higher = await make_world(compress_from=10_000)
    assert (await raw(higher, "gzip"))[0] is None


async def test_compression_can_be_off(make_world):
    """0 leaves it to a proxy."""
    assert (await raw(await make_world(compress_from=0), "gzip"))[0] is None
