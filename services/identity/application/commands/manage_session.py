"""Carry a session on, or end it, or end all of them."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import DomainError, NotFound, Principal, Unavailable, Unreadable
from services.identity.application.people import (
    end_stragglers,
    get_person,
    may_enter,
    open_sessions,
    service_of,
    update_person,
)
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.application.second_factors import demand_on
from services.identity.application.signing_in import SignedIn, tokens_for
from services.identity.domain.contact import Contact
from services.identity.domain.errors import SessionEnded
from services.identity.domain.organisation import Demand
from services.identity.domain.session import EndReason
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class RefreshSession:
    refresh_token: str


@dataclass(frozen=True, kw_only=True)
class LogOut:
    """`refresh_token` lets somebody log out whose access token has expired."""

    refresh_token: str | None = None


@dataclass(frozen=True, kw_only=True)
class LogOutEverywhere:
    pass


async def refresh_session(command: RefreshSession, *, ports: Ports) -> SignedIn:
    """Trade a refresh token for a new pair. Of many at once, all get the refresh token that the first one made.

    Raises:
        SessionEnded: when the token is forged or was used longer ago than the leeway, or the session has ended.
    """
    link = _read(command.refresh_token, ports)
    by, now = Principal.for_service(link.organisation_id), ports.clock.now()
    idle, leeway = ports.policy.session_idle, ports.policy.refresh_leeway
    try:
        session = await ports.sessions.update(
            by, link.id, lambda it: it.rotate(link.generation, idle=idle, leeway=leeway, now=now)
        )
        person = await get_person(by, session.principal_id, ports)
    except NotFound:
        raise SessionEnded from None
    if session.ended_at is not None:
        ports.notice("refresh_token_replayed", "used_before", session.principal_id)
        raise SessionEnded
    if not person.counts(session.id, session.epoch) or not await _may_go_on(person, ports):
        await ports.sessions.update(by, link.id, lambda it: it.end(EndReason.SUPERSEDED, now))
        raise SessionEnded
    return await tokens_for(person, session, ports)


async def _may_go_on(person: StaffMember | Contact, ports: Ports) -> bool:
    """Say whether the person may be in: who has to set up a second factor has to log in for that."""
    if person.guard is None and await demand_on(person, ports) is Demand.REQUIRED:
        return False
    return await may_enter(person, ports)


async def log_out(command: LogOut, *, by: Principal | None, ports: Ports) -> None:
    """End one session: that of the refresh token, or else the one in which the request was made. Never refuses."""
    now = ports.clock.now()
    try:
        if command.refresh_token:
            link = _read(command.refresh_token, ports)
            organisation_id, session_id = link.organisation_id, link.id
        elif by is not None and by.session_id is not None:
            organisation_id, session_id = by.organisation_id, by.session_id
        else:
            return
        principal = Principal.for_service(organisation_id)
        await ports.sessions.update(principal, session_id, lambda it: it.end(EndReason.LOGGED_OUT, now))
    except (Unavailable, Unreadable):
        raise
    except DomainError:
        return


async def log_out_everywhere(command: LogOutEverywhere, *, by: Principal, ports: Ports) -> None:
    """End every session of this person, the present one included.

    Asked for once more, in a session that ended by it, it ends none of those that began since.
    """
    ended, now = await open_sessions(by.id, by, ports), ports.clock.now()
    person = await get_person(by, by.id, ports)
    if by.session_id is not None:
        with suppress(NotFound):
            session = await ports.sessions.get(service_of(person), by.session_id)
            if not person.counts(session.id, session.epoch):
                return
    person = await update_person(service_of(person), by.id, lambda it: it.end_sessions(ended, now), ports)
    await end_stragglers(person, ended, ports)


def _read(refresh_token: str, ports: Ports) -> Link:
    link = ports.links.read(refresh_token, LinkKind.REFRESH)
    if link is None:
        raise SessionEnded
    return link
