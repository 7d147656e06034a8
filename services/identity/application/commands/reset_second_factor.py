"""Take the second factor from somebody who lost it. Owners only."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.people import end_stragglers, get_person, open_sessions, service_of, update_person
from services.identity.application.ports import Ports
from services.identity.domain.contact import Contact
from services.identity.domain.person import Person
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ResetSecondFactor:
    person_id: str


@dataclass(frozen=True, slots=True)
class ResetSecondFactorHandler:
    ports: Ports

    async def __call__(self, command: ResetSecondFactor, by: Principal) -> StaffMember | Contact:
        """Take the second factor from somebody who lost it, and end all sessions of that person. Owners only.

        Raises:
            ProofNeeded, NotFound
        """
        by.require_role(Role.OWNER)
        by.require_recent_proof(self.ports.clock.now())
        kind = "con" if command.person_id.startswith("con_") else "stf"
        person = await get_person(by, require_id(command.person_id, kind), self.ports)
        ended, now = await open_sessions(person.id, by, self.ports), self.ports.clock.now()

        def change(it: Person) -> None:
            if it.guard is not None:
                it.remove_second_factor(now)
                it.end_sessions(ended, now)

        person = await update_person(service_of(person), person.id, change, self.ports)
        await end_stragglers(person, ended, self.ports)
        return person
