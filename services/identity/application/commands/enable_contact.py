"""Let a contact in again."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact


@dataclass(frozen=True, kw_only=True)
class EnableContact:
    contact_id: str


@dataclass(frozen=True, slots=True)
class EnableContactHandler:
    ports: Ports

    async def __call__(self, command: EnableContact, by: Principal) -> Contact:
        """Let a contact in again, with the old password.

        Raises:
            NotDisabled
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        now = self.ports.clock.now()
        return await self.ports.contacts.update(by, require_id(command.contact_id, "con"), lambda it: it.enable(now))
