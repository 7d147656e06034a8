"""Jobs that let days pass: estimates expire, invoices become overdue, reminders fall due.

Several workers may run them at once, as often as they like: each change is decided by the aggregate on its own saved
state, so that a fact is recorded once. Organisations take turns; one whose day cannot be told, and a document that
cannot be read or decided upon, are set aside, and the others go on.
"""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from chassis.guard import Aside, Guard, MemoryAside, Round
from chassis.kernel import Clock, Principal
from services.billing.application.ports import Directory
from services.billing.application.reminding import Plans
from services.billing.domain.repositories import Estimates, Invoices, Whereabouts

BATCH = 200
FARTHEST_AHEAD = timedelta(hours=14)
"""How far ahead of UTC a time zone can be: tomorrow here may be today there."""
LOOP = "due_dates"
_ORGANISATIONS = "organisations"

Look = Callable[[Principal, str, date, datetime], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class WatchDueDates:
    """Looks at every document whose day may have come."""

    estimates: Estimates
    invoices: Invoices
    directory: Directory
    clock: Clock
    plans: Plans
    aside: Aside | None = None

    async def __call__(self) -> Round:
        """Make one round and return what it came to."""
        now, made = self.clock.now(), Round()
        guard = Guard(LOOP, self.aside or MemoryAside(self.clock), self.clock)
        until, resting = (now + FARTHEST_AHEAD).date(), await guard.resting()
        for kind, store, look in (
            ("estimates", self.estimates, self._expire),
            ("invoices", self.invoices, self._chase),
        ):
            found = await store.needing_attention(
                until, BATCH, without=_ids(kind, resting), not_of=_ids(_ORGANISATIONS, resting)
            )
            await self._each(kind, found, now, look, guard, made)
        return made

    async def _each(
        self, kind: str, found: Sequence[Whereabouts], now: datetime, look: Look, guard: Guard, made: Round
    ) -> None:
        """Look at each; documents of an organisation whose day nobody can tell now are left for a later round."""
        days: dict[str, date] = {}
        lost: set[str] = set()
        for organisation_id, document_id in found:
            by = Principal.for_service(organisation_id)

            async def learn(by: Principal = by) -> None:
                days[by.organisation_id] = (await self.directory.organisation(by)).today(now)

            async def work(by: Principal = by, document_id: str = document_id) -> None:
                await look(by, document_id, days[by.organisation_id], now)

            if made.is_over:
                return
            if organisation_id not in days and organisation_id not in lost:
                await guard.one(f"{_ORGANISATIONS}/{organisation_id}", learn, made)
                lost |= {organisation_id} - days.keys()
            if organisation_id in days:
                await guard.one(f"{kind}/{document_id}", work, made)

    async def _expire(self, by: Principal, estimate_id: str, today: date, now: datetime) -> None:
        await self.estimates.update(by, estimate_id, lambda estimate: estimate.expire(today=today, now=now))

    async def _chase(self, by: Principal, invoice_id: str, today: date, now: datetime) -> None:
        """Decide by the plan that holds now; while the portal is switched off nobody is reminded by it."""
        known = await self.invoices.get(by, invoice_id)
        organisation = await self.directory.organisation(by)
        reminders = await self.plans.of(by, known.customer_id, organisation)
        if await self._is_off(by):
            reminders = replace(reminders, muted=True)
        await self.invoices.update(
            by, invoice_id, lambda invoice: invoice.chase(today=today, now=now, reminders=reminders)
        )

    async def _is_off(self, by: Principal) -> bool:
        return not (await self.directory.portal(by)).enabled and not (await self.directory.portal_now(by)).enabled


def _ids(kind: str, items: Collection[str]) -> list[str]:
    return [item.removeprefix(f"{kind}/") for item in items if item.startswith(f"{kind}/")]
