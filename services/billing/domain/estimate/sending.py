"""Sending a revision: the estimate takes its number once, and each revision names both parties as of that day."""

from datetime import date, datetime, timedelta

from services.billing.domain.calendar import require_day
from services.billing.domain.content import Party
from services.billing.domain.errors import EstimateExpired, EstimateNotDraft, EstimateNotSent, NotYetSent
from services.billing.domain.estimate.record import EstimateRecord, EstimateState, Revision
from services.billing.domain.events import EstimateSent, EstimateSentAgain
from services.billing.domain.mailings import Mailing, MailingKind, noted, require_room
from services.billing.domain.money import require_living

VALIDITY = timedelta(days=30)


class Sending(EstimateRecord):
    """Send the draft."""

    def require_sendable(self, today: date) -> None:
        """Refuse what `send` would refuse, before a number is taken for it.

        Raises:
            EstimateNotDraft: it was sent or closed.
            CurrencyEnded: it is written in a currency of the past.
            DatePassed, DateTooFar: its last day is no sensible one.
        """
        if self.state is not EstimateState.DRAFT:
            raise EstimateNotDraft
        require_living(self.content.currency, today, field=())
        if self.expires_on is not None:
            require_day(self.expires_on, earliest=today, field="expiresOn")

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
    ) -> None:
        """Offer the draft to the client as the current revision.

        `recipients` are the contacts whom `by` chose; without any it goes to whoever is told by rule.

        Raises:
            EstimateNotDraft, CurrencyEnded, DatePassed, DateTooFar: nothing is changed.
        """
        self.require_sendable(today)
        self.number = self.number or number
        self.sent_at = self.sent_at or now
        expires_on = self.expires_on or today + VALIDITY
        sent = Revision(
            number=self.revision,
            state=EstimateState.SENT,
            content=self.content,
            issued_on=today,
            expires_on=expires_on,
            sent_at=now,
            seller=seller,
            buyer=buyer,
        )
        self.revisions = (*self.revisions, sent)
        self._move(EstimateState.SENT)
        self._note(MailingKind.SENT, by, recipients, now)
        self.record(EstimateSent(**self._facts(now), expires_on=expires_on, recipient_ids=recipients))

    def send_again(self, *, by: str, recipients: tuple[str, ...], today: date, now: datetime) -> None:
        """Have a revision that waits for an answer mailed once more.

        Raises:
            NotYetSent, EstimateNotSent, EstimateExpired, SentTooOften: nobody is mailed.
        """
        last = self.last_sent
        if last is None or self.state is EstimateState.DRAFT:
            raise NotYetSent
        if self.has_expired(today):
            raise EstimateExpired(last.expires_on)
        if self.state is not EstimateState.SENT:
            raise EstimateNotSent
        require_room(self.mailings, now)
        self._note(MailingKind.SENT_AGAIN, by, recipients, now)
        self.record(EstimateSentAgain(**self._facts(now), requested_by=by, recipient_ids=recipients))

    def _note(self, kind: MailingKind, by: str | None, recipients: tuple[str, ...], now: datetime) -> None:
        self.mailings = noted(self.mailings, Mailing(kind=kind, at=now, by=by, recipients=recipients))
