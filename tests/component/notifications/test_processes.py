"""The web application and the adapter to billing, over HTTP."""

import asyncio
import socket

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis.kernel import new_id
from services.notifications.adapters.http_billing import BillingFiles
from services.notifications.app import create_app
from services.notifications.application.ports import TryLater
from services.notifications.settings import NotificationsSettings
from tests.support.asgi import ready, ready_text, request
from tests.support.notifications.makers import ORG


async def test_the_web_process_answers(mongo_url: str, database_name: str) -> None:
    """With worker and web in one process, readiness follows the database, and nobody gets data without the key."""
    settings = NotificationsSettings(
        mongo_url=mongo_url,
        database_prefix=f"{database_name}_",
        gateway_key=SecretStr("gateway-key-for-tests"),
        service_key=SecretStr("service-key-for-tests"),
        run_worker=True,
    )
    app = create_app(settings)

    async with app.router.lifespan_context(app):
        answer = await ready(app)
        refused = await request(app, "/graphql", method="POST", body=b"{}")

    assert (answer.status, answer.text) == (200, ready_text())
    assert refused.status == 401


async def test_pdfs_come_over_http() -> None:
    """A PDF is fetched with the service key; an unknown one is None; anything but a PDF is tried again later."""
    document, unknown, broken, odd = (new_id("inv") for _ in range(4))
    seen: list[tuple[str, str]] = []

    async def answer(asked: Request) -> Response:
        seen.append((asked.headers["x-portal-service-key"], asked.query_params["organisation"]))
        match asked.path_params["id"]:
            case one if one == document:
                return Response(b"%PDF-1.7 content", media_type="application/pdf")
            case one if one == broken:
                return PlainTextResponse("no", status_code=500)
            case one if one == odd:
                return PlainTextResponse("<html>")
            case _:
                return PlainTextResponse("", status_code=404)

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    app = Starlette(routes=[Route("/internal/documents/{id}/pdf", answer)])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    serving = asyncio.create_task(server.serve([listening]))
    files = BillingFiles(f"http://127.0.0.1:{port}/", SecretStr("service-key-for-tests"))
    try:
        assert await files.pdf(ORG, document) == b"%PDF-1.7 content"
        assert await files.pdf(ORG, unknown) is None
        for one in (broken, odd):
            with pytest.raises(TryLater):
                await files.pdf(ORG, one)
    finally:
        server.should_exit = True
        await serving
    with pytest.raises(TryLater):
        await files.pdf(ORG, document)
    await files.close()
    assert seen[0] == ("service-key-for-tests", ORG)
