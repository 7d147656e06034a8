"""Jobs that let days pass: estimates expire, invoices become overdue, reminders fall due.

Several workers may run them at once, as often as they like: each change is decided by the aggregate on its own saved
state, so that a fact is recorded once.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from services.billing.application.ports import Directory
from services.billing.domain.repositories import Estimates, Invoices, Whereabouts
from services.chassis.kernel import Clock, DomainError, Principal

BATCH = 200
FARTHEST_AHEAD = timedelta(hours=14)
"""How far ahead of UTC a time zone can be: tomorrow here may be today there."""


@dataclass(frozen=True, slots=True)
class WatchDueDatesHandler:
    """Looks at every document whose day may have come."""

    estimates: Estimates
    invoices: Invoices
    directory: Directory
    clock: Clock

    async def __call__(self) -> int:
        """Make one round and return how many documents were looked at."""
        now = self.clock.now()
        until = (now + FARTHEST_AHEAD).date()
        estimates = await self.estimates.needing_attention(until, BATCH)
        invoices = await self.invoices.needing_attention(until, BATCH)
        await self._each(estimates, now, self._expire)
        await self._each(invoices, now, self._chase)
        return len(estimates) + len(invoices)

    async def _each(
        self,
        found: Sequence[Whereabouts],
        now: datetime,
        look: Callable[[Principal, str, date, datetime], Awaitable[None]],
    ) -> None:
        """Look at each; one that cannot be looked at now is left for the next round."""
        days: dict[str, date] = {}
        for organisation_id, document_id in found:
            by = Principal.for_service(organisation_id)
            try:
                if organisation_id not in days:
                    days[organisation_id] = (await self.directory.organisation(by)).today(now)
                await look(by, document_id, days[organisation_id], now)
            except DomainError:
                continue

    async def _expire(self, by: Principal, estimate_id: str, today: date, now: datetime) -> None:
        await self.estimates.update(by, estimate_id, lambda estimate: estimate.expire(today=today, now=now))

    async def _chase(self, by: Principal, invoice_id: str, today: date, now: datetime) -> None:
        await self.invoices.update(by, invoice_id, lambda invoice: invoice.chase(today=today, now=now))
