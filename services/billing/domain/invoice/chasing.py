"""Noticing that an invoice is overdue and when the client should be reminded. Called by a job as often as it likes."""

from datetime import date, datetime, timedelta

from services.billing.domain.events import InvoiceBecameOverdue, InvoiceReminderDue
from services.billing.domain.invoice.record import InvoiceRecord
from services.billing.domain.invoice.status import is_overdue

REMIND_AFTER = (7, 14, 30)
"""Days after the due date on which the client is reminded; the notice of being overdue itself comes first."""


class Chasing(InvoiceRecord):
    """Become overdue, remind."""

    def chase(self, *, today: date, now: datetime) -> None:
        """Record that the invoice became overdue, or that a reminder is due; on the same day never twice.

        After a pause of the job only the latest reminder is recorded, so that nobody gets three mails at once.
        """
        due_on = self.terms.due_on
        if due_on is None or not is_overdue(self, today) or self.look_again_on is None or today < self.look_again_on:
            return
        if self.overdue_since is None:
            self.overdue_since = due_on + timedelta(days=1)
            self.record(InvoiceBecameOverdue(**self._facts(now)))
        else:
            self.record(InvoiceReminderDue(**self._facts(now), days_overdue=(today - due_on).days))
        upcoming = (due_on + timedelta(days=days) for days in REMIND_AFTER)
        self.look_again_on = next((day for day in upcoming if day > today), None)
