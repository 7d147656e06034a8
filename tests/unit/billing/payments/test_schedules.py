"""Promise 8, in every order: whatever happens when, never more is collected than owed, and nothing stays stuck."""

from decimal import Decimal
from typing import Any

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from chassis.kernel import id_from_bits
from services.billing.application.commands.confirm_payment import ConfirmPayment, ConfirmPaymentHandler
from services.billing.application.commands.pay_invoice import PayInvoice, PayInvoiceHandler
from services.billing.application.commands.receive_webhook import ReceiveWebhook, ReceiveWebhookHandler
from services.billing.application.commands.record_payment import RecordPayment, RecordPaymentHandler
from services.billing.application.commands.refund_payment import RefundPayment, RefundPaymentHandler
from services.billing.application.jobs.resolve_unknown_payments import ResolveUnknownPayments, Share
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.payment import OutcomeStatus, PaymentState
from services.billing.domain.payment_mode import PaymentMode
from tests.support.billing.makers import CLIENT, NOW, OWNER, euros, sent_invoice
from tests.support.billing.payments import PaymentWorld, Turn
from tests.support.billing.schedules import Actor, finish, run
from tests.support.billing.stores import known_directory
from tests.support.soak import how_many, soak

TOTAL = 100
ADDRESSES = ReturnAddresses(("https://portal.test",))

payers = st.tuples(
    st.sampled_from(["ok", "ok", "ok", "decline", "challenge", "processing"]), st.sampled_from([100, 100, 60, 30, 7])
)
faults = st.dictionaries(
    st.sampled_from(["create", "confirm", "retrieve", "cancel", "refund", "find_refund"]),
    st.lists(st.sampled_from(["before", "after"]), max_size=3),
    max_size=4,
)


class Day:
    """One busy day of one invoice."""

    def __init__(self, faults: dict[str, list[str]]) -> None:
        self.world = PaymentWorld()
        self.world.provider.faults = {name: list(kinds) for name, kinds in faults.items()}
        self.invoice = self.world.with_invoice(sent_invoice(str(TOTAL), partial_payments=True))

    def pay(self, number: int, card: str, amount: int) -> Actor:
        command = PayInvoice(
            payment_id=id_from_bits("pay", number),
            invoice_id=self.invoice.id,
            amount=euros(amount),
            card_token=f"tok_{card}_{number:06}",
            save_card=True,
        )
        return PayInvoiceHandler(self.world.steps, known_directory(), ADDRESSES)(command, CLIENT)

    def record(self, number: int, amount: int) -> Actor:
        command = RecordPayment(
            payment_id=id_from_bits("pay", number),
            invoice_id=self.invoice.id,
            mode=PaymentMode.CASH,
            amount=euros(amount),
            received_on=NOW.date(),
        )
        return RecordPaymentHandler(self.world.steps, known_directory())(command, OWNER)

    async def meddle(self, numbers: list[int]) -> None:
        """Approve, confirm, deliver webhooks and refund, over and over."""
        for number in numbers:
            payment_id = id_from_bits("pay", number)
            account = self.world.provider.accounts.get(f"prov_{payment_id}")
            await Turn()
            if account is not None:
                self.world.provider.approve(account)
            if payment_id in self.world.payments.documents:
                await ConfirmPaymentHandler(self.world.steps)(ConfirmPayment(payment_id=payment_id), CLIENT)
            hook = ReceiveWebhook(
                provider="fake", headers={"signature": "good"}, body=f"evt_{number} {payment_id}".encode()
            )
            try:
                await ReceiveWebhookHandler(self.world.steps, self.world.webhooks)(hook)
            except OutcomeUnknown:
                await Turn()

    async def refund(self, number: int, amount: int) -> None:
        payment_id = id_from_bits("pay", number)
        while payment_id not in self.world.payments.documents:
            await Turn()
            number += 1
            if number > 40:
                return
        command = RefundPayment(refund_id=id_from_bits("rfd", number), payment_id=payment_id, amount=euros(amount))
        await RefundPaymentHandler(self.world.steps)(command, OWNER)

    async def void(self) -> None:
        await self.world.invoices.update(OWNER, self.invoice.id, lambda it: it.void("mistake", now=NOW))

    async def recover(self, rounds: int) -> None:
        for _ in range(rounds):
            self.world.clock.advance(minutes=1)
            await ResolveUnknownPayments(self.world.steps)(Share(at_once=1))

    def check(self) -> None:
        """What must hold at any moment: at the provider, and on the invoice."""
        collected = sum((each.amount for each in self.world.provider.collected), Decimal(0))
        invoice = self.world.invoices.peek(self.invoice.id)
        assert collected <= TOTAL
        assert all(account.captures <= 1 for account in self.world.provider.accounts.values())
        assert invoice.paid.amount + invoice.reserved.amount <= TOTAL
        assert invoice.paid.amount >= 0

    def settle(self) -> None:
        """Let the recovery job do its work on a quiet night, with the payers and banks gone."""
        self.world.provider.faults.clear()
        for account in self.world.provider.accounts.values():
            if account.status is OutcomeStatus.PROCESSING:
                self.world.provider.approve(account)
        for _ in range(40):
            finish(self.recover(5))
            self.check()

    def check_settled(self) -> None:
        invoice = self.world.invoices.peek(self.invoice.id)
        payments = self.world.payments.all()
        assert invoice.reserved.amount == 0
        assert [each.id for each in payments if not each.is_settled or each.check_at] == []
        captured = {each.provider_payment_id for each in payments if each.provider == "fake" and each.captured.amount}
        charged = {account.id for account in self.world.provider.accounts.values() if account.captures}
        assert captured == charged
        assert invoice.paid.amount == sum(
            (each.captured.amount - each.refunded.amount for each in payments), Decimal(0)
        )
        for account in self.world.provider.accounts.values():
            ours = self.world.payments.peek(account.id.removeprefix("prov_"))
            assert sum((each.amount for each in account.refunds.values()), Decimal(0)) == ours.refunded.amount


def busy_day(
    cards: list[tuple[str, int]], faults: dict[str, list[str]], seed: int, deadliness: float, void: bool
) -> None:
    day = Day(faults)
    numbers = list(range(len(cards)))
    actors: list[Any] = []
    for number, (card, amount) in enumerate(cards):
        actors += [day.pay(number, card, amount), day.pay(number, card, amount)]
    actors += [day.record(30, 20), day.refund(0, 5), day.refund(1, 30), day.meddle(numbers), day.recover(4)]
    actors += [day.meddle(numbers[::-1])] + ([day.void()] if void else [])
    run(actors, seed, deadliness, day.check)
    day.settle()
    day.check_settled()


SCHEDULES = settings(deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate])
SCENES = {
    "cards": st.lists(payers, min_size=1, max_size=6),
    "faults": faults,
    "seed": st.integers(0, 2**32),
    "deadliness": st.sampled_from([0.0, 0.003, 0.01, 0.03]),
    "void": st.booleans(),
}


@soak
@settings(SCHEDULES, max_examples=how_many(100, 1000))
@given(**SCENES)
def test_never_more_is_collected_than_owed(**scene: Any) -> None:
    """In any order, with faults and kills at any point, capture stays within the total and everything ends settled."""
    busy_day(**scene)


def test_one_quiet_payment_is_settled() -> None:
    """The schedule runner itself: one payer alone pays the invoice."""
    day = Day({})
    payment = finish(day.pay(1, "ok", TOTAL))

    assert payment.state is PaymentState.SUCCEEDED
    assert day.world.invoices.peek(day.invoice.id).balance == euros(0)
