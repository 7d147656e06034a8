"""The client's answer. It always names the revision that it answers."""

from datetime import date, datetime

from chassis.text import free_text
from services.billing.domain.errors import EstimateExpired, EstimateNotSent, RevisionOutdated
from services.billing.domain.estimate.record import EstimateRecord, EstimateState, Revision
from services.billing.domain.events import EstimateAccepted, EstimateDeclined, EstimateLapsed

MAX_REASON = 2000


class Answering(EstimateRecord):
    """Accept, decline, or let the last day pass."""

    def accept(self, revision: int, *, contact_id: str, today: date, now: datetime) -> None:
        """Say yes to this revision.

        Raises:
            EstimateNotSent, EstimateExpired, RevisionOutdated: nothing is changed.
        """
        self._require_open(revision, today)
        self._move(EstimateState.ACCEPTED, at=now, by=contact_id)
        self.record(EstimateAccepted(**self._facts(now), contact_id=contact_id))

    def decline(self, revision: int, *, contact_id: str, reason: str, today: date, now: datetime) -> None:
        """Say no to this revision, and why.

        Raises:
            EstimateNotSent, EstimateExpired, RevisionOutdated, TextRequired, TextTooLong: nothing is changed.
        """
        reason = free_text(reason, MAX_REASON, "reason", required=True, multiline=True)
        self._require_open(revision, today)
        self._move(EstimateState.DECLINED, at=now, by=contact_id, reason=reason)
        self.record(EstimateDeclined(**self._facts(now), contact_id=contact_id, reason=reason))

    def expire(self, *, today: date, now: datetime) -> None:
        """Close an unanswered estimate after its last day; before that, and for any other, nothing happens."""
        if self.has_expired(today):
            self._move(EstimateState.EXPIRED)
            self.record(EstimateLapsed(**self._facts(now)))

    def _require_open(self, revision: int, today: date) -> Revision:
        last = self.last_sent
        if self.state is EstimateState.EXPIRED and last is not None:
            raise EstimateExpired(last.expires_on)
        if self.state is not EstimateState.SENT or last is None:
            raise EstimateNotSent
        if revision != last.number:
            raise RevisionOutdated(last.number)
        if self.has_expired(today):
            raise EstimateExpired(last.expires_on)
        return last
