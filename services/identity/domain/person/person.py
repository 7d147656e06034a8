"""The state of a person who may be let in."""

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypedDict

from chassis.kernel import AggregateRoot, Findings
from chassis.words import Word
from services.identity.domain.places import locale
from services.identity.domain.reaching import optional_phone
from services.identity.domain.text import line, optional_line


class PersonStatus(Word):
    """How far somebody has come: `EXPIRED` is never stored, it follows from the invite and the time."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    ACCEPTED = "accepted"
    EXPIRED = "expired"
    REVOKED = "revoked"
    DISABLED = "disabled"
    ERASED = "erased"


class LinkState(StrEnum):
    """What an invite link is worth."""

    OPEN = "open"
    EXPIRED = "expired"
    GONE = "gone"


class OwnChanges(TypedDict, total=False):
    """What people may change about themselves; a key that is left out keeps its value."""

    name: str
    phone: str | None
    job_title: str | None
    language: str


@dataclass(frozen=True, kw_only=True)
class Invite:
    """The one link that counts. Only its token's hash is known here."""

    generation: int
    token_hash: str
    sent_at: datetime
    expires_at: datetime
    invited_by: str


@dataclass(frozen=True, kw_only=True)
class SecondFactor:
    """A second factor that is on. `secret` is that of an app, sealed, and empty for who has passkeys alone; codes of
    steps up to `last_step` count no more. `recovery_at` is when the recovery codes were made."""

    password_hash: str
    secret: str
    last_step: int
    recovery_hashes: tuple[str, ...]
    recovery_at: datetime
    since: datetime


@dataclass(frozen=True, kw_only=True)
class Passkey:
    """A key pair of an authenticator (WebAuthn level 3 §4, "credential record"). `id` and `public_key` (COSE) are
    base64url.

    `attempt` is the digest of the attempt that made it: none makes two. `bound_to` is when the second factor came to be
    of which it is a part: it counts with that one only, whatever a version that knows no passkeys did meanwhile.
    """

    id: str
    public_key: str
    sign_count: int
    backup_eligible: bool
    backed_up: bool
    attempt: str
    name: str
    added_at: datetime
    bound_to: datetime
    used_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class SpentAttempt:
    """The digest of an attempt in which a passkey was shown; kept until the attempt has run out."""

    digest: str
    until: datetime


@dataclass(frozen=True, kw_only=True)
class SetUp:
    """A second factor that is being set up: nobody has shown yet that the secret, which is sealed, has arrived."""

    secret: str
    begun_at: datetime


@dataclass(frozen=True, kw_only=True)
class AwaitedProof:
    """The link by which who registered an organisation shows that the address is theirs; the newest one counts.
    `generation` is 0, and the hash empty, before the first was sent."""

    generation: int = 0
    token_hash: str = ""
    expires_at: datetime


@dataclass(kw_only=True, eq=False)
class PersonState(AggregateRoot, ABC):
    """What is known of a person.

    A session counts while its `epoch` is the person's, or while it is the one session that was kept when the epoch
    last moved. So one atomic save of the person ends all others, whatever happens to their documents.
    """

    name: str
    email: str
    email_key: str
    language: str
    phone: str | None = None
    job_title: str | None = None
    status: PersonStatus = PersonStatus.NOT_INVITED
    invite: Invite | None = None
    invites_sent: int = 0
    password_hash: str | None = None
    second_factor: SecondFactor | None = None
    set_up: SetUp | None = None
    passkeys: tuple[Passkey, ...] = ()
    spent_attempts: tuple[SpentAttempt, ...] = ()
    email_proven: bool = False
    awaited_proof: AwaitedProof | None = None
    epoch: int = 0
    kept_session_id: str | None = None
    sort_name: str
    created_at: datetime

    def status_at(self, now: datetime) -> PersonStatus:
        """Return the status as people read it: an open invite whose time has run out is expired."""
        if self.status is PersonStatus.INVITED and self.invite is not None and now >= self.invite.expires_at:
            return PersonStatus.EXPIRED
        return self.status

    @property
    def may_log_in(self) -> bool:
        return self.status is PersonStatus.ACCEPTED and self.verifier is not None

    @property
    def guard(self) -> SecondFactor | None:
        """The second factor that has to be shown. A plain password beside it was set by a version that knows none,
        after the person was asked in anew."""
        return self.second_factor if self.password_hash is None else None

    @property
    def verifier(self) -> str | None:
        """The hash by which the password is checked."""
        return self.guard.password_hash if self.guard else self.password_hash

    @property
    def own_passkeys(self) -> tuple[Passkey, ...]:
        """Those that count."""
        guard = self.guard
        return tuple(one for one in self.passkeys if guard is not None and one.bound_to == guard.since)

    @property
    def has_proven_email(self) -> bool:
        """Whether a link that was mailed to the address was used: an invite or a reset."""
        return self.email_proven or (self.status is PersonStatus.ACCEPTED and self.invites_sent > 0)

    @property
    def email_counts(self) -> bool:
        """Whether the address is taken for the person's own: proven, or of a registration when none was asked to."""
        return self.email_proven or (self.may_log_in and self.awaited_proof is None)

    def change_details(self, changes: OwnChanges) -> None:
        """Take the changed details over.

        Raises:
            InvalidInput: naming every detail that is wrong.
        """
        found = Findings()
        name = found.take(changes.get("name", self.name), line, "name")
        phone = found.take(changes.get("phone", self.phone), optional_phone)
        job_title = found.take(changes.get("job_title", self.job_title), optional_line, "jobTitle")
        language = found.take(changes.get("language", self.language), locale, "language")
        found.tell()
        self.name, self.sort_name = name, name.casefold()
        self.phone, self.job_title, self.language = phone, job_title, language

    @abstractmethod
    def tell_changed(self, now: datetime) -> None:
        """Record the fact that details or access changed."""

    @abstractmethod
    def tell_invited(self, generation: int, now: datetime) -> None:
        """Record the fact of a new link."""

    @abstractmethod
    def tell_accepted(self, now: datetime) -> None:
        """Record the fact that the person can now log in."""

    @abstractmethod
    def tell_disabled(self, now: datetime) -> None:
        """Record the fact that the person can no longer log in."""
