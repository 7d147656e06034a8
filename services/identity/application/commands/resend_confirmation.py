"""Have another link sent that proves an address."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import get_person, update_person
from services.identity.application.ports import Ports
from services.identity.application.proving import count_proof_mail, proof_fingerprint
from services.identity.domain.contact import Contact
from services.identity.domain.errors import ConfirmationQuotaReached, EmailIsProven
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ResendConfirmation:
    address: str


@dataclass(frozen=True, slots=True)
class ResendConfirmationHandler:
    ports: Ports

    async def __call__(self, command: ResendConfirmation, by: Principal) -> StaffMember | Contact:
        """Send a new link, which kills the old one.

        Raises:
            EmailIsProven, ConfirmationQuotaReached
        """
        person = await get_person(by, by.id, self.ports)
        if person.awaited_proof is None:
            raise EmailIsProven
        if not await count_proof_mail(person, command.address, self.ports):
            raise ConfirmationQuotaReached
        fingerprint, life, now = (
            proof_fingerprint(person, self.ports),
            self.ports.policy.proof_life,
            self.ports.clock.now(),
        )
        return await update_person(
            by, person.id, lambda it: it.send_proof_link(fingerprint, life=life, now=now), self.ports
        )
