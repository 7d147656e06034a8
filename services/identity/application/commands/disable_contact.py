"""Shut a contact out."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import end_stragglers, open_sessions
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact


@dataclass(frozen=True, kw_only=True)
class DisableContact:
    contact_id: str


@dataclass(frozen=True, slots=True)
class DisableContactHandler:
    ports: Ports

    async def __call__(self, command: DisableContact, by: Principal) -> Contact:
        """Shut a contact out, at once.

        Raises:
            NoAccessToDisable
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        contact_id, now = require_id(command.contact_id, "con"), self.ports.clock.now()
        ended = await open_sessions(contact_id, by, self.ports)
        contact = await self.ports.contacts.update(by, contact_id, lambda it: it.disable(ended, now))
        await end_stragglers(contact, ended, self.ports)
        return contact
