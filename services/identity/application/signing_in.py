"""What every way of coming in ends with: a session and its two tokens."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import new_id
from services.identity.application.admission import device_token
from services.identity.application.people import get_person, principal_of, service_of
from services.identity.application.ports import AccessToken, Link, LinkKind, Ports
from services.identity.domain.browsers import summary_of
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LogInRefused, SessionEnded
from services.identity.domain.session import EndReason, Session
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """A person with a session: the access token for requests, the refresh token for the next pair.

    `device_token` tells later that somebody has logged in from the same device before."""

    person: StaffMember | Contact
    access_token: AccessToken
    refresh_token: str
    refresh_expires_at: datetime
    device_token: str


async def start_session(person: StaffMember | Contact, ports: Ports, *, user_agent: str = "") -> SignedIn:
    """Open a session for somebody who has just proven who it is. `user_agent` is what the browser says of itself.

    Raises:
        LogInRefused: when the person lost access, or got another password, at the same moment.
    """
    now = ports.clock.now()
    session = Session.start(
        new_id("ses"),
        person.organisation_id,
        person.id,
        epoch=person.epoch,
        idle=ports.policy.session_idle,
        life=ports.policy.session_life,
        now=now,
        browser=summary_of(user_agent),
    )
    await ports.sessions.add(session)
    present = await get_person(service_of(person), person.id, ports)
    if not present.counts(session.id, session.epoch):
        await ports.sessions.update(service_of(person), session.id, lambda it: it.end(EndReason.SUPERSEDED, now))
        raise LogInRefused
    return await tokens_for(present, session, ports)


async def tokens_for(person: StaffMember | Contact, session: Session, ports: Ports) -> SignedIn:
    """Return the next pair of tokens of a session."""
    refresh = Link(LinkKind.REFRESH, session.organisation_id, session.id, session.generation)
    return SignedIn(
        person=person,
        access_token=await ports.access_tokens.issue(
            principal_of(person, session.id, session.proven_at), ports.clock.now()
        ),
        refresh_token=ports.links.issue(refresh),
        refresh_expires_at=min(session.idle_at, session.expires_at),
        device_token=device_token(person, ports),
    )


def read_refresh_token(refresh_token: str, ports: Ports) -> Link:
    """Return what a refresh token says. Raises SessionEnded for one that we never made."""
    link = ports.links.read(refresh_token, LinkKind.REFRESH)
    if link is None:
        raise SessionEnded
    return link
