"""Show by a mailed link that the address of a registration is one's own."""

from dataclasses import dataclass

from chassis.kernel import NotFound, Principal
from services.identity.application.own_password import require_password
from services.identity.application.people import get_person, service_of, update_person
from services.identity.application.ports import LinkKind, Ports
from services.identity.domain.contact import Contact
from services.identity.domain.errors import LinkNotValid
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class ConfirmEmail:
    """`password` is for who opens the link where nobody is logged in."""

    token: str
    password: str = ""


@dataclass(frozen=True, slots=True)
class ConfirmEmailHandler:
    ports: Ports

    async def __call__(self, command: ConfirmEmail, by: Principal | None) -> None:
        """Let the address count. Again it changes nothing.

        The link alone is not enough: who gets it for a registration of somebody else, and opens it, vouches for nobody.

        Raises:
            LinkNotValid: when it is not the newest one, or too old.
            WrongPassword: when somebody else is logged in, or nobody, and the password does not match.
        """
        person = await _meant(command.token, self.ports)
        if by is None or by.id != person.id:
            await require_password(person, command.password, self.ports)
        held = person.awaited_proof.token_hash if person.awaited_proof else ""
        fingerprint, now = self.ports.links.fingerprint(command.token, held), self.ports.clock.now()
        await update_person(service_of(person), person.id, lambda it: it.prove_email(fingerprint, now), self.ports)


async def _meant(token: str, ports: Ports) -> StaffMember | Contact:
    link = ports.links.read(token, LinkKind.EMAIL_PROOF)
    if link is None:
        raise LinkNotValid
    try:
        return await get_person(Principal.for_service(link.organisation_id), link.id, ports)
    except NotFound:
        raise LinkNotValid from None
