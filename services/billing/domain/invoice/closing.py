"""Taking an invoice back, or giving up what is owed."""

from dataclasses import replace
from datetime import date, datetime

from chassis.text import free_text
from services.billing.domain.errors import InvoiceHasPayments, InvoiceNotOpen, NothingToWriteOff
from services.billing.domain.events import InvoiceVoided, InvoiceWrittenOff
from services.billing.domain.invoice.record import Closed, InvoiceRecord, InvoiceState

MAX_REASON = 1000


class Closing(InvoiceRecord):
    """Void and write off."""

    def void(self, reason: str, *, now: datetime, on: date | None = None) -> None:
        """Take back a draft or an open invoice on which nothing is paid; `on` is the organisation's day.

        Raises:
            InvoiceNotOpen: it is closed already.
            InvoiceHasPayments: something was paid and not refunded, or is being paid right now.
        """
        if self.state is not InvoiceState.DRAFT and not self.is_open:
            raise InvoiceNotOpen
        reason = free_text(reason, MAX_REASON, "reason", multiline=True)
        if self.paid.amount or self.reserved.amount:
            raise InvoiceHasPayments
        self._close(InvoiceState.VOID, Closed(at=now, amount=self.balance.amount, reason=reason, day=on))
        self.overdue_since = self.look_again_on = None
        self.record(InvoiceVoided(**self._facts(now)))

    def write_off(self, reason: str, *, now: datetime, on: date | None = None) -> None:
        """Give up what is still owed, also after an earlier write-off; `on` is the organisation's day.

        Raises:
            InvoiceNotOpen: it was never sent, or is closed already.
            NothingToWriteOff: it is paid.
            InvoiceHasPayments: something is being paid right now.
        """
        if not self.is_open:
            raise InvoiceNotOpen
        owed = self.balance
        if owed.amount <= 0:
            raise NothingToWriteOff
        reason = free_text(reason, MAX_REASON, "reason", multiline=True)
        if self.reserved.amount:
            raise InvoiceHasPayments
        self._close(InvoiceState.WRITTEN_OFF, Closed(at=now, amount=owed.amount, reason=reason, day=on))
        self.overdue_since = self.look_again_on = None
        self.record(InvoiceWrittenOff(**self._facts(now), amount=owed))

    def _close(self, state: InvoiceState, closed: Closed) -> None:
        self.closed_before = (*self.closed_before, *self._closings())
        self.closed = replace(closed, day=self._booked_on(closed.day))
        self.state = state
