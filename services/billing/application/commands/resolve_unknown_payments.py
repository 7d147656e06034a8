"""The recovery job: every payment ends in a final state that its invoice knows, whatever died on the way."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.guard import Guard, MemoryAside, Round
from chassis.kernel import ConcurrentUpdate, Principal
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.refund_steps import LAST_RESORT
from services.billing.domain.payment import Outcome, OutcomeStatus, Payment, PaymentState
from services.billing.domain.repositories import Whereabouts

ACTION_LIFE = timedelta(hours=1)
"""How long a payer may take for a challenge before the attempt is cancelled and its reservation released."""
MISSING_LIFE = timedelta(days=1)
"""How long a provider must say that it knows no such payment before we believe it."""
UNREADABLE_LIFE = timedelta(days=1)
"""How long an answer may be one that we cannot read before the attempt is cancelled."""
LOOP = "payments"
AT_ONCE = 8
"""Payments that one provider is asked about side by side: an outage of it takes an eighth of the time."""


@dataclass(frozen=True, kw_only=True)
class ResolveUnknownPayments:
    """Look after at most `limit` payments whose time has come: of one provider, or of all apart from some.

    At most `at_once` of them side by side.
    """

    limit: int = 50
    provider: str | None = None
    apart_from: Sequence[str] = ()
    at_once: int = AT_ONCE


async def resolve_unknown_payments(
    command: ResolveUnknownPayments, *, steps: PaymentSteps, guard: Guard | None = None
) -> Round:
    """Look after every payment that is due, of all organisations in turns; return what the round came to.

    Safe with several workers: the first one to plan the next look has it, and every step may run twice anyway. What
    cannot be read or decided upon is set aside. Each provider has its own rounds, so that one that hangs holds up its
    own payments only, and those `AT_ONCE` at a time.
    """
    guard = guard or Guard(LOOP, MemoryAside(steps.clock), steps.clock)
    resting = [item.partition("/")[2] for item in await guard.resting()]
    due = await steps.payments.due(
        steps.clock.now(),
        command.limit,
        provider=command.provider,
        apart_from=command.apart_from,
        without=resting,
    )
    return await guard.each(
        due, lambda it: f"payments/{it[1]}", lambda it: _look_after(it, steps), at_once=command.at_once
    )


async def _look_after(where: Whereabouts, steps: PaymentSteps) -> None:
    """Look after one payment, unless another worker does; what nobody knows yet has its own, growing pauses."""
    claimed = await _claim(where, steps)
    if claimed is None:
        return
    try:
        await look_after(claimed, steps=steps, abandoned=True)
    except (OutcomeUnknown, ConcurrentUpdate):
        return


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


async def _claim(where: Whereabouts, steps: PaymentSteps) -> Payment | None:
    now, (organisation_id, payment_id) = steps.clock.now(), where
    mine: list[bool] = []

    def plan(it: Payment) -> None:
        mine[:] = [it.is_due(now)]
        if it.is_due(now):
            it.look_again(now)

    try:
        claimed = await steps.payments.update(Principal.for_service(organisation_id), payment_id, plan)
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
