"""The web application and the adapters to those who own what we were told of, over HTTP."""

import asyncio
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from chassis.kernel import new_id
from chassis.owners import Owner
from portal_cli.ports import free_ports
from services.collaboration.adapters.http_owners import BillingDocuments, IdentityPortals
from services.collaboration.app import create_app
from services.collaboration.domain.document import PortalRules
from services.collaboration.domain.errors import DirectoryUnavailable
from services.collaboration.messaging.consumed import PortalSet
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


@dataclass
class Answering:
    """A server in the place of others'; `answer` is what it says, `asked` what it was asked."""

    url: str = ""
    answer: Response = field(default_factory=Response)
    asked: list[tuple[str, str, str, list[str]]] = field(default_factory=list[tuple[str, str, str, list[str]]])

    async def reply(self, request: Request) -> Response:
        key, query = request.headers["x-portal-service-key"], request.query_params
        self.asked.append((key, request.url.path, query["organisation"], query.getlist("id")))
        return self.answer


@pytest.fixture
async def others() -> AsyncIterator[Answering]:
    listening = socket.create_server(("127.0.0.1", 0))
    answering = Answering(f"http://127.0.0.1:{listening.getsockname()[1]}/")
    app = Starlette(routes=[Route("/internal/{path:path}", answering.reply)])
    server = uvicorn.Server(uvicorn.Config(app, log_config=None))
    serving = asyncio.create_task(server.serve([listening]))
    yield answering
    server.should_exit = True
    await serving


NO_ANSWERS = [
    PlainTextResponse("no", status_code=500),
    PlainTextResponse("<html>"),
    PlainTextResponse("Not Found", status_code=404),
    JSONResponse({"message": "no such page"}),
    JSONResponse([]),
    JSONResponse({"found": [{"id": "inv_1"}], "portal": {"name": 1}, "sequence": "x"}),
    JSONResponse({"found": None, "portal": []}),
]


async def test_billing_is_asked_over_http(others: Answering) -> None:
    """Documents are read with the service key, at most a hundred at a time; what billing lacks is left out."""
    document, unknown = new_id("inv"), [new_id("est") for _ in range(101)]
    told = {"id": document, "customerId": CUSTOMER, "number": "INV-1", "sent": True, "sequence": 7, "x": 1}
    others.answer = JSONResponse({"found": [told]})
    owner = Owner("billing", others.url, SecretStr("service-key-for-tests"))

    ((sequence, found),) = await BillingDocuments(owner).fetch(ORG, [document])

    assert (sequence, found.customer_id, found.number, found.sent, found.organisation_id) == (
        7, CUSTOMER, "INV-1", True, ORG
    )  # fmt: skip
    others.answer = JSONResponse({"found": []})
    assert await BillingDocuments(owner).fetch(ORG, unknown) == []
    assert others.asked == [
        ("service-key-for-tests", "/internal/documents", ORG, [document]),
        ("service-key-for-tests", "/internal/documents", ORG, unknown[:100]),
        ("service-key-for-tests", "/internal/documents", ORG, unknown[100:]),
    ]
    await owner.close()


async def test_identity_is_asked_over_http(others: Answering) -> None:
    """A portal's settings are read as from its events: a closed one shows nothing; none is None."""
    portal = {"organisationId": ORG, "enabled": False, "forwardingAllowed": True, "documentTypes": ["invoice"]}
    owner = Owner("identity", others.url, SecretStr("service-key-for-tests"))
    portals = IdentityPortals(owner, lambda told: PortalSet.model_validate(told).rules())
    others.answer = JSONResponse({"name": "x", "portal": portal, "sequence": 3})
    assert await portals.fetch(ORG) == (3, PortalRules(document_types=()))
    others.answer = JSONResponse({"name": "x", "portal": None, "sequence": 3})
    assert await portals.fetch(ORG) is None
    others.answer = JSONResponse({"error": "NOT_FOUND"}, status_code=404)
    assert await portals.fetch(ORG) is None
    assert {asked[1] for asked in others.asked} == {f"/internal/organisations/{ORG}"}
    await owner.close()


@pytest.mark.parametrize("answer", NO_ANSWERS, ids=range(len(NO_ANSWERS)))
async def test_an_owner_that_says_nothing_of_sense_is_away(others: Answering, answer: Response) -> None:
    """Failures, nonsense, and an older version that does not know the question are no answer, and refuse nothing."""
    others.answer = answer
    owner = Owner("owner", others.url, SecretStr("service-key-for-tests"))
    portals = IdentityPortals(owner, lambda told: PortalSet.model_validate(told).rules())
    for asking in (BillingDocuments(owner).fetch(ORG, [new_id("inv")]), portals.fetch(ORG)):
        with pytest.raises(DirectoryUnavailable):
            await asking
    await owner.close()


async def test_an_owner_that_is_down_is_away() -> None:
    """Where nobody listens there is no answer either."""
    owner = Owner("billing", f"http://127.0.0.1:{free_ports(1)[0]}", SecretStr("service-key-for-tests"))
    with pytest.raises(DirectoryUnavailable):
        await BillingDocuments(owner).fetch(ORG, [new_id("inv")])
    await owner.close()
