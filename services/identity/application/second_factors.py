"""How people with a second factor come in: the right password gives a challenge, and the challenge and a code let in.

A challenge is sealed, so that nothing is stored of it. It names the person and the password that was shown: another
password, a new e-mail address or being shut out ends it, and so do five minutes.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import DomainError, NotFound, Principal
from services.identity.application.admission import Caller, Limit, give_back, take
from services.identity.application.people import get_person, may_enter, principal_of, service_of, update_person
from services.identity.application.ports import Link, LinkKind, Ports
from services.identity.application.signing_in import SignedIn, start_session
from services.identity.domain.contact import Contact
from services.identity.domain.errors import ChallengeOver, CodeRefused, SecondFactorIsOn
from services.identity.domain.organisation import Demand
from services.identity.domain.person import Person, Shown
from services.identity.domain.staff_member import StaffMember

SECRETS, CHALLENGES = "second factors", "challenges"
RECOVERY_CODES = 10
RECOVERY_LENGTH = 24


@dataclass(frozen=True, kw_only=True)
class Challenged:
    """A person who showed the right password and is not in yet; `must_set_up` is for who has no second factor."""

    person: StaffMember | Contact
    token: str
    expires_at: datetime
    must_set_up: bool


@dataclass(frozen=True, kw_only=True)
class Confirmed:
    """A second factor that is on; `signed_in` for who had to set it up before coming in."""

    person: StaffMember | Contact
    signed_in: SignedIn | None = None


async def let_in(person: StaffMember | Contact, ports: Ports, *, user_agent: str = "") -> SignedIn | Challenged:
    """Open a session for somebody who has just shown the right password, or ask for more.

    Raises:
        LogInRefused: as `start_session`.
    """
    if person.guard is not None or await demand_on(person, ports) is Demand.REQUIRED:
        return _challenge(person, ports)
    return await start_session(person, ports, user_agent=user_agent)


async def demand_on(person: StaffMember | Contact, ports: Ports) -> Demand:
    """Return what the organisation asks of this person."""
    organisation = await ports.organisations.get(service_of(person), person.organisation_id)
    return organisation.log_ins.demand(is_contact=isinstance(person, Contact))


def _challenge(person: StaffMember | Contact, ports: Ports) -> Challenged:
    expires_at = ports.clock.now() + ports.policy.challenge_life
    told = {"o": person.organisation_id, "p": person.id, "k": bond(person), "x": expires_at.timestamp()}
    token = ports.sealing.seal(json.dumps(told), CHALLENGES)
    return Challenged(person=person, token=token, expires_at=expires_at, must_set_up=person.guard is None)


async def challenged(token: str, ports: Ports) -> StaffMember | Contact:
    """Return who showed the password for which this challenge was given.

    Raises:
        ChallengeOver: when we never gave it, or it counts no more.
    """
    opened = ports.sealing.open(token, CHALLENGES)
    told = json.loads(opened) if opened else None
    if told is None or ports.clock.now().timestamp() >= told["x"]:
        raise ChallengeOver
    try:
        person = await get_person(Principal.for_service(told["o"]), told["p"], ports)
    except NotFound:
        raise ChallengeOver from None
    if bond(person) != told["k"] or not await may_enter(person, ports):
        raise ChallengeOver
    return person


async def challenged_beginner(token: str, ports: Ports) -> StaffMember | Contact:
    """Return who has to set up a second factor before coming in.

    Raises:
        ChallengeOver: as `challenged`.
        SecondFactorIsOn: for who has one, since the password alone must not add another.
    """
    person = await challenged(token, ports)
    if person.guard is not None:
        raise SecondFactorIsOn
    return person


async def show_code(
    person: StaffMember | Contact,
    code: str,
    address: str,
    change: Callable[[Person, Shown], None],
    ports: Ports,
) -> StaffMember | Contact:
    """Let the person decide about a code; tries are counted as those at passwords, and given back unless it was wrong.

    Raises:
        CodeRefused, and what `change` raises.
    """
    tries = await take(_limits(person, address, ports), ports)
    if not tries.may_go_on:
        ports.notice("locked_out", f"code_{tries.exhausted}", person.id)
        raise CodeRefused
    try:
        changed = await update_person(
            principal_of(person, ""), person.id, lambda it: change(it, shown_by(it, code, ports)), ports
        )
    except CodeRefused:
        ports.notice("log_in_refused", "wrong_code", person.id)
        raise
    except DomainError:
        await give_back(tries, ports)
        raise
    await give_back(tries, ports)
    return changed


def shown_by(person: Person, code: str, ports: Ports) -> Shown:
    """Return what a code is worth for this person, spelled with or without spaces and hyphens."""
    text = "".join(code[:100].split()).replace("-", "").upper()
    held = person.guard if person.guard and person.guard.secret else person.set_up
    secret = ports.sealing.open(held.secret, SECRETS) if held else None
    step = ports.codes.step(secret, text, ports.clock.now()) if secret else None
    return Shown(step=step, recovery_hash=ports.links.fingerprint(text))


def recovery_codes(person: Person, at: datetime, ports: Ports) -> tuple[str, ...]:
    """Return the recovery codes that were made then: always the same, so that who missed the answer may ask again."""
    made = int(at.timestamp()) % 1_000_000_000
    links = (Link(LinkKind.RECOVERY, person.organisation_id, f"{person.id}\n{n}", made) for n in range(RECOVERY_CODES))
    return tuple(_readable(ports.links.issue(link)) for link in links)


def hashes_of(codes: tuple[str, ...], ports: Ports) -> tuple[str, ...]:
    """Return the hashes under which recovery codes are kept: they are random enough for a fast one."""
    return tuple(ports.links.fingerprint(code.replace("-", "")) for code in codes)


def _readable(token: str) -> str:
    """Return 120 bits of a token's digest in base 32 without what is easily misread, in groups of four."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    digest = hashlib.sha256(token.encode()).digest()
    letters = "".join(alphabet[byte % 32] for byte in digest[:RECOVERY_LENGTH])
    return "-".join(letters[start : start + 4] for start in range(0, RECOVERY_LENGTH, 4))


def bond(person: Person) -> str:
    """Return what changes with the password, the address and whatever else ends all sessions."""
    return hashlib.sha256(f"{person.epoch}\n{person.verifier}".encode()).hexdigest()[:32]


def _limits(person: Person, address: str, ports: Ports) -> tuple[Limit, ...]:
    policy, named = ports.policy, f"code:{person.id}"
    client = Caller(address=address).client
    return (
        Limit(name="account_and_address", key=f"{named}\n{client}", most=policy.tries_per_account),
        Limit(name="account", key=named, most=policy.codes_per_account_anywhere),
    )


async def who_sets_up(challenge: str | None, by: Principal | None, ports: Ports) -> StaffMember | Contact:
    """Return who sets up: of the challenge, which only those get who have none, or else who is logged in."""
    if challenge is not None or by is None:
        return await challenged_beginner(challenge or "", ports)
    by.require_recent_proof(ports.clock.now())
    return await get_person(by, by.id, ports)
