"""Attempts with passkeys: what is asked is sealed, so that nothing is stored of it, and counts once, for five minutes.

The token of an attempt names what it is for, whose it is and in which session; its digest is the challenge that the
authenticator signs. So an answer fits one attempt, and an attempt counts once: the person whose passkey it is notes it.
"""

import hashlib
import json
import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum

from chassis.kernel import NotFound, Principal
from services.identity.application.admission import Caller, Limit, give_back, take
from services.identity.application.people import get_person, principal_of, update_person
from services.identity.application.ports import Ports
from services.identity.application.second_factors import bond
from services.identity.domain.contact import Contact
from services.identity.domain.errors import PasskeyAttemptOver, PasskeyCopied, PasskeyRefused
from services.identity.domain.staff_member import StaffMember

ATTEMPTS = "passkeys"


class Purpose(StrEnum):
    """What an attempt is for: one for one thing is none for another."""

    ADD = "add"
    LOG_IN = "log_in"
    STEP_UP = "step_up"


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an authenticator answered, as JSON, and the token of the attempt that it was asked in."""

    token: str
    credential: str


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What was asked: `options` are for the browser, as JSON."""

    token: str
    options: str
    expires_at: datetime


def begin(
    purpose: Purpose, person: StaffMember | Contact | None, session_id: str | None, ports: Ports
) -> tuple[str, bytes, datetime]:
    """Return the token of a new attempt, its challenge and when it ends; without a person it is anybody's."""
    expires_at = ports.clock.now() + ports.policy.challenge_life
    told = {
        "u": purpose.value,
        "h": handle_of(person) if person else "",
        "k": bond(person) if person else "",
        "s": session_id or "",
        "x": expires_at.timestamp(),
        "n": secrets.token_urlsafe(16),
    }
    token = ports.sealing.seal(json.dumps(told), ATTEMPTS)
    return token, challenge_of(token), expires_at


def challenge_of(token: str) -> bytes:
    """Return what the authenticator signs."""
    return hashlib.sha256(token.encode(errors="replace")).digest()


@dataclass(frozen=True, kw_only=True)
class Asked:
    """Whom an attempt asked: `handle` is empty for anybody, `bond` that of the password which was shown. It counts
    `until` then, and is remembered by its `digest`."""

    handle: str
    bond: str
    digest: str
    until: datetime

    def allows(self, person: StaffMember | Contact) -> bool:
        """Say whether this person may answer."""
        return not self.handle or (self.handle, self.bond) == (handle_of(person), bond(person))

    def require(self, person: StaffMember | Contact) -> None:
        """Refuse unless this very person was asked. Raises PasskeyAttemptOver."""
        if not self.handle or not self.allows(person):
            raise PasskeyAttemptOver


def read(token: str, purpose: Purpose, session_id: str | None, ports: Ports) -> Asked:
    """Return whom an attempt asked.

    Raises:
        PasskeyAttemptOver: when it is forged, for something else, of another session, or too old.
    """
    opened = ports.sealing.open(token, ATTEMPTS)
    told = json.loads(opened) if opened else None
    now = ports.clock.now().timestamp()
    if told is None or told["u"] != purpose.value or told["s"] != (session_id or "") or now >= told["x"]:
        raise PasskeyAttemptOver
    return Asked(
        handle=told["h"],
        bond=told["k"],
        digest=challenge_of(token).hex(),
        until=datetime.fromtimestamp(told["x"], UTC),
    )


def handle_of(person: StaffMember | Contact) -> str:
    """Return what an authenticator keeps with a passkey: ids of ours, which tell nothing of the person (§14.6.1)."""
    return f"{person.organisation_id}.{person.id}"


async def whose_handle(handle: str, ports: Ports) -> StaffMember | Contact:
    """Return whose passkey it is. Raises PasskeyRefused."""
    organisation_id, _, person_id = handle.partition(".")
    try:
        return await get_person(Principal.for_service(organisation_id), person_id, ports)
    except NotFound:
        raise PasskeyRefused from None


async def show_own_passkey(
    person: StaffMember | Contact, answer: Answer, address: str, by: Principal, ports: Ports
) -> StaffMember | Contact:
    """Let somebody who is logged in show a passkey. Raises PasskeyAttemptOver, PasskeyRefused, PasskeyCopied."""
    async with counted(address, ports):
        asked = read(answer.token, Purpose.STEP_UP, by.session_id, ports)
        asked.require(person)
        return await show_passkey(person, answer, asked, ports)


async def show_passkey(
    person: StaffMember | Contact, answer: Answer, asked: Asked, ports: Ports
) -> StaffMember | Contact:
    """Check the answer, and note that the passkey was used and the attempt is over, by one save.

    Raises:
        PasskeyRefused, PasskeyCopied, PasskeyAttemptOver
    """
    try:
        passkey_id, handle = ports.passkeys.named(answer.credential)
        held = person.passkey(passkey_id)
        if held is None or handle not in ("", handle_of(person)):
            raise PasskeyRefused
        challenge, now = challenge_of(answer.token), ports.clock.now()
        shown = ports.passkeys.shown(answer.credential, challenge, held.public_key, asked.until)
        by = principal_of(person, "")
        return await update_person(by, person.id, lambda it: it.show_passkey(shown, now), ports)
    except (PasskeyRefused, PasskeyCopied) as refusal:
        ports.notice("passkey_refused", "copied" if isinstance(refusal, PasskeyCopied) else "wrong", person.id)
        raise


@asynccontextmanager
async def counted(address: str, ports: Ports) -> AsyncGenerator[None]:
    """Count a try of an address with those at passwords, and give it back unless the passkey was refused.

    Nothing is counted for the account: nobody guesses a signature, and its owner must not be shut out by who tries.

    Raises:
        PasskeyRefused: when the address has none left.
    """
    limit = Limit(name="address", key=f"address:{Caller(address=address).client}", most=ports.policy.tries_per_address)
    tries = await take((limit,), ports)
    if not tries.may_go_on:
        ports.notice("locked_out", "address")
        raise PasskeyRefused
    try:
        yield
    except (PasskeyRefused, PasskeyCopied, PasskeyAttemptOver):
        raise
    except BaseException:
        await give_back(tries, ports)
        raise
    await give_back(tries, ports)


def ask_for_passkey(
    purpose: Purpose, person: StaffMember | Contact | None, session_id: str | None, ports: Ports
) -> Attempt:
    """Begin an attempt of this person, or of anybody, with a passkey that exists."""
    token, challenge, expires_at = begin(purpose, person, session_id, ports)
    known = tuple(one.id for one in person.own_passkeys) if person else ()
    return Attempt(token=token, options=ports.passkeys.request(challenge, known), expires_at=expires_at)


def session_of(challenge: str | None, by: Principal | None) -> str | None:
    """Return the session that an attempt belongs to; none for who comes in by a challenge."""
    return by.session_id if by is not None and challenge is None else None
