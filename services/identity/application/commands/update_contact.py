"""Change a contact person."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import AlreadyExists, Principal, Role, require_id
from services.identity.application.people import end_stragglers, open_sessions
from services.identity.application.ports import Ports
from services.identity.application.primary_contacts import keep_one_primary, primary_since
from services.identity.domain.contact import Contact, ContactChanges
from services.identity.domain.errors import EmailTaken


@dataclass(frozen=True, kw_only=True)
class UpdateContact:
    contact_id: str
    changes: ContactChanges


@dataclass(frozen=True, slots=True)
class UpdateContactHandler:
    ports: Ports

    async def __call__(self, command: UpdateContact, by: Principal) -> Contact:
        """Change a contact person; another e-mail takes the access away until a new invite is accepted.

        Raises:
            EmailTaken: when the company has another contact with this e-mail.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        contact_id, now = require_id(command.contact_id, "con"), self.ports.clock.now()
        ended = await open_sessions(contact_id, by, self.ports)
        try:
            since = await _primary_since_of(command, by, self.ports)
            contact = await self.ports.contacts.update(
                by, contact_id, lambda it: it.update(command.changes, ended, now, primary_since=since)
            )
        except AlreadyExists:
            raise EmailTaken from None
        await end_stragglers(contact, ended, self.ports)
        return await keep_one_primary(contact, by, self.ports)


async def _primary_since_of(command: UpdateContact, by: Principal, ports: Ports) -> datetime | None:
    if not command.changes.get("is_primary"):
        return None
    contact = await ports.contacts.get(by, command.contact_id)
    return await primary_since(contact.customer_id, by, ports)
