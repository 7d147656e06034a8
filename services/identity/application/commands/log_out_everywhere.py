"""End all of one's sessions."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.people import end_stragglers, get_person, open_sessions, service_of, update_person
from services.identity.application.ports import Ports


@dataclass(frozen=True, kw_only=True)
class LogOutEverywhere:
    pass


@dataclass(frozen=True, slots=True)
class LogOutEverywhereHandler:
    ports: Ports

    async def __call__(self, command: LogOutEverywhere, by: Principal) -> None:
        """End every session of this person, the present one included.

        Asked for once more, in a session that ended by it, it ends none of those that began since.
        """
        ended, now = await open_sessions(by.id, by, self.ports), self.ports.clock.now()
        person = await get_person(by, by.id, self.ports)
        if by.session_id is not None:
            with suppress(NotFound):
                session = await self.ports.sessions.get(service_of(person), by.session_id)
                if not person.counts(session.id, session.epoch):
                    return
        person = await update_person(service_of(person), by.id, lambda it: it.end_sessions(ended, now), self.ports)
        await end_stragglers(person, ended, self.ports)
