"""All four services with every event held back: they stand on real databases, and ask each other over real HTTP.

What was told until `hear` reached everybody; what happens after it reaches nobody, however long the test takes.
"""

import asyncio
import socket
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import date
from itertools import count
from typing import Any

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from chassis.bus import DependencyDown
from chassis.cloudevents import CloudEvent
from chassis.kernel import Principal, Role
from chassis.mongo.indexes import ensure_indexes
from chassis.outbox import Relay
from chassis.world import zones
from services.billing import bootstrap as billing
from services.billing.application.payment_ports import PaymentProvider
from services.billing.settings import BillingSettings
from services.collaboration import bootstrap as collaboration
from services.collaboration.settings import CollaborationSettings
from services.identity.bootstrap import INDEXES
from services.notifications import bootstrap as notifications
from services.notifications.settings import NotificationsSettings
from tests.support.identity.portal import GATEWAY_KEY, SERVICE_KEY, Portal, make_portal, make_settings
from tests.support.notifications.fakes import FakeFiles, FakeMailer
from tests.support.subgraph import Subgraph
from tests.support.tokens import ISSUER, Signer
from tests.support.twice import TwiceBus
from tests.support.waiting import LIMIT, eventually

FAR_WEST, FAR_EAST = "Pacific/Pago_Pago", "Pacific/Kiritimati"
"""Where it is never the same day: 25 hours lie between them."""


class Owners:
    """The `/internal/` doors of identity and billing on one real port. `away`: nobody answers; `asked` counts."""

    def __init__(self) -> None:
        self.app: Starlette | None = None
        self.away = False
        self.asked: list[str] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            self.asked.append(scope["path"])
        if self.away or self.app is None:
            await PlainTextResponse("away", status_code=503)(scope, receive, send)
        else:
            await self.app(scope, receive, send)


@dataclass
class Service:
    """One of the three that keep projections: what it was told, and what it tells."""

    name: str
    made: Any
    bus: TwiceBus
    subgraph: Subgraph
    told: int = 0

    async def news(self) -> list[CloudEvent]:
        """Return what it has to tell that nobody has heard."""
        relay: Relay = self.made.relay
        while await relay.drain():
            pass
        own = [event for event in self.bus.published if event.source == f"/{self.name}"]
        new, self.told = own[self.told :], len(own)
        return new


@dataclass
class Held:
    """Everything together."""

    identity: Portal
    services: dict[str, Service]
    owners: Owners
    mailer: FakeMailer
    heard: int = 0
    held: bool = False
    signer: Any = None
    url: str = ""

    async def hear(self) -> None:
        """Let everybody hear what happened until now; nobody, while even that is `held`."""
        if self.held:
            return
        await self.identity.settle()
        news = [event for event in self.identity.bus.published if event.source == "/identity"]
        news, self.heard = news[self.heard :], len(news)
        for service in self.services.values():
            news += await service.news()
        for event in news:
            for service in self.services.values():
                if event.source != f"/{service.name}":
                    await service.bus.publish(event)

    async def register(self) -> "Business":
        """Register an organisation with an open portal, a client company and a contact who is in; all were heard of."""
        slug = f"late-{next(_NUMBERS)}"
        made = await self.identity.register(slug)
        owner = (await self.identity.data("{ me { id } }", made.owner))["me"]["id"]
        by = Principal(id=owner, organisation_id=made.id, role=Role.OWNER)
        business = Business(self, made.owner, by)
        business.customer = await business.new_customer()
        business.contact = await business.new_contact(business.customer)
        await self.hear()
        return business


@dataclass
class Business:
    """One organisation, and what its people can do; each step is a request to the service that owns it."""

    world: Held
    token: str
    owner: Principal
    customer: str = ""
    contact: Principal | None = None
    notes: dict[str, str] = field(default_factory=dict[str, str])

    # --- identity ---

    async def change(self, mutation: str, **given: Any) -> None:
        """Change something in identity."""
        payload = await self.world.identity.mutate(mutation, self.token, "userErrors { code field }", **given)
        assert payload["userErrors"] == [], payload

    async def new_customer(self) -> str:
        """Enter a client company."""
        given = {"name": f"Client {next(_NUMBERS)}", "currency": "EUR"}
        return (await self.world.identity.mutate("createCustomer", self.token, "customer { id }", **given))["customer"][
            "id"
        ]

    async def new_contact(self, customer: str) -> Principal:
        """Enter a contact, invite it and let it in."""
        portal, email = self.world.identity, f"zoe-{next(_NUMBERS)}@client.example"
        given = {"customerId": customer, "name": "Zoe Client", "email": email, "isPrimary": True}
        added = (await portal.mutate("addContact", self.token, "contact { id }", **given))["contact"]["id"]
        await portal.mutate("inviteContacts", self.token, "userErrors { code }", contactIds=[added])
        await portal.settle()
        token = portal.link_token(email)
        await portal.mutate(
            "acceptInvite", None, "userErrors { code }", token=token, password="correct horse battery 7"
        )
        return Principal(id=added, organisation_id=self.owner.organisation_id, role=Role.CONTACT, customer_id=customer)

    def today(self, zone: str) -> str:
        """Return what day it is there."""
        day: date = self.world.identity.clock.now().astimezone(zones.zone(zone)).date()
        return day.isoformat()

    # --- the others ---

    async def ask(self, service: str, document: str, by: Principal | None = None, **variables: Any) -> Any:
        """Return a query's data, or the codes of its errors as a list."""
        subgraph = self.world.services[service].subgraph
        _, body = await subgraph.answer(document, by or self.owner, **variables)
        codes = [error["extensions"]["code"] for error in body.get("errors") or []]
        return codes or body["data"]

    async def do(self, service: str, mutation: str, show: str, by: Principal | None = None, **given: Any) -> Any:
        """Return what a mutation shows, or its refusals' codes as a list."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        document = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {show} userErrors {{ code }} }} }}"
        given["idempotencyKey"] = f"held-back-{next(_NUMBERS)}"
        data = await self.ask(service, document, by, input=given)
        if isinstance(data, list):
            return data
        refused = [error["code"] for error in data[mutation]["userErrors"]]
        return refused or data[mutation]

    async def draft(self, kind: str, customer: str | None = None, **given: Any) -> Any:
        """Return the id of a new draft, or codes; `kind` is `invoice` or `estimate`."""
        lines = [{"description": "Work", "quantity": "1", "unitPrice": "100"}]
        content = {"customerId": customer or self.customer, "currency": "EUR", "lines": lines, **given}
        if kind == "invoice":
            content.setdefault("paymentTerms", {"modes": ["BANK_TRANSFER"]})
        made = await self.do("billing", f"create{kind.capitalize()}", f"{kind} {{ id }}", **content)
        return made[kind]["id"] if isinstance(made, dict) else made

    async def send(self, kind: str, document: str) -> Any:
        """Send a draft and return its id, or codes."""
        sent = await self.do("billing", f"send{kind.capitalize()}", f"{kind} {{ id }}", **{f"{kind}Id": document})
        return sent[kind]["id"] if isinstance(sent, dict) else sent

    async def sent(self, kind: str, **given: Any) -> str:
        """Return the id of a document that was sent."""
        return await self.send(kind, await self.draft(kind, **given))

    async def entity(self, service: str, kind: str, entity_id: str, fields: str, by: Principal) -> Any:
        """Return an entity, None where it is not there, or codes."""
        document = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind} {{ {fields} }} }} }}"
        data = await self.ask(service, document, by, r=[{"__typename": kind, "id": entity_id}])
        return data if isinstance(data, list) else data["_entities"][0]

    async def deliver(self, events: Sequence[CloudEvent]) -> list[str]:
        """Give events to notifications as the bus does, and return what it said to those that it could not take."""
        said: list[str] = []
        for event in events:
            try:
                await self.world.services["notifications"].made.inbox.handle(event.to_json(), 1)
            except DependencyDown as down:
                said.append(str(down))
        return said

    async def told(self, person: Principal) -> set[tuple[str, str]]:
        """Return the kinds and channels of what a person was told."""
        store = self.world.services["notifications"].made.database["notifications"]
        rows = await store.find({"recipient.id": person.id}).to_list()
        return {(row["news"]["kind"], row["channel"]) for row in rows}


_NUMBERS = count(1)


@asynccontextmanager
async def held_back(
    mongo_url: str, database_name: str, providers: Mapping[str, PaymentProvider] | None = None
) -> AsyncGenerator[Held]:
    """Run all four; nothing is relayed but by `hear`. Cards are paid at `sandbox`, where `providers` names it."""
    owners, listening = Owners(), socket.create_server(("127.0.0.1", 0))
    url = f"http://127.0.0.1:{listening.getsockname()[1]}"
    identity = make_portal(make_settings(mongo_url, database_name))
    await ensure_indexes(identity.service.database, INDEXES)
    await identity.service.inbox.start(identity.bus)
    mailer = FakeMailer()
    signer = Signer(identity.clock)
    services = await _services(mongo_url, database_name, url, identity, mailer, signer, providers)
    routes = {"/identity": identity.service.routes, "/billing": services["billing"].made.routes}
    owners.app = Starlette(routes=[Mount(path, routes=inner) for path, inner in routes.items()])
    server = uvicorn.Server(uvicorn.Config(owners, log_config=None, lifespan="off"))
    serving = asyncio.create_task(server.serve([listening]))
    await eventually(lambda: server.started, "the owners' door")
    try:
        yield Held(identity, services, owners, mailer, signer=signer, url=url)
    finally:
        server.should_exit = True
        await serving
        for made in (identity.service, *(service.made for service in services.values())):
            await made.database.drop()
            await made.close()


async def _services(
    mongo_url: str,
    database_name: str,
    url: str,
    identity: Portal,
    mailer: FakeMailer,
    signer: Signer,
    providers: Mapping[str, PaymentProvider] | None,
) -> dict[str, Service]:
    made: dict[str, Service] = {}
    for name, room in ROOMS.items():
        bus = TwiceBus()
        service = assembled(name, mongo_url, database_name, url, identity, mailer, signer, providers, bus)
        await ensure_indexes(service.database, room.INDEXES)
        await service.inbox.start(bus)
        made[name] = Service(name, service, bus, Subgraph(service.routes, signer))
    return made


ROOMS: dict[str, Any] = {"billing": billing, "collaboration": collaboration, "notifications": notifications}


def assembled(
    name: str,
    mongo_url: str,
    database_name: str,
    url: str,
    identity: Portal,
    mailer: FakeMailer,
    signer: Signer,
    providers: Mapping[str, PaymentProvider] | None,
    bus: TwiceBus,
) -> Any:
    """Return one of the three that keep projections; assembled again it is another process of the same service."""
    given: dict[str, Any] = {
        "mongo_url": mongo_url,
        "database_prefix": f"{database_name}_",
        "gateway_key": SecretStr(GATEWAY_KEY),
        "service_key": SecretStr(SERVICE_KEY),
        "identity_url": f"{url}/identity",
        "billing_url": f"{url}/billing",
        "issuer": ISSUER,
        "owner_seconds": LIMIT,
    }
    made = {
        "billing": (
            BillingSettings,
            {"portal_url": "https://portal.test", "card_provider": "sandbox"},
            {"providers": providers},
        ),
        "collaboration": (CollaborationSettings, {}, {}),
        "notifications": (NotificationsSettings, {}, {"files": FakeFiles(), "mailer": mailer}),
    }
    settings, more, extra = made[name]
    return ROOMS[name].assemble(settings(**given, **more), bus=bus, clock=identity.clock, keys=signer, **extra)
