"""Recovery asks each provider side by side, within a bound, and one that hangs holds up nobody else's payments."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chassis.kernel import id_from_bits
from services.billing.application.jobs.resolve_unknown_payments import AT_ONCE, ResolveUnknownPayments, Share
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment import Payment
from services.billing.domain.payment_mode import PaymentMode
from tests.support.billing.makers import CONTACT, CUSTOMER, NOW, euros
from tests.support.billing.payments import PaymentWorld
from tests.support.loop_clock import time_stands_still

SECONDS = 3.0


@dataclass
class Hanging:
    """A provider that answers nothing within `SECONDS`, and counts who waits."""

    name: str
    now: int = 0
    most: int = 0
    asked: list[str] = field(default_factory=list[str])
    hangs: bool = True

    async def retrieve(self, payment_id: str, *_: Any, **__: Any) -> None:
        self.asked.append(payment_id)
        self.now += 1
        self.most = max(self.most, self.now)
        try:
            if self.hangs:
                await asyncio.sleep(SECONDS)
            raise OutcomeUnknown
        finally:
            self.now -= 1


def world_with(*wanted: tuple[str, int, str]) -> tuple[PaymentWorld, list[str]]:
    """Return a world with so many due payments of each (provider, number, organisation), and their ids."""
    world, ids = PaymentWorld(), list[str]()
    for provider, number, organisation in wanted:
        for _ in range(number):
            ids.append(id_from_bits("pay", len(ids)))
            world.payments.put(_due(ids[-1], provider, organisation, NOW - timedelta(minutes=1)))
    return world, ids


def _due(payment_id: str, provider: str, organisation: str, at: datetime) -> Payment:
    return Payment(
        id=payment_id,
        organisation_id=organisation,
        customer_id=CUSTOMER,
        invoice_id=id_from_bits("inv", 1),
        invoice_number="INV-0001",
        amount=euros(100),
        mode=PaymentMode.CARD,
        provider=provider,
        paid_by=CONTACT,
        created_at=at,
        check_at=at,
    )


def steps_of(world: PaymentWorld, *providers: Hanging) -> PaymentSteps:
    given: Any = {one.name: one for one in providers}
    return PaymentSteps(
        payments=world.payments,
        invoices=world.invoices,
        cards=world.cards,
        tokens=world.tokens,
        providers=given,
        card_provider=None,
        clock=world.clock,
    )


async def test_fifty_hanging_payments_are_asked_eight_at_a_time() -> None:
    """At 3 s each, 50 in a row are 150 s; eight at a time they are 21 s, and never more than eight wait at once."""
    world, ids = world_with(("slow", 50, "org_1"))
    slow, passed = Hanging("slow"), 0.0
    with time_stands_still() as clock:
        job = asyncio.ensure_future(ResolveUnknownPayments(steps_of(world, slow))(Share(provider="slow")))
        for asked in (8, 16, 24, 32, 40, 48, 50):
            await clock.until(lambda asked=asked: len(slow.asked) == asked, "the next eight")
            clock.advance(SECONDS)
            passed += SECONDS
        await job
    assert (slow.most, sorted(slow.asked)) == (AT_ONCE, ids)
    assert passed == 7 * SECONDS


async def test_a_provider_that_hangs_holds_up_only_its_own() -> None:
    """Rounds are per provider: another's payments, and those of providers that are set up no more, are looked after."""
    world, ids = world_with(("slow", 20, "org_1"), ("quick", 3, "org_1"), ("gone", 2, "org_1"))
    slow, quick = Hanging("slow"), Hanging("quick", hangs=False)
    steps = steps_of(world, slow, quick)
    with time_stands_still() as clock:
        hanging = asyncio.ensure_future(ResolveUnknownPayments(steps)(Share(provider="slow")))
        await clock.until(lambda: slow.now == AT_ONCE, "the slow provider's eight")
        made = await ResolveUnknownPayments(steps)(Share(provider="quick"))
        ended = await ResolveUnknownPayments(steps)(Share(apart_from=("slow", "quick")))
        assert (made.done, ended.done, quick.asked) == (3, 2, ids[20:23])
        hanging.cancel()
        await asyncio.gather(hanging, return_exceptions=True)
