"""One log-in on one device, carried on by refresh tokens of which only the newest counts."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from chassis.kernel import AggregateRoot
from chassis.words import Word
from services.identity.domain.errors import SessionEnded
from services.identity.domain.events import SessionsEnded


class EndReason(Word):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged_out"
    REPLAYED = "replayed"
    SUPERSEDED = "superseded"


@dataclass(kw_only=True, eq=False)
class Session(AggregateRoot):
    """A family of refresh tokens: `generation` is the only one that may be used next, `rotated_at` when it came to be.

    `epoch` is the person's when the session began; the person says whether it still counts. `browser` is what its owner
    knows it by, `proven_at` when a password or second factor was last shown.
    """

    principal_id: str
    epoch: int
    generation: int = 1
    rotated_at: datetime | None = None
    browser: str | None = None
    proven_at: datetime | None = None
    started_at: datetime
    idle_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    end_reason: EndReason | None = None

    @classmethod
    def start(
        cls,
        session_id: str,
        organisation_id: str,
        principal_id: str,
        *,
        epoch: int,
        idle: timedelta,
        life: timedelta,
        now: datetime,
        browser: str | None = None,
    ) -> Self:
        """Return a new session that ends after `life`, or earlier when it is not used for `idle`."""
        return cls(
            id=session_id,
            organisation_id=organisation_id,
            principal_id=principal_id,
            epoch=epoch,
            started_at=now,
            idle_at=now + idle,
            expires_at=now + life,
            browser=browser,
            proven_at=now,
        )

    @property
    def used_at(self) -> datetime:
        """When its tokens were last made."""
        return self.rotated_at or self.started_at

    def is_open(self, now: datetime) -> bool:
        """Say whether it can still be carried on."""
        return self.ended_at is None and now < min(self.idle_at, self.expires_at)

    def prove(self, now: datetime) -> None:
        """Note that the person just showed again who it is.

        Raises:
            SessionEnded: when it had ended before.
        """
        if not self.is_open(now):
            raise SessionEnded
        self.proven_at = now

    def rotate(self, generation: int, *, idle: timedelta, leeway: timedelta, now: datetime) -> None:
        """Use the refresh token of this generation up.

        The one before it changes nothing within `leeway` of its first use: two tabs of one browser share a token and
        wake up together, and each gets the pair that the first one made. After that, and for every older generation, it
        is somebody's copy: the session ends for all (RFC 9700 §4.14.2).

        Raises:
            SessionEnded: when it had ended before.
        """
        if not self.is_open(now):
            raise SessionEnded
        if self._was_just_used(generation, leeway, now):
            return
        if generation != self.generation:
            self.end(EndReason.REPLAYED, now)
            return
        self.generation += 1
        self.rotated_at = now
        self.idle_at = now + idle

    def _was_just_used(self, generation: int, leeway: timedelta, now: datetime) -> bool:
        return generation == self.generation - 1 and self.rotated_at is not None and now < self.rotated_at + leeway

    def end(self, reason: EndReason, now: datetime) -> None:
        """End it; ending twice is no error and says nothing."""
        if self.ended_at is not None:
            return
        self.ended_at = now
        self.end_reason = reason
        self.record(
            SessionsEnded(
                occurred_at=now,
                organisation_id=self.organisation_id,
                principal_id=self.principal_id,
                session_ids=(self.id,),
                ended_at=now,
            )
        )
