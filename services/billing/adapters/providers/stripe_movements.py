"""Refunds and disputes of a PaymentIntent, whoever made them.

Shapes: docs.stripe.com/api/refunds/object and /api/disputes/object. A refund may fail days after it had succeeded
(`charge.refund.updated`, `refund.failed`); the status tells. A dispute whose inquiry was closed, or that was prevented,
costs nothing, like one that was won; any status but those and `lost` is open.
"""

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

from services.billing.adapters.providers.minor_units import from_stripe_units
from services.billing.adapters.providers.stripe_answers import answer_to
from services.billing.adapters.providers.stripe_shapes import Json, metadata_of, refund_of, rows_of, text
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.domain.money import Money
from services.billing.domain.payment import DisputeSeen, DisputeState, Movements, RefundSeen

_DECIDED = {
    "won": DisputeState.WON,
    "warning_closed": DisputeState.WON,
    "prevented": DisputeState.WON,
    "lost": DisputeState.LOST,
}


async def movements_of(api: Any, intent_id: str) -> Movements:
    """Return the movements of one intent.

    Raises:
        OutcomeUnknown, ProviderRefused: Stripe does not tell, or knows no such intent.
    """
    refunds = await _all(api.refunds, intent_id)
    disputes: list[Json] = []
    with suppress(ProviderRefused):  # a restricted key may not read disputes: that costs no refund
        disputes = await _all(api.disputes, intent_id)
    return Movements(
        refunds=tuple(refund_seen(row) for row in refunds), disputes=tuple(dispute_seen(row) for row in disputes)
    )


def refund_seen(refund: Json) -> RefundSeen:
    """Return a Refund of Stripe's, with our id where we asked for it."""
    told, ours = refund_of(refund), metadata_of(refund).get("refund_id")
    return RefundSeen(
        provider_refund_id=told.provider_refund_id,
        refund_id=ours if isinstance(ours, str) else None,
        amount=_amount(refund),
        succeeded=told.succeeded,
        failure=told.failure,
        made_at=_instant(refund.get("created")),
    )


def dispute_seen(dispute: Json) -> DisputeSeen:
    """Return a Dispute of Stripe's."""
    status, reason = dispute.get("status"), dispute.get("reason")
    return DisputeSeen(
        provider_dispute_id=text(dispute, "id"),
        amount=_amount(dispute),
        state=_DECIDED.get(status, DisputeState.OPEN) if isinstance(status, str) else DisputeState.OPEN,
        reason=reason[:100] if isinstance(reason, str) and reason else "unknown",
        opened_at=_instant(dispute.get("created")),
    )


async def _all(resource: Any, intent_id: str) -> list[Json]:
    query: Json = {"payment_intent": intent_id, "limit": 100}
    found: list[Json] = []
    while True:
        page = await answer_to(resource.list_async(query))
        rows = rows_of(page)
        found += rows
        if not rows or not page.get("has_more"):
            return found
        query = {**query, "starting_after": text(rows[-1], "id")}


def _amount(answer: Json) -> Money:
    amount = from_stripe_units(answer.get("amount"), answer.get("currency"))
    if amount is None:
        raise OutcomeUnknown
    return amount


def _instant(seconds: Any) -> datetime | None:
    sound = isinstance(seconds, int) and 0 < seconds < 2**34
    return datetime.fromtimestamp(seconds, UTC) if sound else None
