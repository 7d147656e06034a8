"""Collecting money on an invoice: the only door for payments.

Whether money that has arrived is taken is decided here, once, by the save that takes it or turns it away: whoever asks
again, after a crash or on another day, is told the same.

A payment first reserves its amount here, by the same conditional save that guards every other decision, before any
provider is called: two tabs never collect the same money twice. Every method is idempotent by the payment's or the
refund's id, so it may be called again after a crash.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal

from chassis.kernel import Conflict, InvalidInput
from services.billing.domain.errors import (
    AmountExceedsBalance,
    AmountNotPositive,
    CurrencyMismatch,
    InvoiceNotOpen,
    PartialPaymentNotAllowed,
    PaymentAlreadySettled,
    PaymentAmountChanged,
    PaymentEnded,
    PaymentModeNotAllowed,
    PaymentNotRefundable,
    RefundTooLarge,
    TooManyPayments,
)
from services.billing.domain.events import (
    InvoicePaid,
    InvoicePartiallyPaid,
    InvoiceRefunded,
    InvoiceRefundReversed,
)
from services.billing.domain.invoice.record import Collection, CollectionState, InvoiceRecord, Refunded
from services.billing.domain.money import ZERO, Money
from services.billing.domain.payment_mode import PaymentMode

MAX_COLLECTIONS = 1000


class Collecting(InvoiceRecord):
    """Reserve, release, settle and refund."""

    def require_mode(self, mode: PaymentMode) -> None:
        """Refuse a way of paying that staff did not offer on this invoice.

        Raises:
            PaymentModeNotAllowed: when it is not among the terms' modes.
        """
        if mode not in self.terms.modes:
            raise PaymentModeNotAllowed

    def reserve(self, payment_id: str, amount: Money, now: datetime, *, recorded_by_staff: bool = False) -> None:
        """Hold an amount for a payment; staff may record part payments even where clients must pay at once.

        Raises:
            PaymentEnded: the payment gave its reservation back before.
            PaymentAmountChanged: the payment holds, or brought, another amount.
            InvoiceNotOpen, AmountNotPositive, CurrencyMismatch, AmountExceedsBalance, PartialPaymentNotAllowed,
            TooManyPayments: nothing is held.
        """
        if self._holds(payment_id, amount):
            return
        self.require_payable(amount, recorded_by_staff=recorded_by_staff)
        self._put(payment_id, CollectionState.RESERVED, amount.amount, now)

    def require_payable(self, amount: Money, *, recorded_by_staff: bool = False) -> None:
        """Refuse an amount that no payment could reserve now.

        Raises:
            InvoiceNotOpen, AmountNotPositive, CurrencyMismatch, AmountExceedsBalance, PartialPaymentNotAllowed,
            TooManyPayments.
        """
        self._require_collectable(amount)
        if not (recorded_by_staff or self.terms.partial_payments or amount == self.balance):
            raise PartialPaymentNotAllowed(self.balance.amount, self.currency)

    def lacks_room_for(self, amount: Money | None, *, recorded_by_staff: bool = False) -> bool:
        """Tell whether only payments under way keep this amount, or all that is owed, from being collected."""
        wanted = amount or self.balance
        if not self.is_open or wanted.currency != self.currency:
            return False
        fits = self.available.amount < wanted.amount <= self.balance.amount
        return fits and (recorded_by_staff or self.terms.partial_payments or wanted == self.balance)

    def release(self, payment_id: str, now: datetime) -> None:
        """Give a reservation back; a payment that never reserved is barred from doing so later.

        Raises:
            PaymentAlreadySettled: its money has arrived.
        """
        entry = self.collections.get(payment_id)
        if entry is not None and entry.state is CollectionState.SETTLED:
            raise PaymentAlreadySettled
        if entry is None or entry.state is CollectionState.RESERVED:
            self._put(payment_id, CollectionState.RELEASED, entry.amount if entry else ZERO, now)

    def take_in(
        self,
        payment_id: str,
        amount: Money,
        now: datetime,
        *,
        received_on: date | None = None,
        on: date | None = None,
    ) -> None:
        """Settle the payment, or turn its money away where it cannot be taken: once and for all."""
        entry = self.collections.get(payment_id)
        if entry is not None and entry.turned_away:
            return
        try:
            self.settle(payment_id, amount, now, received_on=received_on, on=on)
        except (Conflict, InvalidInput):
            self.turn_away(payment_id, now)

    def turn_away(self, payment_id: str, now: datetime) -> None:
        """Never take the money of this payment: it arrived, and goes back.

        Raises:
            PaymentAlreadySettled: it was taken before.
        """
        entry = self.collections.get(payment_id)
        if entry is not None and entry.state is CollectionState.SETTLED:
            raise PaymentAlreadySettled
        if entry is None or not entry.turned_away:
            held = entry.amount if entry else ZERO
            self.collections[payment_id] = Collection(
                state=CollectionState.RELEASED, amount=held, at=now, turned_away=True
            )

    def has_turned_away(self, payment_id: str) -> bool:
        """Tell whether this payment's money goes back."""
        entry = self.collections.get(payment_id)
        return entry is not None and entry.turned_away

    def settle(
        self,
        payment_id: str,
        amount: Money,
        now: datetime,
        *,
        received_on: date | None = None,
        on: date | None = None,
    ) -> None:
        """Record that a payment's money has arrived; up to the reserved amount, or to what is available without one.

        Args:
            received_on: the day staff give for money they record by hand.
            on: the organisation's day, under which it is booked otherwise.

        Raises:
            PaymentAmountChanged: settled before with another amount, or more than reserved.
            PaymentEnded: its money was turned away before.
            InvoiceNotOpen, AmountNotPositive, CurrencyMismatch, AmountExceedsBalance, TooManyPayments: nothing is
                recorded; money that arrived nevertheless must be given back.
        """
        entry = self.collections.get(payment_id)
        if entry is not None and entry.state is CollectionState.SETTLED:
            return self._require_same(entry, amount)
        if entry is not None and entry.turned_away:
            raise PaymentEnded
        if entry is not None and entry.state is CollectionState.RESERVED:
            self._require_amount(amount)
            if amount.amount > entry.amount:
                raise PaymentAmountChanged
        else:
            self._require_collectable(amount)
        self.collections[payment_id] = Collection(
            state=CollectionState.SETTLED,
            amount=amount.amount,
            at=now,
            received_on=received_on,
            day=self._booked_on(on),
        )
        self._record_payment(payment_id, now)
        return None

    def record_refund(
        self, refund_id: str, payment_id: str, amount: Money, now: datetime, *, on: date | None = None
    ) -> None:
        """Record that money of a settled payment went back, so that it is owed again; `on` is the organisation's day.

        Raises:
            PaymentNotRefundable: no money of this payment has arrived here.
            RefundTooLarge: more than what is left of the payment.
            AmountNotPositive, CurrencyMismatch: nothing is recorded.
        """
        entry = self.collections.get(payment_id)
        if entry is None or entry.state is not CollectionState.SETTLED:
            raise PaymentNotRefundable
        if refund_id in entry.refunds:
            return
        self._require_amount(amount)
        if amount.amount > entry.kept:
            raise RefundTooLarge(entry.kept, self.currency)
        refunds = {**entry.refunds, refund_id: Refunded(amount=amount.amount, at=now, day=self._booked_on(on))}
        self.collections[payment_id] = replace(entry, refunds=refunds)
        if self._is_owed() and self.look_again_on is None and self.terms.due_on is not None:
            late = self.terms.due_on + timedelta(days=1)
            self.look_again_on = min(late, on + timedelta(days=1)) if on else late
        self.record(
            InvoiceRefunded(**self._facts(now), payment_id=payment_id, refund_id=refund_id, amount=amount),
        )

    def reverse_refund(
        self, refund_id: str, payment_id: str, amount: Money, now: datetime, *, on: date | None = None
    ) -> None:
        """Record that money which went back came back, since its bank did not take it: what it paid is paid again.

        A refund that was not recorded yet never will be. Where something else paid in the meantime, the balance is
        below zero: the client has too much here.

        Raises:
            PaymentNotRefundable: no money of this payment has arrived here.
        """
        entry = self.collections.get(payment_id)
        if entry is None or entry.state is not CollectionState.SETTLED:
            raise PaymentNotRefundable
        known = entry.refunds.get(refund_id)
        if known is not None and known.reversed_at is not None:
            return
        day = self._booked_on(on)
        reversed_ = replace(known or Refunded(amount=amount.amount, at=now, day=day), reversed_at=now, reversed_day=day)
        self.collections[payment_id] = replace(entry, refunds={**entry.refunds, refund_id: reversed_})
        if known is None:
            return
        if self.balance.amount <= 0:
            self.overdue_since = self.look_again_on = None
        self.record(
            InvoiceRefundReversed(**self._facts(now), payment_id=payment_id, refund_id=refund_id, amount=amount),
        )

    def _holds(self, payment_id: str, amount: Money) -> bool:
        """Tell whether the payment has this amount already; refuse when it cannot have it any more."""
        entry = self.collections.get(payment_id)
        if entry is None:
            return False
        if entry.state is CollectionState.RELEASED:
            raise PaymentEnded
        self._require_same(entry, amount)
        return True

    def _require_same(self, entry: Collection, amount: Money) -> None:
        if Money(entry.amount, self.currency) != amount:
            raise PaymentAmountChanged

    def _require_amount(self, amount: Money) -> None:
        if amount.currency != self.currency:
            raise CurrencyMismatch(self.currency)
        if amount.amount <= 0:
            raise AmountNotPositive

    def _require_collectable(self, amount: Money) -> None:
        if not self.is_open or self.balance.amount <= 0:
            raise InvoiceNotOpen
        self._require_amount(amount)
        if amount.amount > self.available.amount:
            raise AmountExceedsBalance(self.available.amount, self.currency)
        if len(self.collections) >= MAX_COLLECTIONS:
            raise TooManyPayments(MAX_COLLECTIONS)

    def _put(self, payment_id: str, state: CollectionState, amount: Decimal, now: datetime) -> None:
        self.collections[payment_id] = Collection(state=state, amount=amount, at=now)

    def _record_payment(self, payment_id: str, now: datetime) -> None:
        facts = self._facts(now)
        if self.balance.amount > 0:
            self.record(InvoicePartiallyPaid(**facts, payment_id=payment_id))
            return
        self.overdue_since = self.look_again_on = None
        self.record(InvoicePaid(**facts, payment_id=payment_id))
