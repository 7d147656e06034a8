"""Misbehaviour on demand: a test card or the admin endpoint asks for it, `carry_out` performs it on the wire."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from payment_sandbox.cards import Fault

Answer = Callable[[], Response]


@dataclass(kw_only=True)
class Script:
    """Faults waiting for the next requests, per operation (`create`, `confirm`, `retrieve`, `refund`, … or `*`)."""

    delay: float = 2.0
    waiting: dict[str, list[Fault]] = field(default_factory=dict[str, list[Fault]])

    def add(self, operation: str, fault: Fault, times: int) -> None:
        """Misbehave on the next `times` requests of this operation."""
        self.waiting.setdefault(operation, []).extend([fault] * times)

    def take(self, operation: str) -> Fault | None:
        """Return the fault for this request, if one waits."""
        for name in (operation, "*"):
            if self.waiting.get(name):
                return self.waiting[name].pop(0)
        return None


async def carry_out(fault: Fault | None, answer: Answer, delay: float) -> Response:
    """Return what goes over the wire; `answer` does the work, and is not called where the fault comes before it."""
    match fault:
        case None:
            return answer()
        case Fault.DELAY:
            await asyncio.sleep(delay)
            return answer()
        case Fault.HANG_BEFORE:
            return Silence()
        case Fault.RESET_BEFORE:
            return Reset()
        case Fault.ERROR_BEFORE:
            return _error(500, "api_error", "Something went wrong on our side.")
        case Fault.RATE_LIMIT:
            return _error(429, "rate_limit_error", "Too many requests.")
        case _:
            answer()
    if fault is Fault.HANG_AFTER:
        return Silence()
    if fault is Fault.RESET_AFTER:
        return Reset()
    if fault is Fault.NONSENSE_AFTER:
        return Response("<html>}{ 200 fine \x00", media_type="application/json")
    return _error(500, "api_error", "Something went wrong on our side.")


class Silence(Response):
    """Never answers; ends when the client goes away."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass


class Reset(Response):
    """Drops the connection without a byte."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["sandbox.abort"]()


def with_abort(app: ASGIApp) -> ASGIApp:
    """Wrap the outermost application so that `Reset` reaches uvicorn's transport (ASGI itself has no such door)."""

    async def wrapped(scope: Scope, receive: Receive, send: Send) -> None:
        transport = getattr(getattr(send, "__self__", None), "transport", None)
        if transport is not None:
            scope["sandbox.abort"] = transport.abort
        await app(scope, receive, send)

    return wrapped


def _error(status: int, kind: str, message: str) -> Response:
    return JSONResponse({"error": {"type": kind, "code": kind, "message": message, "param": None}}, status)
