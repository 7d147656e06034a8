"""The steps of a payment, small and named. Each is safe to run twice, and the process may die between any two.

Order matters: the payment is stored before the invoice is asked, the amount is reserved before the provider is, and
the provider's id is stored before any money can move. Whatever is left half done, `Recovery` finishes.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from services.billing.application.payment_ports import (
    Attempt,
    CardToken,
    CardTokens,
    Invoices,
    OutcomeUnknown,
    PaymentProvider,
    ProviderRefused,
    StoredCard,
)
from services.billing.domain.errors import PaymentEnded, PaymentNotRefundable
from services.billing.domain.payment import Failure, Outcome, Payment, PaymentState, RefundState
from services.billing.domain.payment.errors import CardsNotAccepted
from services.billing.domain.payment.repositories import Payments
from services.billing.domain.saved_card import SavedCard
from services.billing.domain.saved_card.repositories import SavedCards
from services.chassis.kernel import (
    AlreadyExists,
    Clock,
    ConcurrentUpdate,
    Conflict,
    DomainError,
    Principal,
    Unavailable,
    Unreadable,
)

UNBOOKABLE = "The invoice could not take this payment."


@dataclass(frozen=True, kw_only=True)
class PaymentSteps:
    """Everything that payments need, and the steps over it.

    `providers` is by name; `card_provider` names the one that new card payments use, None where cards are refused.
    """

    payments: Payments
    invoices: Invoices
    cards: SavedCards
    tokens: CardTokens
    providers: Mapping[str, PaymentProvider]
    card_provider: str | None
    clock: Clock

    def card_desk(self) -> PaymentProvider:
        """Return who takes cards.

        Raises:
            CardsNotAccepted: nobody does.
        """
        if self.card_provider is None:
            raise CardsNotAccepted
        return self.providers[self.card_provider]

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

    async def reserve(self, payment: Payment, *, recorded_by_staff: bool = False) -> None:
        """Hold the amount on the invoice; a refusal ends the payment and is told."""
        now = self.clock.now()
        try:
            await self.invoices.update(
                _service(payment),
                payment.invoice_id,
                lambda invoice: invoice.reserve(payment.id, payment.amount, now, recorded_by_staff=recorded_by_staff),
            )
        except (ConcurrentUpdate, Unavailable, Unreadable):
            raise
        except DomainError as refusal:
            failure = Failure(code=refusal.code.lower(), message=refusal.message)
            ended = await self._change(payment, lambda it: it.fail(failure, now))
            await self.book(ended)
            raise

    async def pay(self, payment: Payment, attempt: Attempt) -> Payment:
        """Announce the attempt, store the provider's id, capture, and take note of what came of it."""
        provider = self.provider_of(payment)
        try:
            announced = await provider.create(attempt)
            await self._change(payment, lambda it: it.attach(announced.provider_payment_id))
            outcome = await provider.confirm(attempt, announced.provider_payment_id)
        except PaymentEnded:
            return await self.payments.get(_service(payment), payment.id)
        except ProviderRefused as refused:
            return await self.give_up(payment, refused.failure)
        except OutcomeUnknown:
            return await self.lose_sight(payment)
        return await self.take_note(payment, outcome)

    async def take_note(self, payment: Payment, outcome: Outcome) -> Payment:
        """Apply what the provider reports and, when that is final, tell the invoice."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.apply(outcome, now)))

    async def lose_sight(self, payment: Payment) -> Payment:
        """Note that nobody knows; the recovery job will."""
        now = self.clock.now()
        return await self._change(payment, lambda it: it.lose_sight(now))

    async def give_up(self, payment: Payment, failure: Failure) -> Payment:
        """End a payment that moved no money, and never will."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.fail(failure, now)))

    async def give_up_unsent(self, payment: Payment) -> Payment:
        """End a payment of which the provider never heard."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.fail_unsent(now)))

    async def withdraw(self, payment: Payment) -> Payment:
        """Give an attempt up, at its provider first; return it as it stands then: cancelled, or what it has become.

        What was never announced is barred from being announced later. What the provider says decides: an attempt that
        it has captured in the meantime counts, and is booked.

        Raises:
            OutcomeUnknown: the provider does not tell; nothing was changed.
        """
        if payment.state.is_final:
            return await self.book(payment)
        provider, known = self.provider_of(payment), payment.provider_payment_id
        try:
            if known is None:
                found = await provider.retrieve(payment.id, None, begun_at=payment.created_at)
                payment = payment if found else await self.give_up_unsent(payment)
                known = found.provider_payment_id if found else payment.provider_payment_id
            if known is None:
                return payment
            return await self.take_note(payment, await provider.cancel(payment.id, known))
        except ProviderRefused:
            raise OutcomeUnknown from None

    async def miss(self, payment: Payment, patience: timedelta) -> Payment:
        """Note that the provider knows no such payment; end it when that has been so for long."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.miss(now, patience)))

    async def stop_guessing(self, payment: Payment) -> Payment:
        """End an attempt of which nobody can read what the provider says, and which it does not cancel."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.stop_guessing(now)))

    async def book(self, payment: Payment) -> Payment:
        """Tell the invoice how the payment ended: keep the card and settle, or release; then note that it was told.

        Where others keep changing the invoice, the recovery job tells it a little later.
        """
        if not payment.state.is_final or payment.booked:
            return payment
        now, state = self.clock.now(), payment.state
        try:
            if state is PaymentState.SUCCEEDED:
                await self._keep_card(payment)  # first: whoever sees the invoice paid sees the card as well
                await self._settle(payment)
            else:
                await self._release(payment)
        except ConcurrentUpdate:
            return payment
        return await self._change(payment, lambda it: it.mark_booked(state, now))

    async def refund(self, payment: Payment, refund_id: str) -> Payment:
        """Give money back as asked, and tell the invoice when it is gone."""
        refund, now = payment.refunds[refund_id], self.clock.now()
        provider_payment_id = payment.provider_payment_id or payment.id
        if refund.state is RefundState.REQUESTED:
            try:
                provider = self.provider_of(payment)
                outcome = await provider.find_refund(refund_id, provider_payment_id)
                if outcome is None:
                    outcome = await provider.refund(refund_id, provider_payment_id, payment.money(refund.amount))
            except ProviderRefused as refused:
                failure = refused.failure
                return await self._change(payment, lambda it: it.fail_refund(refund_id, failure, now))
            except OutcomeUnknown:
                return await self._change(payment, lambda it: it.look_again(now))
            reported = outcome
            payment = await self._change(payment, lambda it: it.settle_refund(refund_id, reported, now))
        return await self._book_refund(payment, refund_id)

    async def _settle(self, payment: Payment) -> None:
        now, by = self.clock.now(), _service(payment)
        try:
            await self.invoices.update(
                by,
                payment.invoice_id,
                lambda it: it.settle(payment.id, payment.amount, now, received_on=payment.received_on),
            )
        except ConcurrentUpdate:
            raise
        except Conflict:
            await self._send_back(payment)

    async def _send_back(self, payment: Payment) -> None:
        """Return money that the invoice cannot take: it was closed or paid while the provider was silent."""
        now, refund_id = self.clock.now(), f"rfd_{payment.id[4:]}"
        asked = await self._change(
            payment,
            lambda it: it.request_refund(refund_id, it.captured, reason=UNBOOKABLE, requested_by="service", now=now),
        )
        await self.refund(asked, refund_id)

    async def _book_refund(self, payment: Payment, refund_id: str) -> Payment:
        refund = payment.refunds[refund_id]
        if refund.state is not RefundState.SUCCEEDED or refund.booked:
            return payment
        now, amount = self.clock.now(), payment.money(refund.amount)
        with suppress(PaymentNotRefundable):  # the invoice never took this payment: the money went straight back
            await self.invoices.update(
                _service(payment),
                payment.invoice_id,
                lambda it: it.record_refund(refund_id, payment.id, amount, now),
            )
        return await self._change(payment, lambda it: it.mark_refund_booked(refund_id, now))

    async def _release(self, payment: Payment) -> None:
        now = self.clock.now()
        await self.invoices.update(_service(payment), payment.invoice_id, lambda it: it.release(payment.id, now))

    async def _keep_card(self, payment: Payment) -> None:
        if not payment.save_card or payment.card is None:
            return
        now, owned = self.clock.now(), await self.cards.of_contact(payment.organisation_id, payment.paid_by)
        if any(card.details.fingerprint == payment.card.fingerprint for card in owned if card.details.fingerprint):
            return
        try:
            await self.cards.add(
                SavedCard(
                    id=f"crd_{payment.id[4:]}",
                    organisation_id=payment.organisation_id,
                    customer_id=payment.customer_id,
                    contact_id=payment.paid_by,
                    provider=payment.provider,
                    details=payment.card,
                    added_at=now,
                )
            )
        except AlreadyExists:
            return

    async def _change(self, payment: Payment, change: Callable[[Payment], None]) -> Payment:
        return await self.payments.update(_service(payment), payment.id, change)


def attempt_of(payment: Payment, source: CardToken | StoredCard | None, return_url: str | None = None) -> Attempt:
    """Return what the provider is told about this payment."""
    return Attempt(
        payment_id=payment.id,
        organisation_id=payment.organisation_id,
        amount=payment.amount,
        payer=payment.paid_by,
        description=f"Invoice {payment.invoice_number}",
        source=source,
        save_card=payment.save_card,
        return_url=return_url,
    )


def _service(payment: Payment) -> Principal:
    return Principal.for_service(payment.organisation_id)
