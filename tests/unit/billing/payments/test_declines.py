"""What a payer may know about a declined card, and what is for staff only."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.mongo.documents import to_aggregate, to_document, to_value
from services.billing.api.payments import PaymentFailure
from services.billing.domain.payment import Failure, Outcome, OutcomeStatus, Payment, RefundOutcome
from services.billing.domain.payment.declines import GENERAL, OWN, SENTENCES
from services.billing.domain.payment.events import PaymentFailed
from services.billing.domain.payment.record import Refund
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import CLIENT, NOW, OWNER, VIEWER
from tests.unit.billing.payments.test_payment import a_payment

SECRET = [
    "fraudulent", "lost_card", "merchant_blacklist", "pickup_card", "restricted_card",
    "revocation_of_all_authorizations",
    "revocation_of_authorization", "security_violation", "stolen_card", "stop_payment_order", "highest_risk_level",
    "STOLEN_CARD", " stolen_card", "testmode_decline", "a_code_of_next_year", "", "x" * 5000,
]  # fmt: skip
PUBLIC = [
    "approve_with_id", "authentication_required", "call_issuer", "card_declined", "card_not_supported",
    "card_velocity_exceeded", "currency_not_supported", "do_not_honor", "duplicate_transaction", "expired_card",
    "generic_decline", "incorrect_cvc", "incorrect_number", "incorrect_zip", "insufficient_funds",
    "invalid_expiry_year",
    "issuer_not_available", "processing_error", "transaction_not_allowed", "try_again_later",
]  # fmt: skip


def declined(code: str, message: str = "Your card was reported stolen.") -> Payment:
    payment = a_payment()
    failure = Failure(code=code, message=message)
    payment.apply(Outcome(provider_payment_id="pi_1", status=OutcomeStatus.FAILED, failure=failure), NOW)
    return payment


@pytest.mark.parametrize("code", SECRET)
def test_what_must_not_be_told_is_a_general_decline(code: str) -> None:
    """The payment, its event and what a client reads say no more than that the card was declined."""
    payment = declined(code)
    (fact,) = payment.recorded
    published = LANGUAGE.entries(payment, payment.recorded, None)
    shown = PaymentFailure.of(payment.failure, CLIENT)

    assert isinstance(fact, PaymentFailed)
    assert fact.failure_code == GENERAL
    assert shown == PaymentFailure(code=GENERAL, message=SENTENCES[GENERAL], provider_code=None)
    assert "stolen" not in str(published)
    assert code == "" or code.strip() not in str([fact, published, vars(shown)])


@pytest.mark.parametrize("code", ["stolen_card", "lost_card", "fraudulent", "merchant_blacklist", "pickup_card"])
@pytest.mark.parametrize("who", [OWNER, VIEWER])
def test_staff_read_what_the_provider_said(code: str, who: Any) -> None:
    """The provider's own code stands beside the public one, for staff."""
    shown = PaymentFailure.of(declined(code).failure, who)

    assert shown is not None
    assert (shown.code, shown.provider_code) == (GENERAL, code)


@pytest.mark.parametrize("code", PUBLIC)
def test_a_public_code_keeps_its_name_and_gets_our_sentence(code: str) -> None:
    """What a payer can act upon is told, in our words: the provider's text never passes."""
    failure = declined(code, "<b>Text of a stranger</b>").failure

    assert failure is not None
    assert (failure.code, failure.message) == (code, SENTENCES[code])


def test_a_failed_authentication_has_one_name() -> None:
    """Stripe's long code and the sandbox's short one are the same to a front end."""
    seen = {declined(code).failure for code in ("payment_intent_authentication_failure", "authentication_failed")}

    assert {(each.code, each.message) for each in seen if each} == {
        ("authentication_failed", SENTENCES["authentication_failed"])
    }


@pytest.mark.parametrize("code", sorted(OWN))
def test_our_own_refusals_are_told_as_they_are(code: str) -> None:
    """A code that only we give keeps the sentence that we wrote."""
    failure = Failure(code=code, message="Our sentence.")

    assert (failure.code, failure.message, failure.provider_code) == (code, "Our sentence.", None)


@given(st.text(max_size=300))
def test_whatever_a_provider_says_becomes_one_of_our_codes(code: str) -> None:
    """Any text at all gives a code that is known beforehand."""
    assert Failure(code=code, message="").code in SENTENCES.keys() | OWN


def test_a_failure_of_an_earlier_version_is_public_when_it_is_read() -> None:
    """A document that was stored with the provider's code shows the general one, and is stored so from then on."""
    stored = to_document(declined("insufficient_funds"))
    stored["failure"] = {"code": "stolen_card", "message": "Your card was stolen."}

    payment = to_aggregate(Payment, stored)

    assert payment.failure == Failure(code=GENERAL, message="", provider_code="stolen_card")
    assert to_document(payment)["failure"] == {
        "code": GENERAL,
        "message": SENTENCES[GENERAL],
        "provider_code": "stolen_card",
    }
    assert to_aggregate(Payment, to_document(payment)).failure == payment.failure


@pytest.mark.parametrize("reason", ["lost_or_stolen_card", "expired_or_canceled_card", "charge_already_refunded", "x"])
def test_a_refund_that_failed_says_so_in_our_words(reason: str) -> None:
    """Why money could not go back is the provider's word for staff, and no decline of a card."""
    stored = {
        "id": "rfd_1", "amount": "1.00", "reason": "", "requested_by": "stf_1", "requested_at": NOW, "state": "failed",
        "failure": {"code": reason, "message": "?"},
    }  # fmt: skip
    refund = to_value(Refund, stored)
    payment = declined("card_declined")
    payment.apply(Outcome(provider_payment_id="pi_1", status=OutcomeStatus.SUCCEEDED), NOW)
    payment.request_refund("rfd_1", payment.amount, reason="", requested_by="stf_1", now=NOW)
    told = Failure(code="refund_failed", message="The refund could not be made.", provider_code=reason)
    payment.settle_refund("rfd_1", RefundOutcome(provider_refund_id="re_1", failure=told), NOW)

    assert refund.failure == payment.refunds["rfd_1"].failure == told


@pytest.mark.parametrize("code", ["not_payable", "reservation_released"])
def test_a_failure_stored_with_a_former_code_keeps_it(code: str) -> None:
    """What was stored before a code was given up is ours as it ever was, its sentence included."""
    stored = Failure(code=code, message="This invoice cannot be paid.")
    assert (stored.code, stored.message) == (code, "This invoice cannot be paid.")
