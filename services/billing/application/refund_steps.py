"""The steps of money that goes back, and of what the provider did without us. Each is safe to run twice.

The refund is stored before the provider is asked; the provider is asked before the invoice is told. Nothing goes back,
and no refund is told to the invoice, before the invoice knows the payment itself: it must have decided whether it takes
the money. What is left half done, the recovery job finishes (`jobs/resolve_unknown_payments.py`).
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from chassis.kernel import Clock, ConcurrentUpdate, Principal
from services.billing.application.days import DayOf, no_day
from services.billing.application.payment_ports import (
    CardTokens,
    Erased,
    Invoices,
    NobodyErased,
    OutcomeUnknown,
    PaymentProvider,
    ProviderRefused,
)
from services.billing.domain.errors import PaymentNotRefundable, RefundTooLarge
from services.billing.domain.invoice import Invoice
from services.billing.domain.payment import Failure, Payment, Refund, RefundOutcome, RefundState
from services.billing.domain.payment.repositories import Payments
from services.billing.domain.saved_card.repositories import SavedCards

LAST_RESORT = timedelta(days=3)
"""When what can be neither read nor cancelled, or whose provider is set up no more, is ended here; money that it brings
after all is booked, or sent back."""
NOBODY_ERASED = NobodyErased()
NOT_THERE = Failure(code="refund_failed", message="The refund could not be made.", provider_code="not_found")


@dataclass(frozen=True, kw_only=True)
class RefundSteps:
    """Everything that payments need, and the steps of refunds over it.

    `providers` is by name; `card_provider` names the one that new card payments use, None where cards are refused.
    """

    payments: Payments
    invoices: Invoices
    cards: SavedCards
    tokens: CardTokens
    providers: Mapping[str, PaymentProvider]
    card_provider: str | None
    clock: Clock
    day_of: DayOf = no_day
    erased: Erased = NOBODY_ERASED

    def provider_of(self, payment: Payment) -> PaymentProvider:
        """Return who moves this payment's money.

        Raises:
            OutcomeUnknown: who did is set up no more, so nobody can be asked.
        """
        return self.provider_named(payment.provider)

    def provider_named(self, name: str) -> PaymentProvider:
        """Return the provider with this name; raises `OutcomeUnknown` where it is set up no more."""
        provider = self.providers.get(name)
        if provider is None:
            raise OutcomeUnknown
        return provider

    async def refund(self, payment: Payment, refund_id: str) -> Payment:
        """Give money back as asked, and tell the invoice when it is gone, once it knows the payment."""
        if not payment.booked:
            return payment
        if payment.refunds[refund_id].state is RefundState.REQUESTED:
            payment = await self._move(payment, refund_id)
        return await self._book_refund(payment, refund_id)

    async def finish_refunds(self, payment: Payment) -> Payment:
        """Go on with every refund that the invoice does not know, and with sending back what it does not take."""
        now = self.clock.now()
        if payment.booked and payment.returns_now(now):
            payment = await self._change(payment, lambda it: it.send_back(now))
        for refund_id in [each.id for each in payment.refunds.values() if not each.booked]:
            payment = await self.refund(payment, refund_id)
        return payment

    async def mirror(self, payment: Payment) -> Payment:
        """Take over the refunds and disputes that the provider shows.

        Raises:
            OutcomeUnknown: it does not tell.
        """
        known, now = payment.provider_payment_id or payment.id, self.clock.now()
        try:
            movements = await self.provider_of(payment).movements(payment.id, known)
        except ProviderRefused:
            return payment
        return await self._change(payment, lambda it: it.mirror(movements, now))

    async def _move(self, payment: Payment, refund_id: str) -> Payment:
        """Ask the provider for the refund; one that it has an id for already is only looked at again."""
        refund, now = payment.refunds[refund_id], self.clock.now()
        try:
            if refund.provider_refund_id is not None:
                return await self._watch(payment, refund)
            outcome = await self._find_or_make(payment, refund)
        except ProviderRefused as refused:
            failure = refused.failure
            return await self._change(payment, lambda it: it.fail_refund(refund_id, failure, now))
        except OutcomeUnknown:
            if payment.provider not in self.providers and now - refund.requested_at > LAST_RESORT:
                return await self._change(payment, lambda it: it.fail_refund(refund_id, NOT_THERE, now))
            return await self._change(payment, lambda it: it.look_again(now))
        return await self._change(payment, lambda it: it.settle_refund(refund_id, outcome, now))

    async def _find_or_make(self, payment: Payment, refund: Refund) -> RefundOutcome:
        provider, known = self.provider_of(payment), payment.provider_payment_id or payment.id
        found = await provider.find_refund(refund.id, known)
        return found or await provider.refund(refund.id, known, payment.money(refund.amount))

    async def _watch(self, payment: Payment, refund: Refund) -> Payment:
        """Look what became of a refund that is under way there; what is not there any more did not happen."""
        now, known = self.clock.now(), payment.provider_payment_id or payment.id
        movements = await self.provider_of(payment).movements(payment.id, known)
        is_there = any(seen.provider_refund_id == refund.provider_refund_id for seen in movements.refunds)

        def change(it: Payment) -> None:
            it.mirror(movements, now)
            if not is_there and now - refund.requested_at > LAST_RESORT:
                it.fail_refund(refund.id, NOT_THERE, now)
            it.look_again(now)

        return await self._change(payment, change)

    async def _book_refund(self, payment: Payment, refund_id: str) -> Payment:
        """Tell the invoice that money went back, or that it came back; then note that it was told."""
        refund = payment.refunds[refund_id]
        if refund.state is RefundState.REQUESTED or refund.booked:
            return payment
        now, amount, state = self.clock.now(), payment.money(refund.amount), refund.state
        today = await self.day_of(service_of(payment), now)

        def change(invoice: Invoice) -> None:
            if state is RefundState.SUCCEEDED:
                invoice.record_refund(refund_id, payment.id, amount, now, on=today)
            else:
                invoice.reverse_refund(refund_id, payment.id, amount, now, on=today)

        try:
            with suppress(PaymentNotRefundable):  # the invoice turned the money away: it has nothing to be told
                await self.invoices.update(service_of(payment), payment.invoice_id, change)
        except (ConcurrentUpdate, RefundTooLarge):  # others, or an earlier refund's return, come first
            return payment
        return await self._change(payment, lambda it: it.mark_refund_booked(refund_id, state, now))

    async def _change(self, payment: Payment, change: Callable[[Payment], None]) -> Payment:
        return await self.payments.update(service_of(payment), payment.id, change)


def service_of(payment: Payment) -> Principal:
    """Return our own principal in the payment's organisation."""
    return Principal.for_service(payment.organisation_id)
