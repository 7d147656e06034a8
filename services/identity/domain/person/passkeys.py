"""Passkeys (WebAuthn level 3): in by one without a password, and a second factor besides the password.

Who has one has a second factor (`second_factor.py`): the password alone is not enough any more.
"""

from dataclasses import dataclass, replace
from datetime import datetime

from chassis.kernel import NotFound
from services.identity.domain.errors import (
    PasskeyAttemptOver,
    PasskeyCopied,
    PasskeyKnown,
    PasskeyRefused,
    SetUpOver,
    TooManyPasskeys,
)
from services.identity.domain.events import PasskeyChanged
from services.identity.domain.person.person import Passkey, SpentAttempt
from services.identity.domain.person.second_factor import SecondFactorBehaviour
from services.identity.domain.text import line

MOST_PASSKEYS = 10
MOST_ATTEMPTS = 100
"""Within the time for which an attempt counts."""


@dataclass(frozen=True, kw_only=True)
class NewPasskey:
    """What an authenticator made, and somebody has checked. `id` and `public_key` are base64url; `attempt` is the
    digest of what it was asked."""

    id: str
    public_key: str
    sign_count: int
    backup_eligible: bool
    backed_up: bool
    attempt: str


@dataclass(frozen=True, kw_only=True)
class ShownPasskey:
    """What an authenticator signed, and somebody has checked by the public key that is kept; `attempt` is the digest of
    what it was asked, which counts until then."""

    id: str
    attempt: str
    until: datetime
    sign_count: int
    backup_eligible: bool
    backed_up: bool


class PasskeyBehaviour(SecondFactorBehaviour):
    """Decisions about passkeys."""

    def add_passkey(self, new: NewPasskey, name: str, recovery_hashes: tuple[str, ...], now: datetime) -> None:
        """Keep a passkey; the first thing of a second factor turns it on, with these recovery codes.

        Raises:
            PasskeyAttemptOver: when it made one before.
            PasskeyKnown, TooManyPasskeys, InvalidInput: for the name.
            SetUpOver: when the person lost access meanwhile.
        """
        if any(one.id == new.id for one in self.own_passkeys):
            raise PasskeyKnown
        if any(one.attempt == new.attempt for one in self.own_passkeys):
            raise PasskeyAttemptOver
        if len(self.own_passkeys) >= MOST_PASSKEYS:
            raise TooManyPasskeys(MOST_PASSKEYS)
        called, verifier = line(name, "name"), self.verifier
        if not self.may_log_in or verifier is None:
            raise SetUpOver
        guard = self.guard or self.begin_guard(verifier, recovery_hashes, now)
        passkey = Passkey(**vars(new), name=called, added_at=now, bound_to=guard.since)
        self.passkeys = (*self.own_passkeys, passkey)
        self._tell_passkey(now, is_added=True)

    def show_passkey(self, shown: ShownPasskey, now: datetime) -> None:
        """Note that a passkey was used.

        Raises:
            PasskeyRefused: when it is none of theirs, or says another thing of its backups than it once did.
            PasskeyAttemptOver: when it was shown in this attempt before.
            PasskeyCopied: when it counts, and has counted no further (WebAuthn §7.2, step 22). What is
                synced says 0.
        """
        held = self.passkey(shown.id)
        if held is None or held.backup_eligible != shown.backup_eligible:
            raise PasskeyRefused
        if (shown.sign_count or held.sign_count) and shown.sign_count <= held.sign_count:
            raise PasskeyCopied
        self._spend(SpentAttempt(digest=shown.attempt, until=shown.until), now)
        used = replace(held, sign_count=shown.sign_count, backed_up=shown.backed_up, used_at=now)
        self._replace(used)

    def rename_passkey(self, passkey_id: str, name: str) -> None:
        """Call it something else.

        Raises:
            NotFound, InvalidInput
        """
        self._replace(replace(self._held(passkey_id), name=line(name, "name")))

    def remove_passkey(self, passkey_id: str, now: datetime) -> None:
        """Let it count no more; without it and without an app the password alone is enough again.

        Raises:
            NotFound
        """
        self._held(passkey_id)
        self.passkeys = tuple(one for one in self.own_passkeys if one.id != passkey_id)
        self._tell_passkey(now, is_added=False)
        if not self.passkeys and self.guard is not None and not self.guard.secret:
            self.remove_second_factor(now)

    def is_last_factor(self, passkey_id: str) -> bool:
        """Say whether this passkey is all there is of the second factor."""
        return (
            self.guard is not None and not self.guard.secret and [one.id for one in self.own_passkeys] == [passkey_id]
        )

    def passkey(self, passkey_id: str) -> Passkey | None:
        """Return theirs with this id, if it counts."""
        return next((one for one in self.own_passkeys if one.id == passkey_id), None)

    def has_shown(self, attempt: str) -> bool:
        """Say whether a passkey was shown in this attempt."""
        return any(one.digest == attempt for one in self.spent_attempts)

    def _spend(self, attempt: SpentAttempt, now: datetime) -> None:
        open_ones = tuple(one for one in self.spent_attempts if now < one.until)
        if self.has_shown(attempt.digest) or len(open_ones) >= MOST_ATTEMPTS:
            raise PasskeyAttemptOver
        self.spent_attempts = (*open_ones, attempt)

    def _held(self, passkey_id: str) -> Passkey:
        held = self.passkey(passkey_id)
        if held is None:
            raise NotFound("passkey")
        return held

    def _replace(self, passkey: Passkey) -> None:
        self.passkeys = tuple(passkey if one.id == passkey.id else one for one in self.own_passkeys)

    def _tell_passkey(self, now: datetime, *, is_added: bool) -> None:
        self.record(
            PasskeyChanged(
                occurred_at=now, organisation_id=self.organisation_id, principal_id=self.id, is_added=is_added
            )
        )
