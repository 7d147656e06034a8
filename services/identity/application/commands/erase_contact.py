"""Forget a contact person."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import end_stragglers, open_sessions
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact


@dataclass(frozen=True, kw_only=True)
class EraseContact:
    contact_id: str


@dataclass(frozen=True, slots=True)
class EraseContactHandler:
    ports: Ports

    async def __call__(self, command: EraseContact, by: Principal) -> Contact:
        """Forget a contact person, in every service; it cannot be taken back. Owners only.

        Raises:
            ContactIsErased
            ProofNeeded: when it is long ago that the owner showed who that is.
        """
        by.require_role(Role.OWNER)
        contact_id, now = require_id(command.contact_id, "con"), self.ports.clock.now()
        by.require_recent_proof(now)
        ended = await open_sessions(contact_id, by, self.ports)
        contact = await self.ports.contacts.update(by, contact_id, lambda it: it.erase(ended, now, by=by.id))
        await end_stragglers(contact, ended, self.ports)
        return contact
