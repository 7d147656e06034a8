"""One's own sessions."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import get_person, service_of
from services.identity.application.ports import Ports
from services.identity.domain.session import Session

MOST_SHOWN = 100


@dataclass(frozen=True, slots=True)
class ShowOwnSessions:
    """Everybody sees their own only."""

    ports: Ports

    async def __call__(self, by: Principal) -> list[Session]:
        """Return one's sessions that count, the one used last first; of very many, the newest."""
        person = await get_person(by, by.id, self.ports)
        found = await self.ports.sessions.newest(service_of(person), by.id, self.ports.clock.now(), MOST_SHOWN)
        counting = [one for one in found if person.counts(one.id, one.epoch)]
        return sorted(counting, key=lambda one: one.used_at, reverse=True)
