"""End all of one's own sessions but the present one."""

from dataclasses import dataclass

from chassis.kernel import Principal
from services.identity.application.people import end_stragglers, open_sessions, update_person
from services.identity.application.ports import Ports


@dataclass(frozen=True, kw_only=True)
class EndOtherSessions:
    pass


@dataclass(frozen=True, slots=True)
class EndOtherSessionsHandler:
    ports: Ports

    async def __call__(self, command: EndOtherSessions, by: Principal) -> None:
        """End every session of this person but the present one.

        Raises:
            ProofNeeded
        """
        by.require_recent_proof(self.ports.clock.now())
        ended, now = await open_sessions(by.id, by, self.ports), self.ports.clock.now()
        person = await update_person(by, by.id, lambda it: it.end_sessions(ended, now, keep=by.session_id), self.ports)
        await end_stragglers(person, ended, self.ports, keep=by.session_id)
