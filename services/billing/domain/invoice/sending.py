"""Sending an invoice: it takes its number, names both parties as of that day, and is owed from then on."""

from dataclasses import replace
from datetime import date, datetime

from services.billing.domain.calendar import require_day
from services.billing.domain.content import Party
from services.billing.domain.errors import InvoiceNotDraft, InvoiceNotOpen, NoPaymentModes, NotYetSent
from services.billing.domain.events import InvoiceSent, InvoiceSentAgain, InvoiceTermsChanged
from services.billing.domain.invoice.record import InvoiceRecord, InvoiceState, PaymentTerms
from services.billing.domain.mailings import Mailing, MailingKind, noted, require_room
from services.billing.domain.money import require_living
from services.billing.domain.reminders import Reminders

STANDARD = Reminders()


class Sending(InvoiceRecord):
    """Send, and later change how an open invoice may be paid."""

    def require_sendable(self, today: date) -> None:
        """Refuse what `send` would refuse, before a number is taken for it.

        Raises:
            InvoiceNotDraft: it was sent or closed.
            CurrencyEnded: it is written in a currency of the past.
            DatePassed: the due date lies before today.
        """
        if self.state is not InvoiceState.DRAFT:
            raise InvoiceNotDraft
        require_living(self.content.currency, today, field=())
        if self.terms.due_on is not None:
            require_day(self.terms.due_on, earliest=today, field="dueOn")

    def send(
        self,
        *,
        number: str,
        seller: Party,
        buyer: Party,
        today: date,
        now: datetime,
        by: str | None = None,
        recipients: tuple[str, ...] = (),
        reminders: Reminders = STANDARD,
    ) -> None:
        """Make it owed, under this number. The same send again changes nothing.

        `recipients` are the contacts whom `by` chose; without any it goes to whoever is told by rule.

        Raises:
            InvoiceNotDraft, CurrencyEnded, DatePassed: nothing is changed.
        """
        if self.state is InvoiceState.SENT and self.number == number:
            return
        self.require_sendable(today)
        self.state, self.number = InvoiceState.SENT, number
        self.issued_on, self.sent_at = today, now
        self.seller, self.buyer = seller, buyer
        self.terms = replace(self.terms, due_on=self.terms.due_on or today)
        self.look_again_on = self._first_look(reminders)
        self._note(MailingKind.SENT, by, recipients, now)
        self.record(InvoiceSent(**self._facts(now), recipient_ids=recipients))

    def send_again(self, *, by: str, recipients: tuple[str, ...], now: datetime) -> None:
        """Have an invoice mailed once more, also one that is paid.

        Raises:
            NotYetSent, InvoiceNotOpen, SentTooOften: nobody is mailed.
        """
        if self.state is InvoiceState.DRAFT:
            raise NotYetSent
        if self.state is not InvoiceState.SENT:
            raise InvoiceNotOpen
        require_room(self.mailings, now)
        self._note(MailingKind.SENT_AGAIN, by, recipients, now)
        self.record(InvoiceSentAgain(**self._facts(now), requested_by=by, recipient_ids=recipients))

    def change_terms(self, terms: PaymentTerms, *, today: date, now: datetime, reminders: Reminders = STANDARD) -> None:
        """Change the due date, the payment modes and whether parts may be paid, while something is owed.

        Raises:
            InvoiceNotOpen, NoPaymentModes, DatePassed: nothing is changed.
        """
        if not self.is_open or self.balance.amount <= 0:
            raise InvoiceNotOpen
        if not terms.modes:
            raise NoPaymentModes
        due_on = terms.due_on or self.terms.due_on
        if due_on is not None and due_on != self.terms.due_on:
            require_day(due_on, earliest=today, field="dueOn")
            self.overdue_since, self.rescheduled_on = None, today
        self.terms = replace(terms, due_on=due_on)
        if self.overdue_since is None:
            self.look_again_on = self._first_look(reminders)
        self.record(InvoiceTermsChanged(**self._facts(now)))

    def _note(self, kind: MailingKind, by: str | None, recipients: tuple[str, ...], now: datetime) -> None:
        self.mailings = noted(self.mailings, Mailing(kind=kind, at=now, by=by, recipients=recipients))
