"""The payment's decisions: history, a step, then a fact or a named refusal."""

from datetime import timedelta

import pytest

from chassis.kernel import new_id
from services.billing.domain.errors import PaymentEnded, PaymentNotRefundable, RefundTooLarge
from services.billing.domain.payment import Failure, Outcome, OutcomeStatus, Payment, PaymentState, RefundOutcome
from services.billing.domain.payment.events import PaymentFailed, PaymentRefunded, PaymentSucceeded
from services.billing.domain.payment_mode import PaymentMode
from tests.support.billing.makers import CONTACT, CUSTOMER, NOW, ORGANISATION, euros


def a_payment() -> Payment:
    return Payment(
        id=new_id("pay"),
        organisation_id=ORGANISATION,
        customer_id=CUSTOMER,
        invoice_id=new_id("inv"),
        invoice_number="INV-0001",
        amount=euros(100),
        mode=PaymentMode.CARD,
        provider="sandbox",
        paid_by=CONTACT,
        created_at=NOW,
    )


def told(status: OutcomeStatus, provider_id: str = "prov_1") -> Outcome:
    return Outcome(provider_payment_id=provider_id, status=status, redirect_url="https://bank.test")


def succeeded() -> Payment:
    payment = a_payment()
    payment.apply(told(OutcomeStatus.SUCCEEDED), NOW)
    return payment


FINAL = [
    (OutcomeStatus.SUCCEEDED, PaymentState.SUCCEEDED),
    (OutcomeStatus.FAILED, PaymentState.FAILED),
    (OutcomeStatus.CANCELLED, PaymentState.CANCELLED),
]


@pytest.mark.parametrize(("status", "state"), FINAL)
def test_a_final_outcome_is_recorded_once(status: OutcomeStatus, state: PaymentState) -> None:
    """The same report a second time changes nothing and tells nothing."""
    payment = a_payment()
    payment.apply(told(status), NOW)
    facts = len(payment.recorded)

    payment.apply(told(status), NOW + timedelta(hours=1))

    assert (payment.state, payment.settled_at, len(payment.recorded)) == (state, NOW, facts)


@pytest.mark.parametrize(("status", "state"), FINAL)
@pytest.mark.parametrize(
    "late", [OutcomeStatus.UNCONFIRMED, OutcomeStatus.REQUIRES_ACTION, OutcomeStatus.PROCESSING, OutcomeStatus.FAILED]
)
def test_late_reports_take_nothing_back(status: OutcomeStatus, state: PaymentState, late: OutcomeStatus) -> None:
    """What is final stays, whatever old news arrives afterwards."""
    payment = a_payment()
    payment.apply(told(status), NOW)

    payment.apply(told(late), NOW)

    assert payment.state is state
    assert payment.redirect_url is None


@pytest.mark.parametrize("ended", [OutcomeStatus.FAILED, OutcomeStatus.CANCELLED])
def test_money_that_arrived_is_never_denied(ended: OutcomeStatus) -> None:
    """An attempt given up on that was captured after all becomes a success that the invoice has to hear of."""
    payment = a_payment()
    payment.apply(told(ended), NOW)
    payment.mark_booked(payment.state, NOW)

    payment.apply(told(OutcomeStatus.SUCCEEDED), NOW)

    assert (payment.state, payment.booked, payment.failure) == (PaymentState.SUCCEEDED, False, None)
    assert isinstance(payment.recorded[-1], PaymentSucceeded)


def test_a_time_out_is_unknown_and_never_failed() -> None:
    """Losing sight is no failure, tells nobody, and is looked into five seconds later."""
    payment = a_payment()
    payment.lose_sight(NOW)

    assert (payment.state, payment.recorded) == (PaymentState.UNKNOWN, ())
    assert payment.check_at == NOW + timedelta(seconds=5)


def test_the_pauses_grow_to_ten_minutes() -> None:
    """The recovery job looks soon at first, then more and more rarely."""
    payment = a_payment()
    pauses = []
    for _ in range(12):
        payment.lose_sight(NOW)
        assert payment.check_at is not None
        pauses.append(int((payment.check_at - NOW).total_seconds()))

    assert pauses == [5, 10, 20, 40, 80, 160, 320, 600, 600, 600, 600, 600]


def test_processing_does_not_fall_back_to_a_challenge() -> None:
    """Reports out of order move forward only."""
    payment = a_payment()
    payment.apply(told(OutcomeStatus.PROCESSING), NOW)
    payment.apply(told(OutcomeStatus.REQUIRES_ACTION), NOW)

    assert payment.state is PaymentState.PROCESSING


def test_an_attempt_keeps_its_first_provider_payment() -> None:
    """A second provider payment for the same attempt is refused, the same one is welcome."""
    payment = a_payment()
    payment.attach("prov_1")
    payment.attach("prov_1")

    with pytest.raises(PaymentEnded):
        payment.attach("prov_2")


def test_nothing_is_attached_to_what_was_given_up() -> None:
    """Once the recovery job has given up, the late request stops before any money moves."""
    payment = a_payment()
    payment.fail_unsent(NOW)

    with pytest.raises(PaymentEnded):
        payment.attach("prov_1")


def test_what_was_announced_is_not_given_up_as_unsent() -> None:
    """The provider's id says that the provider knows the attempt: then only its word counts."""
    payment = a_payment()
    payment.attach("prov_1")
    payment.fail_unsent(NOW)

    assert payment.state is PaymentState.CREATED


def test_booking_one_end_does_not_book_another() -> None:
    """The note that a failure was booked does not count for the success that came in between."""
    payment = succeeded()
    payment.mark_booked(PaymentState.FAILED, NOW)

    assert not payment.booked


def test_a_settled_payment_is_looked_at_no_more() -> None:
    """Final and booked means that nothing is planned."""
    payment = succeeded()
    payment.mark_booked(PaymentState.SUCCEEDED, NOW)

    assert payment.is_settled
    assert payment.check_at is None


def test_a_failure_tells_its_code() -> None:
    """The fact carries the public code, never what the provider said about the card."""
    payment = a_payment()
    payment.fail(Failure(code="stolen_card", message="Declined."), NOW)

    (fact,) = payment.recorded
    assert isinstance(fact, PaymentFailed)
    assert fact.failure_code == "generic_decline"


def ask(payment: Payment, amount: str, refund_id: str = "rfd_1") -> None:
    payment.request_refund(refund_id, euros(amount), reason="", requested_by="stf_1", now=NOW)


def test_refunds_under_way_count_as_gone() -> None:
    """Two refunds of 60 do not fit into 100, even while the first is not settled."""
    payment = succeeded()
    ask(payment, "60")

    with pytest.raises(RefundTooLarge):
        ask(payment, "60", "rfd_2")


def test_a_failed_refund_can_be_asked_again() -> None:
    """What did not go back is refundable again."""
    payment = succeeded()
    ask(payment, "60")
    payment.fail_refund("rfd_1", Failure(code="x", message="No."), NOW)

    ask(payment, "100", "rfd_2")

    assert payment.refundable == euros(0)


def test_only_received_money_goes_back() -> None:
    """An attempt without capture has nothing to give."""
    with pytest.raises(PaymentNotRefundable):
        ask(a_payment(), "1")


def test_a_refund_is_told_once() -> None:
    """Settling twice records one fact."""
    payment = succeeded()
    ask(payment, "60")
    for _ in range(2):
        payment.settle_refund("rfd_1", RefundOutcome(provider_refund_id="re_1", succeeded=True), NOW)

    assert [type(fact) for fact in payment.recorded] == [PaymentSucceeded, PaymentRefunded]
    assert payment.refunded == euros(60)
