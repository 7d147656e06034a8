"""Accept an invite by choosing a password; the person is logged in at once."""

from dataclasses import dataclass

from services.chassis.kernel import NotFound
from services.identity.application.people import count_owner, door_is_open, invited_person, service_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.errors import LinkNotValid
from services.identity.domain.passwords import acceptable
from services.identity.domain.person import LinkState


@dataclass(frozen=True, kw_only=True)
class AcceptInvite:
    token: str
    password: str


async def accept_invite(command: AcceptInvite, *, ports: Ports) -> SignedIn:
    """Use the link up. Of many at once, one wins.

    Raises:
        LinkNotValid: when it is not the open one, for whatever reason.
    """
    now, fingerprint = ports.clock.now(), ports.links.fingerprint(command.token)
    try:
        person = await invited_person(command.token, ports)
    except NotFound:
        raise LinkNotValid from None
    if person.link_state(fingerprint, now) is not LinkState.OPEN or not await door_is_open(person, ports):
        raise LinkNotValid
    password_hash = await ports.passwords.hash(acceptable(command.password, known=(person.email, person.name)))
    accepted = await update_person(
        service_of(person), person.id, lambda it: it.accept_invite(fingerprint, password_hash, now), ports
    )
    await count_owner(accepted, ports)
    return await start_session(accepted, ports)
