"""Add, name and remove passkeys; come in by one; and begin each of it."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Principal
from services.identity.application.commands.second_factor import Confirmed, who_sets_up
from services.identity.application.passkeys import (
    Answer,
    Asked,
    Attempt,
    Purpose,
    begin,
    challenge_of,
    counted,
    handle_of,
    read,
    show_passkey,
    whose_handle,
)
from services.identity.application.people import get_person, may_enter, principal_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import challenged, demand_on, hashes_of, recovery_codes
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.contact import Contact
from services.identity.domain.errors import (
    NoSecondFactor,
    PasskeyAttemptOver,
    PasskeyKnown,
    PasskeyRefused,
    SecondFactorNeeded,
    SecondFactorNotOffered,
)
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Person
from services.identity.domain.staff_member import StaffMember


@dataclass(frozen=True, kw_only=True)
class BeginPasskey:
    """By `challenge` for who has to set up a second factor before coming in."""

    challenge: str | None = None


@dataclass(frozen=True, kw_only=True)
class AddPasskey:
    answer: Answer
    name: str
    challenge: str | None = None
    user_agent: str = ""


@dataclass(frozen=True, kw_only=True)
class RenamePasskey:
    passkey_id: str
    name: str


@dataclass(frozen=True, kw_only=True)
class RemovePasskey:
    passkey_id: str


@dataclass(frozen=True, kw_only=True)
class BeginPasskeyLogIn:
    """By `challenge` for who has shown the password; for anybody else the authenticator says who it is."""

    challenge: str | None = None


@dataclass(frozen=True, kw_only=True)
class LogInWithPasskey:
    answer: Answer
    address: str
    user_agent: str = ""


async def begin_passkey(command: BeginPasskey, *, by: Principal | None, ports: Ports) -> Attempt:
    """Ask for a new passkey.

    Raises:
        SecondFactorNotOffered, SecondFactorIsOn, ChallengeOver, ProofNeeded
    """
    person = await who_sets_up(command.challenge, by, ports)
    if await demand_on(person, ports) is Demand.OFF:
        raise SecondFactorNotOffered
    token, challenge, expires_at = begin(Purpose.ADD, person, _session_of(command.challenge, by), ports)
    known = tuple(one.id for one in person.own_passkeys)
    options = ports.passkeys.creation(challenge, handle_of(person), person.email, known)
    return Attempt(token=token, options=options, expires_at=expires_at)


async def add_passkey(command: AddPasskey, *, by: Principal | None, ports: Ports) -> Confirmed:
    """Keep the passkey that was made; the first thing of a second factor turns it on.

    Raises:
        PasskeyAttemptOver, PasskeyRefused, PasskeyKnown, TooManyPasskeys, InvalidInput, ChallengeOver, ProofNeeded
    """
    person, now = await who_sets_up(command.challenge, by, ports), ports.clock.now()
    read(command.answer.token, Purpose.ADD, _session_of(command.challenge, by), ports).require(person)
    new = ports.passkeys.made(command.answer.credential, challenge_of(command.answer.token))
    hashes = hashes_of(recovery_codes(person, now, ports), ports)
    try:
        person = await update_person(
            principal_of(person, ""), person.id, lambda it: it.add_passkey(new, command.name, hashes, now), ports
        )
    except AlreadyExists:
        raise PasskeyKnown from None
    entered = None
    if command.challenge is not None:
        entered = await start_session(person, ports, user_agent=command.user_agent)
    return Confirmed(person=person, signed_in=entered)


async def rename_passkey(command: RenamePasskey, *, by: Principal, ports: Ports) -> Person:
    """Call one of one's own something else. Raises NotFound, InvalidInput."""
    return await update_person(by, by.id, lambda it: it.rename_passkey(command.passkey_id, command.name), ports)


async def remove_passkey(command: RemovePasskey, *, by: Principal, ports: Ports) -> Person:
    """Let one of one's own count no more.

    Raises:
        ProofNeeded, NotFound
        SecondFactorNeeded: when the organisation demands a second factor and it is the last of it.
    """
    now = ports.clock.now()
    by.require_recent_proof(now)
    is_demanded = await demand_on(await get_person(by, by.id, ports), ports) is Demand.REQUIRED

    def change(it: Person) -> None:
        if is_demanded and it.is_last_factor(command.passkey_id):
            raise SecondFactorNeeded
        it.remove_passkey(command.passkey_id, now)

    return await update_person(by, by.id, change, ports)


async def begin_passkey_log_in(command: BeginPasskeyLogIn, *, ports: Ports) -> Attempt:
    """Ask for a passkey. Without the password of somebody nothing is said of anybody's passkeys.

    Raises:
        ChallengeOver
    """
    person = await challenged(command.challenge, ports) if command.challenge else None
    return _asked(Purpose.LOG_IN, person, None, ports)


async def begin_passkey_step_up(*, by: Principal, ports: Ports) -> Attempt:
    """Ask who is logged in for a passkey. Raises NoSecondFactor without one."""
    person = await get_person(by, by.id, ports)
    if not person.own_passkeys:
        raise NoSecondFactor
    return _asked(Purpose.STEP_UP, person, by.session_id, ports)


async def show_passkey_to_log_in(command: LogInWithPasskey, *, ports: Ports) -> StaffMember | Contact:
    """Use up what was asked: a passkey is both, what one has and, by its own PIN or sensor, who one is.

    Raises:
        PasskeyAttemptOver, PasskeyRefused, PasskeyCopied
    """
    async with counted(command.address, ports):
        asked = read(command.answer.token, Purpose.LOG_IN, None, ports)
        person = await _who_shows(command.answer, asked, ports)
        return await show_passkey(person, command.answer, asked, ports)


async def log_in_with_passkey(command: LogInWithPasskey, *, ports: Ports) -> SignedIn:
    """Open a session for who has shown a passkey in this attempt, by `show_passkey_to_log_in` in the same request.

    Raises:
        PasskeyAttemptOver, PasskeyRefused, LogInRefused
    """
    asked = read(command.answer.token, Purpose.LOG_IN, None, ports)
    person = await _who_shows(command.answer, asked, ports)
    if not person.has_shown(asked.digest) or person.passkey(ports.passkeys.named(command.answer.credential)[0]) is None:
        raise PasskeyAttemptOver
    return await start_session(person, ports, user_agent=command.user_agent)


async def _who_shows(answer: Answer, asked: Asked, ports: Ports) -> StaffMember | Contact:
    """Return who is meant by an answer to what one person was asked, or anybody. Raises PasskeyRefused."""
    _, handle = ports.passkeys.named(answer.credential)
    person = await whose_handle(handle or asked.handle, ports)
    if not asked.allows(person) or not await may_enter(person, ports):
        ports.notice("passkey_refused", "unknown", person.id)
        raise PasskeyRefused
    return person


def _asked(purpose: Purpose, person: StaffMember | Contact | None, session_id: str | None, ports: Ports) -> Attempt:
    token, challenge, expires_at = begin(purpose, person, session_id, ports)
    known = tuple(one.id for one in person.own_passkeys) if person else ()
    return Attempt(token=token, options=ports.passkeys.request(challenge, known), expires_at=expires_at)


def _session_of(challenge: str | None, by: Principal | None) -> str | None:
    return by.session_id if by is not None and challenge is None else None
