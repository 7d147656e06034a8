"""Collecting on an invoice: never more than owed, and every step safe to repeat."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import DomainError
from services.billing.domain.errors import (
    AmountExceedsBalance,
    AmountNotPositive,
    CurrencyMismatch,
    InvoiceNotOpen,
    PartialPaymentNotAllowed,
    PaymentAlreadySettled,
    PaymentAmountChanged,
    PaymentEnded,
    PaymentModeNotAllowed,
    PaymentNotRefundable,
    RefundTooLarge,
)
from services.billing.domain.events import InvoicePaid, InvoicePartiallyPaid, InvoiceRefunded
from services.billing.domain.invoice import Invoice
from services.billing.domain.money import Money
from services.billing.domain.payment_mode import PaymentMode
from tests.support.billing.makers import NOW, drafted_invoice, euros, sent_invoice


def names(invoice: Invoice) -> list[str]:
    return [type(event).__name__ for event in invoice.recorded]


def test_a_reservation_leaves_the_balance_and_takes_what_is_available() -> None:
    """Reserving moves no money, but nobody else can take it."""
    invoice = sent_invoice()
    invoice.reserve("pay_1", euros(100), NOW)
    assert (invoice.balance, invoice.available) == (euros(100), euros(0))
    with pytest.raises(AmountExceedsBalance):
        invoice.reserve("pay_2", euros(100), NOW)
    assert invoice.recorded == ()


def test_settling_the_whole_balance_pays_the_invoice() -> None:
    """The event tells the payment and that nothing is owed."""
    invoice = sent_invoice()
    invoice.reserve("pay_1", euros(100), NOW)
    invoice.settle("pay_1", euros(100), NOW)
    (event,) = invoice.recorded
    assert isinstance(event, InvoicePaid)
    assert (event.payment_id, event.balance, invoice.look_again_on) == ("pay_1", euros(0), None)


def test_settling_a_part_leaves_the_rest_owed() -> None:
    """A part payment records what is still owed."""
    invoice = sent_invoice(partial_payments=True)
    invoice.reserve("pay_1", euros(40), NOW)
    invoice.settle("pay_1", euros(40), NOW)
    (event,) = invoice.recorded
    assert isinstance(event, InvoicePartiallyPaid)
    assert event.balance == euros(60)


def test_part_payments_need_permission_unless_staff_record_them() -> None:
    """A client must pay at once where staff say so; a cheque over a part that arrived is recorded all the same."""
    invoice = sent_invoice()
    with pytest.raises(PartialPaymentNotAllowed):
        invoice.reserve("pay_1", euros(40), NOW)
    invoice.reserve("pay_2", euros(40), NOW, recorded_by_staff=True)
    assert invoice.reserved == euros(40)


def test_every_step_can_be_repeated() -> None:
    """Reserve, settle and refund with the same ids change nothing the second time."""
    invoice = sent_invoice()
    for _ in range(3):
        invoice.reserve("pay_1", euros(100), NOW)
    for _ in range(3):
        invoice.settle("pay_1", euros(100), NOW)
    for _ in range(3):
        invoice.record_refund("rfd_1", "pay_1", euros(30), NOW)
    invoice.reserve("pay_1", euros(100), NOW)
    assert names(invoice) == ["InvoicePaid", "InvoiceRefunded"]
    assert (invoice.balance, invoice.available) == (euros(30), euros(30))


def test_releasing_frees_the_amount_and_bars_the_payment() -> None:
    """After a release, repeated or not, the money is free for others, and the same payment cannot come back."""
    invoice = sent_invoice()
    invoice.reserve("pay_1", euros(100), NOW)
    invoice.release("pay_1", NOW)
    invoice.release("pay_1", NOW)
    invoice.release("pay_never_seen", NOW)
    assert invoice.available == euros(100)
    for payment in ("pay_1", "pay_never_seen"):
        with pytest.raises(PaymentEnded):
            invoice.reserve(payment, euros(100), NOW)


def test_money_that_arrives_after_a_release_counts_while_it_is_owed() -> None:
    """A late success is recorded when the balance allows it, otherwise refused so that it is given back."""
    invoice = sent_invoice()
    for payment in ("pay_1", "pay_2"):
        invoice.reserve(payment, euros(100), NOW)
        invoice.release(payment, NOW)
    invoice.settle("pay_1", euros(100), NOW)
    with pytest.raises(InvoiceNotOpen):
        invoice.settle("pay_2", euros(100), NOW)
    assert invoice.paid == euros(100)


def test_a_settled_payment_is_not_released() -> None:
    """What has arrived stays."""
    invoice = sent_invoice()
    invoice.settle("pay_1", euros(100), NOW)
    with pytest.raises(PaymentAlreadySettled):
        invoice.release("pay_1", NOW)


def test_a_refund_opens_the_balance_again() -> None:
    """Refunded money is owed again, and the scheduler looks at the invoice again."""
    invoice = sent_invoice()
    invoice.settle("pay_1", euros(100), NOW)
    invoice.record_refund("rfd_1", "pay_1", euros("30.50"), NOW)
    event = invoice.recorded[-1]
    assert isinstance(event, InvoiceRefunded)
    assert (event.balance, event.amount) == (euros("30.50"), euros("30.50"))
    assert invoice.look_again_on is not None


REFUSALS: list[tuple[str, type[DomainError], Callable[[Invoice], None]]] = [
    ("nothing", AmountNotPositive, lambda i: i.reserve("pay_2", euros(0), NOW)),
    ("less than nothing", AmountNotPositive, lambda i: i.reserve("pay_2", euros(-1), NOW)),
    ("more than owed", AmountExceedsBalance, lambda i: i.reserve("pay_2", euros("60.01"), NOW)),
    ("other currency", CurrencyMismatch, lambda i: i.reserve("pay_2", Money.of(1, "USD"), NOW)),
    ("same payment, other amount", PaymentAmountChanged, lambda i: i.reserve("pay_1", euros(1), NOW)),
    ("settled twice, other amount", PaymentAmountChanged, lambda i: i.settle("pay_1", euros(1), NOW)),
    ("settle more than owed", AmountExceedsBalance, lambda i: i.settle("pay_2", euros(61), NOW)),
    ("refund of nothing", AmountNotPositive, lambda i: i.record_refund("rfd_1", "pay_1", euros(0), NOW)),
    ("refund too much", RefundTooLarge, lambda i: i.record_refund("rfd_1", "pay_1", euros(41), NOW)),
    ("refund of no payment", PaymentNotRefundable, lambda i: i.record_refund("rfd_1", "pay_2", euros(1), NOW)),
    ("refund, other currency", CurrencyMismatch, lambda i: i.record_refund("r", "pay_1", Money.of(1, "JPY"), NOW)),
    ("mode not offered", PaymentModeNotAllowed, lambda i: i.require_mode(PaymentMode.CASH)),
]


@pytest.mark.parametrize(("error", "step"), [row[1:] for row in REFUSALS], ids=[row[0] for row in REFUSALS])
def test_refused_steps_change_nothing(error: type[DomainError], step: Callable[[Invoice], None]) -> None:
    """With 40 of 100 paid, each impossible step names its reason and leaves the invoice as it was."""
    invoice = sent_invoice(partial_payments=True)
    invoice.settle("pay_1", euros(40), NOW)
    invoice.forget_recorded()
    before = dict(invoice.collections)
    with pytest.raises(error):
        step(invoice)
    assert (before, ()) == (invoice.collections, invoice.recorded)


def test_settling_more_than_was_reserved_is_refused() -> None:
    """A provider cannot bring more than was agreed."""
    invoice = sent_invoice(partial_payments=True)
    invoice.reserve("pay_1", euros(40), NOW)
    with pytest.raises(PaymentAmountChanged):
        invoice.settle("pay_1", euros(41), NOW)


@pytest.mark.parametrize("closed", ["draft", "void", "written off", "credit"])
def test_only_an_open_invoice_with_a_balance_is_payable(closed: str) -> None:
    """Drafts, closed invoices and credits take no money."""
    invoice = drafted_invoice() if closed == "draft" else sent_invoice("-100.00" if closed == "credit" else "100.00")
    if closed == "void":
        invoice.void("", now=NOW)
    if closed == "written off":
        invoice.write_off("", now=NOW)
    with pytest.raises(InvoiceNotOpen):
        invoice.reserve("pay_1", euros(100), NOW)


steps = st.tuples(
    st.sampled_from(["reserve", "release", "settle", "refund", "void", "write_off"]),
    st.sampled_from(["pay_1", "pay_2", "pay_3"]),
    st.integers(min_value=-1, max_value=12),
)


@given(st.lists(steps, max_size=25), st.booleans())
def test_never_more_is_collected_than_owed(schedule: list[tuple[str, str, int]], partial: bool) -> None:
    """Whatever the order of steps, what was kept and what is held never exceed the total."""
    invoice = sent_invoice("10.00", partial_payments=partial)
    for step, payment, amount in schedule:
        try:
            match step:
                case "reserve":
                    invoice.reserve(payment, euros(amount), NOW)
                case "release":
                    invoice.release(payment, NOW)
                case "settle":
                    invoice.settle(payment, euros(amount), NOW)
                case "refund":
                    invoice.record_refund(f"rfd_{amount}", payment, euros(amount), NOW)
                case "void":
                    invoice.void("", now=NOW)
                case _:
                    invoice.write_off("", now=NOW)
        except DomainError:
            pass
        assert Decimal(0) <= invoice.paid.amount + invoice.reserved.amount <= invoice.total.amount
        assert invoice.available.amount >= 0
        assert all(entry.kept >= 0 for entry in invoice.collections.values())


@pytest.mark.parametrize(
    ("wanted", "lacks"),
    [(None, True), ("100", True), ("41", True), ("40", False), ("100.01", False), ("0", False)],
)
def test_room_is_lacking_when_only_payments_under_way_hold_it(wanted: str | None, lacks: bool) -> None:
    """Of 100, 60 are held: what fits into 40 needs no room, and what exceeds 100 could not be paid anyway."""
    invoice = sent_invoice("100", partial_payments=True)
    invoice.reserve("pay_1", euros(60), NOW)

    assert invoice.lacks_room_for(euros(wanted) if wanted else None) is lacks


def test_room_is_not_lacking_for_a_part_that_nobody_may_pay() -> None:
    """Where parts are not allowed a client's part ends no payment under way; staff may record one."""
    invoice = sent_invoice("100")
    invoice.reserve("pay_1", euros(100), NOW)

    assert not invoice.lacks_room_for(euros(50))
    assert invoice.lacks_room_for(euros(50), recorded_by_staff=True)
    assert not invoice.lacks_room_for(Money.of("50", "USD"), recorded_by_staff=True)


def test_nothing_lacks_room_on_an_invoice_that_is_paid_or_closed() -> None:
    """There is nothing to make room for."""
    paid, void = sent_invoice("100"), sent_invoice("100")
    paid.settle("pay_1", euros(100), NOW)
    void.void("", now=NOW)

    assert not paid.lacks_room_for(None)
    assert not void.lacks_room_for(None)
