"""In which way an answer is sent: by what was asked, and then by `Accept` with its quality values (RFC 9110, 12.5.1).

A query or a mutation is one JSON body, whatever else `Accept` lists. A stream is for a subscription, for fragments that
are deferred, or for a client that accepts nothing else.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar

_NEW, _OLD = "application/graphql-response+json", "application/json"
_EVENTS, _PARTS = "text/event-stream", "multipart/mixed"
_NEWS = re.compile(r"""subscriptionspec=["']?1\.0["']?""")
_ANYTHING = {"application/*": 1, "*/*": 0}


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """How a complete answer is written: as JSON, or as JSON in the one piece of a stream.

    No enumeration: looking at those takes a tenth of what the endpoint does for a request.
    """

    content_type: bytes
    written: Callable[[bytes], bytes] | None = None
    """Returns the bytes of an answer, given its JSON; None where they are the same."""

    RESPONSE: ClassVar["Media"]
    JSON: ClassVar["Media"]
    EVENTS: ClassVar["Media"]
    PARTS: ClassVar["Media"]
    NEWS: ClassVar["Media"]


def _part(boundary: bytes, body: bytes) -> bytes:
    head = b"content-type: application/json; charset=utf-8\r\ncontent-length: %d\r\n\r\n" % len(body)
    return b"--%b\r\n%b%b\r\n--%b--\r\n" % (boundary, head, body, boundary)


Media.RESPONSE = Media(b"application/graphql-response+json; charset=utf-8")
Media.JSON = Media(b"application/json; charset=utf-8")
Media.EVENTS = Media(
    b"text/event-stream; charset=utf-8", lambda body: b"event: next\ndata: %b\n\nevent: complete\ndata: \n\n" % body
)
Media.PARTS = Media(
    b'multipart/mixed; boundary="-"', lambda body: _part(b"-", b'%b,"hasNext":false}' % body.removesuffix(b"}"))
)
Media.NEWS = Media(
    b"multipart/mixed;boundary=graphql;subscriptionSpec=1.0", lambda body: _part(b"graphql", b'{"payload":%b}' % body)
)


@dataclass(frozen=True, slots=True)
class Stream:
    """An answer in several pieces; `accept` is what the client said about this way alone."""

    accept: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Accepted:
    """What one client reads best for each purpose; None where it reads nothing that serves."""

    complete: Media | None
    subscription: Stream | None
    deferred: Stream | None
    """None too where a complete answer is preferred."""


@dataclass(frozen=True, slots=True)
class _Range:
    """One media range of `Accept`; `text` is how the client wrote it, without its quality.

    `is_of_news` tells Apollo's protocol for subscriptions over multipart responses from other multipart responses.
    """

    name: str
    quality: float
    text: str
    is_of_news: bool


@lru_cache(maxsize=256)
def accepted(accept: bytes) -> Accepted:
    """Return what an `Accept` header allows; no header allows JSON. A range that cannot be read counts as not there."""
    ranges = [_range(part) for part in accept.decode("latin-1").split(",") if part.strip()]
    plain, plain_quality = _plain(ranges)
    streams = [one for one in ranges if one.name in (_EVENTS, _PARTS) and one.quality > 0]
    deferred = _best([one for one in streams if not one.is_of_news])
    return Accepted(
        complete=plain or _last_resort(_best(streams)),
        subscription=_stream(_best([one for one in streams if one.name == _EVENTS or one.is_of_news]), streams),
        deferred=_stream(deferred, streams) if deferred and deferred.quality >= plain_quality else None,
    )


def _plain(ranges: list[_Range]) -> tuple[Media | None, float]:
    """Return the JSON type that is accepted best; of two that are equal the newer one, if it is named."""
    if not ranges:
        return Media.JSON, 1.0
    named = any(one.name == _NEW for one in ranges)
    new, old = _quality(ranges, _NEW), _quality(ranges, _OLD)
    if new > 0 and (new > old or (new == old and named)):
        return Media.RESPONSE, new
    return (Media.JSON, old) if old > 0 else (None, 0.0)


def _quality(ranges: list[_Range], name: str) -> float:
    """Return the quality of a type: the most specific range that covers it decides."""
    covering = [(_ANYTHING.get(one.name, 2), one.quality) for one in ranges if one.name in (name, *_ANYTHING)]
    return max(covering, default=(0, 0.0))[1]


def _best(streams: list[_Range]) -> _Range | None:
    return max(streams, key=lambda one: one.quality, default=None)


def _last_resort(best: _Range | None) -> Media | None:
    """Return how a complete answer is written for a client that reads no JSON."""
    if best is None:
        return None
    if best.name == _EVENTS:
        return Media.EVENTS
    return Media.NEWS if best.is_of_news else Media.PARTS


def _stream(best: _Range | None, streams: list[_Range]) -> Stream | None:
    """Return the way of a range; for deferred fragments with what the client said elsewhere about their format."""
    if best is None or best.name == _EVENTS:
        return best and Stream(_EVENTS.encode())
    if best.is_of_news:
        return Stream(b"multipart/mixed;subscriptionSpec=1.0")
    alike = [one.text for one in streams if one.name == _PARTS and not one.is_of_news]
    return Stream(", ".join(alike).encode("latin-1"))


def _range(part: str) -> _Range:
    name, *parameters = (piece.strip() for piece in part.split(";"))
    lower = [piece.lower().replace(" ", "") for piece in parameters]
    quality = next((piece[2:] for piece in lower if piece.startswith("q=")), "1")
    kept = [piece for piece, low in zip(parameters, lower, strict=True) if not low.startswith("q=")]
    is_of_news = name.lower() == _PARTS and any(_NEWS.fullmatch(piece) for piece in lower)
    return _Range(name.lower(), _number(quality), ";".join([name.lower(), *kept]), is_of_news)


def _number(quality: str) -> float:
    try:
        value = float(quality)
    except ValueError:
        return 0.0
    return value if 0 <= value <= 1 else 0.0


@lru_cache(maxsize=256)
def is_json(content_type: bytes) -> bool:
    """Return whether a request body is `application/json`, in UTF-8 if it says so."""
    name, *parameters = (piece.strip() for piece in content_type.decode("latin-1").lower().split(";"))
    charsets = [piece[8:].strip('"') for piece in parameters if piece.startswith("charset=")]
    return name == "application/json" and all(charset in ("utf-8", "utf8") for charset in charsets)
