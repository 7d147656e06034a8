"""Carry a session on."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.people import get_person, may_enter
from services.identity.application.ports import Ports
from services.identity.application.second_factors import demand_on
from services.identity.application.signing_in import SignedIn, read_refresh_token, tokens_for
from services.identity.domain.contact import Contact
from services.identity.domain.errors import SessionEnded
from services.identity.domain.organisation import Demand
from services.identity.domain.session import EndReason
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class RefreshSession:
    refresh_token: str


@dataclass(frozen=True, slots=True)
class RefreshSessionHandler:
    ports: Ports

    async def __call__(self, command: RefreshSession) -> SignedIn:
        """Trade a refresh token for a new pair. Of many at once, all get the refresh token that the first one made.

        Raises:
            SessionEnded: when the token is forged or was used longer ago than the leeway, or the session has ended.
        """
        link = read_refresh_token(command.refresh_token, self.ports)
        by, now = Principal.for_service(link.organisation_id), self.ports.clock.now()
        idle, leeway = self.ports.policy.session_idle, self.ports.policy.refresh_leeway
        try:
            session = await self.ports.sessions.update(
                by, link.id, lambda it: it.rotate(link.generation, idle=idle, leeway=leeway, now=now)
            )
            person = await get_person(by, session.principal_id, self.ports)
        except NotFound:
            raise SessionEnded from None
        if session.ended_at is not None:
            self.ports.notice("refresh_token_replayed", "used_before", session.principal_id)
            raise SessionEnded
        if not person.counts(session.id, session.epoch) or not await _may_go_on(person, self.ports):
            await self.ports.sessions.update(by, link.id, lambda it: it.end(EndReason.SUPERSEDED, now))
            raise SessionEnded
        return await tokens_for(person, session, self.ports)


async def _may_go_on(person: StaffMember | Contact, ports: Ports) -> bool:
    """Say whether the person may be in: who has to set up a second factor has to log in for that."""
    if person.guard is None and await demand_on(person, ports) is Demand.REQUIRED:
        return False
    return await may_enter(person, ports)
