"""Register a business with its first owner, who is logged in at once."""

from dataclasses import dataclass

from services.chassis.kernel import Role, new_id
from services.identity.application.ports import Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.organisation import Organisation, OrganisationDetails
from services.identity.domain.passwords import acceptable
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.domain.text import inside


@dataclass(frozen=True, kw_only=True)
class RegisterOrganisation:
    details: OrganisationDetails
    owner_name: str
    owner_email: str
    owner_language: str
    password: str


@dataclass(frozen=True, kw_only=True)
class Registered:
    organisation: Organisation
    signed_in: SignedIn


async def register_organisation(command: RegisterOrganisation, *, ports: Ports) -> Registered:
    """Register it. Everything is checked before anything is stored; the organisation comes first, so that nobody can
    ever belong to one that does not exist."""
    organisation_id, owner_id, now = new_id("org"), new_id("stf"), ports.clock.now()
    organisation = Organisation.register(organisation_id, command.details, owner_id, now)
    details = StaffDetails(
        name=command.owner_name, email=command.owner_email, role=Role.OWNER, language=command.owner_language
    )
    known = (command.owner_email, command.owner_name, command.details.name)
    with inside("owner"):
        StaffMember.join(owner_id, organisation_id, details, now)
        password = acceptable(command.password, known=known)
    owner = StaffMember.register_owner(owner_id, organisation_id, details, await ports.passwords.hash(password), now)
    await ports.organisations.add(organisation)
    await ports.staff.add(owner)
    return Registered(organisation=organisation, signed_in=await start_session(owner, ports))
