"""Asking identity over HTTP: its answers, its silence, and nonsense instead of an answer."""

import base64
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from pydantic import SecretStr

from chassis.owners import Owner
from portal_cli.event_examples import example_event
from services.billing.adapters.identity_http import HttpIdentity, RememberedLogos
from services.billing.bootstrap import READERS
from services.billing.domain.errors import DirectoryUnavailable
from services.identity.messaging.published import (
    ContactUpdatedV1,
    CustomerUpdatedV1,
    OrganisationUpdatedV1,
    PortalSettingsChangedV1,
)

PICTURE = b"\x89PNG picture"


@dataclass
class Identity:
    """A server that answers as identity does, or as it should not; `seen` are the requests."""

    adapter: HttpIdentity
    answer: Any = None
    seen: list[tuple[str, str, str]] = field(default_factory=list[tuple[str, str, str]])


@pytest.fixture
async def identity() -> AsyncIterator[Identity]:
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
    owner = Owner("identity", f"http://127.0.0.1:{port}/", SecretStr("the-service-key"))
    served = Identity(HttpIdentity(owner, READERS))
    yield served
    await owner.close()
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


async def test_a_portal_is_part_of_its_organisation(identity: Identity) -> None:
    """Its settings come with the organisation; where there are none yet, or no organisation, it is None."""
    portal = example_event(PortalSettingsChangedV1).data | {"enabled": False}
    identity.answer = web.json_response({"portal": portal, "sequence": 9})
    asked = await identity.adapter.portal("org_1")
    assert asked is not None
    assert (asked[0], asked[1].enabled, asked[1].name) == (9, False, "Nordlicht Portal")
    for none in (web.json_response({"portal": None, "sequence": 9}), web.json_response({"error": "x"}, status=404)):
        identity.answer = none
        assert await identity.adapter.portal("org_1") is None
    assert identity.seen[0][:2] == ("/internal/organisations/org_1", "org_1")


async def test_many_are_asked_for_at_once(identity: Identity) -> None:
    """Client companies by their ids, a contact by its one; what is not there is left out."""
    identity.answer = web.json_response({"found": [{**example_event(CustomerUpdatedV1).data, "sequence": 3}]})
    ((sequence, customer),) = await identity.adapter.customers_of("org_1", ["cus_1", "cus_2"])
    assert (sequence, customer.name) == (3, "Blumen Krause OHG")
    identity.answer = web.json_response({"found": [{**example_event(ContactUpdatedV1).data, "sequence": 4}]})
    asked = await identity.adapter.contact("org_1", "con_1")
    assert asked is not None
    assert (asked[0], asked[1].name) == (4, "Jona Krause")
    identity.answer = web.json_response({"found": []})
    assert await identity.adapter.contact("org_1", "con_1") is None
    assert [path for path, _, _ in identity.seen] == ["/internal/customers", "/internal/people", "/internal/people"]


@pytest.mark.parametrize(
    "answer",
    [
        lambda: web.Response(status=500),
        lambda: web.Response(status=401),
        lambda: web.Response(text="<html>"),
        lambda: web.json_response(None),
        lambda: web.json_response([1]),
        lambda: web.json_response({"name": "half an answer", "found": {"a": 1}, "portal": {"name": 1}}),
        lambda: web.Response(text="Not Found", status=404),
    ],
)
async def test_nonsense_is_no_answer(identity: Identity, answer: Any) -> None:
    """Whatever is wrong with identity, it is one named refusal. A response is sent once: each question has its own."""
    adapter = identity.adapter
    for asking in (adapter.organisation("org_1"), adapter.portal("org_1"), adapter.customers_of("org_1", ["cus_1"])):
        identity.answer = answer()
        with pytest.raises(DirectoryUnavailable) as refused:
            await asking
        assert "TimeoutError" not in str(refused.value.__cause__)


async def test_logos_are_remembered_and_never_stand_in_the_way(identity: Identity) -> None:
    """One question for many documents; no logo, or no identity, is no error."""
    identity.answer = web.json_response({"logo": {"data": base64.b64encode(PICTURE).decode()}, "sequence": 1})
    logos = RememberedLogos(identity.adapter.logo, seconds=60)
    assert [await logos.of("org_1") for _ in range(3)] == [PICTURE] * 3
    assert len(identity.seen) == 1
    identity.answer = web.json_response({"logo": None, "sequence": 1})
    assert await logos.of("org_2") is None
    identity.answer = web.Response(status=500)
    assert await logos.of("org_3") is None


async def test_a_new_logo_is_on_the_next_paper_and_an_outage_takes_none_away(identity: Identity) -> None:
    """No logo is believed only for a moment, and the last one known is printed while identity does not answer."""
    logos = RememberedLogos(identity.adapter.logo, seconds=0)
    shown: list[bytes | None] = []
    for answer in (
        web.json_response({"logo": None, "sequence": 1}),
        web.json_response({"logo": {"data": base64.b64encode(PICTURE).decode()}, "sequence": 2}),
        web.Response(status=500),
        web.json_response({"logo": None, "sequence": 3}),
    ):
        identity.answer = answer
        shown.append(await logos.of("org_1"))

    assert shown == [None, PICTURE, PICTURE, None]
