"""What a person shows besides the password: one-time codes of an app (RFC 6238), and recovery codes for its loss.
Passkeys are a second factor as well (`passkeys.py`).

Whoever has a second factor has no `password_hash` of the plain form: it is kept inside `SecondFactor`. A process of the
version before knows no second factor, finds no password and lets nobody in by it, nor by a reset (decision 51).
"""

import hmac
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from services.identity.domain.errors import (
    CodeRefused,
    NoSecondFactor,
    SecondFactorIsOn,
    SetUpOver,
)
from services.identity.domain.events import SecondFactorChanged
from services.identity.domain.person.person import PersonState, SecondFactor, SetUp

SET_UP_LIFE = timedelta(minutes=15)


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody shows: the time step whose code it is, if it is one, and the hash under which a recovery code is
    kept."""

    step: int | None
    recovery_hash: str


class SecondFactorBehaviour(PersonState):
    """Decisions about the second factor."""

    def begin_set_up(self, secret: str, now: datetime) -> None:
        """Note the secret of a code generator that is to be set up; one that was begun just now stays.

        Raises:
            SecondFactorIsOn: when there is an app already.
        """
        if self.guard is not None and self.guard.secret:
            raise SecondFactorIsOn
        if self.set_up is None or now >= self.set_up.begun_at + SET_UP_LIFE:
            self.set_up = SetUp(secret=secret, begun_at=now)

    def confirm_set_up(self, step: int | None, recovery_hashes: tuple[str, ...], now: datetime) -> None:
        """Turn the second factor on: the generator gave the code of this time step.

        Raises:
            SecondFactorIsOn, SetUpOver, CodeRefused
        """
        if self.guard is not None and self.guard.secret:
            raise SecondFactorIsOn
        verifier = self.verifier
        if self.set_up is None or verifier is None or now >= self.set_up.begun_at + SET_UP_LIFE:
            raise SetUpOver
        if step is None:
            raise CodeRefused
        if self.guard is not None:
            self._tell_second_factor(now)
        guard = self.guard or self.begin_guard(verifier, recovery_hashes, now)
        self.second_factor = replace(
            guard, secret=self.set_up.secret, last_step=step, recovery_hashes=recovery_hashes, recovery_at=now
        )
        self.set_up = None

    def begin_guard(self, verifier: str, recovery_hashes: tuple[str, ...], now: datetime) -> SecondFactor:
        """Ask for more than the password from now on; what was added to an earlier second factor counts no more."""
        self.second_factor = SecondFactor(
            password_hash=verifier,
            secret="",
            last_step=0,
            recovery_hashes=recovery_hashes,
            recovery_at=now,
            since=now,
        )
        self.password_hash, self.passkeys = None, ()
        self._tell_second_factor(now)
        return self.second_factor

    def show(self, shown: Shown) -> None:
        """Use a code up: that of a time step after the last one, or a recovery code that is left.

        Raises:
            NoSecondFactor, CodeRefused
        """
        guard = self.guard
        if guard is None:
            raise NoSecondFactor
        if guard.secret and shown.step is not None and shown.step > guard.last_step:
            self.second_factor = replace(guard, last_step=shown.step)
            return
        left = tuple(one for one in guard.recovery_hashes if not hmac.compare_digest(one, shown.recovery_hash))
        if len(left) == len(guard.recovery_hashes):
            raise CodeRefused
        self.second_factor = replace(guard, recovery_hashes=left)

    def renew_recovery(self, recovery_hashes: tuple[str, ...], shown: Shown, now: datetime) -> None:
        """Replace all recovery codes. Raises as `show`."""
        self.show(shown)
        assert self.second_factor is not None  # noqa: S101 - `show` has refused otherwise
        self.second_factor = replace(self.second_factor, recovery_hashes=recovery_hashes, recovery_at=now)

    def remove_second_factor(self, now: datetime) -> None:
        """Go back to the password alone, without app and passkeys; without a second factor nothing changes."""
        guard = self.guard
        if guard is None:
            return
        self.password_hash, self.second_factor, self.passkeys = guard.password_hash, None, ()
        self._tell_second_factor(now)

    def _tell_second_factor(self, now: datetime) -> None:
        self.record(
            SecondFactorChanged(
                occurred_at=now,
                organisation_id=self.organisation_id,
                principal_id=self.id,
                is_on=self.guard is not None,
            )
        )
