"""One's own sessions."""

from chassis.kernel import Principal
from services.identity.application.people import get_person, service_of
from services.identity.application.ports import Ports
from services.identity.domain.session import Session

MOST_SHOWN = 100


async def own_sessions(*, by: Principal, ports: Ports) -> list[Session]:
    """Return one's sessions that count, the one used last first; of very many, the newest."""
    person = await get_person(by, by.id, ports)
    found = await ports.sessions.newest(service_of(person), by.id, ports.clock.now(), MOST_SHOWN)
    counting = [one for one in found if person.counts(one.id, one.epoch)]
    return sorted(counting, key=lambda one: one.used_at, reverse=True)
