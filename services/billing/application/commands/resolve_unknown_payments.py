"""The recovery job: every payment ends in a final state that its invoice knows, whatever died on the way."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Outcome, OutcomeStatus, Payment
from services.chassis.kernel import ConcurrentUpdate, Principal

ACTION_LIFE = timedelta(hours=1)
"""How long a payer may take for a challenge before the attempt is cancelled and its reservation released."""


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
            with suppress(OutcomeUnknown, ConcurrentUpdate):
                await look_after(claimed, steps=steps, abandoned=True)
    return len(due)


async def look_after(payment: Payment, *, steps: PaymentSteps, abandoned: bool = False) -> Payment:
    """Finish what is unfinished about one payment: ask the provider by our id, book, refund.

    `abandoned` says that no request is at work on it any more, so that what never was captured may be cancelled.

    Raises:
        OutcomeUnknown: the provider does not tell; nothing was changed, and the recovery job asks again.
    """
    if not payment.state.is_final:
        payment = await _ask(payment, steps, abandoned=abandoned)
    payment = await steps.book(payment)
    for refund_id, refund in payment.refunds.items():
        if payment.booked and not refund.booked:
            payment = await steps.refund(payment, refund_id)
    return payment


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
    provider = steps.provider_of(payment)
    try:
        found = await provider.retrieve(payment.id, payment.provider_payment_id)
        if found is not None and abandoned and _given_up(payment, found, steps.clock.now()):
            found = await provider.cancel(payment.id, found.provider_payment_id)
    except ProviderRefused:
        raise OutcomeUnknown from None
    if found is None:
        return await steps.give_up_unsent(payment) if abandoned else payment
    return await steps.take_note(payment, found)


def _given_up(payment: Payment, found: Outcome, now: datetime) -> bool:
    if found.status is OutcomeStatus.REQUIRES_ACTION:
        return now - payment.created_at > ACTION_LIFE
    return found.status is OutcomeStatus.UNCONFIRMED
