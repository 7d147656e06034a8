"""What the use cases need from outside, and the policies they apply.

Longer than most files, because it names everything that identity needs of the world.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from chassis.erasing import Held, Whose
from chassis.kernel import Clock, Principal
from services.identity.domain.person import NewPasskey, ShownPasskey
from services.identity.domain.repositories import (
    Contacts,
    Customers,
    Organisations,
    PasswordResets,
    Sessions,
    StaffMembers,
)


class Passwords(Protocol):
    """Hashes passwords without blocking anybody else. Those who wait take turns by `lane`: who is asking.

    Who is `known` (a session, a link, a device of an earlier log-in) waits apart from strangers, and never behind all
    of them, however many addresses they have.
    """

    async def hash(self, password: str, *, lane: str = "", known: bool = False) -> str:
        """Return a salted hash.

        Raises:
            TooBusy: when too many are waiting.
        """
        ...

    async def verify(self, password_hash: str | None, password: str, *, lane: str = "", known: bool = False) -> bool:
        """Say whether the password is right. Without a hash it takes the same time and says no.

        Raises:
            TooBusy: when too many are waiting.
        """
        ...

    def place(self, lane: str, *, known: bool) -> AbstractContextManager[None]:
        """Hold a place from before anything is looked up; strangers have so many, who is known always has one.

        Raises:
            TooBusy: on entering, when strangers have no place left, or those of the lane.
        """
        ...

    def is_outdated(self, password_hash: str) -> bool:
        """Say whether it was made with other parameters than today's."""
        ...


class LinkKind(StrEnum):
    """What a link in a mail, or a refresh token, is good for: one can never be used as another."""

    CONTACT_INVITE = "contact-invite"
    STAFF_INVITE = "staff-invite"
    RESET = "reset"
    REFRESH = "refresh"
    DEVICE = "device"
    RECOVERY = "recovery"
    EMAIL_PROOF = "email-proof"


@dataclass(frozen=True, slots=True)
class Link:
    """What an unforged token names."""

    kind: LinkKind
    organisation_id: str
    id: str
    generation: int


class LinkTokens(Protocol):
    """Derives tokens from our own secret, so that they can be made again and need not be stored."""

    def issue(self, link: Link) -> str:
        """Return the token: always the same for the same link."""
        ...

    def read(self, token: str, *kinds: LinkKind) -> Link | None:
        """Return the link of a token of one of these kinds that we made, or None."""
        ...

    def fingerprint(self, token: str, stored: str = "") -> str:
        """Return the hash under which a token is stored; that is `stored` where another of our secrets made it."""
        ...


@dataclass(frozen=True, slots=True)
class AccessToken:
    """A signed access token and when it ends."""

    text: str
    expires_at: datetime


class AccessTokens(Protocol):
    """Signs access tokens with the present key."""

    async def issue(self, principal: Principal, now: datetime) -> AccessToken:
        """Return a token that every service believes until it expires or its session ends."""
        ...


class Sealing(Protocol):
    """Encrypts with our own secret what is stored or given away. What is sealed for one purpose opens for no other."""

    def seal(self, text: str, purpose: str) -> str:
        """Return it encrypted and authenticated."""
        ...

    def open(self, sealed: str, purpose: str) -> str | None:
        """Return what was sealed, or None when we did not seal it for this purpose."""
        ...


class OneTimeCodes(Protocol):
    """Codes of a generator app (RFC 6238): six digits, another one every 30 s."""

    def new_secret(self) -> str:
        """Return a new secret, in base 32."""
        ...

    def uri(self, secret: str, account: str, issuer: str) -> str:
        """Return the `otpauth://` address that apps read, as a QR code mostly."""
        ...

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        """Return whose time step's code it is, of the present one and its neighbours, or None."""
        ...


class PasskeyCeremonies(Protocol):
    """What authenticators are asked, and whether their answers are right (WebAuthn level 3). All texts are JSON.

    Answers are right for one challenge, from one of our origins, with the person verified by the authenticator.
    """

    def creation(self, challenge: bytes, handle: str, account: str, known: tuple[str, ...]) -> str:
        """Return the options for `navigator.credentials.create()`; authenticators that hold one of `known` refuse."""
        ...

    def request(self, challenge: bytes, known: tuple[str, ...]) -> str:
        """Return the options for `navigator.credentials.get()`; without `known` the authenticator says whose it is."""
        ...

    def made(self, answer: str, challenge: bytes) -> NewPasskey:
        """Return what was made. Raises PasskeyRefused."""
        ...

    def named(self, answer: str) -> tuple[str, str]:
        """Return the passkey's id that an answer names, and the handle, empty without one. Raises PasskeyRefused."""
        ...

    def shown(self, answer: str, challenge: bytes, public_key: str, until: datetime) -> ShownPasskey:
        """Return what was signed by the passkey of this public key, in an attempt that counts until then.

        Raises:
            PasskeyRefused
        """
        ...


class Throttle(Protocol):
    """Counts tries, across all processes."""

    async def admit(self, key: str, *, limit: int, window: timedelta, now: datetime) -> str | None:
        """Take one of `limit` tries within any `window` and return its receipt, or None when none is left."""
        ...

    async def release(self, key: str, receipt: str) -> None:
        """Give a try back, since it succeeded."""
        ...


class Notice(Protocol):
    """Says that something happened that an attack would look like."""

    def __call__(self, event: str, reason: str, subject: str | None = None) -> None:
        """Note the event (`chassis/security.py` names them), why, and the id of whom it is about, if there is one."""
        ...


def unnoticed(event: str, reason: str, subject: str | None = None) -> None:
    """Note nothing."""


class Personal(Protocol):
    """What is held of a contact."""

    async def held(self, of: Whose) -> Sequence[Held]:
        """Return all of it."""
        ...

    async def erased_at(self, contact_id: str) -> datetime | None:
        """Return since when nothing is held here that need not be; None before that."""
        ...


class NothingPersonal:
    """`Personal` where nothing is held."""

    async def held(self, of: Whose) -> Sequence[Held]:
        return ()

    async def erased_at(self, contact_id: str) -> datetime | None:
        return None


class Mails(Protocol):
    """Writes and sends identity's own mails: those that carry a link."""

    async def invite_contact(self, letter: "Letter") -> None:
        """Ask a contact into the portal."""
        ...

    async def invite_staff(self, letter: "Letter") -> None:
        """Ask a colleague into the organisation."""
        ...

    async def reset_password(self, letter: "Letter") -> None:
        """Send the link for a new password."""
        ...

    async def prove_email(self, letter: "Letter") -> None:
        """Send the link that shows whose an address is, in no words but ours: nobody has vouched for any other."""
        ...

    async def email_changed(self, letter: "Letter") -> None:
        """Tell whoever reads the old address that it opens nothing any more; without a link."""
        ...

    async def second_factor_changed(self, letter: "Letter", *, is_on: bool) -> None:
        """Tell a person that a second factor is asked for from now on, or no more; without a link."""
        ...

    async def passkey_changed(self, letter: "Letter", *, is_added: bool) -> None:
        """Tell a person that a passkey was added or removed; without a link."""
        ...

    async def password_changed(self, letter: "Letter") -> None:
        """Tell a person that the password is another one now; without a link."""
        ...


@dataclass(frozen=True, kw_only=True)
class Letter:
    """What a mail is made of. `reference` is the same on every attempt; `token` becomes part of the link.
    `mail_id` is the mail by which it waits, and comes back.

    `reply_to` is where a client's answer goes: the organisation's address, else its first owner's.
    `time_zone` and `locale` are the organisation's: in which time and how instants are written.
    """

    reference: str
    to: str
    to_name: str
    language: str
    organisation_name: str
    portal_name: str | None
    slug: str | None
    token: str | None
    expires_at: datetime | None
    written_at: datetime
    time_zone: str = "UTC"
    locale: str = "en"
    reply_to: str | None = None
    mail_id: str = ""


@dataclass(frozen=True, kw_only=True)
class Policy:
    """Times and limits; operators can change them."""

    invite_life: timedelta = timedelta(days=14)
    reset_life: timedelta = timedelta(hours=1)
    session_idle: timedelta = timedelta(days=14)
    session_life: timedelta = timedelta(days=90)
    refresh_leeway: timedelta = timedelta(seconds=10)
    tries_window: timedelta = timedelta(minutes=15)
    tries_per_account: int = 10
    tries_per_address: int = 300
    tries_per_account_anywhere: int = 100
    codes_per_account_anywhere: int = 20
    challenge_life: timedelta = timedelta(minutes=5)
    resets_per_account: int = 5
    resets_per_address: int = 100
    resets_per_account_anywhere: int = 20
    registrations_window: timedelta = timedelta(hours=1)
    registrations_per_address: int = 100
    proof_life: timedelta = timedelta(days=3)
    proof_mails_per_account: int = 5
    proof_mails_per_account_anywhere: int = 20
    invites_at_once: int = 100
    invites_per_person: int = 10
    young: timedelta = timedelta(days=7)
    invites_per_day_young: int = 100
    invites_per_day: int = 500


@dataclass(frozen=True, kw_only=True)
class Ports:
    """Everything a use case may reach, put together by the composition root."""

    organisations: Organisations
    staff: StaffMembers
    customers: Customers
    contacts: Contacts
    sessions: Sessions
    resets: PasswordResets
    passwords: Passwords
    links: LinkTokens
    access_tokens: AccessTokens
    throttle: Throttle
    mails: Mails
    sealing: Sealing
    codes: OneTimeCodes
    passkeys: PasskeyCeremonies
    clock: Clock
    policy: Policy = field(default_factory=Policy)
    notice: Notice = unnoticed
    personal: Personal = field(default_factory=NothingPersonal)
