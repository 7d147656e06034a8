"""Identity's own mails: they carry links that nobody else can make. Links are made again from what is stored, so a
retried mail is the same mail; an invite or reset that no longer counts is not mailed, and each function says whether
it mailed."""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import NotFound, PageRequest, Principal, Role
from services.identity.application.people import get_person, invite_link
from services.identity.application.ports import Letter, Link, LinkKind, Ports
from services.identity.application.proving import proof_link
from services.identity.domain.contact import Contact
from services.identity.domain.organisation import Organisation
from services.identity.domain.repositories import SortOrder, StaffFilter
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class Mailed:
    """What a mail is about; `mail_id` is the mail that waits for it, empty where none does."""

    event_id: str
    mail_id: str = ""


@dataclass(frozen=True, kw_only=True)
class InviteSent(Mailed):
    person_id: str
    generation: int


@dataclass(frozen=True, kw_only=True)
class ResetRequested(Mailed):
    reset_id: str


@dataclass(frozen=True, kw_only=True)
class EmailProofAsked(Mailed):
    person_id: str
    generation: int


@dataclass(frozen=True, kw_only=True)
class PasswordReplaced(Mailed):
    person_id: str


@dataclass(frozen=True, kw_only=True)
class EmailReplaced(Mailed):
    person_id: str
    former_name: str
    former_email: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorTurned(Mailed):
    person_id: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class PasskeyAddedOrRemoved(Mailed):
    person_id: str
    is_added: bool


@dataclass(frozen=True, slots=True)
class SendMails:
    """Each mails what is still true, and tells whether it mailed."""

    ports: Ports

    async def invite(self, event: InviteSent, by: Principal) -> bool:
        """Mail the link of an invite that is still the open one."""
        person = await get_person(by, event.person_id, self.ports)
        invite = person.invite
        if invite is None or invite.generation != event.generation or self.ports.clock.now() >= invite.expires_at:
            return False
        token = self.ports.links.issue(invite_link(person, invite.generation))
        letter = await _letter(event, person, by, self.ports, token=token, expires_at=invite.expires_at)
        await (self.ports.mails.invite_contact if isinstance(person, Contact) else self.ports.mails.invite_staff)(
            letter
        )
        return True

    async def reset(self, event: ResetRequested, by: Principal) -> bool:
        """Mail the link of a reset that is still open."""
        reset = await self.ports.resets.get(by, event.reset_id)
        if reset.principal_id is None or not reset.is_open(self.ports.clock.now()):
            return False
        person = await get_person(by, reset.principal_id, self.ports)
        if person.epoch != reset.epoch:
            return False
        token = self.ports.links.issue(Link(LinkKind.RESET, reset.organisation_id, reset.id, 1))
        await self.ports.mails.reset_password(
            await _letter(event, person, by, self.ports, token=token, expires_at=reset.expires_at)
        )
        return True

    async def email_proof(self, event: EmailProofAsked, by: Principal) -> bool:
        """Mail the link of a registration that is still the newest one.

        With nothing that its owner wrote, since whoever reads it may know nothing of it.
        """
        person = await get_person(by, event.person_id, self.ports)
        awaited = person.awaited_proof
        if awaited is None or awaited.generation != event.generation or self.ports.clock.now() >= awaited.expires_at:
            return False
        token = self.ports.links.issue(proof_link(person, awaited.generation))
        letter = await _letter(event, person, by, self.ports, token=token, expires_at=awaited.expires_at)
        await self.ports.mails.prove_email(replace(letter, to_name="", organisation_name=""))
        return True

    async def password_changed(self, event: PasswordReplaced, by: Principal) -> bool:
        """Tell the person, so that a stranger's change does not go unnoticed."""
        try:
            person = await get_person(by, event.person_id, self.ports)
        except NotFound:
            return False
        if person.awaited_proof is not None:
            return False
        await self.ports.mails.password_changed(await _letter(event, person, by, self.ports))
        return True

    async def email_changed(self, event: EmailReplaced, by: Principal) -> bool:
        """Tell whoever reads the old address, so that a stranger's change does not go unnoticed.

        Nothing is said of the new one.
        """
        try:
            person = await get_person(by, event.person_id, self.ports)
        except NotFound:
            return False
        letter = await _letter(event, person, by, self.ports)
        await self.ports.mails.email_changed(replace(letter, to=event.former_email, to_name=event.former_name))
        return True

    async def passkey_changed(self, event: PasskeyAddedOrRemoved, by: Principal) -> bool:
        """Tell the person, so that a stranger's change does not go unnoticed."""
        try:
            person = await get_person(by, event.person_id, self.ports)
        except NotFound:
            return False
        if person.awaited_proof is not None:
            return False
        letter = await _letter(event, person, by, self.ports)
        await self.ports.mails.passkey_changed(letter, is_added=event.is_added)
        return True

    async def second_factor_changed(self, event: SecondFactorTurned, by: Principal) -> bool:
        """Tell the person, so that a stranger's change does not go unnoticed."""
        try:
            person = await get_person(by, event.person_id, self.ports)
        except NotFound:
            return False
        if person.awaited_proof is not None:
            return False
        letter = await _letter(event, person, by, self.ports)
        await self.ports.mails.second_factor_changed(letter, is_on=event.is_on)
        return True


async def _letter(
    event: Mailed,
    person: StaffMember | Contact,
    by: Principal,
    ports: Ports,
    *,
    token: str | None = None,
    expires_at: datetime | None = None,
) -> Letter:
    organisation = await ports.organisations.get(by, by.organisation_id)
    portal = organisation.portal if isinstance(person, Contact) else None
    return Letter(
        reference=event.event_id,
        mail_id=event.mail_id,
        to=person.email,
        to_name=person.name,
        language=person.language,
        organisation_name=organisation.details.name,
        portal_name=portal and portal.name,
        slug=portal and portal.slug,
        token=token,
        expires_at=expires_at,
        written_at=ports.clock.now(),
        time_zone=organisation.details.time_zone,
        locale=organisation.details.locale,
        reply_to=await answers_of(organisation, by=by, ports=ports) if isinstance(person, Contact) else None,
    )


async def answers_of(organisation: Organisation, *, by: Principal, ports: Ports) -> str | None:
    """Return where clients' answers go: the organisation's address, else its first owner's, as notifications does."""
    if organisation.details.email:
        return organisation.details.email
    page = await ports.staff.page(by, StaffFilter(active=True), SortOrder.OLDEST, PageRequest(100))
    return next((one.email for one in page.items if one.role is Role.OWNER), None)
