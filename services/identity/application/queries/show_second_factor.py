"""One's own second factor, and what is looked up for answers that are given again."""

from dataclasses import dataclass

from chassis.kernel import DomainError, Principal
from services.identity.application.passkeys import Answer, Purpose, challenge_of, read, whose_handle
from services.identity.application.people import get_person, principal_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged, demand_on, recovery_codes
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Passkey, Person


@dataclass(frozen=True, slots=True)
class ShowSecondFactor:
    """One's own, and who is meant by what proves one."""

    ports: Ports

    async def own(self, by: Principal) -> tuple[Person, Demand]:
        """Return who asks, and what the organisation asks of such people."""
        person = await get_person(by, by.id, self.ports)
        return person, await demand_on(person, self.ports)

    async def whose_challenge(self, token: str) -> Principal | None:
        """Return under whose name the request of somebody with this challenge is remembered, while it counts."""
        try:
            return principal_of(await challenged(token, self.ports), "")
        except DomainError:
            return None

    async def recovery_codes(self, by: Principal, person_id: str) -> tuple[str, ...]:
        """Return the recovery codes that were made last, used or not; none without a second factor."""
        person = await get_person(Principal.for_service(by.organisation_id), person_id, self.ports)
        return recovery_codes(person, person.guard.recovery_at, self.ports) if person.guard else ()

    async def added_passkey(
        self, by: Principal, person_id: str, credential: str
    ) -> tuple[Passkey | None, tuple[str, ...]]:
        """Return the passkey that was made by this answer, while it is there; and the codes that came with it."""
        person = await get_person(Principal.for_service(by.organisation_id), person_id, self.ports)
        passkey = person.passkey(self.ports.passkeys.named(credential)[0])
        guard = person.guard
        if passkey is None or guard is None or guard.recovery_at != passkey.added_at:
            return passkey, ()
        return passkey, recovery_codes(person, guard.recovery_at, self.ports)

    async def whose_passkey(self, answer: Answer) -> Principal | None:
        """Return under whose name a log-in by this answer is remembered: of who holds the passkey, if it is right."""
        try:
            asked = read(answer.token, Purpose.LOG_IN, None, self.ports)
            passkey_id, handle = self.ports.passkeys.named(answer.credential)
            person = await whose_handle(handle or asked.handle, self.ports)
            held = person.passkey(passkey_id)
            if held is None:
                return None
            self.ports.passkeys.shown(answer.credential, challenge_of(answer.token), held.public_key, asked.until)
        except DomainError:
            return None
        return principal_of(person, "")
