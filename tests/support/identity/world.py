"""A whole identity in memory, and the histories that tests begin with."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from chassis.kernel import DomainEvent, Principal, Role, new_id
from services.identity.adapters.links import HmacLinkTokens
from services.identity.adapters.one_time_codes import TotpCodes
from services.identity.adapters.sealing import JweSealing
from services.identity.adapters.webauthn_passkeys import WebauthnPasskeys
from services.identity.application import commands_of, queries_of, reactions_of
from services.identity.application.accounts import Account
from services.identity.application.commands.accept_invite import AcceptInvite
from services.identity.application.commands.add_contact import AddContact
from services.identity.application.commands.confirm_email import ConfirmEmail
from services.identity.application.commands.create_customer import CreateCustomer
from services.identity.application.commands.enable_portal import EnablePortal
from services.identity.application.commands.invite_contacts import InviteContacts
from services.identity.application.commands.invite_staff import InviteStaff
from services.identity.application.commands.log_in import LogIn
from services.identity.application.commands.register_organisation import RegisterOrganisation
from services.identity.application.commands.request_password_reset import RequestPasswordReset
from services.identity.application.people import invite_link, principal_of
from services.identity.application.ports import Policy, Ports
from services.identity.application.proving import proof_link
from services.identity.application.reactions.send_mails import ResetRequested
from services.identity.application.second_factors import Challenged
from services.identity.application.signing_in import SignedIn
from services.identity.domain.contact import Contact, ContactDetails
from services.identity.domain.customer import Customer, CustomerDetails
from services.identity.domain.events import PasswordResetRequested
from services.identity.domain.organisation import Organisation, OrganisationDetails, PortalSettings
from services.identity.domain.staff_member import StaffDetails, StaffMember
from tests.support.clock import FakeClock
from tests.support.identity import fakes

PASSWORD = "violet-teapot-42"
NEW_PASSWORD = "amber-lantern-77"
E = TypeVar("E", bound=DomainEvent)


def fake_ports(log: list[DomainEvent], policy: Policy | None = None, **others: Any) -> Ports:
    """Return ports in memory; `others` replaces some of them."""
    ports = Ports(
        organisations=fakes.FakeOrganisations(log),
        staff=fakes.FakeStaffMembers(log),
        customers=fakes.FakeCustomers(log),
        contacts=fakes.FakeContacts(log),
        sessions=fakes.FakeSessions(log),
        resets=fakes.FakePasswordResets(log),
        passwords=fakes.FakePasswords(),
        links=HmacLinkTokens([b"a secret of the tests, long enough"]),
        access_tokens=fakes.FakeAccessTokens(),
        throttle=fakes.FakeThrottle(),
        sealing=JweSealing([b"a secret of the tests, long enough"]),
        codes=TotpCodes(),
        passkeys=WebauthnPasskeys("portal.example", "Portal", ["https://portal.example", "https://app.portal.example"]),
        mails=fakes.FakeMails(),
        clock=FakeClock(),
        policy=policy or Policy(),
    )
    return replace(ports, **others)


class Watched:
    """A port that notes each call as `port.method` and passes it on."""

    def __init__(self, name: str, port: Any, steps: list[str]) -> None:
        self._name = name
        self._port = port
        self._steps = steps

    def __getattr__(self, method: str) -> Any:
        self._steps.append(f"{self._name}.{method}")
        return getattr(self._port, method)


def watched_ports(ports: Ports, steps: list[str]) -> Ports:
    """Return the same ports, noting every step that waits for something."""
    names = ("organisations", "staff", "customers", "contacts", "sessions", "resets", "passwords", "throttle")
    return replace(ports, **{name: Watched(name, getattr(ports, name), steps) for name in names})


@dataclass(frozen=True)
class Registered:
    """A new organisation and its owner, logged in."""

    organisation: Organisation
    signed_in: SignedIn


class World:
    """The application over some ports, with shortcuts for histories. `owner` is set by `with_portal`."""

    owner: Principal

    def __init__(self, ports: Ports | None = None, policy: Policy | None = None) -> None:
        self.events: list[DomainEvent] = []
        self.ports = ports or fake_ports(self.events, policy)
        self.commands = commands_of(self.ports)
        self.queries = queries_of(self.ports)
        self.reactions = reactions_of(self.ports)

    def told(self, kind: type[E]) -> list[E]:
        """Return the events of this kind so far."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def clock(self) -> FakeClock:
        assert isinstance(self.ports.clock, FakeClock)
        return self.ports.clock

    async def register(
        self, name: str = "Nordlicht", email: str = "ada@nordlicht.example", *, proven: bool = True
    ) -> Registered:
        """Register an organisation; `proven` says whether its owner has confirmed the address."""
        organisation = await self.commands.register_organisation(
            RegisterOrganisation(
                organisation_id=new_id("org"),
                owner_id=new_id("stf"),
                details=OrganisationDetails(name=name, time_zone="Europe/Berlin", locale="de-DE", currency="EUR"),
                owner_name="Ada Sommer",
                owner_email=email,
                owner_language="de",
                password=PASSWORD,
            )
        )
        if proven:
            command = ConfirmEmail(token=await self.proof_token(organisation), password=PASSWORD)
            await self.commands.confirm_email(command, by=None)
        account = Account(email=email, organisation_id=organisation.id)
        log_in = LogIn(account=account, password=PASSWORD, address="127.0.0.1")
        return Registered(organisation, entered(await self.commands.log_in(log_in)))

    async def proof_token(self, organisation: Organisation) -> str:
        """Return the secret of the newest link that was mailed to who registered the organisation."""
        owner = await self.ports.staff.get(Principal.for_service(organisation.id), organisation.owner_ids[0])
        return self.ports.links.issue(proof_link(owner, owner.awaited_proof.generation if owner.awaited_proof else 1))

    async def with_portal(self, slug: str = "nordlicht") -> "World":
        """Register an organisation with an open portal; its owner becomes `owner`."""
        registered = await self.register(name=slug.title(), email=f"ada@{slug}.example")
        self.owner = acting(registered.signed_in)
        settings = PortalSettings(name=f"{slug.title()} Portal", slug=slug)
        await self.commands.enable_portal(EnablePortal(settings=settings), by=self.owner)
        return self

    async def customer(self, name: str = "Krause OHG") -> Customer:
        command = CreateCustomer(details=CustomerDetails(name=name, currency="EUR", language="de"))
        return await self.commands.create_customer(command, by=self.owner)

    async def contact(
        self, customer: Customer | None = None, email: str = "jona@krause.example", **details: Any
    ) -> Contact:
        customer = customer or await self.customer()
        given = {"name": "Jona Krause", "language": "de", **details}
        command = AddContact(customer_id=customer.id, details=ContactDetails(email=email, **given))
        return await self.commands.add_contact(command, by=self.owner)

    async def invited(self, contact: Contact | None = None) -> Contact:
        contact = contact or await self.contact()
        (result,) = await self.commands.invite_contacts(InviteContacts(contact_ids=(contact.id,)), by=self.owner)
        assert result.contact is not None, result.refusal
        return result.contact

    def token(self, person: Contact | StaffMember) -> str:
        """Return the token of the person's present invite, as it stands in the mail."""
        assert person.invite is not None
        return self.ports.links.issue(invite_link(person, person.invite.generation))

    async def accepted(self, contact: Contact | None = None) -> SignedIn:
        invited = await self.invited(contact)
        return entered(await self.commands.accept_invite(AcceptInvite(token=self.token(invited), password=PASSWORD)))

    async def colleague(self, role: Role, email: str = "grace@nordlicht.example") -> SignedIn:
        details = StaffDetails(name="Grace Winter", email=email, role=role)
        member = await self.commands.invite_staff(InviteStaff(details=details), by=self.owner)
        return entered(await self.commands.accept_invite(AcceptInvite(token=self.token(member), password=PASSWORD)))

    async def log_in(
        self,
        email: str = "jona@krause.example",
        password: str = PASSWORD,
        portal: str | None = "nordlicht",
        address: str = "192.0.2.1",
        organisation_id: str | None = None,
        device: str | None = None,
    ) -> SignedIn:
        account = Account(email=email, portal=portal, organisation_id=organisation_id)
        command = LogIn(account=account, password=password, address=address, device=device)
        return entered(await self.commands.log_in(command))


def entered(outcome: SignedIn | Challenged) -> SignedIn:
    """Return the session of somebody of whom no more was asked."""
    assert isinstance(outcome, SignedIn)
    return outcome


def acting(signed_in: SignedIn) -> Principal:
    """Return the principal as which somebody acts who has signed in."""
    *_, proven, session_id = signed_in.access_token.text.split()
    return principal_of(signed_in.person, session_id, None if proven == "-" else datetime.fromisoformat(proven))


async def ask_for_reset(
    world: World,
    email: str = "jona@krause.example",
    portal: str | None = "nordlicht",
    address: str = "192.0.2.1",
    device: str | None = None,
) -> None:
    """Ask for a link to set a new password."""
    account = Account(email=email, portal=portal)
    await world.commands.request_password_reset(RequestPasswordReset(account=account, address=address, device=device))


async def reset_token(world: World) -> str:
    """Return the token of the last reset mail, sent by the reaction to its event."""
    event = world.told(PasswordResetRequested)[-1]
    by = Principal.for_service(event.organisation_id)
    await world.reactions.send_mails.reset(ResetRequested(event_id="e-1", reset_id=event.reset_id), by=by)
    assert isinstance(world.ports.mails, fakes.FakeMails)
    token = world.ports.mails.sent[-1][1].token
    assert token is not None
    return token


def fake_passwords(world: World) -> fakes.FakePasswords:
    """Return the world's fake hasher."""
    assert isinstance(world.ports.passwords, fakes.FakePasswords)
    return world.ports.passwords
