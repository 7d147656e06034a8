"""Stripe's objects in our words. An object without the expected shape is an unknown outcome, never a guess."""

from typing import Any, cast

from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.domain.payment import (
    BillingAddress,
    CardDetails,
    Failure,
    Outcome,
    OutcomeStatus,
    RefundOutcome,
)

Json = dict[str, Any]

_STATUS = {
    "requires_confirmation": OutcomeStatus.UNCONFIRMED,
    "requires_payment_method": OutcomeStatus.UNCONFIRMED,
    "requires_action": OutcomeStatus.REQUIRES_ACTION,
    "processing": OutcomeStatus.PROCESSING,
    "requires_capture": OutcomeStatus.PROCESSING,
    "succeeded": OutcomeStatus.SUCCEEDED,
    "canceled": OutcomeStatus.CANCELLED,
}
_DECLINED = "Your card was declined."


def plain(answer: Any) -> Json:
    """Return a library object as plain JSON."""
    known: Any = answer.to_dict() if hasattr(answer, "to_dict") else answer
    if not isinstance(known, dict):
        raise OutcomeUnknown
    return cast(Json, known)


def outcome_of(intent: Json) -> Outcome:
    """Return a PaymentIntent (its payment method expanded) as an outcome.

    An intent that fell back to `requires_payment_method` with an error has failed: we never try another card on it.
    """
    try:
        status = _STATUS[intent["status"]]
        error: Json | None = intent.get("last_payment_error")
        if intent["status"] == "requires_payment_method" and error:
            status = OutcomeStatus.FAILED
        method: Any = intent.get("payment_method")
        return Outcome(
            provider_payment_id=text(intent, "id"),
            status=status,
            redirect_url=_redirect(intent) if status is OutcomeStatus.REQUIRES_ACTION else None,
            failure=_failure(error) if status is OutcomeStatus.FAILED and error else None,
            card=card_of(cast(Json, method)) if isinstance(method, dict) else None,
        )
    except (KeyError, TypeError, AttributeError):
        raise OutcomeUnknown from None


def card_of(method: Json) -> CardDetails:
    """Return a PaymentMethod of type card."""
    try:
        card: Json = method["card"]
        details: Json = method.get("billing_details") or {}
        address: Json = details.get("address") or {}
        return CardDetails(
            token=text(method, "id"),
            customer=method.get("customer"),
            brand=card["brand"],
            last_four=card["last4"],
            exp_month=card["exp_month"],
            exp_year=card["exp_year"],
            fingerprint=card.get("fingerprint"),
            billing=BillingAddress(
                name=details.get("name"),
                line1=address.get("line1"),
                line2=address.get("line2"),
                city=address.get("city"),
                postal_code=address.get("postal_code"),
                region=address.get("state"),
                country=address.get("country"),
            ),
        )
    except (KeyError, TypeError, AttributeError):
        raise OutcomeUnknown from None


def refund_of(refund: Json) -> RefundOutcome:
    """Return a Refund; `pending` and `requires_action` are under way."""
    status = refund.get("status")
    failed = status in {"failed", "canceled"}
    reason = str(refund.get("failure_reason") or "refund_failed")
    return RefundOutcome(
        provider_refund_id=text(refund, "id"),
        succeeded=status == "succeeded",
        failure=Failure(code=reason, message="The refund could not be made.") if failed else None,
    )


def is_forgotten(failure: Failure) -> bool:
    """Whether detaching failed because the card is not attached, or not there, any more."""
    return failure.code in {"resource_missing", "payment_method_not_attached", "invalid_request"}


def text(answer: Json, name: str) -> str:
    """Return a string field that must be there."""
    value: Any = answer.get(name)
    if not isinstance(value, str) or not value:
        raise OutcomeUnknown
    return value


def _redirect(intent: Json) -> str:
    return text(intent["next_action"]["redirect_to_url"], "url")


def _failure(error: Json) -> Failure:
    code = error.get("decline_code") or error.get("code") or "card_declined"
    return Failure(code=str(code), message=str(error.get("message") or _DECLINED))
