"""How a complete answer goes out: the same headers on every way, compressed where that is worth it.

Compressing what holds both a secret and text of a stranger's choice would tell the secret by its length (BREACH). Here
a page of another origin cannot make a browser ask with the user's token; answers that set cookies are left as they are.
"""

import asyncio
import zlib
from functools import lru_cache

from starlette.types import Send

from gateway.http.negotiation import Media
from gateway.subgraphs.headers import RawHeaders, Travelling

_VARY = b"accept, accept-encoding"
FIXED = ((b"cache-control", b"no-store"), (b"vary", _VARY), (b"x-content-type-options", b"nosniff"))
_LEVEL, _GZIP, _ASIDE = 4, 16 + zlib.MAX_WBITS, 128 * 1024


async def respond(
    send: Send, headers: RawHeaders, travelling: Travelling, media: Media, status: int, json: bytes, compress_from: int
) -> None:
    """Send one answer; `headers` are the request's, answers of `compress_from` bytes and more may be compressed."""
    body = media.written(json) if media.written else json
    coding: tuple[tuple[bytes, bytes], ...] = ()
    is_worth_it = compress_from and len(body) >= compress_from and not travelling.returned
    if is_worth_it and reads_gzip(headers.get(b"accept-encoding", b"")):
        body = await _compressed(body)
        coding = ((b"content-encoding", b"gzip"),)
    own = [
        (b"content-type", media.content_type),
        (b"content-length", b"%d" % len(body)),
        (b"x-request-id", travelling.request_id),
        *FIXED,
        *coding,
        *(travelling.returned or ()),
    ]
    if status == 405:
        own.append((b"allow", b"POST, GET"))
    await send({"type": "http.response.start", "status": status, "headers": own})
    await send({"type": "http.response.body", "body": body})


@lru_cache(maxsize=256)
def reads_gzip(accept_encoding: bytes) -> bool:
    """Return whether a client prefers gzip to nothing (RFC 9110, 12.5.3); one that is silent is sent no coding."""
    qualities: dict[str, float] = {}
    for part in accept_encoding.decode("latin-1").lower().split(","):
        name, *parameters = (piece.strip().replace(" ", "") for piece in part.split(";"))
        quality = next((piece[2:] for piece in parameters if piece.startswith("q=")), "1")
        try:
            qualities[name] = float(quality)
        except ValueError:
            qualities[name] = 0.0
    gzip = qualities.get("gzip", qualities.get("x-gzip", qualities.get("*", 0.0)))
    return gzip > 0 and gzip >= qualities.get("identity", 0.0)


async def _compressed(body: bytes) -> bytes:
    """Return the body as gzip; a large one is compressed beside the event loop."""
    return _gzip(body) if len(body) < _ASIDE else await asyncio.to_thread(_gzip, body)


def _gzip(body: bytes) -> bytes:
    return zlib.compress(body, _LEVEL, _GZIP)
