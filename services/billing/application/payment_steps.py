"""The steps of a payment, small and named. Each is safe to run twice, and the process may die between any two.

Order matters: the payment is stored before the invoice is asked, the amount is reserved before the provider is, and
the provider's id is stored before any money can move. Whatever is left half done, `Recovery` finishes.
"""

from collections.abc import Awaitable
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.kernel import AlreadyExists, ConcurrentUpdate, DomainError, Principal, Unavailable
from services.billing.application.payment_ports import (
    Attempt,
    CardToken,
    OutcomeUnknown,
    PaymentProvider,
    ProviderRefused,
    StoredCard,
)
from services.billing.application.refund_steps import RefundSteps, service_of
from services.billing.domain.errors import PaymentEnded
from services.billing.domain.invoice import Invoice
from services.billing.domain.payment import Failure, Outcome, Payment, PaymentState
from services.billing.domain.payment.errors import CardsNotAccepted
from services.billing.domain.saved_card import SavedCard


@dataclass(frozen=True, kw_only=True)
class PaymentSteps(RefundSteps):
    """The steps of a payment; those of its refunds are `RefundSteps`'."""

    def card_desk(self) -> PaymentProvider:
        """Return who takes cards.

        Raises:
            CardsNotAccepted: nobody does.
        """
        if self.card_provider is None:
            raise CardsNotAccepted
        return self.providers[self.card_provider]

    async def reserve(self, payment: Payment, *, recorded_by_staff: bool = False) -> None:
        """Hold the amount on the invoice; a refusal ends the payment and is told."""
        now = self.clock.now()
        try:
            await self.invoices.update(
                service_of(payment),
                payment.invoice_id,
                lambda invoice: invoice.reserve(payment.id, payment.amount, now, recorded_by_staff=recorded_by_staff),
            )
        except Unavailable:
            raise
        except DomainError as refusal:
            failure = Failure(code=refusal.code.lower(), message=refusal.message)
            ended = await self._change(payment, lambda it: it.fail(failure, now))
            await self.book(ended)
            raise

    async def pay(self, payment: Payment, attempt: Attempt) -> Payment:
        """Announce the attempt, store the provider's id, capture, and take note of what came of it.

        Where others keep others from being told of it, the payment is returned as it stands, and never a refusal: its
        money may have moved. The recovery job goes on.
        """
        try:
            outcome = await self._capture(payment, attempt)
            if outcome is None:
                return await self.payments.get(service_of(payment), payment.id)
            return await self.take_note(payment, outcome)
        except ProviderRefused as refused:
            return await self._at_last(payment, self.give_up(payment, refused.failure))
        except OutcomeUnknown:
            return await self._at_last(payment, self.lose_sight(payment))
        except ConcurrentUpdate:
            return await self.payments.get(service_of(payment), payment.id)

    async def take_note(self, payment: Payment, outcome: Outcome) -> Payment:
        """Apply what the provider reports and, when that is final, tell the invoice."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.apply(outcome, now)))

    async def _without_holder(self, payment: Payment) -> Payment:
        """Cut the card short of who was erased; looked at after it is stored, so that nothing slips through."""
        if payment.card is None or not payment.booked or not await self.erased.is_erased(payment.paid_by):
            return payment
        return await self._change(payment, lambda it: it.forget_card_holder())

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
        except (ProviderRefused, ConcurrentUpdate):
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

        Where others keep changing the two, the recovery job goes on a little later.
        """
        if not payment.state.is_final or payment.booked:
            return payment
        now, state = self.clock.now(), payment.state
        try:
            if state is PaymentState.SUCCEEDED:
                await self._keep_card(payment)  # first: whoever sees the invoice paid sees the card as well
                is_taken = await self._take_in(payment)
            else:
                is_taken = await self._release(payment)
            payment = await self._change(payment, lambda it: _note_booking(it, state, now, is_taken=is_taken))
        except ConcurrentUpdate:
            return payment
        payment = await self._without_holder(payment)
        return payment if is_taken else await self.finish_refunds(payment)

    async def resume_recording(self, payment: Payment) -> Payment:
        """Finish what staff began to record, from wherever the request that did so died."""
        try:
            await self.reserve(payment, recorded_by_staff=True)
        except Unavailable:
            raise
        except DomainError:
            return await self.payments.get(service_of(payment), payment.id)
        return await self.pay(payment, attempt_of(payment, None))

    async def miss_provider(self, payment: Payment, patience: timedelta) -> Payment:
        """Note that its provider is set up no more; end it when that has been so for long."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.miss_provider(now, patience)))

    async def end_by_staff(self, payment: Payment, by: Principal) -> Payment:
        """End a payment about which its provider cannot say anything, in the name of a person."""
        now = self.clock.now()
        return await self.book(await self._change(payment, lambda it: it.end_by_staff(by.id, now)))

    async def _capture(self, payment: Payment, attempt: Attempt) -> Outcome | None:
        """Return what the provider says, or None where the attempt was given up in the meantime."""
        provider = self.provider_of(payment)
        announced = await provider.create(attempt)
        try:
            await self._change(payment, lambda it: it.attach(announced.provider_payment_id))
        except PaymentEnded:
            return None
        return await provider.confirm(attempt, announced.provider_payment_id)

    async def _at_last(self, payment: Payment, note: Awaitable[Payment]) -> Payment:
        try:
            return await note
        except ConcurrentUpdate:
            return await self.payments.get(service_of(payment), payment.id)

    async def _take_in(self, payment: Payment) -> bool:
        """Have the invoice decide, once, whether it takes the money; money that goes back already, it does not."""
        now = self.clock.now()
        today = await self.day_of(service_of(payment), now)

        def change(invoice: Invoice) -> None:
            if payment.goes_back:
                invoice.turn_away(payment.id, now)
            else:
                invoice.take_in(payment.id, payment.captured, now, received_on=payment.received_on, on=today)

        told = await self.invoices.update(service_of(payment), payment.invoice_id, change)
        return not told.has_turned_away(payment.id)

    async def _release(self, payment: Payment) -> bool:
        now = self.clock.now()
        await self.invoices.update(service_of(payment), payment.invoice_id, lambda it: it.release(payment.id, now))
        return True

    async def _keep_card(self, payment: Payment) -> None:
        if not payment.save_card or payment.card is None:
            return
        now, owned = self.clock.now(), await self.cards.of_contact(payment.organisation_id, payment.paid_by)
        if any(card.details.fingerprint == payment.card.fingerprint for card in owned if card.details.fingerprint):
            return
        card = SavedCard(
            id=f"crd_{payment.id[4:]}",
            organisation_id=payment.organisation_id,
            customer_id=payment.customer_id,
            contact_id=payment.paid_by,
            provider=payment.provider,
            details=payment.card,
            added_at=now,
        )
        try:
            await self.cards.add(card)
        except AlreadyExists:
            return
        await self.forget_if_erased(card)

    async def forget_if_erased(self, card: SavedCard) -> None:
        """Have a card forgotten again whose owner was erased; looked at after it is stored.

        Raises:
            OutcomeUnknown, ProviderRefused: its provider does not do it now.
        """
        if await self.erased.is_erased(card.contact_id):
            now, by = self.clock.now(), Principal.for_service(card.organisation_id)
            await self.provider_named(card.provider).forget_card(card.details)
            await self.cards.update(by, card.id, lambda it: it.erase(now))


def _note_booking(payment: Payment, state: PaymentState, now: datetime, *, is_taken: bool) -> None:
    if not is_taken:
        payment.send_back(now)
    payment.mark_booked(state, now)


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


def number_of(invoice: Invoice) -> str:
    """Return the number of an invoice that was sent."""
    return invoice.number or invoice.id
