"""The statement: what closes a period opens the next, whatever happened."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.kernel import DomainError
from services.billing.domain.errors import PeriodReversed
from services.billing.domain.invoice import Invoice
from services.billing.domain.statement import Ledger, RowKind, Statement, draw_statement, entries_of
from tests.support.billing.makers import BUYER, CUSTOMER, SELLER, drafted_invoice, euros
from tests.support.billing.stores import ledger_of

ZONE = "America/New_York"
START = date(2026, 1, 1)


def at(day: int, hour: int = 12) -> datetime:
    return datetime(2026, 1, 1, hour, tzinfo=UTC) + timedelta(days=day)


def draw(ledgers: list[Ledger], first: date, last: date) -> Statement:
    return draw_statement(ledgers, customer_id=CUSTOMER, currency="EUR", first_day=first, last_day=last, time_zone=ZONE)


def sent_on(day: int, price: str, due_after: int = 14, number: str = "INV-1") -> Invoice:
    issued = START + timedelta(days=day)
    invoice = drafted_invoice(price, due_on=issued + timedelta(days=due_after), partial_payments=True)
    invoice.send(number=number, seller=SELLER, buyer=BUYER, today=issued, now=at(day))
    return invoice


def test_every_kind_of_row_moves_the_running_balance() -> None:
    """Invoice, part payment, refund, write-off, credit and void, day by day, with debit and credit."""
    invoice, credit, void = sent_on(0, "100.00"), sent_on(4, "-20.00", number="INV-2"), sent_on(5, "7.00")
    invoice.settle("pay_1", euros(60), at(1))
    invoice.record_refund("rfd_1", "pay_1", euros(10), at(2))
    invoice.write_off("", now=at(3))
    void.void("", now=at(6))
    statement = draw([ledger_of(one) for one in (void, credit, invoice)], START, START + timedelta(days=30))
    rows = [(row.entry.kind, str(row.debit), str(row.credit), str(row.balance)) for row in statement.rows]
    assert rows == [
        (RowKind.INVOICE, "100.00", "0", "100.00"),
        (RowKind.PAYMENT, "0", "60.00", "40.00"),
        (RowKind.REFUND, "10.00", "0", "50.00"),
        (RowKind.WRITE_OFF, "0", "50.00", "0.00"),
        (RowKind.CREDIT, "0", "20.00", "-20.00"),
        (RowKind.INVOICE, "7.00", "0", "-13.00"),
        (RowKind.CREDIT, "0", "7.00", "-20.00"),
    ]
    assert (statement.closing, statement.ageing.current) == (Decimal("-20.00"), Decimal("-20.00"))


def test_a_day_is_the_organisations() -> None:
    """A payment at three in the morning UTC belongs to the day before in New York; a day that staff gave is kept."""
    invoice = sent_on(0, "100.00")
    invoice.settle("pay_1", euros(60), at(5, hour=3))
    invoice.settle("pay_2", euros(40), at(9), received_on=START + timedelta(days=2))
    statement = draw([ledger_of(invoice)], START, START + timedelta(days=30))
    days = [(row.entry.payment_id, (row.entry.day - START).days) for row in statement.rows]
    assert days == [(None, 0), ("pay_2", 2), ("pay_1", 4)]


@pytest.mark.parametrize(
    ("days_after_due", "bucket"),
    [(-5, 0), (0, 0), (1, 1), (30, 1), (31, 2), (60, 2), (61, 3), (90, 3), (91, 4), (400, 4)],
)
def test_ageing_looks_at_the_end_of_the_period(days_after_due: int, bucket: int) -> None:
    """The age of an open amount is counted from its due date to the last day, and a later payment does not count."""
    invoice = sent_on(0, "100.00", due_after=14)
    invoice.settle("pay_1", euros(100), at(500))
    statement = draw([ledger_of(invoice)], START, START + timedelta(days=14 + days_after_due))
    expected = [Decimal(0)] * 5
    expected[bucket] = Decimal(100)
    assert list(statement.ageing.buckets) == expected


def test_a_period_must_not_run_backwards() -> None:
    """It is refused, not drawn empty."""
    with pytest.raises(PeriodReversed):
        draw([], START, START - timedelta(days=1))


def test_a_booked_day_stays_when_the_time_zone_changes() -> None:
    """Issued in Kiritimati, read in Pago Pago, a day behind: every row keeps its day, none before the invoice."""
    today, instant = date(2026, 4, 2), datetime(2026, 4, 1, 11, tzinfo=UTC)
    invoice = drafted_invoice("100.00", due_on=today)
    invoice.send(number="INV-1", seller=SELLER, buyer=BUYER, today=today, now=instant)
    invoice.settle("pay_1", euros("100.00"), instant, on=today)
    invoice.record_refund("rfd_1", "pay_1", euros("100.00"), instant, on=today)
    invoice.reverse_refund("rfd_1", "pay_1", euros("100.00"), instant, on=today - timedelta(days=1))
    invoice.record_refund("rfd_2", "pay_1", euros("30.00"), instant, on=today)
    invoice.write_off("", now=instant, on=today)
    days = [
        {e.day for e in entries_of(ledger_of(invoice), zone)} for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago")
    ]
    assert days == [{today}, {today}]


def test_nothing_happened() -> None:
    """An empty statement opens and closes at zero."""
    statement = draw([], START, START)
    assert (statement.opening, statement.rows, statement.closing) == (0, (), 0)


steps = st.tuples(
    st.sampled_from(["pay", "refund", "void", "write_off"]),
    st.integers(min_value=1, max_value=60),
    st.integers(min_value=0, max_value=80),
    st.booleans(),
)
histories = st.lists(
    st.tuples(st.integers(0, 90), st.integers(-50, 100), st.integers(0, 60), st.lists(steps, max_size=5)), max_size=5
)


def lived(history: list[tuple[int, int, int, list[tuple[str, int, int, bool]]]]) -> list[Ledger]:
    """Return the ledgers of invoices that went through these steps, as far as they were allowed."""
    ledgers: list[Ledger] = []
    for place, (day, price, due_after, what) in enumerate(history):
        invoice = sent_on(day, f"{price}.00", due_after, number=f"INV-{place}")
        for count, (step, amount, delay, backdated) in enumerate(what):
            now = at(day + delay)
            received: dict[str, Any] = {"received_on": START + timedelta(days=delay)} if backdated else {}
            try:
                match step:
                    case "pay":
                        invoice.settle(f"pay_{place}_{count}", euros(amount), now, **received)
                    case "refund":
                        payment = next(iter(invoice.collections), "pay_none")
                        invoice.record_refund(f"rfd_{count}", payment, euros(amount), now)
                    case "void":
                        invoice.void("", now=now)
                    case _:
                        invoice.write_off("", now=now)
            except DomainError:
                continue
        ledgers.append(ledger_of(invoice))
    return ledgers


@given(histories, st.integers(0, 120), st.integers(0, 60), st.integers(0, 60))
def test_closing_balance_is_the_next_opening_balance(
    history: list[Any], first: int, length: int, next_length: int
) -> None:
    """Cut a history into two periods anywhere: they meet, hold every row once, and agree with the whole.

    The first is drawn of the ledgers that a store gives for its last day, and no others.
    """
    ledgers = lived(history)
    begin, middle = START + timedelta(days=first), START + timedelta(days=first + length)
    end = middle + timedelta(days=1 + next_length)
    known = [ledger for ledger in ledgers if ledger.first_day <= middle]
    one, two = draw(known, begin, middle), draw(ledgers, middle + timedelta(days=1), end)
    whole = draw(ledgers, begin, end)
    assert one.closing == two.opening
    assert [row.entry for row in (*one.rows, *two.rows)] == [row.entry for row in whole.rows]
    assert (one.opening, two.closing) == (whole.opening, whole.closing)


@given(histories, st.integers(0, 150))
def test_rows_and_ageing_add_up_to_the_closing_balance(history: list[Any], length: int) -> None:
    """Opening + debits − credits = closing = the sum of the ages, and each row shows the balance after it."""
    statement = draw(lived(history), START, START + timedelta(days=length))
    running = statement.opening
    for row in statement.rows:
        running += row.debit - row.credit
        assert running == row.balance
    assert running == statement.closing == sum(statement.ageing.buckets)


@given(histories)
def test_in_the_end_the_statement_shows_what_is_owed(history: list[Any]) -> None:
    """After everything, the closing balance is what the invoices themselves say is owed or credited."""
    ledgers = lived(history)
    owed = Decimal(0)
    for ledger in ledgers:
        paid = sum((entry.kept for entry in ledger.collections.values()), Decimal(0))
        owed += ledger.payable - paid - (ledger.closed.amount if ledger.closed else 0)
    assert draw(ledgers, START, START + timedelta(days=3000)).closing == owed
