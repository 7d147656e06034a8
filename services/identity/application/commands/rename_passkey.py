"""Name a passkey."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import update_person
from services.identity.application.ports import Ports
from services.identity.domain.person import Person


@dataclass(frozen=True, kw_only=True)
class RenamePasskey:
    passkey_id: str
    name: str


@dataclass(frozen=True, slots=True)
class RenamePasskeyHandler:
    ports: Ports

    async def __call__(self, command: RenamePasskey, by: Principal) -> Person:
        """Call one of one's own something else. Raises NotFound, InvalidInput."""
        return await update_person(
            by, by.id, lambda it: it.rename_passkey(command.passkey_id, command.name), self.ports
        )
