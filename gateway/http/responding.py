"""How a complete answer goes out: the same headers on every way, compressed where that is worth it.

Compressing what holds both a secret and text of a stranger's choice would tell the secret by its length (BREACH). Here
a page of another origin cannot make a browser ask with the user's token; answers that set cookies are left as they are.
"""

import asyncio
from collections.abc import Mapping, Sequence

from starlette.types import Send

from gateway.http.coding import Codings, refuses_plain
from gateway.http.negotiation import Media
from gateway.subgraphs.header_rules import Merging, merged
from gateway.subgraphs.headers import RawHeaders, Travelling
from gateway.subgraphs.target import CACHING

Headers = list[tuple[bytes, bytes]]

_VARY = b"accept, accept-encoding"
FIXED = ((b"cache-control", b"no-store"), (b"vary", _VARY), (b"x-content-type-options", b"nosniff"))
_ASIDE = 128 * 1024


class Responding:
    """Sends complete answers; those of `compress_from` bytes and more may be compressed, with 0 none."""

    def __init__(
        self,
        compress_from: int = 0,
        codings: Codings | None = None,
        merging: Mapping[bytes, Merging] | None = None,
    ) -> None:
        """`merging` says how several values of one subgraph header become one; they are all sent unless it does."""
        self._compress_from, self._merging = compress_from, merging or {}
        self._codings = codings or Codings()

    async def respond(
        self, send: Send, headers: RawHeaders, travelling: Travelling, media: Media, status: int, json: bytes
    ) -> None:
        """Send one answer; `headers` are the request's."""
        body = media.written(json) if media.written else json
        coding: tuple[tuple[bytes, bytes], ...] = ()
        if self._compress_from and (name := self._coding(headers, travelling, len(body))):
            body = await self._coded(name, body)
            coding = ((b"content-encoding", name.encode()),)
        own = [
            (b"content-type", media.content_type),
            (b"content-length", b"%d" % len(body)),
            (b"x-request-id", travelling.request_id),
            *FIXED,
            *coding,
            *(travelling.returned or ()),
        ]
        if self._merging:
            own = self._merged(own[:3], coding, travelling, status)
        if status == 405:
            own.append((b"allow", b"POST, GET"))
        if status == 415:
            own.append((b"accept-encoding", b"identity"))  # RFC 9110, 15.5.16
        await send({"type": "http.response.start", "status": status, "headers": own})
        await send({"type": "http.response.body", "body": body})

    def _merged(
        self, own: Headers, coding: Sequence[tuple[bytes, bytes]], travelling: Travelling, status: int
    ) -> Headers:
        """Return the headers where those of subgraphs are merged; theirs replace ours of the same name.

        What lacks a part, sets a cookie or is no answer at all is not to be kept.
        """
        returned = merged(travelling.returned or (), self._merging)
        names = {name for name, _ in returned}
        if status != 200 or travelling.losses is not None or b"set-cookie" in names:
            returned = [pair for pair in returned if pair[0] != CACHING]
        kept = any(name == CACHING and value != b"no-store" for name, value in returned)
        fixed = [pair for pair in FIXED if pair[0] not in {name for name, _ in returned}]
        vary = [
            (name, value + b", authorization, cookie" if name == b"vary" and kept else value) for name, value in fixed
        ]
        return [*own, *vary, *coding, *returned]

    def _coding(self, headers: RawHeaders, travelling: Travelling, size: int) -> str:
        """Return the coding for an answer of `size` bytes, empty for none."""
        accepted = headers.get(b"accept-encoding", b"")
        if not accepted or (size < self._compress_from and not refuses_plain(accepted)):
            return ""
        if travelling.returned and any(name == b"set-cookie" for name, _ in travelling.returned):
            return ""
        return self._codings.best(accepted)

    async def _coded(self, name: str, body: bytes) -> bytes:
        """Return the body in a coding; a large one is compressed beside the event loop."""
        encode = self._codings.encode
        return encode(name, body) if len(body) < _ASIDE else await asyncio.to_thread(encode, name, body)
