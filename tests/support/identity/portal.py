"""A whole identity behind its own HTTP door, on a real database, with a bus that delivers everything twice."""

import re
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import orjson
from pydantic import SecretStr
from starlette.applications import Starlette

from chassis.cloudevents import CloudEvent
from chassis.kernel import SystemClock
from chassis.mail import MailMessage
from chassis.web import CLIENT_ADDRESS_HEADER, GATEWAY_KEY_HEADER
from services.identity.application.ports import Link, LinkKind
from services.identity.bootstrap import Identity, assemble
from services.identity.settings import IdentitySettings
from tests.support.asgi import Answer, request
from tests.support.clock import FakeClock
from tests.support.identity.world import PASSWORD
from tests.support.twice import TwiceBus

GATEWAY_KEY, SERVICE_KEY = "gateway-key-for-tests", "service-key-for-tests"
SESSION = "session { accessToken refreshToken person { __typename id name } } userErrors { code field message }"


@dataclass
class Mailbox:
    """Keeps mails by message id, as a mail server would show copies of one mail."""

    mails: dict[str, MailMessage] = field(default_factory=dict[str, MailMessage])

    async def send(self, message: MailMessage) -> None:
        self.mails[message.message_id] = message

    def to(self, address: str) -> list[MailMessage]:
        return [mail for mail in self.mails.values() if mail.to == address]


@dataclass
class Portal:
    """The service, what it stands on, and shortcuts through its GraphQL door."""

    service: Identity
    bus: TwiceBus
    clock: FakeClock
    mailbox: Mailbox
    keys: Any = field(default_factory=lambda: count(1))

    async def answer(
        self, document: str, token: str | None = None, headers: dict[str, str] | None = None, /, **variables: Any
    ) -> Answer:
        """Send one GraphQL request as the gateway does."""
        given = {
            "content-type": "application/json",
            GATEWAY_KEY_HEADER: GATEWAY_KEY,
            CLIENT_ADDRESS_HEADER: "192.0.2.1",
            **({"authorization": f"Bearer {token}"} if token else {}),
            **(headers or {}),
        }
        body = orjson.dumps({"query": document, "variables": variables})
        app = Starlette(routes=self.service.routes)
        return await request(app, "/graphql", method="POST", headers=given, body=body)

    async def data(self, document: str, token: str | None = None, /, **variables: Any) -> dict[str, Any]:
        """Return the data of a request that has no errors."""
        answer = await self.answer(document, token, **variables)
        body = orjson.loads(answer.body)
        assert (answer.status, body.get("errors")) == (200, None), body
        return body["data"]

    async def codes(self, document: str, token: str | None = None, /, **variables: Any) -> list[str]:
        """Return the codes of a request's errors."""
        body = orjson.loads((await self.answer(document, token, **variables)).body)
        return [error["extensions"]["code"] for error in body.get("errors") or []]

    async def mutate(self, name: str, token: str | None, shown: str, /, **given: Any) -> dict[str, Any]:
        """Call a mutation with this input (and a fresh idempotency key where there is none) and return its payload."""
        kind = name[0].upper() + name[1:]
        anonymous = {
            "acceptInvite", "logIn", "refreshSession", "logOut", "changePassword",
            "requestPasswordReset", "resetPassword", "confirmEmail", "beginPasskey",
            "beginPasskeyLogIn",
        }  # fmt: skip
        if name not in anonymous:
            given.setdefault("idempotencyKey", f"test-key-{next(self.keys)}")
        document = f"mutation($input: {kind}Input!) {{ {name}(input: $input) {{ {shown} }} }}"
        return (await self.data(document, token, input=given))[name]

    async def register(self, slug: str) -> "Business":
        """Register an organisation with an open portal."""
        payload = await self.mutate(
            "registerOrganisation",
            None,
            f"organisation {{ id }} {SESSION}",
            name=slug.title(),
            timeZone="Europe/Berlin",
            locale="de-DE",
            currency="EUR",
            owner={"name": "Ada Sommer", "email": f"ada@{slug}.example", "language": "de", "password": PASSWORD},
        )
        assert payload["userErrors"] == []
        business = Business(self, slug, payload["organisation"]["id"], payload["session"]["accessToken"])
        await self.confirm(business.id, payload["session"]["person"]["id"], business.owner)
        await self.mutate("enablePortal", business.owner, "userErrors { code }", name=f"{slug} Portal", slug=slug)
        return business

    async def confirm(self, organisation_id: str, owner_id: str, token: str) -> None:
        """Confirm the address of a registration, as by the first link that is mailed to it."""
        link = Link(LinkKind.EMAIL_PROOF, organisation_id, owner_id, 1)
        document = "mutation($input: ConfirmEmailInput!) { confirmEmail(input: $input) { done userErrors { code } } }"
        done = await self.data(document, token, input={"token": self.service.ports.links.issue(link)})
        assert done["confirmEmail"] == {"done": True, "userErrors": []}

    async def settle(self) -> None:
        """Relay what waits, with every reaction done."""
        while await self.service.relay.drain() or await self.service.deliver.drain():
            pass

    async def log_in(
        self, email: str, password: str = PASSWORD, portal: str | None = None, address: str = "192.0.2.1"
    ) -> dict[str, Any]:
        """Return the payload of a log-in."""
        document = f"mutation($input: LogInInput!) {{ logIn(input: $input) {{ {SESSION} }} }}"
        given = {"email": email, "password": password, "portal": portal}
        answer = await self.answer(document, None, {CLIENT_ADDRESS_HEADER: address}, input=given)
        return orjson.loads(answer.body)["data"]["logIn"]

    def link_token(self, email: str) -> str:
        """Return the token of the last mail to this address."""
        found = re.search(r"#token=([\w.-]+)", self.mailbox.to(email)[-1].text)
        assert found is not None
        return found[1]

    async def forwarded(self, event_id: str, organisation_id: str, data: dict[str, Any]) -> None:
        """Publish what collaboration says when a document was sent on, twice as everything."""
        event = CloudEvent(
            id=event_id,
            type="collaboration.document_forwarded.v1",
            source="/collaboration",
            subject=event_id,
            sequence=1,
            time="2026-03-09T12:00:00.000Z",
            organisation_id=organisation_id,
            data=data,
        )
        await self.bus.publish(event)

    def events(self, event_type: str) -> list[CloudEvent]:
        """Return the published events of this type."""
        return [event for event in self.bus.published if event.type == event_type]


@dataclass
class Business:
    """One organisation under test."""

    portal: Portal
    slug: str
    id: str
    owner: str

    async def customer(self, name: str = "Krause OHG", **details: Any) -> str:
        """Enter a client company and return its id."""
        given = {"name": name, "currency": "EUR", "language": "de", **details}
        payload = await self.portal.mutate("createCustomer", self.owner, "customer { id } userErrors { code }", **given)
        return payload["customer"]["id"]

    async def contact(self, email: str, customer: str | None = None, name: str = "Jona Krause") -> str:
        """Enter a contact and return its id."""
        given = {"customerId": customer or await self.customer(), "name": name, "email": email, "language": "de"}
        payload = await self.portal.mutate("addContact", self.owner, "contact { id } userErrors { code }", **given)
        return payload["contact"]["id"]

    async def invite(self, *contact_ids: str) -> None:
        """Invite contacts and let the mails arrive."""
        shown = "results { userError { code } } userErrors { code }"
        payload = await self.portal.mutate("inviteContacts", self.owner, shown, contactIds=list(contact_ids))
        assert {result["userError"] for result in payload["results"]} == {None}
        await self.portal.settle()

    async def client(self, email: str, customer: str | None = None) -> dict[str, Any]:
        """Enter, invite and let in a contact; returns its session."""
        await self.invite(await self.contact(email, customer))
        token = self.portal.link_token(email)
        payload = await self.portal.mutate("acceptInvite", None, SESSION, token=token, password=PASSWORD)
        assert payload["userErrors"] == []
        return payload["session"]


def make_settings(mongo_url: str, database_name: str, **more: Any) -> IdentitySettings:
    """Return settings with the cheapest hashes, and a portal elsewhere than the service."""
    given: dict[str, Any] = {
        "mongo_url": mongo_url,
        "database_prefix": f"{database_name}_",
        "gateway_key": SecretStr(GATEWAY_KEY),
        "service_key": SecretStr(SERVICE_KEY),
        "identity_secret": SecretStr("a secret of the tests that is long enough"),
        "portal_url": "https://portal.example",
        "issuer": "https://portal.example",
        "argon2_memory_kib": 8,
        "argon2_passes": 1,
        **more,
    }
    return IdentitySettings(**given)


def make_portal(settings: IdentitySettings) -> Portal:
    """Return a service over the database of these settings.

    Its clock begins now: the database removes what is old by its own.
    """
    bus, clock, mailbox = TwiceBus(), FakeClock(SystemClock().now()), Mailbox()
    return Portal(assemble(settings, bus=bus, clock=clock, mailer=mailbox), bus, clock, mailbox)
