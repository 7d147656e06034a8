"""Send what waits: one mail at a time, slowly while the mail server is away, and again after a crash.

A mail is claimed by moving its next attempt into the future, so that a claim of a process that died runs out by
itself. With one mail under way at a time, a crash repeats at most that one, under the same Message-ID.
"""

import asyncio
import contextlib
from dataclasses import dataclass, field
from datetime import timedelta

from services.chassis.guard import Aside, Guard, MemoryAside, Round
from services.chassis.kernel import Clock, Principal
from services.notifications.application.ports import Courier, Notifications, Queued, TryLater, Undeliverable

LOOP = "mails"
CLAIM = timedelta(minutes=2)
BATCH = 50
FAILURES_THAT_MEAN_DOWN = 3
LONGEST_REST = 15.0


class Wake:
    """Tells the sender that mail is waiting."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __call__(self) -> None:
        """Say that something was queued."""
        self._event.set()

    async def wait(self, seconds: float) -> None:
        """Return when something was queued, or after `seconds`."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
        self._event.clear()


@dataclass(slots=True)
class Deliver:
    """Sends queued mails. `failures` counts those in a row that could not be sent: the server is down, so rest.

    `aside` is where mails are noted that cannot be read or written.
    """

    notifications: Notifications
    courier: Courier
    clock: Clock
    wake: Wake = field(default_factory=Wake)
    poll_seconds: float = 1.0
    failures: int = 0
    sent: int = 0
    aside: Aside | None = None

    async def run(self) -> None:
        """Send until cancelled."""
        while True:
            sent = await self.drain()
            if self.is_down:
                await asyncio.sleep(self.rest_seconds)
            elif not sent:
                await self.wake.wait(self.poll_seconds)

    @property
    def is_down(self) -> bool:
        """Whether the mail server seems to be away."""
        return self.failures >= FAILURES_THAT_MEAN_DOWN

    @property
    def rest_seconds(self) -> float:
        """How long to rest before the next probe."""
        return min(2.0 ** (self.failures - FAILURES_THAT_MEAN_DOWN), LONGEST_REST)

    async def drain(self) -> int:
        """Send what is due and return how many were sent; while the server is down, try one only.

        A mail that cannot be read or written is set aside. The round ends early while somebody who is needed is away.
        """
        guard = Guard(LOOP, self.aside or MemoryAside(self.clock), self.clock)
        resting = [item.partition("/")[2] for item in await guard.resting()]
        made, self.sent = Round(), 0
        for queued in await self.notifications.due(self.clock.now(), 1 if self.is_down else BATCH, without=resting):
            was_down = self.is_down
            await guard.one(f"notifications/{queued.id}", lambda queued=queued: self._attempt(queued), made)
            if self.is_down or was_down or made.is_over:
                break
        if made.down is not None and not self.sent:
            self.failures = max(self.failures, FAILURES_THAT_MEAN_DOWN)
        return self.sent

    async def _attempt(self, queued: Queued) -> None:
        if not await self.notifications.claim(queued, self.clock.now() + CLAIM):
            return
        by = Principal.for_service(queued.organisation_id)
        notification = await self.notifications.get(by, queued.id)
        try:
            await self.courier.deliver(notification)
        except Undeliverable as error:
            reason, self.failures = str(error), 0
            await self.notifications.update(by, notification.id, lambda one: one.refused(reason, self.clock.now()))
        except TryLater as error:
            reason = str(error)
            self.failures += 1
            await self.notifications.update(by, notification.id, lambda one: one.try_later(reason, self.clock.now()))
        else:
            self.failures = 0
            await self.notifications.update(by, notification.id, lambda one: one.sent(self.clock.now()))
            self.sent += 1
