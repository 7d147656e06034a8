"""Looking after one payment: the provider is asked by our id, and whatever it says is booked."""

from datetime import datetime, timedelta

from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.refund_steps import LAST_RESORT
from services.billing.domain.payment import Outcome, OutcomeStatus, Payment, PaymentState

ACTION_LIFE = timedelta(hours=1)
"""How long a payer may take for a challenge before the attempt is cancelled and its reservation released."""
MISSING_LIFE = timedelta(days=1)
"""How long a provider must say that it knows no such payment before we believe it."""
UNREADABLE_LIFE = timedelta(days=1)
"""How long an answer may be one that we cannot read before the attempt is cancelled."""


async def look_after(payment: Payment, *, steps: PaymentSteps, abandoned: bool = False, told: bool = False) -> Payment:
    """Finish what is unfinished about one payment: ask the provider by our id, book, refund.

    `abandoned` says that no request is at work on it any more, so that what never was captured may be cancelled.
    `told` says that the provider has news: an attempt which ended without money is asked about as well, and refunds and
    disputes of one that succeeded are taken over.

    Raises:
        OutcomeUnknown: the provider does not tell; nothing was changed, and the recovery job asks again.
    """
    if not payment.state.is_final or (told and payment.state is not PaymentState.SUCCEEDED):
        payment = await _ask(payment, steps, abandoned=abandoned)
    payment = await steps.book(payment)
    if told and payment.state is PaymentState.SUCCEEDED:
        payment = await steps.mirror(payment)
    return await steps.finish_refunds(payment)


async def _ask(payment: Payment, steps: PaymentSteps, *, abandoned: bool) -> Payment:
    if abandoned and payment.mode.is_offline and payment.provider_payment_id is None:
        return await steps.resume_recording(payment)
    if abandoned and payment.provider not in steps.providers:
        return await steps.miss_provider(payment, LAST_RESORT)
    provider = steps.provider_of(payment)
    try:
        found = await provider.retrieve(payment.id, payment.provider_payment_id, begun_at=payment.created_at)
        if found is not None and abandoned and _given_up(payment, found, steps.clock.now()):
            found = await provider.cancel(payment.id, found.provider_payment_id)
    except ProviderRefused:
        raise OutcomeUnknown from None
    if found is None:
        return await _not_found(payment, steps) if abandoned else payment
    payment = await steps.take_note(payment, found)
    if abandoned and _hopeless(payment, steps.clock.now()):
        return await steps.stop_guessing(payment)
    return payment


async def _not_found(payment: Payment, steps: PaymentSteps) -> Payment:
    """End what was never announced; what was, only when the provider keeps saying that it knows nothing of it."""
    if payment.provider_payment_id is None:
        return await steps.give_up_unsent(payment)
    return await steps.miss(payment, MISSING_LIFE)


def _hopeless(payment: Payment, now: datetime) -> bool:
    return payment.unreadable_since is not None and now - payment.unreadable_since > LAST_RESORT


def _given_up(payment: Payment, found: Outcome, now: datetime) -> bool:
    if found.status is OutcomeStatus.REQUIRES_ACTION:
        return now - payment.created_at > ACTION_LIFE
    if found.status is OutcomeStatus.UNREADABLE:
        return payment.unreadable_since is not None and now - payment.unreadable_since > UNREADABLE_LIFE
    return found.status is OutcomeStatus.UNCONFIRMED
