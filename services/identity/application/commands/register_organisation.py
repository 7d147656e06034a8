"""Register a business with its first owner."""

from contextlib import suppress
from dataclasses import dataclass

from services.chassis.kernel import AlreadyExists, Role
from services.identity.application.ports import Ports
from services.identity.domain.organisation import Organisation, OrganisationDetails
from services.identity.domain.passwords import acceptable
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.domain.text import inside


@dataclass(frozen=True, kw_only=True)
class RegisterOrganisation:
    """The ids are the caller's, so that who repeats the command after a crash finishes the same organisation."""

    organisation_id: str
    owner_id: str
    details: OrganisationDetails
    owner_name: str
    owner_email: str
    owner_language: str
    password: str


async def register_organisation(command: RegisterOrganisation, *, ports: Ports) -> Organisation:
    """Register it. Everything is checked before anything is stored; the organisation comes first, so that nobody can
    ever belong to one that does not exist."""
    organisation_id, owner_id, now = command.organisation_id, command.owner_id, ports.clock.now()
    organisation = Organisation.register(organisation_id, command.details, owner_id, now)
    details = StaffDetails(
        name=command.owner_name, email=command.owner_email, role=Role.OWNER, language=command.owner_language
    )
    known = (command.owner_email, command.owner_name, command.details.name)
    with inside("owner"):
        StaffMember.join(owner_id, organisation_id, details, now)
        password = acceptable(command.password, known=known)
    owner = StaffMember.register_owner(owner_id, organisation_id, details, await ports.passwords.hash(password), now)
    with suppress(AlreadyExists):
        await ports.organisations.add(organisation)
    with suppress(AlreadyExists):
        await ports.staff.add(owner)
    return organisation
