"""Asking identity over HTTP: its answers, its silence, and nonsense instead of an answer."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from portal_cli.event_examples import example_event
from services.billing.adapters.http_session import HttpSession
from services.billing.adapters.identity_http import HttpIdentity, RememberedLogos
from services.billing.domain.errors import DirectoryUnavailable
from services.billing.messaging.consumed import CustomerTold, OrganisationTold
from services.identity.messaging.published import CustomerUpdatedV1, OrganisationUpdatedV1

PICTURE = b"\x89PNG picture"


@dataclass
class Identity:
    """A server that answers as identity does, or as it should not; `seen` are the requests."""

    adapter: HttpIdentity
    answer: Any = None
    seen: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])


@pytest.fixture
async def identity() -> AsyncIterator[Identity]:
    http = HttpSession()

    async def serve(request: web.Request) -> web.Response:
        key = request.headers.get("x-portal-service-key", "")
        served.seen.append((request.path, request.query.get("organisation", ""), key))
        return served.answer

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    adapter = HttpIdentity(
        http,
        f"http://127.0.0.1:{port}/",
        SecretStr("the-service-key"),
        lambda told: OrganisationTold.model_validate(told).profile(),
        lambda told: CustomerTold.model_validate(told).profile(),
    )
    served = Identity(adapter)
    yield served
    await http.close()
    await runner.cleanup()


async def test_what_identity_tells_is_understood(identity: Identity) -> None:
    """Identity's own examples are read; the request names the organisation and shows the key."""
    identity.answer = web.json_response({**example_event(OrganisationUpdatedV1).data, "sequence": 7})
    asked = await identity.adapter.organisation("org_1")
    assert asked is not None
    assert (asked[0], asked[1].name, asked[1].time_zone, asked[1].address.city) == (
        7,
        "Nordlicht Studio GmbH",
        "Europe/Berlin",
        "Berlin",
    )
    assert identity.seen == [("/internal/organisations/org_1", "org_1", "the-service-key")]


async def test_a_customer_is_asked_for_within_its_organisation(identity: Identity) -> None:
    """The organisation scopes the question; what is not there is None."""
    identity.answer = web.json_response({**example_event(CustomerUpdatedV1).data, "sequence": 3})
    asked = await identity.adapter.customer("org_1", "cus_1")
    assert asked is not None
    assert (asked[1].name, asked[1].billing_address.line1) == ("Blumen Krause OHG", "Lindenstraße 1")
    identity.answer = web.json_response({"error": "NOT_FOUND"}, status=404)
    assert await identity.adapter.customer("org_1", "cus_1") is None
    assert identity.seen[0][:2] == ("/internal/customers/cus_1", "org_1")


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=500),
        lambda: web.Response(status=401),
        lambda: web.Response(text="<html>"),
        lambda: web.json_response(None),
        lambda: web.json_response([1]),
        lambda: web.json_response({"name": "half an answer"}),
    ],
)
async def test_nonsense_is_no_answer(identity: Identity, answer: Any) -> None:
    """Whatever is wrong with identity, it is one named refusal."""
    identity.answer = answer()
    with pytest.raises(DirectoryUnavailable):
        await identity.adapter.organisation("org_1")


async def test_logos_are_remembered_and_never_stand_in_the_way(identity: Identity) -> None:
    """One question for many documents; no logo, or no identity, is no error."""
    identity.answer = web.json_response({"logo": {"data": base64.b64encode(PICTURE).decode()}, "sequence": 1})
    logos = RememberedLogos(identity.adapter.logo)
    assert [await logos.of("org_1") for _ in range(3)] == [PICTURE] * 3
    assert len(identity.seen) == 1
    identity.answer = web.json_response({"logo": None, "sequence": 1})
    assert await logos.of("org_2") is None
    identity.answer = web.Response(status=500)
    assert await logos.of("org_3") is None
