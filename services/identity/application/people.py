"""People by id, whichever kind they are: steps that several use cases share."""

from collections.abc import Callable
from datetime import datetime

from chassis.kernel import NotFound, Principal, Role
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.domain.contact import Contact
from services.identity.domain.person import Person
from services.identity.domain.session import EndReason
from services.identity.domain.staff_member import StaffMember


async def get_person(by: Principal, person_id: str, ports: Ports) -> StaffMember | Contact:
    """Return the staff member or contact with this id.

    Raises:
        NotFound: when the principal may not see one.
    """
    if person_id.startswith("stf_"):
        return await ports.staff.get(by, person_id)
    if person_id.startswith("con_"):
        return await ports.contacts.get(by, person_id)
    raise NotFound("person")


async def update_person(
    by: Principal, person_id: str, change: Callable[[Person], None], ports: Ports
) -> StaffMember | Contact:
    """Load, change and save the staff member or contact with this id."""
    if person_id.startswith("stf_"):
        return await ports.staff.update(by, person_id, change)
    return await ports.contacts.update(by, person_id, change)


def principal_of(person: StaffMember | Contact, session_id: str, proven_at: datetime | None = None) -> Principal:
    """Return the principal as which this person acts in a session, in which it showed then who it is."""
    is_contact = isinstance(person, Contact)
    return Principal(
        id=person.id,
        organisation_id=person.organisation_id,
        role=Role.CONTACT if is_contact else person.role,
        customer_id=person.customer_id if is_contact else None,
        session_id=session_id,
        proven_at=proven_at,
        email_proven=person.awaited_proof is None,
    )


async def may_enter(person: StaffMember | Contact, ports: Ports) -> bool:
    """Say whether the person may be in now: contacts need an open portal besides their own access."""
    return person.may_log_in and await door_is_open(person, ports)


async def door_is_open(person: StaffMember | Contact, ports: Ports) -> bool:
    """Say whether the organisation lets people of this kind in at all."""
    if isinstance(person, StaffMember):
        return True
    organisation = await ports.organisations.get(service_of(person), person.organisation_id)
    return organisation.portal_is_open


async def invited_person(token: str, ports: Ports) -> StaffMember | Contact:
    """Return whom an invite's token names, whatever the token is worth now.

    Raises:
        NotFound: when we never made it, or the person is gone.
    """
    link = ports.links.read(token, LinkKind.CONTACT_INVITE, LinkKind.STAFF_INVITE)
    if link is None:
        raise NotFound("invite")
    return await get_person(Principal.for_service(link.organisation_id), link.id, ports)


async def open_sessions(person_id: str, by: Principal, ports: Ports) -> tuple[str, ...]:
    """Return the ids of a person's open sessions."""
    return await ports.sessions.open_ids(Principal.for_service(by.organisation_id), person_id, ports.clock.now())


async def end_stragglers(person: Person, known: tuple[str, ...], ports: Ports, *, keep: str | None = None) -> None:
    """End the sessions that began between listing them and saving the person who ended them all."""
    by, now = service_of(person), ports.clock.now()
    for session_id in await ports.sessions.open_ids(by, person.id, now):
        if session_id != keep and session_id not in known:
            session = await ports.sessions.get(by, session_id)
            if not person.counts(session.id, session.epoch):
                await ports.sessions.update(by, session_id, lambda it: it.end(EndReason.SUPERSEDED, now))


def service_of(person: Person) -> Principal:
    """Return our own principal for the person's organisation."""
    return Principal.for_service(person.organisation_id)


def invite_fingerprint(person: StaffMember | Contact, ports: Ports) -> Callable[[int], str]:
    """Return how the hash of this person's invite token is found for a generation."""
    return lambda generation: ports.links.fingerprint(ports.links.issue(invite_link(person, generation)))


def shown_fingerprint(token: str, person: StaffMember | Contact, ports: Ports) -> str:
    """Return the hash of an invite's token as it is stored with this person, if it is theirs."""
    return ports.links.fingerprint(token, person.invite.token_hash if person.invite else "")


def invite_link(person: StaffMember | Contact, generation: int) -> Link:
    """Return the link of one of this person's invites."""
    kind = LinkKind.CONTACT_INVITE if isinstance(person, Contact) else LinkKind.STAFF_INVITE
    return Link(kind, person.organisation_id, person.id, generation)


async def count_owner(person: StaffMember | Contact, ports: Ports) -> None:
    """Note that the organisation has this owner, when it is one who can log in."""
    if isinstance(person, StaffMember) and person.role is Role.OWNER and person.active:
        by = service_of(person)
        await ports.organisations.update(by, by.organisation_id, lambda it: it.add_owner(person.id))


async def context_of(person: StaffMember | Contact, ports: Ports) -> tuple[str, ...]:
    """Return what no password of this person may be made of: whatever everybody knows who knows the person."""
    organisation = await ports.organisations.get(service_of(person), person.organisation_id)
    portal = organisation.portal
    return (person.email, person.name, organisation.details.name, *((portal.name, portal.slug) if portal else ()))


async def stop_counting_owner(staff_id: str, by: Principal, ports: Ports) -> None:
    """Give an owner up before the member itself changes: a crash in between leaves one owner too few in the count,
    never an organisation without one."""
    await ports.organisations.update(by, by.organisation_id, lambda it: it.remove_owner(staff_id))
