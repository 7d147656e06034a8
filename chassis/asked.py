"""What one request has asked the owners of facts already; `owners.py` asks. Standard library only: the gateway's
processes import it too."""

import asyncio
import contextlib
from collections.abc import Generator
from contextvars import ContextVar
from typing import Any

SERVICE_KEY_HEADER = "x-portal-service-key"

Answers = dict[tuple[str, ...], "asyncio.Future[Any]"]
ASKED: ContextVar[Answers | None] = ContextVar("asked_owners", default=None)


@contextlib.contextmanager
def one_request() -> Generator[None]:
    """Keep what owners answer for as long as one request is worked on."""
    token = ASKED.set({})
    try:
        yield
    finally:
        ASKED.reset(token)
