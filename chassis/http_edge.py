"""What a connection may send before anybody answers it: uvicorn's protocol, with the limits that it lacks.

Heads and bodies have a time in which they must have come, whatever drips in; headers a number and a size; HTTP/1.1 one
`Host` (RFC 9112 §3.2); fields after the body never become headers (RFC 9110 §6.5.1). Who does not read what was
answered is hung up on. While a process drains, every answer ends its connection (RFC 9112 §9.6).

Who asked and shut its sending side gets its answer. Such a client looks like one that left, so one that is slow to be
answered is sent `100 Continue` meanwhile, which every client has to understand (RFC 9110 §15.2): it reaches the first,
and the second one's connection breaks. Who is refused while it still sends is heard for a moment, unread: closing at
once would reset the connection, and the refusal with it (RFC 9112 §9.6).
"""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

_HOST = re.compile(rb"(?:[A-Za-z0-9._~%!$&'()*+,;=-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?")


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeLimits:
    """Times are in seconds, sizes in bytes; every number is the largest that is accepted."""

    head_seconds: float = 10.0
    """From a connection's first moment, or the first byte of a later request, to the end of its headers."""
    body_seconds: float = 30.0
    """From the end of the headers to the end of the body, however much comes."""
    write_seconds: float = 60.0
    """How long a client may leave what was answered unread."""
    linger_seconds: float = 2.0
    """How long one that was refused is heard, unread, to have read the refusal."""
    linger_bytes: int = 4 * 1024 * 1024
    """How much it may send in that time."""
    unsure_seconds: float = 0.5
    """After how long, and how often, one that sends no more is asked whether it is still there."""
    headers: int = 100
    """Header fields of a request, those after its body included."""
    header_bytes: int = 16 * 1024
    """Names and values of the header fields together."""
    target_bytes: int = 16 * 1024
    """The request target: path and query string."""


class EdgeProtocol(HttpToolsProtocol):
    """One connection of a client; make it by `edge`."""

    def __init__(self, *, limits: EdgeLimits, draining: Callable[[], bool], **given: Any) -> None:
        super().__init__(**given)
        self._limits, self._draining = limits, draining
        self._timer: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None
        self._awaited = "head"
        self._is_fresh = True
        self._refused: HTTPStatus | None = None
        self._fields = self._bytes = self._head = self._unheard = 0
        self._has_ended = self._lingers = self._sends_no_more = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._arm()

    def connection_lost(self, exc: Exception | None) -> None:
        self._disarm()
        self.resume_writing()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._lingers:
            self._unheard += len(data)
            if self._unheard > self._limits.linger_bytes:
                self.transport.abort()
            return
        before = self._awaited
        self._is_fresh = self._has_ended = False
        super().data_received(data)
        if self.transport.is_closing() or self.transport.get_protocol() is not self:
            self._disarm()
            return
        if not self._awaited and self._is_idle():
            self._awaited = "head"  # line ends before a request, of which the parser says nothing
            self._is_fresh = self._has_ended  # or the rest of what was answered before it had come
        if self._awaited == "head" and not self._has_ended:
            self._head += len(data)
            if self._head > self._limits.header_bytes + self._limits.target_bytes:
                self._refuse(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return
        if self._awaited != before or self._timer is None:
            self._arm()

    def eof_received(self) -> bool:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Keep the connection for the answers to what was asked whole; what was asked in part is not run.

        Who has a stream without an end before it, and ends, has left: nothing would be written for a while.
        """
        if self._lingers or self._awaited == "body" or self._is_idle() or self._streams():
            return False
        self._sends_no_more = True
        self.leave()
        self._disarm()
        self._timer = self.loop.call_later(self._limits.unsure_seconds, self._ask_whether_there)
        return True

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self._sends_no_more and self._is_idle():
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._awaited = "head"
        self._fields = self._bytes = self._head = 0

    def on_url(self, url: bytes) -> None:
        super().on_url(url)
        if len(self.url) > self._limits.target_bytes:
            self._stop(HTTPStatus.REQUEST_URI_TOO_LONG)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._fields += 1
        self._bytes += len(name) + len(value)
        if self._fields > self._limits.headers or self._bytes > self._limits.header_bytes:
            self._stop(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        if self._awaited == "head":
            super().on_header(name, value)

    def on_headers_complete(self) -> None:
        hosts = [value for name, value in self.headers if name == b"host"]
        is_named = len(hosts) == 1 and _HOST.fullmatch(hosts[0])
        if not is_named and (hosts or self.parser.get_http_version() != "1.0"):  # pyright: ignore[reportOptionalMemberAccess]
            self._stop(HTTPStatus.BAD_REQUEST)
        self._awaited = "body"
        super().on_headers_complete()
        if self._draining() or (self.cycle is not None and not self.cycle.keep_alive):  # pyright: ignore[reportUnnecessaryComparison]
            self.leave()

    def leave(self) -> None:
        """Let the answer that is still to come be the last one; where its head is out already, the next one is."""
        if self.cycle is not None and not self.cycle.response_started:  # pyright: ignore[reportUnnecessaryComparison]
            self.cycle.keep_alive = False
            self.cycle.transport = _Lingering(self)  # pyright: ignore[reportAttributeAccessIssue]

    def linger(self) -> None:
        """End the connection; while its client sends, only the half that it reads, and the other one in a while."""
        if not self._awaited or self._lingers or self.transport.is_closing():
            self.transport.close()
            return
        self._lingers = True
        self._disarm()
        self._timer = self.loop.call_later(self._limits.linger_seconds, self.transport.abort)
        self.flow.resume_reading()
        self.transport.write_eof()

    def on_message_complete(self) -> None:
        self._awaited, self._has_ended = "", True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        self._refuse(self._refused or HTTPStatus.BAD_REQUEST)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self._limits.write_seconds, self.transport.abort)

    def resume_writing(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        super().resume_writing()

    def _stop(self, status: HTTPStatus) -> None:
        """End parsing, as `send_400_response` is told by the parser."""
        self._refused = self._refused or status
        raise ValueError(status.phrase)

    def _refuse(self, status: HTTPStatus) -> None:
        """Answer and hang up; what is being answered already is broken off instead."""
        self._disarm()
        if not self._is_idle():
            self.transport.abort()
            return
        text = f"{status.phrase}.".encode()
        head = b"HTTP/1.1 %d %b\r\ncontent-type: text/plain\r\n" % (status, status.phrase.encode())
        self.transport.write(head + b"content-length: %d\r\nconnection: close\r\n\r\n%b" % (len(text), text))
        self.linger()

    def _arm(self) -> None:
        self._disarm()
        if self._awaited:
            seconds = self._limits.head_seconds if self._awaited == "head" else self._limits.body_seconds
            self._timer = self.loop.call_later(seconds, self._too_late)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _too_late(self) -> None:
        self._timer = None
        if self.transport.is_closing():
            return
        if self.flow.read_paused:  # we do not read, so nobody is late
            self._arm()
        elif self._is_fresh or (self._awaited == "body" and self._is_idle()):
            self.transport.close()
        elif self._is_idle():
            self._refuse(HTTPStatus.REQUEST_TIMEOUT)
        elif self.cycle.response_started or self._awaited == "head":
            self.transport.abort()
        else:
            self._give_up_body()

    def _ask_whether_there(self) -> None:
        """Write what a client that left answers by a reset, which the next write meets."""
        self._timer = None
        if self.transport.is_closing() or self.pipeline or self._is_idle() or self.cycle.response_started:
            return  # writing the answer finds out
        if self.cycle.scope["http_version"] != "1.0":
            self.transport.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._timer = self.loop.call_later(self._limits.unsure_seconds, self._ask_whether_there)

    def _is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete  # pyright: ignore[reportUnnecessaryComparison]

    def _streams(self) -> bool:
        return self.cycle.response_started and bool(self.cycle.chunked_encoding)

    def _give_up_body(self) -> None:
        """Answer for the application, to which the client is gone."""
        cycle, self.cycle = self.cycle, None  # pyright: ignore[reportAttributeAccessIssue]
        cycle.disconnected = True
        cycle.message_event.set()
        self._refuse(HTTPStatus.REQUEST_TIMEOUT)


class _Lingering:
    """What a last answer is written to: a connection that ends as `EdgeProtocol.linger` says."""

    def __init__(self, connection: EdgeProtocol) -> None:
        self._connection = connection
        self.write, self.is_closing = connection.transport.write, connection.transport.is_closing

    def close(self) -> None:
        """End it, after what was written."""
        self._connection.linger()


def edge(limits: EdgeLimits | None = None, draining: Callable[[], bool] = lambda: False) -> Callable[..., EdgeProtocol]:
    """Return what `uvicorn.Config(http=…)` takes."""
    return partial(EdgeProtocol, limits=limits or EdgeLimits(), draining=draining)
