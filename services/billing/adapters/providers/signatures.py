"""Signed webhooks: `t=<Unix seconds>,v1=<HMAC-SHA256 of "t.body">`, as Stripe and the sandbox send them.

Older *and newer* than the tolerance is refused: a signature from the future could be kept and replayed.
"""

import hashlib
import hmac
import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from services.billing.application.payment_ports import WebhookRefused

TOLERANCE = timedelta(minutes=5)
LARGEST_BODY = 256 * 1024
_HEADER = re.compile(r"t=([0-9]{1,12})((?:,v[0-9]=[0-9a-f]{64})+)")


def require_signature(secrets: Sequence[str], header: str | None, body: bytes, now: datetime) -> None:
    """Refuse a body that was not signed with one of these secrets within the tolerance.

    Raises:
        WebhookRefused: naming the check that failed.
    """
    found = _HEADER.fullmatch(header or "") if len(header or "") <= 1000 else None
    if found is None:
        raise WebhookRefused("malformed signature")
    if len(body) > LARGEST_BODY:
        raise WebhookRefused("body too large")
    signed = found[1].encode() + b"." + body
    expected = [hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest() for secret in secrets if secret]
    given = [part.removeprefix("v1=") for part in found[2].split(",") if part.startswith("v1=")]
    if not any(hmac.compare_digest(one, each) for one in expected for each in given):
        raise WebhookRefused("wrong signature")
    if abs(now.timestamp() - int(found[1])) > TOLERANCE.total_seconds():
        raise WebhookRefused("outside of the time tolerance")
