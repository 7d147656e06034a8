"""The job of the number series: what a send left behind when it died, or was overtaken by a void, is put right.

A number that a sent document carries is settled. One that a voided document took and never used is given back, and the
next document takes it. One that a draft holds stays its own: it is sent under it, or voided.
"""

from dataclasses import dataclass
from datetime import timedelta

from chassis.guard import Aside, Guard, MemoryAside, Round
from chassis.kernel import Clock, NotFound, Principal
from services.billing.domain.repositories import Estimates, Invoices, NumberSeries
from services.billing.domain.series import HeldNumber, Series

LEFT_ALONE = timedelta(minutes=1)
"""How long a number is its send's own business."""
BATCH = 200
LOOP = "numbers"


@dataclass(frozen=True, slots=True)
class ReclaimNumbers:
    """Looks at every number of which nobody knows whether its document was sent. Safe to run several at once."""

    estimates: Estimates
    invoices: Invoices
    numbers: NumberSeries
    clock: Clock
    aside: Aside | None = None

    async def __call__(self) -> Round:
        """Make one round and return what it came to; a number whose document cannot be read is set aside."""
        guard = Guard(LOOP, self.aside or MemoryAside(self.clock), self.clock)
        resting = [item.partition("/")[2] for item in await guard.resting()]
        held = await self.numbers.unconfirmed(self.clock.now() - LEFT_ALONE, BATCH, without=resting)
        return await guard.each(held, lambda it: f"numbers/{it.document_id}", self._look_at)

    async def _look_at(self, held: HeldNumber) -> None:
        by = Principal.for_service(held.organisation_id)
        documents = self.invoices if held.series is Series.INVOICE else self.estimates
        try:
            document = await documents.get(by, held.document_id)
        except NotFound:
            await self.numbers.look_later(held, self.clock.now())
            return
        if document.number is not None:
            await self.numbers.confirm(held)
        elif document.needs_no_number:
            await self.numbers.give_back(held.organisation_id, held.series, held.document_id)
        else:
            await self.numbers.look_later(held, self.clock.now())
