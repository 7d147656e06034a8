"""Access tokens: ES256 JWTs (RFC 7519), the keys behind them, the published key set (RFC 7517) and metadata (RFC 8414).

Their claims are those of RFC 9068; whether the header says so (`at+jwt`) is a setting, since libraries that were not
told refuse the one or the other. `docs/tokens.md` has the settings of each library.

Private keys are stored encrypted (JWE, `dir` with A256GCM, under a key derived from our secret), public ones beside
them in the clear: who cannot open a key publishes and verifies all the same, and only does not sign. A new key is
published before it signs and an old one stays published until its last token has expired, so a rotation is never
noticed. What our secret's predecessor sealed is sealed again by the worker, so that the predecessor can go.
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import orjson
from joserfc import jwe, jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, OctKey

from chassis.auth import AUDIENCE, TOKEN_LIFE, TOKEN_TYPE
from chassis.down import is_down
from chassis.kernel import Clock, Principal
from chassis.mongo.client import Collection, Database
from chassis.mongo.histories import ROW
from chassis.troubles import Trouble
from services.identity.application.ports import AccessToken

KEYS = "signing_keys"
CLIENT_ID = "portal"
ANNOUNCED = timedelta(minutes=10)
RETIRING = TOKEN_LIFE + timedelta(minutes=10)
RELOAD = timedelta(minutes=1)
LOOK_AGAIN = timedelta(seconds=5)


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A key pair, or its public half where our secrets do not open the other, and from when on it signs."""

    key: ECKey
    signs_from: datetime
    signs: bool = True

    @property
    def id(self) -> str:
        return str(self.key.kid)


class SecretDoesNotFit(Trouble):
    """A stored signing key was sealed by a secret that this process does not know."""

    def __init__(self) -> None:
        super().__init__(
            "PORTAL_IDENTITY_SECRET does not open the signing keys that are stored. Set the secret with which they "
            "were stored, or set that one as PORTAL_IDENTITY_SECRET_BEFORE; see docs/rotating-secrets.md."
        )


class SigningKeys:
    """The keys of this installation, shared by all processes through the database.

    The first of the secrets seals, all of them open.
    """

    def __init__(self, database: Database, secrets: Sequence[bytes], clock: Clock, *, life: timedelta) -> None:
        self._collection: Collection = database[KEYS]
        self._wrappings = [
            OctKey.import_key(hmac.digest(secret, b"identity signing keys", hashlib.sha256)) for secret in secrets
        ]
        self._clock = clock
        self._life = life
        self._keys: tuple[SigningKey, ...] = ()
        self._is_locked = False
        self._loaded_at: datetime | None = None

    async def present(self) -> SigningKey:
        """Return the key that signs now; the first one is made when there is none.

        Raises:
            SecretDoesNotFit: when there are keys, and our secrets open none that signs.
        """
        keys, now = await self._load(), self._clock.now()
        signing = [key for key in keys if key.signs_from <= now and key.signs]
        if signing:
            return signing[-1]
        if self._is_locked:
            raise SecretDoesNotFit
        await self.rotate(announce=timedelta())
        return await self.present()

    async def published(self) -> dict[str, Any]:
        """Return the JWKS document: the keys that sign, will sign, or whose tokens may still be alive."""
        if not await self._load() and not self._is_locked:
            await self.present()
        return {"keys": [_public(key.key) for key in await self._load()]}

    async def fit(self) -> None:
        """Return when our secrets open every key that is stored, as far as the database tells.

        Raises:
            SecretDoesNotFit
        """
        try:
            await self._load()
        except Exception as error:
            if not is_down(error):
                raise
        if self._is_locked:
            raise SecretDoesNotFit

    async def seal_again(self, predecessor: bytes) -> int:
        """Seal with the present secret what its predecessor sealed; return how many keys that were."""
        old = OctKey.import_key(hmac.digest(predecessor, b"identity signing keys", hashlib.sha256))
        changed = 0
        for row in await self._collection.find({}).to_list():
            key = _opened(row["sealed"], [old])
            if key is not None:
                put = {"$set": self._sealed(key)}
                changed += (
                    await self._collection.update_one({"_id": row["_id"], "sealed": row["sealed"]}, put)
                ).modified_count
        return changed

    async def key(self, key_id: str) -> ECKey | None:
        """Return the key with this id, our own verifier's source; one that another process made is looked up."""
        for _ in range(2):
            found = next((known.key for known in await self._load() if known.id == key_id), None)
            if found is not None or not self._may_look_again():
                return found
        return None

    async def rotate(self, *, announce: timedelta = ANNOUNCED) -> None:
        """Make the next key, which signs when everybody had time to learn it, and forget keys without live tokens."""
        now = self._clock.now()
        key = ECKey.generate_key("P-256", {"kid": uuid4().hex, "use": "sig", "alg": "ES256"})
        await self._collection.insert_one({"_id": key.kid, **ROW, **self._sealed(key), "signs_from": now + announce})
        self._loaded_at = None
        for old, successor in zip(self._keys, self._keys[1:], strict=False):
            if successor.signs_from + RETIRING <= now:
                await self._collection.delete_one({"_id": old.id})

    async def rotate_if_due(self) -> None:
        """Rotate when the newest key is old enough."""
        await self.present()
        if self._clock.now() >= (await self._load())[-1].signs_from + self._life:
            await self.rotate()

    async def _load(self) -> tuple[SigningKey, ...]:
        now = self._clock.now()
        if self._loaded_at is None or now - self._loaded_at >= (LOOK_AGAIN if self._is_locked else RELOAD):
            rows = await self._collection.find({}).sort([("signs_from", 1), ("_id", 1)]).to_list()
            opened = [self._open(row) for row in rows]
            self._keys = tuple(one for one in opened if one is not None)
            self._is_locked = any(one is None or not one.signs for one in opened)
            self._loaded_at = now if self._keys else None
        return self._keys

    def _may_look_again(self) -> bool:
        if self._loaded_at is not None and self._clock.now() - self._loaded_at < LOOK_AGAIN:
            return False
        self._loaded_at = None
        return True

    def _sealed(self, key: ECKey) -> dict[str, str]:
        private = orjson.dumps(key.as_dict(private=True))
        sealed = jwe.encrypt_compact({"alg": "dir", "enc": "A256GCM"}, private, self._wrappings[0])
        return {"sealed": sealed, "public": orjson.dumps(_public(key)).decode()}

    def _open(self, row: Mapping[str, Any]) -> SigningKey | None:
        """Return the key of a row; only its public half where we cannot open it.

        None where we cannot, and an earlier version kept no public half.
        """
        key = _opened(row["sealed"], self._wrappings)
        if key is not None:
            return SigningKey(key, row["signs_from"])
        public = row.get("public")
        return SigningKey(ECKey.import_key(orjson.loads(public)), row["signs_from"], signs=False) if public else None


def _opened(sealed: str, wrappings: Sequence[OctKey]) -> ECKey | None:
    for wrapping in wrappings:
        try:
            private = jwe.decrypt_compact(sealed, wrapping).plaintext
        except JoseError:
            continue
        return ECKey.import_key(orjson.loads(private or b"{}"))
    return None


class JwtAccessTokens:
    """Signs access tokens; `header_type` is what their header says they are, `JWT` or `at+jwt`."""

    def __init__(
        self, keys: SigningKeys, issuer: str, *, life: timedelta = TOKEN_LIFE, header_type: str = "JWT"
    ) -> None:
        self._keys = keys
        self._issuer = issuer
        self._life = life
        self._header_type = header_type

    async def issue(self, principal: Principal, now: datetime) -> AccessToken:
        signing = await self._keys.present()
        expires_at = now + self._life
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": principal.id,
            "client_id": CLIENT_ID,
            "typ": TOKEN_TYPE,
            "org": principal.organisation_id,
            "role": principal.role.value,
            "sid": principal.session_id,
            "iat": int(now.timestamp()),
            "exp": int(expires_at.timestamp()),
            "jti": uuid4().hex,
        }
        if principal.proven_at is not None:
            claims["auth_time"] = int(principal.proven_at.timestamp())
        if not principal.email_proven:
            claims["email_verified"] = False
        if principal.customer_id is not None:
            claims["cus"] = principal.customer_id
        header = {"alg": "ES256", "kid": signing.id, "typ": self._header_type}
        text = jwt.encode(header, claims, signing.key)
        return AccessToken(text, expires_at)


def metadata(issuer: str, jwks_url: str) -> dict[str, Any]:
    """Return what verifiers look up: who signs, with what, and where the keys are (RFC 8414 §2).

    There is no grant: people log in by the API. The algorithm stands where OpenID Connect's libraries read it.
    """
    return {
        "issuer": issuer,
        "jwks_uri": jwks_url,
        "response_types_supported": [],
        "grant_types_supported": [],
        "id_token_signing_alg_values_supported": ["ES256"],
    }


def _public(key: ECKey) -> dict[str, Any]:
    return dict(key.as_dict(private=False))
