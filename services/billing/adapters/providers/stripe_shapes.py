"""Stripe's objects in our words.

What decides is read strictly, what stands beside it is not: a state that can be read is never lost because a card, a
failure or a next step cannot. A state that we do not know is `UNREADABLE`, unless the object itself says that it was
cancelled or that all the money has come.
"""

from typing import Any, cast
from urllib.parse import urlsplit, urlunsplit

from services.billing.adapters.providers.minor_units import from_stripe_units
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
    "requires_source": OutcomeStatus.UNCONFIRMED,
    "requires_capture": OutcomeStatus.UNCONFIRMED,
    "requires_action": OutcomeStatus.REQUIRES_ACTION,
    "requires_source_action": OutcomeStatus.REQUIRES_ACTION,
    "processing": OutcomeStatus.PROCESSING,
    "succeeded": OutcomeStatus.SUCCEEDED,
    "canceled": OutcomeStatus.CANCELLED,
}
"""`requires_capture` holds money that nobody of ours captures: like an attempt without confirmation it is cancelled.
The two `requires_source…` are what versions before 2019-02-11 say."""
MISSING = "resource_missing"
_ENDS_WITHOUT_CARD = {"requires_payment_method", "requires_source"}
_REFUNDED, _NOT_REFUNDED = {"succeeded"}, {"failed", "canceled"}


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
    status, error = _status(intent), part(intent, "last_payment_error")
    if error and intent.get("status") in _ENDS_WITHOUT_CARD:
        status = OutcomeStatus.FAILED
    paid = status is OutcomeStatus.SUCCEEDED
    return Outcome(
        provider_payment_id=text(intent, "id"),
        status=status,
        redirect_url=_redirect(intent) if status is OutcomeStatus.REQUIRES_ACTION else None,
        failure=failure_of(error) if status is OutcomeStatus.FAILED else None,
        card=_readable_card(part(intent, "payment_method")),
        amount=from_stripe_units(intent.get("amount_received"), intent.get("currency")) if paid else None,
    )


def _status(intent: Json) -> OutcomeStatus:
    told: Any = intent.get("status")
    known = _STATUS.get(told) if isinstance(told, str) else None
    if known is not None:
        return known
    if intent.get("canceled_at"):
        return OutcomeStatus.CANCELLED
    asked, come = intent.get("amount"), intent.get("amount_received")
    paid = isinstance(asked, int) and isinstance(come, int) and 0 < asked <= come
    return OutcomeStatus.SUCCEEDED if paid else OutcomeStatus.UNREADABLE


def card_of(method: Json) -> CardDetails:
    """Return a PaymentMethod of type card.

    Raises:
        OutcomeUnknown: when it does not say what a card must say.
    """
    card, details = part(method, "card"), part(method, "billing_details")
    address = part(details, "address")
    return CardDetails(
        token=text(method, "id"),
        customer=id_of(method.get("customer")),
        brand=_maybe(card, "brand") or "unknown",
        last_four=text(card, "last4"),
        exp_month=_number(card, "exp_month"),
        exp_year=_number(card, "exp_year"),
        fingerprint=_maybe(card, "fingerprint"),
        billing=BillingAddress(
            name=_maybe(details, "name"),
            line1=_maybe(address, "line1"),
            line2=_maybe(address, "line2"),
            city=_maybe(address, "city"),
            postal_code=_maybe(address, "postal_code"),
            region=_maybe(address, "state"),
            country=_maybe(address, "country"),
        ),
    )


def refund_of(refund: Json) -> RefundOutcome:
    """Return a Refund; `pending`, `requires_action` and whatever else comes to be said are under way."""
    status = refund.get("status")
    failed = status in _NOT_REFUNDED
    reason = str(refund.get("failure_reason") or "unknown")
    told = Failure(code="refund_failed", message="The refund could not be made.", provider_code=reason)
    return RefundOutcome(
        provider_refund_id=text(refund, "id"),
        succeeded=status in _REFUNDED,
        failure=told if failed else None,
    )


def failure_of(error: Json) -> Failure:
    """Return why a charge failed; what of it is public, `Failure` decides."""
    code = _maybe(error, "decline_code") or _maybe(error, "code") or "card_declined"
    return Failure(code=code, message="Your card was declined.")


def is_forgotten(failure: Failure) -> bool:
    """Whether detaching failed because the card is not attached, or not there, any more."""
    return failure.provider_code in {MISSING, "payment_method_not_attached", "invalid_request"}


def text(answer: Json, name: str) -> str:
    """Return a string field that must be there."""
    value: Any = answer.get(name)
    if not isinstance(value, str) or not value:
        raise OutcomeUnknown
    return value


def part(answer: Json, name: str) -> Json:
    """Return an object inside of another; an empty one where there is none, or only its id."""
    inner: Any = answer.get(name)
    return cast(Json, inner) if isinstance(inner, dict) else {}


def id_of(reference: Any) -> str | None:
    """Return the id of what is referred to, expanded or not."""
    named = cast(Json, reference).get("id") if isinstance(reference, dict) else reference
    return named if isinstance(named, str) and named else None


def metadata_of(answer: Json) -> Json:
    """Return what we noted on an object."""
    return part(answer, "metadata")


def rows_of(page: Json) -> list[Json]:
    """Return the objects of a list."""
    rows: Any = page.get("data")
    if not isinstance(rows, list):
        raise OutcomeUnknown
    return [row for row in rows if isinstance(row, dict)]  # pyright: ignore[reportUnknownVariableType]


def with_token(back: str) -> str:
    """Return an address with `card_token={CHECKOUT_SESSION_ID}` in its query, for Stripe to fill in.

    The rest of the address stays as it is, a fragment included; a token of an earlier form goes.
    """
    parts = urlsplit(back)
    kept = [each for each in parts.query.split("&") if each and each.partition("=")[0] != "card_token"]
    return urlunsplit(parts._replace(query="&".join([*kept, "card_token={CHECKOUT_SESSION_ID}"])))


def _readable_card(method: Json) -> CardDetails | None:
    try:
        return card_of(method)
    except OutcomeUnknown:
        return None


def _redirect(intent: Json) -> str | None:
    """Return the page that the payer has to open, when the next step is one: other kinds need Stripe's own script."""
    url = _maybe(part(part(intent, "next_action"), "redirect_to_url"), "url")
    return url if url is not None and urlsplit(url).scheme in {"https", "http"} else None


def _maybe(answer: Json, name: str) -> str | None:
    value: Any = answer.get(name)
    return value if isinstance(value, str) and value else None


def _number(answer: Json, name: str) -> int:
    value: Any = answer.get(name)
    if not isinstance(value, int):
        raise OutcomeUnknown
    return value
