"""Register a business with its first owner."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Role
from services.identity.application.admission import Caller, Limit, give_back, take
from services.identity.application.commands.enter_as_owner import EnterAsOwner, EnterAsOwnerHandler
from services.identity.application.ports import Ports
from services.identity.application.proving import count_proof_mail, proof_fingerprint
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.errors import TooBusy, TooManyRegistrations
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
    address: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, slots=True)
class RegisterOrganisationHandler:
    ports: Ports

    async def __call__(self, command: RegisterOrganisation) -> Organisation:
        """Register it. Everything is checked before anything is stored; the organisation comes first, so that nobody
        can ever belong to one that does not exist. The owner's address counts when a link that is mailed to it was
        used.

        Raises:
            InvalidInput, TooManyRegistrations, TooBusy: then nothing was made.
        """
        organisation, _ = await _register(command, self.ports)
        return organisation


@dataclass(frozen=True, slots=True)
class RegisterAndEnterHandler:
    ports: Ports

    async def __call__(self, command: RegisterOrganisation) -> SignedIn:
        """Register it, and let its owner in, whatever others tried from the same address.

        Raises:
            InvalidInput, TooManyRegistrations, TooBusy: as `register_organisation`.
            LogInRefused: when the same request registered it before, with another password.
        """
        organisation, owner = await _register(command, self.ports)
        if owner is not None:
            return await start_session(owner, self.ports, user_agent=command.user_agent)
        again = EnterAsOwner(
            organisation_id=organisation.id,
            email=command.owner_email,
            password=command.password,
            user_agent=command.user_agent,
        )
        return await EnterAsOwnerHandler(self.ports)(again)


async def _register(command: RegisterOrganisation, ports: Ports) -> tuple[Organisation, StaffMember | None]:
    """Return the organisation, and its owner if the owner came to be now."""
    organisation_id, owner_id, now = command.organisation_id, command.owner_id, ports.clock.now()
    organisation = Organisation.register(organisation_id, command.details, owner_id, now)
    details = StaffDetails(
        name=command.owner_name, email=command.owner_email, role=Role.OWNER, language=command.owner_language
    )
    known = (command.owner_email, command.owner_name, command.details.name)
    with inside("owner"):
        StaffMember.join(owner_id, organisation_id, details, now)
        password = acceptable(command.password, known=known)
    password_hash = await _admitted(command, password, ports)
    owner = StaffMember.register_owner(owner_id, organisation_id, details, password_hash, now)
    if await count_proof_mail(owner, command.address, ports):
        owner.send_proof_link(proof_fingerprint(owner, ports), life=ports.policy.proof_life, now=now)
    with suppress(AlreadyExists):
        await ports.organisations.add(organisation)
    try:
        await ports.staff.add(owner)
    except AlreadyExists:
        return organisation, None
    return organisation, owner


async def _admitted(command: RegisterOrganisation, password: str, ports: Ports) -> str:
    """Count the registration for its address, and return the password's hash."""
    if command.address is None:
        return await ports.passwords.hash(password)
    client, policy = Caller(address=command.address).client, ports.policy
    limit = Limit(name="address", key=f"register:{client}", most=policy.registrations_per_address)
    tries = await take((limit,), ports, window=policy.registrations_window)
    if not tries.may_go_on:
        ports.notice("registration_refused", "address")
        raise TooManyRegistrations(policy.registrations_per_address)
    try:
        return await ports.passwords.hash(password, lane=client)
    except TooBusy:
        await give_back(tries, ports)
        raise
