"""The estimate's life: history, a step, then events or a named refusal."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.kernel import DomainError
from chassis.text import TextRequired, TextTooLong
from chassis.world.zones import zone as named
from services.billing.domain.calendar import local_day
from services.billing.domain.errors import (
    CustomerFixed,
    DatePassed,
    DateTooFar,
    EstimateExpired,
    EstimateNotAccepted,
    EstimateNotDraft,
    EstimateNotRevisable,
    EstimateNotSent,
    EstimateNotVoidable,
    RevisionOutdated,
    TooManyRevisions,
)
from services.billing.domain.estimate import Estimate, EstimateState
from services.billing.domain.estimate.revising import MAX_REVISIONS
from services.billing.domain.events import (
    EstimateAccepted,
    EstimateDeclined,
    EstimateDrafted,
    EstimateInvoiced,
    EstimateLapsed,
    EstimateRevised,
    EstimateSent,
    EstimateVoided,
)
from tests.support.billing.makers import (
    BUYER,
    CONTACT,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OTHER_CUSTOMER,
    SELLER,
    TODAY,
    drafted_estimate,
    euros,
    sent_estimate,
    some_content,
)

LAST_DAY = TODAY + timedelta(days=30)


def send(estimate: Estimate, number: str = "EST-0001", today: date = TODAY) -> None:
    estimate.send(number=number, seller=SELLER, buyer=BUYER, today=today, now=NOW)


def accept(estimate: Estimate, revision: int = 1, today: date = TODAY) -> None:
    estimate.accept(revision, contact_id=CONTACT, today=today, now=NOW)


def decline(estimate: Estimate, revision: int = 1, reason: str = "Too dear", today: date = TODAY) -> None:
    estimate.decline(revision, contact_id=CONTACT, reason=reason, today=today, now=NOW)


def accepted() -> Estimate:
    estimate = sent_estimate(number="EST-0001")
    accept(estimate)
    return estimate


def declined() -> Estimate:
    estimate = sent_estimate(number="EST-0001")
    decline(estimate)
    return estimate


def expired() -> Estimate:
    estimate = sent_estimate(number="EST-0001")
    estimate.expire(today=LAST_DAY + timedelta(days=1), now=NOW)
    return estimate


def invoiced() -> Estimate:
    estimate = accepted()
    estimate.become_invoice("inv_1", now=NOW)
    return estimate


def voided() -> Estimate:
    estimate = sent_estimate(number="EST-0001")
    estimate.void(now=NOW)
    return estimate


MAKERS: dict[str, Callable[[], Estimate]] = {
    "draft": drafted_estimate,
    "sent": sent_estimate,
    "accepted": accepted,
    "declined": declined,
    "expired": expired,
    "invoiced": invoiced,
    "void": voided,
}
STEPS: dict[str, tuple[Callable[[Estimate], None], dict[str, type[DomainError] | None]]] = {
    "send": (send, {"draft": None, "": EstimateNotDraft}),
    "rewrite": (
        lambda e: e.rewrite(customer_id=CUSTOMER, content=some_content("1.00"), expires_on=None),
        {"draft": None, "": EstimateNotDraft},
    ),
    "accept": (accept, {"sent": None, "expired": EstimateExpired, "": EstimateNotSent}),
    "decline": (decline, {"sent": None, "expired": EstimateExpired, "": EstimateNotSent}),
    "revise": (
        lambda e: e.revise(today=TODAY, now=NOW),
        {"declined": None, "expired": None, "": EstimateNotRevisable},
    ),
    "void": (lambda e: e.void(now=NOW), {"draft": None, "sent": None, "": EstimateNotVoidable}),
    "become_invoice": (
        lambda e: e.become_invoice("inv_1", now=NOW),
        {"accepted": None, "invoiced": None, "": EstimateNotAccepted},
    ),
}


@pytest.mark.parametrize("state", MAKERS)
@pytest.mark.parametrize("step", STEPS)
def test_each_step_is_allowed_from_its_states_only(step: str, state: str) -> None:
    """The whole table of steps and states: allowed, or refused by name without a change."""
    estimate = MAKERS[state]()
    estimate.forget_recorded()
    act, table = STEPS[step]
    refusal = table.get(state, table[""])
    before: dict[str, Any] = dict(vars(estimate))
    if refusal is None:
        act(estimate)
        return
    with pytest.raises(refusal):
        act(estimate)
    assert (before, ()) == (vars(estimate), estimate.recorded)


def test_drafting_records_the_draft_without_a_number() -> None:
    """A draft has revision 1 and no number."""
    estimate = Estimate.draft(
        estimate_id="est_1",
        organisation_id=ORGANISATION,
        customer_id=CUSTOMER,
        content=some_content("12.30"),
        expires_on=None,
        now=NOW,
    )
    assert estimate.recorded == (
        EstimateDrafted(
            occurred_at=NOW,
            organisation_id=ORGANISATION,
            estimate_id="est_1",
            customer_id=CUSTOMER,
            number=None,
            revision=1,
            total=euros("12.30"),
        ),
    )


def test_sending_takes_the_number_and_keeps_the_revision_as_it_was() -> None:
    """The client sees what was sent; its last day is 30 days away when staff gave none."""
    estimate = drafted_estimate(expires_on=None)
    send(estimate)
    (event,) = estimate.recorded
    assert isinstance(event, EstimateSent)
    assert (event.number, event.expires_on, estimate.look_again_on) == (
        "EST-0001",
        LAST_DAY,
        LAST_DAY + timedelta(days=1),
    )
    assert estimate.last_sent is not None
    assert (estimate.last_sent.content, estimate.last_sent.seller) == (estimate.content, SELLER)


@pytest.mark.parametrize(("days", "refusal"), [(-1, DatePassed), (4000, DateTooFar)])
def test_the_last_day_must_be_a_sensible_one(days: int, refusal: type[DomainError]) -> None:
    """An estimate that expired before it is sent, or never would, is not sent and takes no number."""
    estimate = drafted_estimate(expires_on=TODAY + timedelta(days=days))
    with pytest.raises(refusal):
        send(estimate)
    assert estimate.number is None


def test_accepting_names_the_revision_and_the_contact() -> None:
    """The event and the revision tell who said yes to what."""
    estimate = accepted()
    (event,) = estimate.recorded
    assert isinstance(event, EstimateAccepted)
    assert (event.revision, event.contact_id, event.number) == (1, CONTACT, "EST-0001")
    assert (estimate.accepted_revision().answered_by, estimate.accepted_revision().answered_at) == (CONTACT, NOW)


@pytest.mark.parametrize("zone", ["Pacific/Auckland", "Pacific/Honolulu", "UTC", "Asia/Kolkata"])
def test_an_estimate_is_valid_through_its_whole_last_day_where_the_organisation_is(zone: str) -> None:
    """One minute before midnight there it can be accepted, at midnight no more."""
    midnight = datetime(LAST_DAY.year, LAST_DAY.month, LAST_DAY.day, tzinfo=named(zone)) + timedelta(days=1)
    just_before = (midnight - timedelta(minutes=1)).astimezone(UTC)
    accept(sent_estimate(), today=local_day(just_before, zone))
    late = sent_estimate()
    with pytest.raises(EstimateExpired):
        accept(late, today=local_day(midnight.astimezone(UTC), zone))
    assert late.state_on(local_day(midnight.astimezone(UTC), zone)) is EstimateState.EXPIRED


def test_expiring_happens_once_and_only_after_the_last_day() -> None:
    """The job may call as often as it likes."""
    estimate = sent_estimate(number="EST-0001")
    estimate.expire(today=LAST_DAY, now=NOW)
    assert estimate.recorded == ()
    for _ in range(3):
        estimate.expire(today=LAST_DAY + timedelta(days=1), now=NOW)
    assert [EstimateLapsed] == [type(event) for event in estimate.recorded]
    assert estimate.look_again_on is None


def test_declining_tells_the_reason() -> None:
    """The reason travels with the event and stays with the revision."""
    estimate = declined()
    (event,) = estimate.recorded
    assert isinstance(event, EstimateDeclined)
    assert event.reason == "Too dear"


@pytest.mark.parametrize(("reason", "refusal"), [("  ", TextRequired), ("x" * 2001, TextTooLong)])
def test_declining_needs_a_reason_of_reasonable_length(reason: str, refusal: type[DomainError]) -> None:
    """No reason, or a novel, is refused."""
    with pytest.raises(refusal):
        decline(sent_estimate(), reason=reason)


def test_revising_keeps_the_old_revision_readable_and_the_number() -> None:
    """While staff rework the draft, the last sent revision stays what the client sees; then the new one does."""
    estimate = declined()
    old = estimate.last_sent
    estimate.forget_recorded()
    estimate.revise(today=TODAY, now=NOW)
    assert [EstimateRevised] == [type(event) for event in estimate.recorded]
    estimate.rewrite(customer_id=CUSTOMER, content=some_content("80.00"), expires_on=None)
    assert (estimate.last_sent, estimate.state, estimate.revision) == (old, EstimateState.DRAFT, 2)
    send(estimate, number="EST-9999")
    assert old == estimate.revisions[0]
    assert (estimate.number, [r.content.total for r in estimate.revisions]) == ("EST-0001", [euros(100), euros(80)])


def test_an_answer_to_an_old_revision_is_refused() -> None:
    """The client must not accept what is no longer offered."""
    estimate = declined()
    estimate.revise(today=TODAY, now=NOW)
    send(estimate)
    for answer in (accept, decline):
        with pytest.raises(RevisionOutdated):
            answer(estimate, revision=1)
    accept(estimate, revision=2)


def test_the_customer_is_fixed_once_a_revision_was_sent() -> None:
    """A reworked estimate never reaches another client company together with its history."""
    estimate = declined()
    estimate.revise(today=TODAY, now=NOW)
    with pytest.raises(CustomerFixed):
        estimate.rewrite(customer_id=OTHER_CUSTOMER, content=some_content(), expires_on=None)


def test_revisions_come_to_an_end() -> None:
    """After ten revisions a new estimate is the better idea."""
    estimate = declined()
    for revision in range(2, MAX_REVISIONS + 1):
        estimate.revise(today=TODAY, now=NOW)
        send(estimate)
        decline(estimate, revision=revision)
    with pytest.raises(TooManyRevisions):
        estimate.revise(today=TODAY, now=NOW)


def test_an_unanswered_estimate_past_its_day_is_revised_at_once() -> None:
    """Staff need not wait for the job: revising expires it first."""
    estimate = sent_estimate(number="EST-0001")
    estimate.revise(today=LAST_DAY + timedelta(days=1), now=NOW)
    assert [EstimateLapsed, EstimateRevised] == [type(event) for event in estimate.recorded]


def test_it_becomes_one_invoice_only() -> None:
    """The same invoice again changes nothing, another one is refused."""
    estimate = invoiced()
    assert isinstance(estimate.recorded[-1], EstimateInvoiced)
    estimate.become_invoice("inv_1", now=NOW)
    with pytest.raises(EstimateNotAccepted):
        estimate.become_invoice("inv_2", now=NOW)
    assert sum(isinstance(event, EstimateInvoiced) for event in estimate.recorded) == 1


def test_voiding_is_told_and_shown() -> None:
    """The client sees that a sent estimate was taken back."""
    estimate = voided()
    assert isinstance(estimate.recorded[-1], EstimateVoided)
    assert estimate.last_sent is not None
    assert estimate.last_sent.state is EstimateState.VOID
