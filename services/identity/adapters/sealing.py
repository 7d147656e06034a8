"""What is encrypted under our own secret: JWE (RFC 7516), `dir` with A256GCM, one key for each purpose."""

import hashlib
import hmac
from collections.abc import Sequence

from joserfc import jwe
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

LONGEST = 4096


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

    @staticmethod
    def _key(secret: bytes, purpose: str) -> OctKey:
        return OctKey.import_key(hmac.digest(secret, f"identity sealed {purpose}".encode(), hashlib.sha256))
