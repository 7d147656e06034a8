"""Answers of the gateway, compressed for clients that read that."""

import gzip

import brotli
import pytest
import zstandard
from aiohttp import ClientSession

from gateway.http import coding as codings
from gateway.http.coding import Codings

LONG = "{ " + " ".join(f"a{n}: users {{ id name }}" for n in range(25)) + " }"


DECODE = {
    None: bytes,
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": zstandard.ZstdDecompressor().decompress,
}


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
        ("x-gzip", "gzip"),
        ("gzip, deflate, br, zstd", "br"),
        ("gzip;q=0.9, br;q=0.9, zstd", "zstd"),
        ("gzip, deflate, br", "br"),
        ("br;q=1.0, gzip;q=0.8, *;q=0.1", "br"),
        ("gzip;q=0.9, zstd;q=0.2", "gzip"),
        ("br;q=0, *", "gzip"),
        ("*", "br"),
        ("GZIP ; Q=1", "gzip"),
        (None, None),
        ("", None),
        ("identity", None),
        ("gzip;q=0", None),
        ("identity, gzip;q=0.5", None),
        ("identity;q=0.5, br;q=0.5", "br"),
        ("identity;q=0, gzip;q=0.1", "gzip"),
        ("identity;q=0", None),
        ("deflate", None),
        ("*;q=0", None),
        ("gzip;q=x", None),
        ("gzip;q=2", None),
    ],
)
async def test_accept_encoding_decides(small, accept_encoding, coding):
    """What is accepted best, of equals the cheapest; who says nothing, or accepts nothing that we have, gets none."""
    found, body, answer = await raw(small, accept_encoding)
    assert found == coding
    text = DECODE[coding](body)
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


async def test_short_answers_too_where_plain_ones_are_refused(make_world):
    """`identity;q=0` and `*;q=0` without it leave no other choice."""
    world = await make_world(compress_from=10_000)
    for accepts in ("identity;q=0, br", "br, *;q=0", "br, *; q=0.0"):
        coding, body, _ = await raw(world, accepts, "{ __typename }")
        assert (coding, brotli.decompress(body)) == ("br", b'{"data":{"__typename":"Query"}}')
    assert (await raw(world, "br, identity;q=0.001", "{ __typename }"))[0] is None


async def test_the_operator_chooses(make_world):
    """What is not listed is not sent."""
    world = await make_world(compress_from=200, codings=["gzip", "br"])
    assert [(await raw(world, accepts))[0] for accepts in ("br, gzip, zstd", "zstd", "br")] == ["gzip", None, "br"]


def test_what_is_not_installed_is_not_offered(monkeypatch):
    """gzip needs nothing."""

    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(codings.importlib, "import_module", absent)
    codings._code.cache_clear()
    try:
        assert [Codings().best(one) for one in (b"br, zstd", b"br, gzip;q=0.1", b"*")] == ["", "gzip", "gzip"]
    finally:
        codings._code.cache_clear()
