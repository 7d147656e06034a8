"""Register a business with its first owner."""

from contextlib import suppress
from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Role
from services.identity.application.admission import Caller, Limit, give_back, take
from services.identity.application.ports import Ports
from services.identity.application.proving import count_proof_mail, proof_fingerprint
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.errors import LogInRefused, TooBusy, TooManyRegistrations
from services.identity.domain.organisation import Organisation, OrganisationDetails
from services.identity.domain.passwords import MOST, acceptable, normalised
from services.identity.domain.staff_member import StaffDetails, StaffMember
from services.identity.domain.text import email_key, inside


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


@dataclass(frozen=True, kw_only=True)
class EnterAsOwner:
    """The first owner again, by the same request: with the password that was chosen then."""

    organisation_id: str
    email: str
    password: str
    user_agent: str = ""


async def register_organisation(command: RegisterOrganisation, *, ports: Ports) -> Organisation:
    """Register it. Everything is checked before anything is stored; the organisation comes first, so that nobody can
    ever belong to one that does not exist. The owner's address counts when a link that is mailed to it was used.

    Raises:
        InvalidInput, TooManyRegistrations, TooBusy: then nothing was made.
    """
    organisation, _ = await _register(command, ports)
    return organisation


async def register_and_enter(command: RegisterOrganisation, *, ports: Ports) -> SignedIn:
    """Register it, and let its owner in, whatever others tried from the same address.

    Raises:
        InvalidInput, TooManyRegistrations, TooBusy: as `register_organisation`.
        LogInRefused: when the same request registered it before, with another password.
    """
    organisation, owner = await _register(command, ports)
    if owner is not None:
        return await start_session(owner, ports, user_agent=command.user_agent)
    again = EnterAsOwner(
        organisation_id=organisation.id,
        email=command.owner_email,
        password=command.password,
        user_agent=command.user_agent,
    )
    return await enter_as_owner(again, ports=ports)


async def enter_as_owner(command: EnterAsOwner, *, ports: Ports) -> SignedIn:
    """Let the owner in who registered by the same request before. Tries are counted for this organisation alone.

    Raises:
        LogInRefused, TooBusy
    """
    limit = Limit(name="account", key=f"registration:{command.organisation_id}", most=ports.policy.tries_per_account)
    owner = await ports.staff.find_for_log_in(email_key(command.email), command.organisation_id)
    tries = await take((limit,), ports)
    known = owner.password_hash if owner and owner.may_log_in and tries.may_go_on else None  # none with a second factor
    password = normalised(command.password[: MOST + 1])
    if not await ports.passwords.verify(known, password, lane=command.organisation_id) or owner is None:
        raise LogInRefused
    await give_back(tries, ports)
    return await start_session(owner, ports, user_agent=command.user_agent)


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
