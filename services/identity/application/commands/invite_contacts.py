"""Invite contacts, one or several at once."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, DomainError, Principal, Role, Unavailable, require_id
from chassis.text import TextRequired
from services.identity.application.inviting import counted_invite, require_portal
from services.identity.application.people import invite_fingerprint
from services.identity.application.ports import Ports
from services.identity.application.proving import require_proven
from services.identity.domain.contact import Contact
from services.identity.domain.errors import EmailHasAccess, TooManyEntries


@dataclass(frozen=True, kw_only=True)
class InviteContacts:
    contact_ids: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class InviteResult:
    """What became of one of them: the invited contact, or the refusal."""

    contact_id: str
    contact: Contact | None = None
    refusal: DomainError | None = None


@dataclass(frozen=True, slots=True)
class InviteContactsHandler:
    ports: Ports

    async def __call__(self, command: InviteContacts, by: Principal) -> tuple[InviteResult, ...]:
        """Invite each of them, in order; one refusal does not stop the others.

        Raises:
            PortalNotEnabled, TooManyEntries, TextRequired, EmailUnproven: when nobody can be invited at all.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        contact_ids = tuple(dict.fromkeys(command.contact_ids))
        if not contact_ids:
            raise TextRequired("contactIds")
        if len(contact_ids) > self.ports.policy.invites_at_once:
            raise TooManyEntries(self.ports.policy.invites_at_once, "contactIds")
        await require_portal(by, self.ports)
        await require_proven(by, self.ports)
        return tuple([await _invite(contact_id, by, self.ports) for contact_id in contact_ids])


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
