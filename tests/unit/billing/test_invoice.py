"""The invoice's life apart from payments: history, a step, then events or a named refusal."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest

from chassis.kernel import DomainError, new_id
from services.billing.domain.errors import (
    CustomerFixed,
    DatePassed,
    DateTooFar,
    InvoiceHasPayments,
    InvoiceNotDraft,
    InvoiceNotOpen,
    NoPaymentModes,
    NothingToWriteOff,
)
from services.billing.domain.events import (
    InvoiceBecameOverdue,
    InvoiceDrafted,
    InvoiceReminderDue,
    InvoiceSent,
    InvoiceVoided,
    InvoiceWrittenOff,
)
from services.billing.domain.invoice import Invoice, InvoiceState, InvoiceStatus, PaymentTerms
from services.billing.domain.invoice.status import status_of
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.statement import entries_of
from tests.support.billing.makers import (
    BUYER,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OTHER_CUSTOMER,
    SELLER,
    TODAY,
    drafted_invoice,
    euros,
    sent_invoice,
    some_content,
)
from tests.support.billing.stores import ledger_of

DUE = TODAY + timedelta(days=14)
CARD_ONLY = PaymentTerms(modes=(PaymentMode.CARD,), due_on=DUE)


def send(invoice: Invoice, number: str = "INV-0001") -> None:
    invoice.send(number=number, seller=SELLER, buyer=BUYER, today=TODAY, now=NOW)


def part_paid() -> Invoice:
    invoice = sent_invoice(partial_payments=True)
    invoice.settle("pay_1", euros(40), NOW)
    return invoice


def paid() -> Invoice:
    invoice = sent_invoice(number="INV-0001")
    invoice.settle("pay_1", euros(100), NOW)
    return invoice


def being_paid() -> Invoice:
    invoice = sent_invoice(number="INV-0001")
    invoice.reserve("pay_1", euros(100), NOW)
    return invoice


def voided() -> Invoice:
    invoice = sent_invoice(number="INV-0001")
    invoice.void("Wrong address", now=NOW)
    return invoice


def written_off() -> Invoice:
    invoice = sent_invoice(number="INV-0001")
    invoice.write_off("Bankrupt", now=NOW)
    return invoice


def refunded() -> Invoice:
    invoice = paid()
    invoice.record_refund("rfd_1", "pay_1", euros(100), NOW)
    return invoice


def test_the_invoice_of_an_estimate_stays_with_the_company_that_accepted_it() -> None:
    """Its draft may be rewritten, but not for another client company."""
    invoice = drafted_invoice()
    invoice.estimate_id = new_id("est")
    with pytest.raises(CustomerFixed):
        invoice.rewrite(customer_id=OTHER_CUSTOMER, content=some_content("1.00"), terms=CARD_ONLY)
    invoice.rewrite(customer_id=CUSTOMER, content=some_content("1.00"), terms=CARD_ONLY)
    assert (invoice.customer_id, invoice.total) == (CUSTOMER, euros("1.00"))


MAKERS: dict[str, Callable[[], Invoice]] = {
    "draft": drafted_invoice,
    "sent": sent_invoice,
    "part paid": part_paid,
    "paid": paid,
    "being paid": being_paid,
    "refunded": refunded,
    "void": voided,
    "written off": written_off,
}
STEPS: dict[str, tuple[Callable[[Invoice], None], dict[str, type[DomainError] | None]]] = {
    "send": (lambda i: send(i, "INV-0002"), {"draft": None, "": InvoiceNotDraft}),
    "rewrite": (
        lambda i: i.rewrite(customer_id=CUSTOMER, content=some_content("1.00"), terms=CARD_ONLY),
        {"draft": None, "": InvoiceNotDraft},
    ),
    "change_terms": (
        lambda i: i.change_terms(CARD_ONLY, today=TODAY, now=NOW),
        {"sent": None, "part paid": None, "being paid": None, "refunded": None, "": InvoiceNotOpen},
    ),
    "void": (
        lambda i: i.void("", now=NOW),
        {
            "draft": None,
            "sent": None,
            "refunded": None,
            "void": InvoiceNotOpen,
            "written off": InvoiceNotOpen,
            "": InvoiceHasPayments,
        },
    ),
    "write_off": (
        lambda i: i.write_off("", now=NOW),
        {
            "sent": None,
            "part paid": None,
            "refunded": None,
            "being paid": InvoiceHasPayments,
            "paid": NothingToWriteOff,
            "": InvoiceNotOpen,
        },
    ),
}


@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_allowed_from_its_states_only(step: str, state: str) -> None:
    """The whole table of steps and states: allowed, or refused by name without a change."""
    invoice = MAKERS[state]()
    invoice.forget_recorded()
    act, table = STEPS[step]
    refusal = table.get(state, table[""])
    before: dict[str, Any] = dict(vars(invoice))
    if refusal is None:
        act(invoice)
        return
    with pytest.raises(refusal):
        act(invoice)
    assert (before, ()) == (vars(invoice), invoice.recorded)


def test_drafting_records_the_draft_without_a_number() -> None:
    """A draft has no number and owes nothing."""
    invoice = Invoice.draft(
        invoice_id="inv_1",
        organisation_id=ORGANISATION,
        customer_id=CUSTOMER,
        content=some_content("12.30"),
        terms=CARD_ONLY,
        now=NOW,
    )
    assert invoice.recorded == (
        InvoiceDrafted(
            occurred_at=NOW,
            organisation_id=ORGANISATION,
            invoice_id="inv_1",
            customer_id=CUSTOMER,
            number=None,
            total=euros("12.30"),
            balance=euros(0),
            due_on=DUE,
        ),
    )


def test_sending_takes_the_number_and_makes_it_owed() -> None:
    """The event tells the number and the balance; both parties are kept as they are named that day."""
    invoice = drafted_invoice()
    send(invoice)
    (event,) = invoice.recorded
    assert isinstance(event, InvoiceSent)
    assert (event.number, event.balance, event.due_on) == ("INV-0001", euros(100), DUE)
    assert (invoice.seller, invoice.buyer, invoice.issued_on) == (SELLER, BUYER, TODAY)


def test_sending_again_with_the_same_number_changes_nothing() -> None:
    """A send that is repeated after a crash is no second send."""
    invoice = drafted_invoice()
    send(invoice)
    send(invoice)
    assert [InvoiceSent] == [type(event) for event in invoice.recorded]


def test_without_a_due_date_it_is_due_on_the_day_it_is_sent() -> None:
    """Due on receipt."""
    invoice = sent_invoice(due_on=None)
    assert (invoice.terms.due_on, status_of(invoice, TODAY)) == (TODAY, InvoiceStatus.SENT)


@pytest.mark.parametrize(("days", "refusal"), [(-1, DatePassed), (4000, DateTooFar)])
def test_the_due_date_must_be_a_sensible_one(days: int, refusal: type[DomainError]) -> None:
    """An invoice that would be overdue before it is sent is not sent."""
    invoice = drafted_invoice(due_on=TODAY + timedelta(days=days))
    with pytest.raises(refusal):
        send(invoice)
    assert invoice.state is InvoiceState.DRAFT


def test_somebody_must_be_able_to_pay_it() -> None:
    """An invoice without a payment mode is refused when drafted and when changed."""
    nothing = PaymentTerms(modes=())
    with pytest.raises(NoPaymentModes):
        drafted_invoice(modes=())
    with pytest.raises(NoPaymentModes):
        sent_invoice().change_terms(nothing, today=TODAY, now=NOW)


@pytest.mark.parametrize(
    ("state", "today", "status"),
    [
        ("draft", DUE, InvoiceStatus.DRAFT),
        ("sent", DUE, InvoiceStatus.SENT),
        ("sent", DUE + timedelta(days=1), InvoiceStatus.OVERDUE),
        ("part paid", DUE, InvoiceStatus.PARTIALLY_PAID),
        ("part paid", DUE + timedelta(days=1), InvoiceStatus.OVERDUE),
        ("paid", DUE + timedelta(days=99), InvoiceStatus.PAID),
        ("refunded", DUE, InvoiceStatus.SENT),
        ("void", DUE + timedelta(days=99), InvoiceStatus.VOID),
        ("written off", DUE + timedelta(days=99), InvoiceStatus.WRITTEN_OFF),
    ],
)
def test_one_status_is_computed_from_state_balance_and_day(state: str, today: date, status: InvoiceStatus) -> None:
    """Due today is not overdue; nothing closed or paid ever is."""
    assert status_of(MAKERS[state](), today) is status


def test_a_credit_is_never_owed_and_nobody_has_paid_it() -> None:
    """An invoice below zero shows as sent, is never overdue and asks for no attention; one of nothing is paid."""
    credit, nothing = sent_invoice("-5.00"), sent_invoice("0.00")
    assert (status_of(credit, DUE + timedelta(days=9)), credit.look_again_on) == (InvoiceStatus.SENT, None)
    assert status_of(nothing, DUE) is InvoiceStatus.PAID


def refunded_after_write_off() -> Invoice:
    """100.00, of which 60.00 was paid, 40.00 written off, and then the 60.00 went back."""
    invoice = sent_invoice(partial_payments=True)
    invoice.settle("pay_1", euros("60.00"), NOW)
    invoice.write_off("Insolvent.", now=NOW)
    invoice.record_refund("rfd_1", "pay_1", euros("60.00"), NOW)
    invoice.forget_recorded()
    return invoice


def test_money_that_goes_back_after_a_write_off_is_owed() -> None:
    """It shows as owed, becomes overdue like any other, and what was written off stays so."""
    invoice = refunded_after_write_off()
    assert (status_of(invoice, DUE), invoice.balance) == (InvoiceStatus.SENT, euros("60.00"))
    assert status_of(invoice, DUE + timedelta(days=1)) is InvoiceStatus.OVERDUE
    invoice.chase(today=DUE + timedelta(days=1), now=NOW)
    assert [type(event) for event in invoice.recorded] == [InvoiceBecameOverdue]


def pay_again(invoice: Invoice) -> None:
    invoice.reserve("pay_2", euros("60.00"), NOW)
    invoice.settle("pay_2", euros("60.00"), NOW)


def money_comes_back(invoice: Invoice) -> None:
    invoice.reverse_refund("rfd_1", "pay_1", euros("60.00"), NOW)


@pytest.mark.parametrize(
    ("leave", "status"),
    [
        (pay_again, InvoiceStatus.WRITTEN_OFF),
        (money_comes_back, InvoiceStatus.WRITTEN_OFF),
        (lambda it: it.write_off("Again.", now=NOW), InvoiceStatus.WRITTEN_OFF),
        (lambda it: it.void("Wrong.", now=NOW), InvoiceStatus.VOID),
    ],
)
def test_what_is_owed_after_a_write_off_can_be_closed(leave: Callable[[Invoice], None], status: InvoiceStatus) -> None:
    """Paid, come back, written off as well, or voided: in the end nothing is owed, and the statement agrees."""
    invoice = refunded_after_write_off()
    leave(invoice)
    entries = entries_of(ledger_of(invoice), "UTC")
    assert (status_of(invoice, DUE), invoice.balance) == (status, euros("0.00"))
    assert sum(entry.amount for entry in entries) == 0
    with pytest.raises(InvoiceNotOpen):
        invoice.write_off("Once more.", now=NOW)


def test_writing_off_gives_up_what_is_left() -> None:
    """The amount is told; nothing is owed afterwards."""
    invoice = part_paid()
    invoice.write_off("Bankrupt", now=NOW)
    event = invoice.recorded[-1]
    assert isinstance(event, InvoiceWrittenOff)
    assert (event.amount, event.balance) == (euros(60), euros(0))


def test_voiding_ends_what_is_owed() -> None:
    """Nothing is owed on a voided invoice, which keeps its number."""
    invoice = voided()
    assert isinstance(invoice.recorded[-1], InvoiceVoided)
    assert (invoice.balance, invoice.number) == (euros(0), "INV-0001")


def chased(invoice: Invoice, *days_after_due: int) -> list[tuple[str, int]]:
    """Chase on these days and return what was recorded, with the days overdue."""
    told: list[tuple[str, int]] = []
    for days in days_after_due:
        for _ in range(2):
            invoice.chase(today=DUE + timedelta(days=days), now=NOW)
        told += [(type(event).__name__, getattr(event, "days_overdue", 0)) for event in invoice.recorded]
        invoice.forget_recorded()
    return told


def test_chasing_every_day_tells_overdue_once_and_each_reminder_once() -> None:
    """Overdue on the first day after the due date, reminders after 7, 14 and 30 days, however often the job runs."""
    reminders = [(InvoiceReminderDue.__name__, days) for days in (7, 14, 30)]
    assert [(InvoiceBecameOverdue.__name__, 0), *reminders] == chased(sent_invoice(), *range(-1, 60))


def test_a_job_that_slept_sends_one_reminder_only() -> None:
    """After a pause over two reminders only one is due."""
    assert [name for name, _ in chased(sent_invoice(), 2, 20)] == ["InvoiceBecameOverdue", "InvoiceReminderDue"]


def test_nobody_is_chased_after_paying_and_again_after_a_refund() -> None:
    """Payment ends the chase; a refund makes the invoice overdue anew."""
    invoice = sent_invoice(number="INV-0001")
    assert [name for name, _ in chased(invoice, 1)] == ["InvoiceBecameOverdue"]
    invoice.settle("pay_1", euros(100), NOW)
    invoice.forget_recorded()
    assert chased(invoice, 8, 15) == []
    invoice.record_refund("rfd_1", "pay_1", euros(100), NOW)
    invoice.forget_recorded()
    assert [name for name, _ in chased(invoice, 16)] == ["InvoiceBecameOverdue"]


def test_a_later_due_date_ends_being_overdue() -> None:
    """When staff give more time, the chase starts over after the new date."""
    invoice = sent_invoice(number="INV-0001")
    chased(invoice, 1)
    later = PaymentTerms(modes=(PaymentMode.CARD,), due_on=DUE + timedelta(days=30))
    invoice.change_terms(later, today=DUE + timedelta(days=2), now=NOW)
    invoice.forget_recorded()
    assert [name for name, _ in chased(invoice, 3, 30, 31)] == ["InvoiceBecameOverdue"]
