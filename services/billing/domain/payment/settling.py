"""From an attempt to its final state. Every method may be called again, late or out of order, without harm."""

from datetime import datetime, timedelta

from services.billing.domain.errors import PaymentEnded
from services.billing.domain.payment.declines import Failure
from services.billing.domain.payment.events import PaymentFailed, PaymentSucceeded
from services.billing.domain.payment.outcome import Outcome, OutcomeStatus
from services.billing.domain.payment.record import PaymentRecord, PaymentState

_ORDER = (PaymentState.CREATED, PaymentState.REQUIRES_ACTION, PaymentState.PROCESSING)
NOT_SENT = Failure(code="not_sent", message="The payment did not reach the provider. Nothing was charged.")
GONE = Failure(
    code="not_found_at_provider", message="The payment provider does not know this payment. Nothing was charged."
)
UNDECIDED = Failure(
    code="undecided", message="The payment was not completed at the provider. If it is charged, it will be refunded."
)
ENDED_BY_STAFF = Failure(
    code="ended_by_staff", message="The payment was ended without its provider. If it is charged, it goes back."
)
ABANDONED = Failure(code="abandoned", message="The payment was not completed. Nothing was charged.")


class Settling(PaymentRecord):
    """What the provider said, applied."""

    def forget_card_holder(self) -> None:
        """Keep of the card what a receipt shows, and nothing that leads to its holder; not before all is booked."""
        if self.card is not None and self.booked:
            self.card = self.card.without_holder()

    def attach(self, provider_payment_id: str) -> None:
        """Remember the provider's id before any money can move.

        Raises:
            PaymentEnded: the recovery job has given up on this attempt, or it belongs to another provider payment.
        """
        if self.provider_payment_id == provider_payment_id:
            return
        if self.state.is_final or self.provider_payment_id is not None:
            raise PaymentEnded
        self.provider_payment_id = provider_payment_id

    def apply(self, outcome: Outcome, now: datetime) -> None:
        """Move to what the provider reports; what lies behind us already changes nothing.

        Money that arrived is always recorded, even where we had given up on the attempt. Another amount or currency
        than was asked for is recorded as what it is, and never taken for this payment's: it goes back. Who says that
        nothing came of what succeeded cannot be read.
        """
        if self.provider_payment_id is None and not self.state.is_final:
            self.provider_payment_id = outcome.provider_payment_id
        self._note_what_was_seen(outcome, now)
        match outcome.status:
            case OutcomeStatus.UNCONFIRMED:
                pass
            case OutcomeStatus.REQUIRES_ACTION:
                self._advance(PaymentState.REQUIRES_ACTION)
                self.redirect_url = None if self.state.is_final else outcome.redirect_url
            case OutcomeStatus.PROCESSING:
                self._advance(PaymentState.PROCESSING)
            case OutcomeStatus.SUCCEEDED if outcome.amount is None or outcome.amount.amount > 0:
                self._succeed(outcome, now)
            case OutcomeStatus.SUCCEEDED:
                self._lose_track()
            case OutcomeStatus.FAILED:
                self.fail(outcome.failure or Failure(code="failed", message="The payment failed."), now)
            case OutcomeStatus.CANCELLED:
                self.cancel(now)
            case OutcomeStatus.UNREADABLE:
                self._lose_track()
        if not self.state.is_final:
            self.look_again(now)

    def lose_sight(self, now: datetime) -> None:
        """Nobody knows what the provider did: a time-out, a broken connection, an answer without sense."""
        if not self.state.is_final:
            self._lose_track()
            self.look_again(now)

    def miss(self, now: datetime, patience: timedelta) -> None:
        """The provider says that it knows no such payment: end it, when it has said so again after all this time."""
        if self.state.is_final:
            return
        if self.missing_since is not None and now - self.missing_since >= patience:
            self.fail(GONE, now)
        else:
            self.missing_since = self.missing_since or now
            self.look_again(now)

    def miss_provider(self, now: datetime, patience: timedelta) -> None:
        """Nobody can be asked, since the provider is set up no more: end it, when that has been so for long."""
        if self.state.is_final:
            return
        self.unreadable_since = self.unreadable_since or now
        if now - self.unreadable_since >= patience:
            self.fail(UNDECIDED, now)
        else:
            self._lose_track()
            self.look_again(now)

    def end_by_staff(self, by: str, now: datetime) -> None:
        """End what its provider cannot say anything about, on the word of a person; money that comes still counts."""
        if not self.state.is_final:
            self.ended_by = by
            self.fail(ENDED_BY_STAFF, now)

    def stop_guessing(self, now: datetime) -> None:
        """End what the provider neither lets us read nor cancel; money that shows up later is sent back."""
        self.fail(UNDECIDED, now)

    def fail(self, failure: Failure, now: datetime) -> None:
        """No money moved, and none will."""
        if self._end(PaymentState.FAILED, now):
            self.failure = failure
            self.record(PaymentFailed(**self._facts(now), amount=self.amount, failure_code=failure.code))

    def fail_unsent(self, now: datetime) -> None:
        """Give up on what the provider never heard of, unless it was announced to it in the meantime."""
        if self.provider_payment_id is None:
            self.fail(NOT_SENT, now)

    def cancel(self, now: datetime) -> None:
        """Given up before any money moved, and the provider knows."""
        if self._end(PaymentState.CANCELLED, now):
            self.failure = ABANDONED

    def mark_booked(self, state: PaymentState, now: datetime) -> None:
        """The invoice knows that this ended in `state`; what has changed since then, it does not know."""
        if self.state is state and state.is_final and not self.booked:
            self.booked = True
            self.look_again(now)

    def _note_what_was_seen(self, outcome: Outcome, now: datetime) -> None:
        self.missing_since = None
        nothing = outcome.status is OutcomeStatus.SUCCEEDED and outcome.amount is not None and not outcome.amount.amount
        unreadable = (outcome.status is OutcomeStatus.UNREADABLE or nothing) and not self.state.is_final
        self.unreadable_since = (self.unreadable_since or now) if unreadable else None

    def _lose_track(self) -> None:
        if not self.state.is_final:
            self.state, self.redirect_url = PaymentState.UNKNOWN, None

    def _advance(self, state: PaymentState) -> None:
        if self.state is PaymentState.UNKNOWN or (
            self.state in _ORDER and _ORDER.index(self.state) < _ORDER.index(state)
        ):
            self.state = state

    def _succeed(self, outcome: Outcome, now: datetime) -> None:
        if self.state is PaymentState.SUCCEEDED:
            return
        if self.state.is_final:
            self.state, self.booked = PaymentState.UNKNOWN, False
        self._end(PaymentState.SUCCEEDED, now)
        self.provider_payment_id = outcome.provider_payment_id
        self.failure, self.card = None, outcome.card
        if outcome.amount is not None and outcome.amount != self.amount:
            self.arrived, self.turned_away = outcome.amount, True
        self.record(PaymentSucceeded(**self._facts(now), amount=self.captured))

    def _end(self, state: PaymentState, now: datetime) -> bool:
        if self.state.is_final:
            return False
        self.state, self.settled_at, self.redirect_url = state, now, None
        self.look_again(now)
        return True
