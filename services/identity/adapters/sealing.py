"""What is encrypted under our own secret: JWE (RFC 7516), `dir` with A256GCM, one key for each purpose."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from chassis.mongo.client import Collection, Document

LONGEST = 4096


def _at(row: Document, field: str) -> str:
    value: Any = row
    for name in field.split("."):
        value = value[name]
    return value


class JweSealing:
    """Implements `Sealing`: seals with the first secret, opens with any, so that a secret can have a successor."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        self._secrets = secrets

    def seal(self, text: str, purpose: str) -> str:
        return jwe.encrypt_compact(
            {"alg": "dir", "enc": "A256GCM"}, text.encode(), self._key(self._secrets[0], purpose)
        )

    def open(self, sealed: str, purpose: str) -> str | None:
        if len(sealed) > LONGEST or not sealed.isascii():
            return None
        for secret in self._secrets:
            try:
                plain = jwe.decrypt_compact(sealed, self._key(secret, purpose), algorithms=["dir", "A256GCM"]).plaintext
                return (plain or b"").decode()
            except (JoseError, ValueError, TypeError, KeyError):
                continue
        return None

    async def seal_again(self, collections: Sequence[Collection], field: str, purpose: str) -> int:
        """Seal with the present secret what another one sealed in this field; return how many that were.

        The version goes up, so that whoever is saving the same document at that moment looks at it again.
        """
        changed, present = 0, JweSealing(self._secrets[:1])
        for collection in collections:
            async for row in collection.find({field: {"$gt": "", "$lt": "~"}}, {field: 1}):
                sealed = _at(row, field)
                plain = None if present.open(sealed, purpose) is not None else self.open(sealed, purpose)
                if plain is not None:
                    put = {"$set": {field: self.seal(plain, purpose)}, "$inc": {"version": 1}}
                    changed += (await collection.update_one({"_id": row["_id"], field: sealed}, put)).modified_count
        return changed

    async def left_behind(self, collections: Sequence[Collection], field: str, purpose: str) -> tuple[int, int]:
        """Return how many in this field no secret of ours opens, and how many need another one than the present."""
        lost, former, present = 0, 0, JweSealing(self._secrets[:1])
        for collection in collections:
            async for row in collection.find({field: {"$gt": "", "$lt": "~"}}, {field: 1}):
                sealed = _at(row, field)
                if present.open(sealed, purpose) is None:
                    is_lost = self.open(sealed, purpose) is None
                    lost, former = lost + is_lost, former + (not is_lost)
        return lost, former

    @staticmethod
    def _key(secret: bytes, purpose: str) -> OctKey:
        return OctKey.import_key(hmac.digest(secret, f"identity sealed {purpose}".encode(), hashlib.sha256))
