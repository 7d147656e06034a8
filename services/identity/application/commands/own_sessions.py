"""End one's own sessions, one by one or all but the present one."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal, require_id
from services.identity.application.people import end_stragglers, open_sessions, update_person
from services.identity.application.ports import Ports
from services.identity.domain.session import EndReason


@dataclass(frozen=True, kw_only=True)
class EndSession:
    session_id: str


@dataclass(frozen=True, kw_only=True)
class EndOtherSessions:
    pass


async def end_session(command: EndSession, *, by: Principal, ports: Ports) -> None:
    """End one of one's own sessions; one that has ended stays so.

    Raises:
        NotFound: when it is not one's own.
        ProofNeeded: for another one than the present, without a recent proof (ASVS 7.5.2).
    """
    session_id, now = require_id(command.session_id, "ses", "sessionId"), ports.clock.now()
    service = Principal.for_service(by.organisation_id)
    if (await ports.sessions.get(service, session_id)).principal_id != by.id:
        raise NotFound("session")
    if session_id != by.session_id:
        by.require_recent_proof(now)
    await ports.sessions.update(service, session_id, lambda it: it.end(EndReason.LOGGED_OUT, now))


async def end_other_sessions(command: EndOtherSessions, *, by: Principal, ports: Ports) -> None:
    """End every session of this person but the present one.

    Raises:
        ProofNeeded
    """
    by.require_recent_proof(ports.clock.now())
    ended, now = await open_sessions(by.id, by, ports), ports.clock.now()
    person = await update_person(by, by.id, lambda it: it.end_sessions(ended, now, keep=by.session_id), ports)
    await end_stragglers(person, ended, ports, keep=by.session_id)
