"""Access tokens as identity signs them, for services under test."""

from datetime import datetime
from uuid import uuid4

from joserfc import jwt
from joserfc.jwk import ECKey

from chassis.auth import AUDIENCE, TOKEN_LIFE, TOKEN_TYPE
from chassis.kernel import Clock, Principal

ISSUER = "http://issuer.test"


class Signer:
    """Signs tokens and is the `KeySource` that knows its own key."""

    def __init__(self, clock: Clock, issuer: str = ISSUER) -> None:
        self._clock = clock
        self._issuer = issuer
        self._key = ECKey.generate_key("P-256", {"kid": "test"})

    async def key(self, key_id: str) -> ECKey | None:
        return self._key if key_id == "test" else None

    def jwks(self) -> dict[str, list[object]]:
        """Return what identity publishes at its `jwks.json`."""
        return {"keys": [self._key.as_dict(private=False)]}

    def token(self, principal: Principal, issued_at: datetime | None = None) -> str:
        """Return a fresh access token of this principal, who has just logged in unless `proven_at` says otherwise."""
        issued = issued_at or self._clock.now()
        claims: dict[str, object] = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "typ": TOKEN_TYPE,
            "sub": principal.id,
            "org": principal.organisation_id,
            "role": principal.role.value,
            "sid": principal.session_id or "ses_test",
            "iat": int(issued.timestamp()),
            "exp": int((issued + TOKEN_LIFE).timestamp()),
            "jti": uuid4().hex,
            "auth_time": int((principal.proven_at or issued).timestamp()),
        }
        if principal.customer_id:
            claims["cus"] = principal.customer_id
        return jwt.encode({"alg": "ES256", "kid": "test"}, claims, self._key)
