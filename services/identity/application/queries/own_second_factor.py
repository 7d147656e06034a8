"""One's own second factor, and what is looked up for answers that are given again."""

from chassis.kernel import DomainError, Principal
from services.identity.application.people import get_person, principal_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged, demand_on, recovery_codes
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Person


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
