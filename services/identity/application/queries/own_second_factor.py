"""One's own second factor, and what is looked up for answers that are given again."""

from chassis.kernel import DomainError, Principal
from services.identity.application.passkeys import Answer, Purpose, challenge_of, read, whose_handle
from services.identity.application.people import get_person, principal_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged, demand_on, recovery_codes
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Passkey, Person


async def own_second_factor(*, by: Principal, ports: Ports) -> tuple[Person, Demand]:
    """Return who asks, and what the organisation asks of such people."""
    person = await get_person(by, by.id, ports)
    return person, await demand_on(person, ports)


async def whose_challenge(token: str, *, ports: Ports) -> Principal | None:
    """Return under whose name the request of somebody with this challenge is remembered, while it counts."""
    try:
        return principal_of(await challenged(token, ports), "")
    except DomainError:
        return None


async def recovery_codes_of(person_id: str, *, by: Principal, ports: Ports) -> tuple[str, ...]:
    """Return the recovery codes that were made last, used or not; none without a second factor."""
    person = await get_person(Principal.for_service(by.organisation_id), person_id, ports)
    return recovery_codes(person, person.guard.recovery_at, ports) if person.guard else ()


async def added_passkey(
    person_id: str, credential: str, *, by: Principal, ports: Ports
) -> tuple[Passkey | None, tuple[str, ...]]:
    """Return the passkey that was made by this answer, while it is there; and the recovery codes that came with it."""
    person = await get_person(Principal.for_service(by.organisation_id), person_id, ports)
    passkey = person.passkey(ports.passkeys.named(credential)[0])
    guard = person.guard
    if passkey is None or guard is None or guard.recovery_at != passkey.added_at:
        return passkey, ()
    return passkey, recovery_codes(person, guard.recovery_at, ports)


async def whose_passkey(answer: Answer, *, ports: Ports) -> Principal | None:
    """Return under whose name a log-in by this answer is remembered: of who holds the passkey, if it is right."""
    try:
        asked = read(answer.token, Purpose.LOG_IN, None, ports)
        passkey_id, handle = ports.passkeys.named(answer.credential)
        person = await whose_handle(handle or asked.handle, ports)
        held = person.passkey(passkey_id)
        if held is None:
            return None
        ports.passkeys.shown(answer.credential, challenge_of(answer.token), held.public_key, asked.until)
    except DomainError:
        return None
    return principal_of(person, "")
