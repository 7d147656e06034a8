"""Billing on a real database, with a bus that delivers everything twice, and its GraphQL door."""

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar
from uuid import uuid4

from pydantic import SecretStr
from starlette.applications import Starlette

from chassis.cloudevents import CloudEvent
from chassis.kernel import Principal
from chassis.web import SERVICE_KEY_HEADER
from services.billing.application.directory import ContactProfile, CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.application.payment_ports import PaymentProvider
from services.billing.bootstrap import Billing, assemble
from services.billing.domain.errors import DirectoryUnavailable
from services.billing.settings import BillingSettings
from tests.support.asgi import Answer, request
from tests.support.billing.makers import CUSTOMER, NOW, ORGANISATION, OTHER_CUSTOMER, OTHER_ORGANISATION, OWNER
from tests.support.clock import FakeClock
from tests.support.subgraph import GATEWAY_KEY, Subgraph
from tests.support.tokens import ISSUER, Signer
from tests.support.twice import TwiceBus

SERVICE_KEY = "service-key-for-tests"
CONTENT = """id number status total { amount currency } subject currency customer { id } lines { description }"""
ESTIMATE = f"{CONTENT} revision expiresOn declineReason revisions {{ number status }} invoice {{ id }}"
INVOICE = f"{CONTENT} balance {{ amount }} paid {{ amount }} dueOn isOverdue paymentModes closingReason"
P = TypeVar("P")
ERRORS = "userErrors { code field message }"


@dataclass
class FakeIdentity:
    """Implements `Identity` and `Logos` over what the test says; `asked` counts the questions.

    `away` means that there is no answer; `sequence` is that of the latest news.
    """

    organisations: dict[str, OrganisationProfile] = field(default_factory=dict[str, OrganisationProfile])
    customers: dict[str, CustomerProfile] = field(default_factory=dict[str, CustomerProfile])
    portals: dict[str, PortalProfile] = field(default_factory=dict[str, PortalProfile])
    contacts: dict[str, ContactProfile] = field(default_factory=dict[str, ContactProfile])
    logos: dict[str, bytes] = field(default_factory=dict[str, bytes])
    away: bool = False
    sequence: int = 1
    asked: list[str] = field(default_factory=list[str])

    async def of(self, organisation_id: str) -> bytes | None:
        return self.logos.get(organisation_id)

    async def organisation(self, organisation_id: str) -> tuple[int, OrganisationProfile] | None:
        return self._one(self.organisations.get(self._asked(organisation_id)))

    async def portal(self, organisation_id: str) -> tuple[int, PortalProfile] | None:
        return self._one(self.portals.get(self._asked(organisation_id)))

    async def customer(self, organisation_id: str, customer_id: str) -> tuple[int, CustomerProfile] | None:
        found = self.customers.get(self._asked(customer_id))
        return self._one(found if found and found.organisation_id == organisation_id else None)

    async def customers_of(self, organisation_id: str, ids: Sequence[str]) -> list[tuple[int, CustomerProfile]]:
        asked = [await self.customer(organisation_id, one) for one in ids]
        return [found for found in asked if found]

    async def contact(self, organisation_id: str, contact_id: str) -> tuple[int, ContactProfile] | None:
        found = self.contacts.get(self._asked(contact_id))
        return self._one(found if found and found.organisation_id == organisation_id else None)

    async def reachable(self, organisation_id: str, customer_id: str) -> list[str]:
        self._asked(customer_id)
        theirs = (organisation_id, customer_id)
        return [one.id for one in self.contacts.values() if (one.organisation_id, one.customer_id) == theirs]

    def _asked(self, what: str) -> str:
        self.asked.append(what)
        if self.away:
            raise DirectoryUnavailable
        return what

    def _one(self, found: P | None) -> tuple[int, P] | None:
        return (self.sequence, found) if found else None


def known_identity() -> FakeIdentity:
    """Return an identity that knows two organisations and their client companies."""
    identity = FakeIdentity()
    for organisation, zone in ((ORGANISATION, "Europe/Stockholm"), (OTHER_ORGANISATION, "Pacific/Auckland")):
        identity.organisations[organisation] = OrganisationProfile(
            id=organisation, name="Ahlund Studio", time_zone=zone
        )
    for customer in (CUSTOMER, OTHER_CUSTOMER):
        identity.customers[customer] = CustomerProfile(
            id=customer, organisation_id=ORGANISATION, name="Bianchi Srl", language="it"
        )
    return identity


@dataclass
class Running:
    """The service, what it stands on, and its doors."""

    service: Billing
    bus: TwiceBus
    clock: FakeClock
    identity: FakeIdentity
    subgraph: Subgraph
    sequences: dict[str, int] = field(default_factory=dict[str, int])

    async def mutate(self, name: str, by: Principal = OWNER, *, key: str = "", show: str = "", **given: Any) -> Any:
        """Run a mutation and return its payload; `show` selects what to return beside the errors."""
        kind = name[0].upper() + name[1:]
        document = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {show} {ERRORS} }} }}"
        given["idempotencyKey"] = key or uuid4().hex
        return (await self.subgraph.data(document, by, input=given))[name]

    async def estimate(self, name: str, by: Principal = OWNER, *, key: str = "", **given: Any) -> Any:
        """Run a mutation that must succeed and return its estimate."""
        payload = await self.mutate(name, by, key=key, show=f"estimate {{ {ESTIMATE} }}", **given)
        assert payload["userErrors"] == [], payload
        return payload["estimate"]

    async def invoice(self, name: str, by: Principal = OWNER, *, key: str = "", **given: Any) -> Any:
        """Run a mutation that must succeed and return its invoice."""
        payload = await self.mutate(name, by, key=key, show=f"invoice {{ {INVOICE} }}", **given)
        assert payload["userErrors"] == [], payload
        return payload["invoice"]

    async def refusals(self, name: str, by: Principal = OWNER, *, key: str = "", **given: Any) -> list[tuple[str, Any]]:
        """Run a mutation and return the codes and fields of what it refused."""
        payload = await self.mutate(name, by, key=key, **given)
        return [(error["code"], error["field"]) for error in payload["userErrors"]]

    async def query(self, document: str, by: Principal = OWNER, **variables: Any) -> Any:
        """Return the data of a query without errors."""
        return await self.subgraph.data(document, by, **variables)

    async def get(self, path: str, *, service_key: str = "") -> Answer:
        """Return the answer of one of the other routes."""
        headers: Mapping[str, str] = {SERVICE_KEY_HEADER: service_key} if service_key else {}
        return await request(Starlette(routes=self.service.routes), path, headers=headers)

    async def drain(self) -> list[str]:
        """Relay everything that waits and return the types told so far, in order."""
        while await self.service.relay.drain():
            pass
        return [event.type for event in self.bus.published if event.source == "/billing"]

    async def tell(self, event_type: str, subject: str, *, sequence: int = 0, **data: object) -> None:
        """Publish an event of another service, twice as everything."""
        sequence = sequence or self.sequences.get(subject, 0) + 1
        self.sequences[subject] = max(sequence, self.sequences.get(subject, 0))
        event = CloudEvent(
            id=f"{subject}-{sequence}",
            type=event_type,
            source="/identity",
            subject=subject,
            sequence=sequence,
            time="2026-03-09T12:00:00.000Z",
            organisation_id=ORGANISATION,
            data={"organisationId": ORGANISATION, **data},
        )
        await self.bus.publish(event)


def content(price: str = "100.00", **more: Any) -> dict[str, Any]:
    """Return the common part of an input: one line at this price."""
    lines = [{"description": "Work", "quantity": "1", "unitPrice": price}]
    return {"customerId": CUSTOMER, "currency": "EUR", "lines": lines, **more}


def invoice_input(price: str = "100.00", **more: Any) -> dict[str, Any]:
    """Return the input of an invoice due in two weeks; `terms` replaces parts of its payment terms."""
    terms = {"modes": ["CARD", "BANK_TRANSFER"], "dueOn": "2026-03-24", **more.pop("terms", {})}
    return {**content(price), "paymentTerms": terms, **more}


@asynccontextmanager
async def running_billing(
    mongo_url: str, database_prefix: str, providers: Mapping[str, PaymentProvider] | None = None
) -> AsyncIterator[Running]:
    """Run billing; its jobs and its relay run when the test says so, its reactions at once."""
    clock, bus, identity = FakeClock(NOW), TwiceBus(), known_identity()
    signer = Signer(clock)
    settings = BillingSettings(
        mongo_url=mongo_url,
        database_prefix=database_prefix,
        gateway_key=SecretStr(GATEWAY_KEY),
        service_key=SecretStr(SERVICE_KEY),
        issuer=ISSUER,
        portal_url="https://portal.test",
        card_provider="sandbox",
        files_url="https://files.test",
    )
    service = assemble(
        settings, bus=bus, clock=clock, keys=signer, identity=identity, providers=providers, logos=identity
    )
    await service.upkeep.prepare()
    await service.inbox.start(bus)
    await service.live.start(bus)
    try:
        yield Running(service, bus, clock, identity, Subgraph(service.routes, signer))
    finally:
        await service.database.drop()
        await service.close()
