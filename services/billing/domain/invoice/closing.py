"""Taking an invoice back, or giving up what is owed."""

from datetime import datetime

from services.billing.domain.errors import InvoiceHasPayments, InvoiceNotOpen, NothingToWriteOff
from services.billing.domain.events import InvoiceVoided, InvoiceWrittenOff
from services.billing.domain.invoice.record import Closed, InvoiceRecord, InvoiceState
from services.billing.domain.text import checked

MAX_REASON = 1000


class Closing(InvoiceRecord):
    """Void and write off."""

    def void(self, reason: str, *, now: datetime) -> None:
        """Take back a draft or an open invoice on which nothing is paid.

        Raises:
            InvoiceNotOpen: it is closed already.
            InvoiceHasPayments: something was paid and not refunded, or is being paid right now.
        """
        if self.state not in {InvoiceState.DRAFT, InvoiceState.SENT}:
            raise InvoiceNotOpen
        reason = checked(reason, MAX_REASON, "reason", multiline=True)
        if self.paid.amount or self.reserved.amount:
            raise InvoiceHasPayments
        self.closed = Closed(at=now, amount=self.balance.amount, reason=reason)
        self.state = InvoiceState.VOID
        self.overdue_since = self.look_again_on = None
        self.record(InvoiceVoided(**self._facts(now)))

    def write_off(self, reason: str, *, now: datetime) -> None:
        """Give up what is still owed.

        Raises:
            InvoiceNotOpen: it was never sent, or is closed already.
            NothingToWriteOff: it is paid.
            InvoiceHasPayments: something is being paid right now.
        """
        if self.state is not InvoiceState.SENT:
            raise InvoiceNotOpen
        owed = self.balance
        if owed.amount <= 0:
            raise NothingToWriteOff
        reason = checked(reason, MAX_REASON, "reason", multiline=True)
        if self.reserved.amount:
            raise InvoiceHasPayments
        self.closed = Closed(at=now, amount=owed.amount, reason=reason)
        self.state = InvoiceState.WRITTEN_OFF
        self.overdue_since = self.look_again_on = None
        self.record(InvoiceWrittenOff(**self._facts(now), amount=owed))
