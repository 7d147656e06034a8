"""Send what waits: one mail at a time, slowly while the mail server is away, and again after a crash.

A mail is claimed by moving its next attempt into the future, so that a claim of a process that died runs out by
itself: it is longer than any try. With one mail under way at a time, a crash repeats at most that one, under the same
Message-ID. Whoever stops this loop waits until the mail in hand is settled.
"""

import asyncio
import contextlib
from collections.abc import Callable, Generator, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Protocol

from chassis.down import blame, is_down
from chassis.guard import Aside, Guard, MemoryAside, Round
from chassis.kernel import Clock, Principal
from chassis.mailing.outcomes import (
    MAIL_SERVER,
    Away,
    NoLongerTrue,
    OutcomeUnknown,
    TryLater,
    Undeliverable,
)
from chassis.mailing.posted import Posted
from chassis.waking import Signal

LOOP = "mails"
CLAIM = timedelta(minutes=16)
"""Longer than SMTP may take for one message (14 minutes) and what is fetched for it."""
BATCH = 50
FAILURES_THAT_MEAN_DOWN = 3
LONGEST_REST = 15.0
FINISH_SECONDS = 15.0
"""How long a worker that stops waits for the mail in hand; then nobody knows whether it arrived."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A mail that waits, as far as the queue knows it: it is read only when its turn comes."""

    id: str
    organisation_id: str
    next_attempt_at: datetime
    attempts: int = 0
    traceparent: str | None = None


Traced = Callable[[Queued], AbstractContextManager[Callable[[str], None]]]
"""Runs a try inside a span and yields whom to tell the kind of error that ended it."""


@contextlib.contextmanager
def _untraced(_: Queued) -> Generator[Callable[[str], None]]:
    yield lambda _: None


class Queue(Protocol):
    """Where mails wait."""

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        """Return mails that should be sent now, the longest waiting first, organisations in turns.

        `without` are ids to pass over.
        """
        ...

    async def claim(self, queued: Queued, until: datetime) -> bool:
        """Keep others from sending this mail until then; False when somebody else was faster."""
        ...

    async def get(self, by: Principal, aggregate_id: str) -> Any:
        """Return one. Raises NotFound."""
        ...

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[Any], None]) -> Any:
        """Load, change and save. Raises NotFound."""
        ...


class Courier(Protocol):
    """Brings one mail to the mail server."""

    async def deliver(self, notification: Any) -> None:
        """Return when it was taken.

        Raises:
            Undeliverable: never again.
            NoLongerTrue: when it is not to be told any more.
            TryLater: when something on the way is down; `OutcomeUnknown` when it may have arrived.
        """
        ...


@dataclass(slots=True)
class Deliver:
    """Sends queued mails. `failures` counts those in a row that the mail server did not take: it is down, so rest.

    `aside` is where mails are noted that cannot be read or written; `collection` is where they wait.
    """

    notifications: Queue
    courier: Courier
    clock: Clock
    wake: Signal = field(default_factory=Signal)
    poll_seconds: float = 10.0
    failures: int = 0
    sent: int = 0
    aside: Aside | None = None
    collection: str = "notifications"
    stopping: bool = False
    again_at: datetime | None = None
    traced: Traced = _untraced

    async def run(self) -> None:
        """Send until cancelled; then finish the mail in hand."""
        self.stopping = False
        while True:
            sent = await self._drained()
            if self.is_down:
                await asyncio.sleep(self.rest_seconds)
            elif not sent:
                await self.wake.wait(self.idle_seconds)

    @property
    def idle_seconds(self) -> float:
        """How long nothing is due, as far as is known: until the next try of a mail that was tried here, or a while."""
        if self.again_at is None:
            return self.poll_seconds
        return min(max((self.again_at - self.clock.now()).total_seconds(), 0.0), self.poll_seconds)

    @property
    def is_down(self) -> bool:
        """Whether the mail server seems to be away."""
        return self.failures >= FAILURES_THAT_MEAN_DOWN

    @property
    def rest_seconds(self) -> float:
        """How long to rest before the next probe."""
        return min(2.0 ** min(self.failures - FAILURES_THAT_MEAN_DOWN, 10), LONGEST_REST)

    async def drain(self) -> int:
        """Send what is due and return how many were sent; while the server is down, try one only.

        A mail that cannot be read or written is set aside. The round ends early while somebody who is needed is away.
        """
        guard = Guard(LOOP, self.aside or MemoryAside(self.clock), self.clock)
        resting = [item.partition("/")[2] for item in await guard.resting()]
        made, self.sent, self.again_at = Round(), 0, None
        for queued in await self.notifications.due(self.clock.now(), 1 if self.is_down else BATCH, without=resting):
            if self.stopping:
                break
            was_down = self.is_down
            await guard.one(f"{self.collection}/{queued.id}", lambda queued=queued: self._attempt(queued), made)
            if self.is_down or was_down or made.is_over:
                break
        if made.down is not None and not self.sent:
            self.failures = max(self.failures, FAILURES_THAT_MEAN_DOWN)
        return self.sent

    async def _drained(self) -> int:
        """Drain; when this is cancelled, let the mail in hand come to its end, for `FINISH_SECONDS` at most."""
        round_ = asyncio.ensure_future(self.drain())
        try:
            return await asyncio.shield(round_)
        except asyncio.CancelledError:
            self.stopping = True
            await asyncio.wait({round_}, timeout=FINISH_SECONDS)
            if not round_.done():
                round_.cancel()
            await asyncio.gather(round_, return_exceptions=True)
            raise

    async def _attempt(self, queued: Queued) -> None:
        if not await self.notifications.claim(queued, self.clock.now() + CLAIM):
            return
        with self.traced(queued) as failed:
            await self._attempt_claimed(queued, failed)

    async def _attempt_claimed(self, queued: Queued, failed: Callable[[str], None]) -> None:
        mail: Posted = await self.notifications.get(Principal.for_service(queued.organisation_id), queued.id)
        try:
            await self.courier.deliver(mail)
        except asyncio.CancelledError:
            await self._settle(queued, lambda one, now: one.outcome_unknown("the worker stopped", now))
            raise
        except Undeliverable as error:
            failed(type(error).__name__)
            self.failures, reason = 0, str(error)
            await self._settle(queued, lambda one, now: one.refused(reason, now))
        except NoLongerTrue as error:
            reason = str(error)
            await self._settle(queued, lambda one, now: one.dropped(reason, now))
        except TryLater as error:
            failed(type(error).__name__)
            await self._later(queued, error)
        except Exception as error:
            failed(type(error).__name__)
            await self._failed(queued, error)
            raise
        else:
            self.failures = 0
            await self._settle(queued, lambda one, now: one.sent(now))
            self.sent += 1

    async def _later(self, queued: Queued, error: TryLater) -> None:
        if error.dependency == MAIL_SERVER:
            self.failures += 1
        reason = str(error)
        if isinstance(error, OutcomeUnknown):
            await self._settle(queued, lambda one, now: one.outcome_unknown(reason, now))
        else:
            away = isinstance(error, Away)
            await self._settle(queued, lambda one, now: one.try_later(reason, now, away=away))

    async def _failed(self, queued: Queued, error: Exception) -> None:
        """What nobody expected is an attempt of this mail; whoever guards the loop notes it as well."""
        reason, away = blame(error), is_down(error)
        with contextlib.suppress(Exception):
            await self._settle(queued, lambda one, now: one.try_later(reason, now, away=away))

    async def _settle(self, queued: Queued, change: Callable[[Any, datetime], None]) -> None:
        by = Principal.for_service(queued.organisation_id)
        settled: Posted = await self.notifications.update(by, queued.id, lambda one: change(one, self.clock.now()))
        again_at = settled.next_attempt_at
        if again_at is not None and (self.again_at is None or again_at < self.again_at):
            self.again_at = again_at
