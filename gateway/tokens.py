"""What a request's access token says that its bearer may: for supergraphs with `@authenticated` or `@requiresScopes`.

Identity's tokens (ES256 JWTs, RFC 9068), by its published keys; scopes are the claim `scope`, a text with spaces
(RFC 8693, 4.2) or a list of texts. Whether a session has ended meanwhile, the subgraphs know.
"""

import time
from collections.abc import Callable, Mapping
from typing import Any, cast

import orjson
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.util import urlsafe_b64decode

from chassis.auth import (
    AUDIENCE,
    LEEWAY_SECONDS,
    LONGEST_TOKEN,
    TOKEN_TYPE,
    KeySource,
    KnowsTheTime,
    LogInsUnchecked,
    is_about_time,
)
from chassis.remembered import Remembered
from gateway.requests.refused import Refused
from gateway.supergraph import NOBODY, Granted

REMEMBERED = 10_000
_MOST_BYTES = 8_000_000
_ENDED = "Your session has ended. Please log in again."


class TokenGrants:
    """Reads the rights from `Authorization: Bearer …`; a token that was verified is remembered until it expires."""

    def __init__(self, keys: KeySource, issuer: str, now: Callable[[], float] = time.time) -> None:
        self._keys, self._issuer, self._own = keys, issuer, now
        self._time = keys if isinstance(keys, KnowsTheTime) else None
        self._known: Remembered[bytes, tuple[Granted, float]] = Remembered(_MOST_BYTES, REMEMBERED)

    async def of(self, headers: Mapping[bytes, bytes]) -> Granted:
        """See `Grants`; without a token it is nobody who asks."""
        scheme, _, token = headers.get(b"authorization", b"").partition(b" ")
        token = token.strip()
        if scheme.lower() != b"bearer" or not token:
            return NOBODY
        known = self._known.get(token)
        if known is None or known[1] <= self._now():
            known = await self._verified(token)
            self._known.put(token, known, len(token) + 500)
        return known[0]

    async def _verified(self, token: bytes) -> tuple[Granted, float]:
        try:
            claims = await self._claims(token)
            return Granted(authenticated=True, scopes=scopes_of(claims.get("scope"))), float(claims["exp"])
        except LogInsUnchecked as error:
            raise Refused("LOG_INS_UNCHECKED", error.message) from None
        except (JoseError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
            if self._time is not None and is_about_time(error):
                self._time.look_again()
            raise Refused("UNAUTHENTICATED", _ENDED) from None

    def _now(self) -> float:
        """Return identity's time, in Unix seconds."""
        return self._own() + (self._time.ahead.total_seconds() if self._time is not None else 0.0)

    async def _claims(self, token: bytes) -> dict[str, Any]:
        if len(token) > LONGEST_TOKEN:
            raise ValueError("too long")
        header: Any = orjson.loads(urlsafe_b64decode(token.split(b".", 1)[0]))
        key = await self._keys.key(header["kid"]) if isinstance(header["kid"], str) else None
        if key is None or header["alg"] != "ES256":
            raise ValueError("no such key")
        claims = jwt.decode(token.decode("ascii"), key, algorithms=["ES256"]).claims
        registry = jwt.JWTClaimsRegistry(
            now=int(self._now()),
            leeway=LEEWAY_SECONDS,
            iss={"essential": True, "value": self._issuer},
            aud={"essential": True, "value": AUDIENCE},
            typ={"essential": True, "value": TOKEN_TYPE},
            sub={"essential": True},
            exp={"essential": True},
        )
        registry.validate(claims)
        return claims


def scopes_of(claim: Any) -> frozenset[str]:
    """Return the scopes of a `scope` claim; what is neither a text nor a list of texts names none."""
    if isinstance(claim, str):
        return frozenset(claim.split())
    texts = cast(list[Any], claim) if isinstance(claim, list) else []
    return frozenset(one for one in texts if isinstance(one, str))
