"""Signed links to files: a grant and its expiry in the last path segment, under an HMAC (SHA-256).

Whoever holds the link gets that one file for a few minutes and nothing else: it logs nobody in, and the route checks
the principal inside against the present state again.
"""

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from chassis.kernel import Clock, Principal, Role
from services.billing.application.printing import FileGrant, LinkRefused, PrintForm, PrintKind

MAX_TOKEN = 2048
_PURPOSE = b"portal file link v1"


class HmacFileLinks:
    """Implements `FileLinks`. The first secret signs, all of them verify, so that secrets can be rotated."""

    def __init__(
        self, secrets: Sequence[bytes], *, base_url: str, clock: Clock, lifetime: timedelta = timedelta(minutes=5)
    ) -> None:
        if not secrets or any(len(secret) < 32 for secret in secrets):
            raise ValueError("a secret for file links has at least 32 bytes")
        self._keys = [hmac.digest(secret, _PURPOSE, "sha256") for secret in secrets]
        self._base_url = base_url.rstrip("/")
        self._clock = clock
        self._lifetime = lifetime

    def url(self, grant: FileGrant) -> str:
        """Return an absolute URL that allows what the grant says, for a few minutes."""
        body = _encode(json.dumps(_claims(grant, self.expires_at()), separators=(",", ":")).encode())
        return f"{self._base_url}/files/{body}.{_encode(_sign(self._keys[0], body))}"

    def open(self, token: str) -> FileGrant:
        """Return the grant inside the last path segment of a link.

        Raises:
            LinkRefused: when it was altered or has expired.
        """
        body, _, signature = token.partition(".")
        if len(token) > MAX_TOKEN or not self._genuine(body, signature):
            raise LinkRefused
        claims = json.loads(_decode(body))
        if self._clock.now() >= datetime.fromtimestamp(claims["exp"], UTC):
            raise LinkRefused
        return _grant(claims)

    def expires_at(self) -> datetime:
        """Return when a link made now would expire."""
        return self._clock.now() + self._lifetime

    def _genuine(self, body: str, signature: str) -> bool:
        try:
            given = _decode(signature)
            return any(hmac.compare_digest(_sign(key, body), given) for key in self._keys)
        except (binascii.Error, UnicodeEncodeError, ValueError):
            return False


def _sign(key: bytes, body: str) -> bytes:
    return hmac.new(key, body.encode("ascii"), hashlib.sha256).digest()


def _encode(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _decode(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)


def _claims(grant: FileGrant, expires_at: datetime) -> dict[str, Any]:
    who = grant.principal
    claims = {
        "exp": expires_at.timestamp(),
        "kind": grant.kind.value,
        "form": grant.form.value,
        "doc": grant.document_id,
        "sub": who.id,
        "org": who.organisation_id,
        "role": who.role.value,
        "cus": who.customer_id,
        "sid": who.session_id,
        "rev": grant.revision,
        "cur": grant.currency,
        "from": grant.first_day and grant.first_day.isoformat(),
        "to": grant.last_day and grant.last_day.isoformat(),
    }
    return {key: value for key, value in claims.items() if value is not None}


def _grant(claims: dict[str, Any]) -> FileGrant:
    principal = Principal(
        id=claims["sub"],
        organisation_id=claims["org"],
        role=Role(claims["role"]),
        customer_id=claims.get("cus"),
        session_id=claims.get("sid"),
    )
    first_day, last_day = claims.get("from"), claims.get("to")
    return FileGrant(
        kind=PrintKind(claims["kind"]),
        form=PrintForm(claims["form"]),
        document_id=claims["doc"],
        principal=principal,
        revision=claims.get("rev"),
        currency=claims.get("cur"),
        first_day=first_day and date.fromisoformat(first_day),
        last_day=last_day and date.fromisoformat(last_day),
    )
