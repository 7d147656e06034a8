"""What an aggregate that is mailed knows of its way: `QUEUED → SENT | FAILED | DROPPED`, and when it is tried again.

The schedule of tries: after 5 s, doubled each time up to a minute; every 15 minutes once the mail is an hour old; given
up after two days. While somebody is away who is needed, which is no fault of the mail, it has two weeks. After an
outcome that nobody knows, one more try 15 minutes later and a last one two hours after that.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel import AggregateRoot
from chassis.words import Word

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=1)
PAUSE_AFTER_AN_HOUR = timedelta(minutes=15)
GIVEN_UP_AFTER = timedelta(days=2)
AWAY_GIVEN_UP_AFTER = timedelta(days=14)
UNKNOWN_PAUSES = (timedelta(minutes=15), timedelta(hours=2))
"""Pauses after outcomes that nobody knows; after one more of them the mail has failed."""
REASON = 200


class Status(Word):
    """Where a mail stands; `DROPPED` is one that was not to be told any more when its turn came."""

    QUEUED = "queued"
    SENT = "sent"
    FAILED = "failed"
    DROPPED = "dropped"


@dataclass(kw_only=True, eq=False)
class Posted(AggregateRoot):
    """The part of an aggregate that says how its mail fares. `released_at` is when somebody let it try again.

    `unknown` counts tries whose outcome nobody knows, `attempts` all that did not succeed. `bounced_at` is when it
    came back after it was taken: it is `SENT` still for versions that know nothing of that.
    """

    status: Status
    created_at: datetime
    attempts: int = 0
    next_attempt_at: datetime | None = None
    settled_at: datetime | None = None
    failure: str | None = None
    unknown: int = 0
    released_at: datetime | None = None
    bounced_at: datetime | None = None

    def sent(self, now: datetime) -> None:
        """It arrived, as far as we can know; saying so again changes nothing."""
        if self.status is Status.SENT:
            return
        self._settle(Status.SENT, now)
        self.tell_sent(now)

    def refused(self, reason: str, now: datetime) -> None:
        """It can never arrive."""
        self._end(Status.FAILED, reason, now)

    def dropped(self, reason: str, now: datetime) -> None:
        """It is not to arrive any more."""
        self._end(Status.DROPPED, reason, now)

    def try_later(self, reason: str, now: datetime, *, away: bool = False) -> None:
        """It did not arrive this time; `away` when that says nothing of the mail."""
        if self.status is not Status.QUEUED:
            return
        self.attempts += 1
        age = now - (self.released_at or self.created_at)
        if age >= (AWAY_GIVEN_UP_AFTER if away else GIVEN_UP_AFTER):
            self.refused(reason, now)
            return
        pause = min(FIRST_PAUSE * 2 ** min(self.attempts - 1, 10), LONGEST_PAUSE)
        self._wait(reason, now + (PAUSE_AFTER_AN_HOUR if age >= timedelta(hours=1) else pause))

    def outcome_unknown(self, reason: str, now: datetime) -> None:
        """It may have arrived: try again a few times only, since each may be a copy."""
        if self.status is not Status.QUEUED:
            return
        self.attempts += 1
        self.unknown += 1
        if self.unknown > len(UNKNOWN_PAUSES):
            self.refused(f"it is not known whether it arrived: {reason}", now)
            return
        self._wait(reason, now + UNKNOWN_PAUSES[self.unknown - 1])

    def bounced(self, reason: str, now: datetime) -> None:
        """It was taken and came back; the first notice counts, also where nobody has noted yet that it was taken.

        Of a mail that was released since, the notice may be of the copy before.
        """
        if self.status is Status.QUEUED and (self.released_at is None or self.unknown):
            self.sent(now)
        if self.status is not Status.SENT or self.bounced_at is not None:
            return
        self.bounced_at, self.failure = now, reason[:REASON]
        self.tell_failed(self.failure, now)

    def release(self, now: datetime) -> None:
        """Let a mail that failed or came back try again from the beginning, and one that waits try at once."""
        if self.status not in (Status.FAILED, Status.QUEUED) and self.bounced_at is None:
            return
        if self.status is not Status.QUEUED:
            self.attempts = self.unknown = 0
            self.released_at = now
        self.bounced_at = None
        self.status, self.settled_at, self.next_attempt_at = Status.QUEUED, None, now

    def tell_sent(self, now: datetime) -> None:
        """Record the fact that it was taken, where others are told."""

    def tell_failed(self, reason: str, now: datetime) -> None:
        """Record the fact that it will never arrive, where others are told."""

    def _end(self, status: Status, reason: str, now: datetime) -> None:
        if self.status is not Status.QUEUED:
            return
        self._settle(status, now)
        self.failure = reason[:REASON]
        self.tell_failed(self.failure, now)

    def _wait(self, reason: str, until: datetime) -> None:
        self.failure = reason[:REASON]
        self.next_attempt_at = until

    def _settle(self, status: Status, now: datetime) -> None:
        self.status = status
        self.settled_at = now
        self.next_attempt_at = None
