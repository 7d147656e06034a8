"""When clients are reminded: days by plan, each step once, whatever the zone, the clocks and the pauses of the job."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from functools import partial

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.billing.domain.calendar import local_day
from services.billing.domain.errors import (
    DuplicateDay,
    InvoiceNotOpen,
    NothingOwed,
    NotYetSent,
    NumberOutOfRange,
    RemindedRecently,
    SentTooOften,
    TooManyEntries,
)
from services.billing.domain.events import InvoiceBecameOverdue, InvoiceDueSoon, InvoiceReminderDue
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.mailings import KEPT, MailingKind
from services.billing.domain.reminders import STANDARD, ReminderPlan, ReminderPolicy, Reminders, deciding
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
)

ZONES = ["UTC", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe"]
PLANS = st.builds(
    ReminderPlan,
    enabled=st.just(True),
    days_before=st.lists(st.integers(0, 20), max_size=3, unique=True).map(tuple),
    days_after=st.lists(st.integers(1, 40), max_size=4, unique=True).map(tuple),
    until_days=st.integers(0, 45),
    on_weekends=st.booleans(),
)
DUE = TODAY + timedelta(days=14)
FRIDAY = date(2026, 3, 13)


def told(invoice: Invoice) -> int:
    """How many times the client is written to because of what was recorded, which is forgotten then."""
    mails = [
        event
        for event in invoice.recorded
        if isinstance(event, InvoiceReminderDue | InvoiceDueSoon)
        or (isinstance(event, InvoiceBecameOverdue) and event.reminds_client)
    ]
    invoice.forget_recorded()
    return len(mails)


def sent(plan: ReminderPlan, due_on: date = DUE, today: date = TODAY) -> tuple[Invoice, Reminders]:
    reminders = Reminders(plan)
    invoice = drafted_invoice(due_on=due_on)
    invoice.send(
        number="INV-1",
        seller=SELLER,
        buyer=BUYER,
        today=today,
        now=NOW,
        reminders=reminders,
    )
    invoice.forget_recorded()
    return invoice, reminders


@settings(max_examples=60, derandomize=True, database=None)
@given(
    plan=PLANS,
    zone=st.sampled_from(ZONES),
    start=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    terms=st.integers(0, 25),
)
def test_each_step_reminds_once_on_its_day_in_every_zone(
    plan: ReminderPlan, zone: str, start: date, terms: int
) -> None:
    """A job that looks every six hours, also over changes of the clocks, reminds on the plan's days and no others."""
    begun = datetime.combine(start, time(12), UTC)
    issued = local_day(begun, zone)
    invoice, reminders = sent(plan, issued + timedelta(days=terms), issued)
    reminded: list[date] = []
    for hours in range(0, 24 * 75, 6):
        now = begun + timedelta(hours=hours)
        today = local_day(now, zone)
        invoice.chase(today=today, now=now, reminders=reminders)
        reminded += [today] * told(invoice)
    due_on = issued + timedelta(days=terms)
    assert reminded == [day for day in plan.days(due_on) if day > issued]


@settings(derandomize=True, database=None)
@given(plan=PLANS, looks=st.lists(st.integers(1, 70), max_size=8))
def test_after_a_pause_there_is_one_reminder_at_most(plan: ReminderPlan, looks: list[int]) -> None:
    """Whenever the job looks, it reminds at most once, and of nothing that it passed over before."""
    invoice, reminders = sent(plan)
    steps, seen = [day for day in plan.days(DUE) if day > TODAY], TODAY
    for today in sorted(TODAY + timedelta(days=days) for days in looks):
        invoice.chase(today=today, now=NOW, reminders=reminders)
        is_late = today > DUE + timedelta(days=plan.until_days)
        expected = not is_late and any(seen < day <= today for day in steps)
        assert told(invoice) == expected
        assert invoice.look_again_on is None or invoice.look_again_on > today
        seen = today


def test_the_standard_is_what_was_always_so() -> None:
    """Without a policy: on the day after the due date, and 7, 14 and 30 days after it."""
    assert [(day - DUE).days for day in STANDARD.days(DUE)] == [1, 7, 14, 30]


@pytest.mark.parametrize(
    ("plan", "due_on", "days"),
    [
        (ReminderPlan(days_before=(0,), days_after=()), FRIDAY + timedelta(days=1), [FRIDAY]),
        (ReminderPlan(days_before=(), days_after=(1,)), FRIDAY, [FRIDAY + timedelta(days=3)]),
        (ReminderPlan(days_before=(), days_after=(1, 2, 3)), FRIDAY, [FRIDAY + timedelta(days=3)]),
        (ReminderPlan(days_before=(), days_after=(1,), until_days=2), FRIDAY, []),
        (ReminderPlan(days_before=(3,), days_after=(1,), enabled=False), FRIDAY, []),
    ],
    ids=["before: Friday", "after: Monday", "three become one", "too late on Monday", "off"],
)
def test_weekends_and_ends(plan: ReminderPlan, due_on: date, days: list[date]) -> None:
    """Without weekends steps go to Friday or Monday, never past the end; a plan that is off has none."""
    assert replace(plan, on_weekends=False).days(due_on) == tuple(days)


def test_a_plan_that_is_off_leaves_the_invoice_overdue_without_a_reminder() -> None:
    """The fact is told once, says that nobody is reminded of it, and the job comes back no more."""
    invoice, reminders = sent(ReminderPlan(enabled=False))
    for days in range(60):
        invoice.chase(today=TODAY + timedelta(days=days), now=NOW, reminders=reminders)
    [event] = invoice.recorded
    assert isinstance(event, InvoiceBecameOverdue)
    assert (event.reminds_client, invoice.look_again_on) == (False, None)


def test_what_is_muted_passes_by() -> None:
    """While the portal is off steps go by; the next one after it counts, those that went by do not."""
    invoice, reminders = sent(STANDARD)
    for days in range(1, 10):
        invoice.chase(today=DUE + timedelta(days=days), now=NOW, reminders=replace(reminders, muted=True))
    assert told(invoice) == 0
    for days in range(10, 14):
        invoice.chase(today=DUE + timedelta(days=days), now=NOW, reminders=reminders)
    assert (told(invoice), invoice.look_again_on) == (0, DUE + timedelta(days=14))


@pytest.mark.parametrize(
    "end",
    [
        partial(Invoice.settle, payment_id="pay_1", amount=euros(100), now=NOW),
        partial(Invoice.void, reason="", now=NOW),
        partial(Invoice.write_off, reason="", now=NOW),
    ],
    ids=["paid", "void", "written off"],
)
def test_nobody_is_reminded_of_what_is_settled(end: Callable[[Invoice], None]) -> None:
    """Neither by the plan, nor once the plan is spread anew, nor by hand."""
    invoice, reminders = sent(ReminderPlan(days_before=(3,)))
    end(invoice)
    invoice.reschedule(reminders)
    for days in range(60):
        invoice.chase(today=TODAY + timedelta(days=days), now=NOW, reminders=reminders)
    assert (told(invoice), invoice.look_again_on) == (0, None)
    with pytest.raises((NothingOwed, InvoiceNotOpen)):
        invoice.remind(by="stf_1", recipients=(), today=DUE, now=NOW)


def test_another_due_date_begins_the_plan_anew() -> None:
    """Steps of the new date count from the day after the change; those of the old one are gone."""
    invoice, reminders = sent(ReminderPlan(days_before=(3,), days_after=(1,)))
    changed_on = DUE - timedelta(days=1)
    later = DUE + timedelta(days=2)
    terms = PaymentTerms(modes=invoice.terms.modes, due_on=later)
    invoice.change_terms(terms, today=changed_on, now=NOW, reminders=reminders)
    invoice.forget_recorded()
    days = [changed_on + timedelta(days=days) for days in range(30)]
    reminded = [day for day in days if _chased(invoice, day, reminders)]
    assert reminded == [later + timedelta(days=1)]


def _chased(invoice: Invoice, day: date, reminders: Reminders) -> int:
    invoice.chase(today=day, now=NOW, reminders=reminders)
    return told(invoice)


def test_another_plan_holds_for_what_is_open_from_the_next_day() -> None:
    """What its steps would have been until then is not made up for."""
    invoice, _ = sent(ReminderPlan(enabled=False))
    changed_on = DUE + timedelta(days=3)
    invoice.chase(today=changed_on, now=NOW, reminders=Reminders(ReminderPlan(enabled=False)))
    invoice.forget_recorded()
    reminders = Reminders(ReminderPlan(days_after=(2, 3, 5)), since=changed_on)
    invoice.reschedule(reminders)
    days = [changed_on + timedelta(days=days) for days in range(10)]
    assert [day for day in days if _chased(invoice, day, reminders)] == [DUE + timedelta(days=5)]


def test_a_zone_further_west_repeats_no_step() -> None:
    """After a step the organisation's day may go back by one; it is the same step then."""
    invoice, reminders = sent(STANDARD)
    assert _chased(invoice, DUE + timedelta(days=1), reminders) == 1
    assert [_chased(invoice, DUE + timedelta(days=days), reminders) for days in (0, 1, 2)] == [0, 0, 0]


def test_staff_remind_by_hand_once_in_24_hours() -> None:
    """Before the due date as due soon, after it as overdue; it takes the place of the plan's step of that day."""
    invoice, reminders = sent(ReminderPlan(days_before=(3,)))
    day = DUE - timedelta(days=3)
    invoice.remind(by="stf_1", recipients=("con_1",), today=day, now=NOW)
    [event] = invoice.recorded
    assert isinstance(event, InvoiceDueSoon)
    assert (event.days_left, event.requested_by, event.recipient_ids) == (3, "stf_1", ("con_1",))
    assert told(invoice) == 1
    with pytest.raises(RemindedRecently, match="2026-03-11 at 12:00 UTC"):
        invoice.remind(by="stf_1", recipients=(), today=day, now=NOW + timedelta(hours=23, minutes=59))
    assert _chased(invoice, day, reminders) == 0
    invoice.remind(by="stf_1", recipients=(), today=DUE + timedelta(days=1), now=NOW + timedelta(hours=24))
    assert isinstance(invoice.recorded[-1], InvoiceReminderDue)


def test_a_draft_cannot_be_reminded_of_nor_sent_again() -> None:
    """The refusal says to send it first."""
    invoice = drafted_invoice()
    with pytest.raises(NotYetSent):
        invoice.remind(by="stf_1", recipients=(), today=TODAY, now=NOW)
    with pytest.raises(NotYetSent):
        invoice.send_again(by="stf_1", recipients=(), now=NOW)


def test_sending_again_has_a_limit_a_day_and_is_kept_in_the_history() -> None:
    """Five in 24 hours, then a refusal that says when; the history keeps the last 50."""
    invoice = sent_invoice()
    for number in range(5):
        invoice.send_again(by="stf_1", recipients=("con_1",), now=NOW + timedelta(hours=number))
    with pytest.raises(SentTooOften, match=r"5 times within 24 hours.*2026-03-11 at 12:00 UTC"):
        invoice.send_again(by="stf_1", recipients=(), now=NOW + timedelta(hours=23))
    assert [one.kind for one in invoice.mailings] == [MailingKind.SENT, *[MailingKind.SENT_AGAIN] * 5]
    for day in range(1, 60):
        invoice.send_again(by="stf_1", recipients=(), now=NOW + timedelta(days=day, hours=5))
    assert len(invoice.mailings) == KEPT


@pytest.mark.parametrize(
    ("plan", "refusal", "field"),
    [
        (ReminderPlan(days_before=(91,)), NumberOutOfRange, ("daysBefore", "0")),
        (ReminderPlan(days_after=(1, 0)), NumberOutOfRange, ("daysAfter", "1")),
        (ReminderPlan(days_after=(1, 1)), DuplicateDay, ("daysAfter",)),
        (ReminderPlan(days_after=tuple(range(1, 12))), TooManyEntries, ("daysAfter",)),
        (ReminderPlan(until_days=366), NumberOutOfRange, ("untilDays",)),
    ],
)
def test_what_no_plan_can_hold_is_refused_by_its_field(
    plan: ReminderPlan, refusal: type[Exception], field: tuple[str, ...]
) -> None:
    """The refusal names the field, and the place where it is a list's."""
    with pytest.raises(refusal) as refused:
        ReminderPolicy.of(ORGANISATION, None, plan, NOW)
    assert getattr(refused.value, "field", None) == field


def test_the_companys_policy_comes_before_the_organisations() -> None:
    """Each where it is set; taken back, the next one holds, and since the change."""
    general = ReminderPolicy.of(ORGANISATION, None, ReminderPlan(days_after=(2,)), NOW)
    own = ReminderPolicy.of(ORGANISATION, CUSTOMER, ReminderPlan(days_after=(3,)), NOW + timedelta(days=1))
    both = {general.id: general, own.id: own}
    assert deciding(both, ORGANISATION, CUSTOMER)[0].days_after == (3,)
    assert deciding(both, ORGANISATION, OTHER_CUSTOMER)[:2] == (general.plan, NOW)
    own.change(None, NOW + timedelta(days=2))
    assert deciding(both, ORGANISATION, CUSTOMER)[:2] == (general.plan, NOW + timedelta(days=2))
    assert deciding({}, ORGANISATION, CUSTOMER) == (STANDARD, None, None)


def test_a_change_is_spread_again_where_decisions_may_have_been_under_way() -> None:
    """A pass that began within two minutes is not the last; a change meanwhile begins anew; the same plan is none."""
    policy = ReminderPolicy.of(ORGANISATION, None, STANDARD, NOW)
    policy.spread(NOW, NOW + timedelta(seconds=30))
    assert policy.spreading
    policy.spread_on(NOW, "inv_5", NOW + timedelta(minutes=2))
    policy.change(STANDARD, NOW + timedelta(minutes=3))
    assert (policy.spread_until, policy.changed_at) == ("inv_5", NOW)
    policy.spread(NOW, NOW + timedelta(minutes=4))
    assert not policy.spreading
    policy.change(ReminderPlan(enabled=False), NOW + timedelta(hours=1))
    policy.spread(NOW, NOW + timedelta(hours=2))
    assert policy.spreading
