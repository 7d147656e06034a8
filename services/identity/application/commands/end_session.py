"""End one of one's own sessions."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal, require_id
from services.identity.application.ports import Ports
from services.identity.domain.session import EndReason


@dataclass(frozen=True, kw_only=True)
class EndSession:
    session_id: str


@dataclass(frozen=True, slots=True)
class EndSessionHandler:
    ports: Ports

    async def __call__(self, command: EndSession, by: Principal) -> None:
        """End one of one's own sessions; one that has ended stays so.

        Raises:
            NotFound: when it is not one's own.
            ProofNeeded: for another one than the present, without a recent proof (ASVS 7.5.2).
        """
        session_id, now = require_id(command.session_id, "ses", "sessionId"), self.ports.clock.now()
        service = Principal.for_service(by.organisation_id)
        if (await self.ports.sessions.get(service, session_id)).principal_id != by.id:
            raise NotFound("session")
        if session_id != by.session_id:
            by.require_recent_proof(now)
        await self.ports.sessions.update(service, session_id, lambda it: it.end(EndReason.LOGGED_OUT, now))
