"""Show that the address of a registration is one's own, by a mailed link; and have another link sent."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.own_password import require_password
from services.identity.application.people import get_person, service_of, update_person
from services.identity.application.ports import LinkKind, Ports
from services.identity.application.proving import count_proof_mail, proof_fingerprint
from services.identity.domain.contact import Contact
from services.identity.domain.errors import ConfirmationQuotaReached, EmailIsProven, LinkNotValid
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ConfirmEmail:
    """`password` is for who opens the link where nobody is logged in."""

    token: str
    password: str = ""


@dataclass(frozen=True, kw_only=True)
class ResendConfirmation:
    address: str


async def confirm_email(command: ConfirmEmail, *, by: Principal | None, ports: Ports) -> None:
    """Let the address count. Again it changes nothing.

    The link alone is not enough: who gets it for a registration of somebody else, and opens it, vouches for nobody.

    Raises:
        LinkNotValid: when it is not the newest one, or too old.
        WrongPassword: when somebody else is logged in, or nobody, and the password does not match.
    """
    person = await _meant(command.token, ports)
    if by is None or by.id != person.id:
        await require_password(person, command.password, ports)
    held = person.awaited_proof.token_hash if person.awaited_proof else ""
    fingerprint, now = ports.links.fingerprint(command.token, held), ports.clock.now()
    await update_person(service_of(person), person.id, lambda it: it.prove_email(fingerprint, now), ports)


async def resend_confirmation(command: ResendConfirmation, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Send a new link, which kills the old one.

    Raises:
        EmailIsProven, ConfirmationQuotaReached
    """
    person = await get_person(by, by.id, ports)
    if person.awaited_proof is None:
        raise EmailIsProven
    if not await count_proof_mail(person, command.address, ports):
        raise ConfirmationQuotaReached
    fingerprint, life, now = proof_fingerprint(person, ports), ports.policy.proof_life, ports.clock.now()
    return await update_person(by, person.id, lambda it: it.send_proof_link(fingerprint, life=life, now=now), ports)


async def _meant(token: str, ports: Ports) -> StaffMember | Contact:
    link = ports.links.read(token, LinkKind.EMAIL_PROOF)
    if link is None:
        raise LinkNotValid
    try:
        return await get_person(Principal.for_service(link.organisation_id), link.id, ports)
    except NotFound:
        raise LinkNotValid from None
