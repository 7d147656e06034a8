"""The recovery job: every payment ends in a final state that its invoice knows, whatever died on the way."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.guard import Guard, MemoryAside, Round
from chassis.kernel import ConcurrentUpdate, Principal
from services.billing.application.looking_after import look_after
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Payment
from services.billing.domain.repositories import Whereabouts

LOOP = "payments"
AT_ONCE = 8
"""Payments that one provider is asked about side by side: an outage of it takes an eighth of the time."""


@dataclass(frozen=True, kw_only=True)
class Share:
    """At most `limit` payments whose time has come: of one provider, or of all apart from some.

    At most `at_once` of them side by side.
    """

    limit: int = 50
    provider: str | None = None
    apart_from: Sequence[str] = ()
    at_once: int = AT_ONCE


ALL = Share()


@dataclass(frozen=True, slots=True)
class ResolveUnknownPayments:
    """Looks after payments whose outcome nobody knows yet."""

    steps: PaymentSteps
    guard: Guard | None = None

    async def __call__(self, share: Share = ALL) -> Round:
        """Look after every payment of a share that is due, of all organisations in turns; return what it came to.

        Safe with several workers: the first one to plan the next look has it, and every step may run twice anyway. What
        cannot be read or decided upon is set aside. Each provider has its own rounds, so that one that hangs holds up
        its own payments only, and those `AT_ONCE` at a time.
        """
        clock = self.steps.clock
        guard = self.guard or Guard(LOOP, MemoryAside(clock), clock)
        resting = [item.partition("/")[2] for item in await guard.resting()]
        due = await self.steps.payments.due(
            clock.now(), share.limit, provider=share.provider, apart_from=share.apart_from, without=resting
        )
        return await guard.each(
            due, lambda it: f"payments/{it[1]}", lambda it: _look_after(it, self.steps), at_once=share.at_once
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
