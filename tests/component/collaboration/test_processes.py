"""The web application and the adapter to billing, over HTTP."""

import asyncio
import socket

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from services.chassis.bus import DependencyDown
from services.chassis.kernel import new_id
from services.collaboration.adapters.http_billing import BillingDocuments
from services.collaboration.app import create_app
from services.collaboration.settings import CollaborationSettings
from tests.support.asgi import ready, ready_text, request
from tests.support.collaboration.makers import CUSTOMER, ORG


async def test_the_web_process_answers(mongo_url: str, database_name: str) -> None:
    """With worker and web in one process, readiness follows the database, and nobody gets data without the key."""
    settings = CollaborationSettings(
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


async def test_billing_is_asked_over_http() -> None:
    """A document is read with the service key; unknown is None; a failure is a dependency that is down."""
    document, unknown, broken, odd = (new_id("inv") for _ in range(4))
    seen: list[tuple[str, str]] = []

    async def answer(asked: Request) -> Response:
        seen.append((asked.headers["x-portal-service-key"], asked.query_params["organisation"]))
        match asked.path_params["id"]:
            case one if one == document:
                return JSONResponse({"id": one, "customerId": CUSTOMER, "number": "INV-1", "sent": True, "x": 1})
            case one if one == broken:
                return PlainTextResponse("no", status_code=500)
            case one if one == odd:
                return PlainTextResponse("<html>")
            case _:
                return PlainTextResponse("", status_code=404)

    listening = socket.create_server(("127.0.0.1", 0))
    port = listening.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=[Route("/internal/documents/{id}", answer)]), log_config=None)
    )
    serving = asyncio.create_task(server.serve([listening]))
    billing = BillingDocuments(f"http://127.0.0.1:{port}/", SecretStr("service-key-for-tests"))
    try:
        found = await billing.fetch(ORG, document)
        assert found is not None
        assert (found.customer_id, found.number, found.sent, found.organisation_id) == (CUSTOMER, "INV-1", True, ORG)
        assert await billing.fetch(ORG, unknown) is None
        for one in (broken, odd):
            with pytest.raises(DependencyDown):
                await billing.fetch(ORG, one)
    finally:
        server.should_exit = True
        await serving
    with pytest.raises(DependencyDown):
        await billing.fetch(ORG, document)
    await billing.close()
    assert seen[0] == ("service-key-for-tests", ORG)
