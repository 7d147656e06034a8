"""What a Stripe event that is genuine says: which payment to ask about, and nothing else.

An event about something that is none of ours, or in a form of other versions, is taken and ignored: refusing it would
only have it delivered again, and in the end have the whole endpoint switched off.
"""

import hashlib
from typing import Any, cast

from services.billing.adapters.providers.stripe_shapes import Json, id_of, part
from services.billing.application.payment_ports import WebhookNotice, WebhookRefused

_ABOUT_PAYMENTS = {"charge", "refund", "dispute"}
"""Objects that name their payment: of `charge.refunded`, `refund.…`, `charge.refund.updated`, `charge.dispute.…`."""
_LONGEST_ID = 255


def is_live(secret_key: str) -> bool | None:
    """Return whether a key is one for real money; None when it does not say."""
    mode = secret_key.partition("_")[2].partition("_")[0]
    return {"live": True, "test": False}.get(mode)


def read_notice(event: Any, *, live: bool | None) -> WebhookNotice | None:
    """Return which payment an event is about; None when it is about none of ours, or of the other mode.

    Raises:
        WebhookRefused: when it is no event at all.
    """
    if not isinstance(event, dict):
        raise WebhookRefused("malformed event")
    told = cast(Json, event)
    event_id, subject = told.get("id"), part(part(told, "data"), "object")
    if not isinstance(event_id, str) or not event_id:
        raise WebhookRefused("malformed event")
    if not subject:
        if str(told.get("object")).startswith("v2."):
            return None
        raise WebhookRefused("malformed event")
    mode = told.get("livemode")
    if live is not None and isinstance(mode, bool) and mode is not live:
        return None
    intent = _intent_of(subject)
    if intent is None:
        return None
    named = part(subject, "metadata").get("payment_id")
    return WebhookNotice(
        event_id=_short(event_id), payment_id=named if isinstance(named, str) else None, provider_payment_id=intent
    )


def _short(event_id: str) -> str:
    """Return an id under which an event is remembered: itself, or of a very long one its digest."""
    return event_id if len(event_id) <= _LONGEST_ID else hashlib.sha256(event_id.encode()).hexdigest()


def _intent_of(subject: Json) -> str | None:
    kind = subject.get("object")
    if kind == "payment_intent":
        return id_of(subject)
    return id_of(subject.get("payment_intent")) if kind in _ABOUT_PAYMENTS else None
