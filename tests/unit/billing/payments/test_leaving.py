"""Pages that payers leave, in every order: attempts are given up by anybody at any moment, and nobody pays twice.

The days are those of `test_schedules`, with more people: who left the bank's page pays by another card, staff record
the transfer that came, close the invoice or cancel the attempt, and the old page is finished at the worst moment.
"""

from contextlib import suppress
from decimal import Decimal
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.kernel import Principal, id_from_bits
from services.billing.application.closing import closing
from services.billing.application.commands.cancel_payment import CancelPayment, CancelPaymentHandler
from services.billing.application.commands.pay_invoice import PayInvoice, PayInvoiceHandler
from services.billing.application.giving_way import give_up_waiting
from services.billing.domain.payment import OutcomeStatus, PaymentState
from tests.support.billing.makers import CLIENT, NOW, OWNER
from tests.support.billing.payments import Turn
from tests.support.billing.schedules import Actor, finish, run
from tests.support.billing.stores import known_directory
from tests.support.soak import how_many, soak
from tests.unit.billing.payments.test_schedules import ADDRESSES, SCHEDULES, TOTAL, Day, faults

CARDS = ["challenge", "challenge", "challenge", "ok", "decline", "processing"]


class Leaving(Day):
    """A day on which payers leave."""

    seen: tuple[int, ...] = ()

    def pay_all(self, number: int, card: str) -> Actor:
        command = PayInvoice(
            payment_id=id_from_bits("pay", number), invoice_id=self.invoice.id, card_token=f"tok_{card}_{number:06}"
        )
        return PayInvoiceHandler(self.world.steps, known_directory(), ADDRESSES)(command, CLIENT)

    async def cancel(self, number: int, by: Principal) -> None:
        payment_id = id_from_bits("pay", number)
        for _ in range(40):
            if payment_id in self.world.payments.documents:
                await CancelPaymentHandler(self.world.steps, known_directory())(
                    CancelPayment(payment_id=payment_id), by
                )
            await Turn()

    async def finish_page(self, number: int) -> None:
        """Finish the bank's page as soon as there is one, and again later: a page stays open in a browser."""
        for _ in range(60):
            account = self.world.provider.accounts.get(f"prov_{id_from_bits('pay', number)}")
            if account is not None and account.status is OutcomeStatus.REQUIRES_ACTION:
                self.world.provider.approve(account)
            await Turn()

    def check(self) -> None:
        """What must hold whenever money or a reservation has moved since the last look."""
        accounts, payments = self.world.provider.accounts.values(), self.world.payments
        moved = [each.captures + len(each.refunds) for each in accounts]
        seen = (sum(moved), len(payments.events), self.world.invoices.documents[self.invoice.id]["version"])
        if seen == self.seen:
            return
        self.seen = seen
        super().check()
        taken = sum((each.amount for each in self.world.provider.collected), Decimal(0))
        in_hand = (each.captured.amount for each in self.world.payments.all() if each.provider == "offline")
        assert taken + sum(in_hand, Decimal(0)) <= TOTAL

    async def close(self, *, write_off: bool) -> None:
        async def give_way(invoice_id: str, by: Principal) -> None:
            await give_up_waiting(invoice_id, steps=self.world.steps, organisation_id=by.organisation_id)

        def change(invoice: Any) -> None:
            (invoice.write_off if write_off else invoice.void)("mistake", now=NOW)

        invoices: Any = self.world.invoices
        await closing(
            invoices, self.invoice.id, OWNER, give_way, change=change, is_held=lambda it: it.reserved.amount > 0
        )


def a_day_of_leaving(
    cards: list[str], recorded: int, ends: str, faults: dict[str, list[str]], seed: int, deadliness: float
) -> Leaving:
    """Play one day and let the night settle it; return it."""
    day = Leaving(faults)
    actors: list[Actor] = [day.pay_all(number, card) for number, card in enumerate(cards)]
    actors += [day.cancel(number, by) for number, by in zip(range(len(cards)), (CLIENT, OWNER), strict=False)]
    actors += [day.finish_page(number) for number in range(len(cards))]
    actors += [day.meddle(list(range(len(cards)))), day.recover(3)]
    actors += [day.record(30, recorded)] if recorded else []
    actors += [day.close(write_off=ends == "written off")] if ends else []
    run(actors, seed, deadliness, day.check)
    day.settle()
    day.check_settled()
    return day


DAYS: dict[str, Any] = {
    "cards": st.lists(st.sampled_from(CARDS), min_size=1, max_size=4),
    "recorded": st.sampled_from([0, 100, 100, 40]),
    "ends": st.sampled_from(["", "", "void", "written off"]),
    "faults": faults,
    "seed": st.integers(0, 2**32),
    "deadliness": st.sampled_from([0.0, 0.003, 0.01, 0.03]),
}


@soak
@settings(SCHEDULES, max_examples=how_many(60, 500))
@given(**DAYS)
def test_whoever_leaves_and_whatever_is_given_up_nobody_pays_twice(**day: Any) -> None:
    """Captured and recorded together never exceed what is owed, and no reservation is left, in any order of things."""
    a_day_of_leaving(**day)


def test_a_crash_between_the_providers_cancel_and_ours_is_made_good() -> None:
    """The process dies after the provider cancelled: the next payer finds that out, and pays."""
    day = Leaving({})
    first = finish(day.pay_all(1, "challenge"))
    day.world.provider.faults = {"cancel": ["after"]}
    with suppress(Exception):
        finish(day.cancel(1, CLIENT))
    held = day.world.invoices.peek(day.invoice.id).reserved.amount

    second = finish(day.pay_all(2, "ok"))

    assert held == 100
    assert second.state is PaymentState.SUCCEEDED
    assert day.world.payments.peek(first.id).state is PaymentState.CANCELLED
    day.settle()
    day.check_settled()
