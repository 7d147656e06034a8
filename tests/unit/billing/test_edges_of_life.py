"""The edges of an invoice's life: what a small slip in a rule would change, each seen to fail with that slip."""

from datetime import timedelta

import pytest

from services.billing.adapters.mongo_invoice_fields import listed
from services.billing.domain.errors import RefundTooLarge, TooManyPayments
from services.billing.domain.events import InvoicePartiallyPaid, InvoiceRefunded, InvoiceTermsChanged
from services.billing.domain.invoice import Invoice, InvoiceStatus, PaymentTerms
from services.billing.domain.invoice.collecting import MAX_COLLECTIONS
from services.billing.domain.invoice.status import status_of
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.statement import RowKind, draw_statement
from tests.support.billing.makers import CUSTOMER, NOW, TODAY, euros, sent_invoice
from tests.support.billing.stores import ledger_of

DUE = TODAY + timedelta(days=14)
LATE = DUE + timedelta(days=1)


def overdue(price: str = "100.00") -> Invoice:
    """An invoice that is late, and that the job has noticed."""
    invoice = sent_invoice(price, due_on=DUE, partial_payments=True)
    invoice.chase(today=LATE, now=NOW)
    assert (invoice.overdue_since, invoice.look_again_on) == (LATE, DUE + timedelta(days=7))
    invoice.forget_recorded()
    return invoice


def test_a_refused_refund_leaves_the_next_day_to_look_as_it_is() -> None:
    """A cent more than is left of the payment is refused, and nothing is owed or looked at again."""
    invoice = overdue()
    invoice.settle("pay_1", euros(100), NOW)
    invoice.record_refund("rfd_1", "pay_1", euros("99.99"), NOW)
    invoice.record_refund("rfd_2", "pay_1", euros("0.01"), NOW)
    before = (dict(invoice.collections), invoice.look_again_on, len(invoice.recorded))

    with pytest.raises(RefundTooLarge):
        invoice.record_refund("rfd_3", "pay_1", euros("0.01"), NOW)

    assert (dict(invoice.collections), invoice.look_again_on, len(invoice.recorded)) == before


def test_a_refund_wakes_the_job_on_the_day_after_it_was_due() -> None:
    """It is looked at from the day after the due date; a refund of a part of what is owed changes no day."""
    paid, part = sent_invoice(due_on=DUE), overdue()
    paid.settle("pay_1", euros(100), NOW)
    assert paid.look_again_on is None
    paid.record_refund("rfd_1", "pay_1", euros(1), NOW)
    assert paid.look_again_on == LATE
    part.settle("pay_1", euros(40), NOW)
    part.record_refund("rfd_1", "pay_1", euros(40), NOW)
    assert part.look_again_on == DUE + timedelta(days=7)
    assert [type(event) for event in part.recorded] == [InvoicePartiallyPaid, InvoiceRefunded]


def test_a_refund_after_which_nothing_is_owed_wakes_no_job() -> None:
    """A refund came back when something else had paid: giving that back leaves it paid, and nothing to look at."""
    invoice = overdue()
    invoice.settle("pay_1", euros(100), NOW)
    invoice.record_refund("rfd_1", "pay_1", euros(60), NOW)
    invoice.settle("pay_2", euros(60), NOW)
    invoice.reverse_refund("rfd_1", "pay_1", euros(60), NOW)
    invoice.record_refund("rfd_2", "pay_2", euros(60), NOW)
    assert (invoice.balance, invoice.overdue_since, invoice.look_again_on) == (euros(0), None, None)


def test_money_that_comes_back_to_a_void_invoice_is_the_clients_everywhere() -> None:
    """Invoice, sums and statement say the same, and it can be given back."""
    invoice = sent_invoice(due_on=DUE)
    invoice.settle("pay_1", euros(100), NOW)
    invoice.record_refund("rfd_1", "pay_1", euros(100), NOW)
    invoice.void("", now=NOW)
    assert (invoice.balance, listed(invoice)["listed"]["owed"]) == (euros(0), "")
    invoice.reverse_refund("rfd_1", "pay_1", euros(100), NOW)
    period = {"first_day": TODAY - timedelta(days=30), "last_day": TODAY + timedelta(days=30)}
    drawn = draw_statement([ledger_of(invoice)], customer_id=CUSTOMER, currency="EUR", time_zone="UTC", **period)
    assert (invoice.balance.amount, listed(invoice)["listed"]["balance"]) == (drawn.closing, -10_000)
    assert listed(invoice)["listed"]["owed"] == f"EUR -10000 {DUE}"
    invoice.record_refund("rfd_2", "pay_1", euros(100), NOW)
    assert (invoice.balance, status_of(invoice, TODAY)) == (euros(0), InvoiceStatus.VOID)


@pytest.mark.parametrize("close", [Invoice.void, Invoice.write_off], ids=["void", "write off"])
def test_a_closed_invoice_is_looked_at_no_more(close: object) -> None:
    """Neither void nor written off is late, and no job comes back to it; the reason may be left out."""
    assert callable(close)
    invoice = overdue()

    close(invoice, "", now=NOW)

    assert (invoice.overdue_since, invoice.look_again_on) == (None, None)
    assert invoice.closed is not None
    assert (invoice.closed.reason, invoice.closed.amount) == ("", euros(100).amount)


def test_payments_are_counted_to_their_limit() -> None:
    """The last one that there is room for is taken, and one more is not, with the limit in the refusal."""
    invoice = sent_invoice("5000.00", partial_payments=True)
    for number in range(MAX_COLLECTIONS - 1):
        invoice.release(f"pay_{number}", NOW)
    invoice.reserve("pay_last", euros(1), NOW)

    with pytest.raises(TooManyPayments, match=r"1,?000"):
        invoice.reserve("pay_one_more", euros(1), NOW)

    invoice.settle("pay_last", euros(1), NOW)
    assert len(invoice.collections) == MAX_COLLECTIONS


def test_a_change_of_terms_is_told_and_looked_after() -> None:
    """One event says it; a later day ends being late and is looked at anew, the same day keeps both as they are."""
    invoice = overdue()
    same = PaymentTerms(modes=(PaymentMode.CASH,), due_on=DUE)

    invoice.change_terms(same, today=LATE, now=NOW)

    assert [type(event) for event in invoice.recorded] == [InvoiceTermsChanged]
    assert (invoice.overdue_since, invoice.look_again_on) == (LATE, DUE + timedelta(days=7))
    later = LATE + timedelta(days=10)
    invoice.change_terms(PaymentTerms(modes=(PaymentMode.CASH,), due_on=later), today=LATE, now=NOW)
    assert (invoice.terms.due_on, invoice.overdue_since) == (later, None)
    assert invoice.look_again_on == later + timedelta(days=1)


@pytest.mark.parametrize(("paid", "status"), [("0.01", "partially_paid"), ("0.99", "partially_paid"), ("1.00", "paid")])
def test_less_than_one_is_a_part_as_well(paid: str, status: str) -> None:
    """A cent paid is a part, and a cent owed is owed."""
    invoice = sent_invoice("1.00", due_on=DUE, partial_payments=True)
    invoice.settle("pay_1", euros(paid), NOW)
    assert status_of(invoice, TODAY) is InvoiceStatus(status)
    assert (status_of(invoice, LATE) is InvoiceStatus.OVERDUE) == (status == "partially_paid")


def test_an_invoice_over_nothing_is_a_row_that_moves_nothing() -> None:
    """It stands in the statement as an invoice with neither debit nor credit, and never as a credit."""
    statement = draw_statement(
        [ledger_of(sent_invoice("0.00", number="INV-1"))],
        customer_id=CUSTOMER,
        currency="EUR",
        first_day=TODAY,
        last_day=LATE,
        time_zone="Europe/Berlin",
    )
    assert [(row.entry.kind, row.debit, row.credit, row.balance) for row in statement.rows] == [
        (RowKind.INVOICE, 0, 0, 0)
    ]
    assert (statement.opening, statement.closing) == (0, 0)
