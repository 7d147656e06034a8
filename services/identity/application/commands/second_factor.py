"""Come in by a second factor, set it up, use it, remove it; and show again who one is."""

from dataclasses import dataclass

from chassis.kernel import Principal, Role, require_id
from services.identity.application.own_password import require_password
from services.identity.application.passkeys import Answer, show_own_passkey
from services.identity.application.people import (
    end_stragglers,
    get_person,
    open_sessions,
    service_of,
    update_person,
)
from services.identity.application.ports import Ports
from services.identity.application.second_factors import (
    SECRETS,
    challenged,
    challenged_beginner,
    demand_on,
    hashes_of,
    recovery_codes,
    show_code,
)
from services.identity.application.signing_in import SignedIn, start_session, tokens_for
from services.identity.domain.contact import Contact
from services.identity.domain.errors import (
    SecondFactorIsOn,
    SecondFactorNeeded,
    SecondFactorNotOffered,
    SessionEnded,
)
from services.identity.domain.organisation import Demand, LogInPolicy, Organisation
from services.identity.domain.person import Person, Shown
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class CompleteLogIn:
    challenge: str
    code: str
    address: str
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class SetUpSecondFactor:
    """By `challenge` for who has to set one up before coming in."""

    challenge: str | None = None


@dataclass(frozen=True, kw_only=True)
class ConfirmSecondFactor:
    code: str
    address: str
    challenge: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class RenewRecoveryCodes:
    code: str
    address: str


@dataclass(frozen=True, kw_only=True)
class RemoveSecondFactor:
    code: str
    address: str


@dataclass(frozen=True, kw_only=True)
class ResetSecondFactor:
    person_id: str


@dataclass(frozen=True, kw_only=True)
class StepUp:
    address: str
    password: str = ""
    code: str = ""
    passkey: Answer | None = None


@dataclass(frozen=True, kw_only=True)
class DecideLogIns:
    policy: LogInPolicy


@dataclass(frozen=True, kw_only=True)
class Generator:
    """What an app needs to make codes."""

    secret: str
    uri: str


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A second factor that is on; `signed_in` for who had to set it up before coming in."""

    person: StaffMember | Contact
    signed_in: SignedIn | None = None


async def show_second_factor(command: CompleteLogIn, *, ports: Ports) -> StaffMember | Contact:
    """Use the code up that is shown besides the password.

    Raises:
        ChallengeOver, CodeRefused, NoSecondFactor
    """
    person = await challenged(command.challenge, ports)
    return await show_code(person, command.code, command.address, lambda it, shown: it.show(shown), ports)


async def complete_log_in(command: CompleteLogIn, *, ports: Ports) -> SignedIn:
    """Open a session for who has shown a code for this challenge, by `show_second_factor` in the same request.

    Raises:
        ChallengeOver, LogInRefused
    """
    person = await challenged(command.challenge, ports)
    return await start_session(person, ports, user_agent=command.user_agent)


async def set_up_second_factor(command: SetUpSecondFactor, *, by: Principal | None, ports: Ports) -> Generator:
    """Begin to set up a code generator; asked for again within its time, it is the same one.

    Raises:
        SecondFactorIsOn, SecondFactorNotOffered, ChallengeOver, ProofNeeded
    """
    person = await who_sets_up(command.challenge, by, ports)
    if await demand_on(person, ports) is Demand.OFF:
        raise SecondFactorNotOffered
    sealed, now = ports.sealing.seal(ports.codes.new_secret(), SECRETS), ports.clock.now()
    person = await update_person(service_of(person), person.id, lambda it: it.begin_set_up(sealed, now), ports)
    secret = ports.sealing.open(person.set_up.secret, SECRETS) if person.set_up else None
    if secret is None:
        raise SecondFactorIsOn
    organisation = await ports.organisations.get(service_of(person), person.organisation_id)
    return Generator(secret=secret, uri=ports.codes.uri(secret, person.email, organisation.details.name))


async def confirm_second_factor(command: ConfirmSecondFactor, *, by: Principal | None, ports: Ports) -> Confirmed:
    """Turn the second factor on, by its first code.

    Raises:
        SecondFactorIsOn, SetUpOver, CodeRefused, ChallengeOver, ProofNeeded
    """
    person, now = await who_sets_up(command.challenge, by, ports), ports.clock.now()
    hashes = hashes_of(recovery_codes(person, now, ports), ports)

    def change(it: Person, shown: Shown) -> None:
        it.confirm_set_up(shown.step, hashes, now)

    person = await show_code(person, command.code, command.address, change, ports)
    entered = None
    if command.challenge is not None:
        entered = await start_session(person, ports, user_agent=command.user_agent)
    return Confirmed(person=person, signed_in=entered)


async def renew_recovery_codes(command: RenewRecoveryCodes, *, by: Principal, ports: Ports) -> Person:
    """Replace one's recovery codes. Raises NoSecondFactor, CodeRefused."""
    person, now = await get_person(by, by.id, ports), ports.clock.now()
    hashes = hashes_of(recovery_codes(person, now, ports), ports)

    def change(it: Person, shown: Shown) -> None:
        it.renew_recovery(hashes, shown, now)

    return await show_code(person, command.code, command.address, change, ports)


async def remove_second_factor(command: RemoveSecondFactor, *, by: Principal, ports: Ports) -> None:
    """Go back to the password alone.

    Raises:
        SecondFactorNeeded, NoSecondFactor, CodeRefused
    """
    person, now = await get_person(by, by.id, ports), ports.clock.now()
    if await demand_on(person, ports) is Demand.REQUIRED:
        raise SecondFactorNeeded

    def change(it: Person, shown: Shown) -> None:
        it.show(shown)
        it.remove_second_factor(now)

    await show_code(person, command.code, command.address, change, ports)


async def reset_second_factor(command: ResetSecondFactor, *, by: Principal, ports: Ports) -> StaffMember | Contact:
    """Take the second factor from somebody who lost it, and end all sessions of that person. Owners only.

    Raises:
        ProofNeeded, NotFound
    """
    by.require_role(Role.OWNER)
    by.require_recent_proof(ports.clock.now())
    kind = "con" if command.person_id.startswith("con_") else "stf"
    person = await get_person(by, require_id(command.person_id, kind), ports)
    ended, now = await open_sessions(person.id, by, ports), ports.clock.now()

    def change(it: Person) -> None:
        if it.guard is not None:
            it.remove_second_factor(now)
            it.end_sessions(ended, now)

    person = await update_person(service_of(person), person.id, change, ports)
    await end_stragglers(person, ended, ports)
    return person


async def step_up(command: StepUp, *, by: Principal, ports: Ports) -> SignedIn:
    """Show again who one is: by the second factor where there is one, else by the password.

    Raises:
        CodeRefused, WrongPassword, PasskeyRefused, PasskeyCopied, PasskeyAttemptOver, SessionEnded
    """
    person = await get_person(by, by.id, ports)
    if command.passkey is not None:
        person = await show_own_passkey(person, command.passkey, command.address, by, ports)
    elif person.guard is not None:
        person = await show_code(person, command.code, command.address, lambda it, shown: it.show(shown), ports)
    else:
        await require_password(person, command.password, ports)
    if by.session_id is None:
        raise SessionEnded
    now = ports.clock.now()
    session = await ports.sessions.update(service_of(person), by.session_id, lambda it: it.prove(now))
    return await tokens_for(person, session, ports)


async def decide_log_ins(command: DecideLogIns, *, by: Principal, ports: Ports) -> Organisation:
    """Say whether a second factor is off, offered or required. Owners only.

    Raises:
        ProofNeeded
    """
    by.require_role(Role.OWNER)
    by.require_recent_proof(ports.clock.now())
    return await ports.organisations.update(by, by.organisation_id, lambda it: it.decide_log_ins(command.policy))


async def who_sets_up(challenge: str | None, by: Principal | None, ports: Ports) -> StaffMember | Contact:
    """Return who sets up: of the challenge, which only those get who have none, or else who is logged in."""
    if challenge is not None or by is None:
        return await challenged_beginner(challenge or "", ports)
    by.require_recent_proof(ports.clock.now())
    return await get_person(by, by.id, ports)
