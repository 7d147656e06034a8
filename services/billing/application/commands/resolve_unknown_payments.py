"""The recovery job: every payment ends in a final state that its invoice knows, whatever died on the way."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.refund_steps import LAST_RESORT
from services.billing.domain.payment import Outcome, OutcomeStatus, Payment, PaymentState
from services.chassis.kernel import ConcurrentUpdate, Principal

ACTION_LIFE = timedelta(hours=1)
"""How long a payer may take for a challenge before the attempt is cancelled and its reservation released."""
MISSING_LIFE = timedelta(days=1)
"""How long a provider must say that it knows no such payment before we believe it."""
UNREADABLE_LIFE = timedelta(days=1)
"""How long an answer may be one that we cannot read before the attempt is cancelled."""
_LOG = logging.getLogger("payments")


@dataclass(frozen=True, kw_only=True)
class ResolveUnknownPayments:
    """Look after at most `limit` payments whose time has come."""

    limit: int = 50


async def resolve_unknown_payments(command: ResolveUnknownPayments, *, steps: PaymentSteps) -> int:
    """Look after every payment that is due, of all organisations; return how many there were.

    Safe with several workers: the first one to plan the next look has it, and every step may run twice anyway.
    """
    due = await steps.payments.due(steps.clock.now(), command.limit)
    for payment in due:
        claimed = await _claim(payment, steps)
        if claimed is not None:
            await _look_after_one(claimed, steps)
    return len(due)


async def _look_after_one(payment: Payment, steps: PaymentSteps) -> None:
    """Look after one payment; whatever is wrong with it keeps nobody from looking after the next."""
    try:
        await look_after(payment, steps=steps, abandoned=True)
    except (OutcomeUnknown, ConcurrentUpdate):
        return
    except Exception:
        _LOG.exception("payment_not_looked_after %s at %s", payment.id, payment.provider)


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


async def _claim(payment: Payment, steps: PaymentSteps) -> Payment | None:
    now = steps.clock.now()
    mine: list[bool] = []

    def plan(it: Payment) -> None:
        mine[:] = [it.is_due(now)]
        if it.is_due(now):
            it.look_again(now)

    try:
        claimed = await steps.payments.update(Principal.for_service(payment.organisation_id), payment.id, plan)
    except ConcurrentUpdate:
        return None
    return claimed if mine == [True] else None


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
