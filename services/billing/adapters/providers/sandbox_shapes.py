"""The sandbox's objects in our words: a state must be readable, what stands beside it need not be."""

from datetime import UTC, datetime
from typing import Any

from services.billing.adapters.providers.minor_units import from_minor_units
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.domain.money import Money
from services.billing.domain.payment import (
    BillingAddress,
    CardDetails,
    DisputeSeen,
    DisputeState,
    Failure,
    Outcome,
    OutcomeStatus,
    RefundOutcome,
    RefundSeen,
)

Json = dict[str, Any]

REFUSED = "The payment provider refused this payment. Nothing was charged."
_STATUS = {
    "requires_confirmation": OutcomeStatus.UNCONFIRMED,
    "requires_action": OutcomeStatus.REQUIRES_ACTION,
    "processing": OutcomeStatus.PROCESSING,
    "succeeded": OutcomeStatus.SUCCEEDED,
    "failed": OutcomeStatus.FAILED,
    "cancelled": OutcomeStatus.CANCELLED,
}
_DECIDED = {"won": DisputeState.WON, "lost": DisputeState.LOST}
_NOT_REFUNDED = Failure(code="refund_failed", message="The refund could not be made.", provider_code="bank_refused")


def outcome_of(payment: Json) -> Outcome:
    """Return a payment as an outcome: its id must be there; what stands beside its state need not be readable."""
    told: Any = payment.get("status")
    status = _STATUS.get(told, OutcomeStatus.UNREADABLE) if isinstance(told, str) else OutcomeStatus.UNREADABLE
    action, failure = part(payment, "next_action"), part(payment, "failure")
    paid = status is OutcomeStatus.SUCCEEDED
    url = action.get("redirect_url") if status is OutcomeStatus.REQUIRES_ACTION else None
    return Outcome(
        provider_payment_id=text(payment, "id"),
        status=status,
        redirect_url=url if isinstance(url, str) else None,
        failure=Failure(code=str(failure.get("code")), message=REFUSED) if failure else None,
        card=_readable_card(part(payment, "card")),
        amount=from_minor_units(payment.get("amount_captured"), payment.get("currency")) if paid else None,
    )


def _readable_card(card: Json) -> CardDetails | None:
    try:
        return card_of(card)
    except OutcomeUnknown:
        return None


def refund_of(refund: Json) -> RefundOutcome:
    """Return a refund; neither succeeded nor failed means that it is under way."""
    failed = refund.get("status") == "failed"
    return RefundOutcome(
        provider_refund_id=text(refund, "id"),
        succeeded=refund.get("status") == "succeeded",
        failure=_NOT_REFUNDED if failed else None,
    )


def refund_seen(refund: Json) -> RefundSeen:
    """Return a refund that the sandbox shows, with our id where we asked for it."""
    told, ours, made = refund_of(refund), refund.get("reference"), refund.get("created")
    return RefundSeen(
        provider_refund_id=told.provider_refund_id,
        refund_id=ours if isinstance(ours, str) else None,
        amount=_money(refund),
        succeeded=told.succeeded,
        failure=told.failure,
        made_at=datetime.fromtimestamp(made, UTC) if isinstance(made, int) else None,
    )


def dispute_seen(dispute: Json) -> DisputeSeen:
    """Return a dispute."""
    made = dispute.get("created")
    return DisputeSeen(
        provider_dispute_id=text(dispute, "id"),
        amount=_money(dispute),
        state=_DECIDED.get(str(dispute.get("status")), DisputeState.OPEN),
        reason=str(dispute.get("reason") or "unknown")[:100],
        opened_at=datetime.fromtimestamp(made, UTC) if isinstance(made, int) else None,
    )


def _money(answer: Json) -> Money:
    amount = from_minor_units(answer.get("amount"), answer.get("currency"))
    if amount is None:
        raise OutcomeUnknown
    return amount


def part(answer: Json, name: str) -> Json:
    """Return an object inside of another; an empty one where there is none."""
    inner: Any = answer.get(name)
    return inner if isinstance(inner, dict) else {}  # pyright: ignore[reportUnknownVariableType]


def card_of(card: Json) -> CardDetails:
    """Return a card; raises `OutcomeUnknown` when it does not say what a card must say."""
    try:
        return CardDetails(
            token=text(card, "id"),
            customer=card["customer"],
            brand=card["brand"],
            last_four=card["last4"],
            exp_month=card["exp_month"],
            exp_year=card["exp_year"],
            billing=BillingAddress(**card["billing"]),
            fingerprint=card["fingerprint"],
        )
    except (KeyError, TypeError):
        raise OutcomeUnknown from None


def rows_of(answer: Json) -> list[Json]:
    """Return the objects of a list."""
    rows: Any = answer.get("data")
    if not isinstance(rows, list):
        raise OutcomeUnknown
    return rows  # pyright: ignore[reportUnknownVariableType]


def text(answer: Json, name: str) -> str:
    """Return a string field that must be there."""
    value: Any = answer.get(name)
    if not isinstance(value, str) or not value:
        raise OutcomeUnknown
    return value
