"""Invite contacts, one or several at once; resend and revoke invites of contacts and staff."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, DomainError, Principal, Role, Unavailable, require_id
from services.identity.application.inviting import counted_invite
from services.identity.application.people import get_person, invite_fingerprint, update_person
from services.identity.application.ports import Ports
from services.identity.application.proving import require_proven
from services.identity.domain.contact import Contact
from services.identity.domain.errors import EmailHasAccess, PortalNotEnabled, TextRequired, TooManyEntries
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class InviteContacts:
    contact_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ResendInvite:
    person_id: str


@dataclass(frozen=True, kw_only=True)
class RevokeInvite:
    person_id: str


@dataclass(frozen=True, kw_only=True)
class InviteResult:
    """What became of one of them: the invited contact, or the refusal."""

    contact_id: str
    contact: Contact | None = None
    refusal: DomainError | None = None


async def invite_contacts(command: InviteContacts, *, by: Principal, ports: Ports) -> tuple[InviteResult, ...]:
    """Invite each of them, in order; one refusal does not stop the others.

    Raises:
        PortalNotEnabled, TooManyEntries, TextRequired, EmailUnproven: when nobody can be invited at all.
    """
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    contact_ids = tuple(dict.fromkeys(command.contact_ids))
    if not contact_ids:
        raise TextRequired("contactIds")
    if len(contact_ids) > ports.policy.invites_at_once:
        raise TooManyEntries(ports.policy.invites_at_once, "contactIds")
    await _require_portal(by, ports)
    await require_proven(by, ports)
    return tuple([await _invite(contact_id, by, ports) for contact_id in contact_ids])


async def resend_invite(command: ResendInvite, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Send a new link, which kills the old one.

    Raises:
        NotInvited: when there is no open or expired invite.
        InviteQuotaReached: when too many were sent today.
        EmailUnproven: before the registration is confirmed.
    """
    person = await _get_invitable(command.person_id, by, ports)
    await require_proven(by, ports)
    fingerprint, now, life = invite_fingerprint(person, ports), ports.clock.now(), ports.policy.invite_life
    if isinstance(person, Contact):
        await _require_portal(by, ports)
    async with counted_invite(person.id, by, ports):
        return await update_person(
            by, person.id, lambda it: it.resend_invite(fingerprint, by=by.id, life=life, now=now), ports
        )


async def revoke_invite(command: RevokeInvite, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Take the link back.

    Raises:
        NotInvited: when there is no open or expired invite.
    """
    person, now = await _get_invitable(command.person_id, by, ports), ports.clock.now()
    if isinstance(person, StaffMember):
        return await ports.staff.update(by, person.id, lambda it: it.revoke_invite(now))
    return await ports.contacts.update(by, person.id, lambda it: it.revoke_invite(now))


async def _invite(contact_id: str, by: Principal, ports: Ports) -> InviteResult:
    now, life = ports.clock.now(), ports.policy.invite_life
    try:
        contact = await ports.contacts.get(by, require_id(contact_id, "con", "contactIds"))
        fingerprint = invite_fingerprint(contact, ports)
        async with counted_invite(contact.id, by, ports):
            invited = await ports.contacts.update(
                by, contact.id, lambda it: it.send_invite(fingerprint, by=by.id, life=life, now=now)
            )
    except AlreadyExists:
        return InviteResult(contact_id=contact_id, refusal=EmailHasAccess())
    except Unavailable:  # no answer to remember: the whole request goes on later, where it stopped
        raise
    except DomainError as refusal:
        return InviteResult(contact_id=contact_id, refusal=refusal)
    return InviteResult(contact_id=contact_id, contact=invited)


async def _get_invitable(person_id: str, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Owners handle everybody's invites, accountants those of contacts."""
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    if person_id.startswith("stf_"):
        by.require_role(Role.OWNER)
        return await get_person(by, require_id(person_id, "stf"), ports)
    return await get_person(by, require_id(person_id, "con"), ports)


async def _require_portal(by: Principal, ports: Ports) -> None:
    organisation = await ports.organisations.get(by, by.organisation_id)
    if not organisation.portal_is_open:
        raise PortalNotEnabled
