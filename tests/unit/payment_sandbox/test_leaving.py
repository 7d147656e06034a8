"""A sandbox that is told to stop: it is not ready, answers on, and ends each connection with its answer."""

from starlette.responses import PlainTextResponse

from payment_sandbox.leaving import Leaving
from tests.support.asgi import request


async def test_a_draining_sandbox_ends_each_connection() -> None:
    """Before, answers say nothing of it and readiness is the application's."""
    leaving = Leaving(PlainTextResponse("ok"))
    for path in ("/v1/payments", "/readyz"):
        answer = await request(leaving, path)
        assert (answer.status, answer.headers.get("connection")) == (200, None)
    leaving.draining = True
    answers = [await request(leaving, path) for path in ("/v1/payments", "/readyz")]
    assert [(answer.status, answer.headers.get("connection")) for answer in answers] == [(200, "close"), (503, "close")]
