"""Noticing that an invoice is overdue and when the client is to be reminded. Called by a job as often as it likes.

`look_again_on` is the day on which the job looks next: all that it needs to find what is due. A step counts that comes
after `_steps_until`: what was past when the invoice was sent, its due date or the plan was changed, or somebody was
reminded, is never made up for. So each step is decided once, by the save that moves both days on.
"""

from datetime import date, datetime, timedelta

from services.billing.domain.errors import InvoiceNotOpen, NothingOwed, NotYetSent
from services.billing.domain.events import InvoiceBecameOverdue, InvoiceDueSoon, InvoiceReminderDue
from services.billing.domain.invoice.record import InvoiceRecord, InvoiceState, Reminded
from services.billing.domain.invoice.status import is_overdue
from services.billing.domain.mailings import Mailing, MailingKind, noted, require_rest
from services.billing.domain.reminders import Reminders

STANDARD = Reminders()


class Chasing(InvoiceRecord):
    """Become overdue, remind."""

    def chase(self, *, today: date, now: datetime, reminders: Reminders = STANDARD) -> None:
        """Record that the invoice became overdue, or that a reminder is due; on the same day never twice.

        After a pause of the job only the latest reminder is recorded, so that nobody gets three mails at once.
        """
        due_on = self.terms.due_on
        if due_on is None or self.look_again_on is None or today < self.look_again_on or not self._is_owed():
            return
        step = reminders.step(due_on, after=self._steps_until(reminders), today=today)
        if is_overdue(self, today) and self.overdue_since is None:
            self.overdue_since = due_on + timedelta(days=1)
            self.record(InvoiceBecameOverdue(**self._facts(now), reminds_client=step is not None))
        elif step is not None:
            self._record_reminder(due_on, today, now)
        if step is not None:
            self._note_reminder(today, now)
        self.look_again_on = self._next_look(reminders, due_on, after=today)

    def remind(self, *, by: str, recipients: tuple[str, ...], today: date, now: datetime) -> None:
        """Remind the client because staff want it, whatever the plan says; it counts as the plan's of that day.

        Raises:
            NotYetSent, InvoiceNotOpen, NothingOwed, RemindedRecently: nobody is reminded.
        """
        if self.state is InvoiceState.DRAFT:
            raise NotYetSent
        if not self.is_open:
            raise InvoiceNotOpen
        if not self._is_owed():
            raise NothingOwed
        require_rest(self.reminded.at if self.reminded else None, now)
        self._record_reminder(self.terms.due_on or today, today, now, by=by, recipients=recipients)
        self._note_reminder(today, now, by=by, recipients=recipients)

    def reschedule(self, reminders: Reminders) -> None:
        """Look on the right day once another plan holds; what is paid or closed stays alone."""
        if self.terms.due_on is not None and self._is_owed():
            self.look_again_on = self._first_look(reminders)

    def _record_reminder(
        self, due_on: date, today: date, now: datetime, *, by: str | None = None, recipients: tuple[str, ...] = ()
    ) -> None:
        facts, days = self._facts(now), (today - due_on).days
        if days <= 0:
            self.record(InvoiceDueSoon(**facts, requested_by=by, recipient_ids=recipients, days_left=-days))
        else:
            self.record(InvoiceReminderDue(**facts, requested_by=by, recipient_ids=recipients, days_overdue=days))

    def _note_reminder(
        self, today: date, now: datetime, *, by: str | None = None, recipients: tuple[str, ...] = ()
    ) -> None:
        self.reminded = Reminded(at=now, on=today)
        mailing = Mailing(kind=MailingKind.REMINDED, at=now, by=by, recipients=recipients)
        self.mailings = noted(self.mailings, mailing)
