"""Return paths that say which mail came back, and that strangers cannot make: `bounces+TOKEN@domain`.

The envelope sender of each mail (variable envelope return path) names the mail and marks its address, signed by HMAC
(RFC 2104): whoever sends us a notice of failure about a mail must have got that mail. The token is 51 letters and
digits of one case, since servers may change it, so that the local part stays within 64 octets (RFC 5321, 4.5.3.1.1).
"""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence
from dataclasses import dataclass

_PURPOSE = b"return paths of mails"
_MARK, _SIGNATURE = 8, 16
_KINDS = {"n": "ntf", "e": "eml"}
_TOKEN = re.compile(r"\+([ne][0-9a-hjkmnp-tv-z]{26}[a-z2-7]{8}[a-z2-7]{16})@", re.IGNORECASE)
LONGEST_LOCAL_PART = 64 - 1 - 1 - 26 - _MARK - _SIGNATURE


def mark_of(address: str) -> str:
    """Return 40 bits that tell an address from others, without telling it. Its case does not matter."""
    return _letters(hashlib.sha256(address.strip().casefold().encode()).digest(), _MARK)


@dataclass(frozen=True, slots=True)
class Returned:
    """Which mail a return path names, and the mark of the address that it went to."""

    mail_id: str
    mark: str


class ReturnPaths:
    """Makes return paths below one address, and reads them by any of the secrets, of which the first signs."""

    def __init__(self, address: str, secrets: Sequence[str]) -> None:
        self._name, _, self._domain = address.rpartition("@")
        self._keys = [hmac.digest(secret.encode(), _PURPOSE, "sha256") for secret in secrets]

    def of(self, mail_id: str, to: str) -> str:
        """Return the envelope sender of a mail to this address."""
        kind, _, digits = mail_id.partition("_")
        told = f"{kind[0]}{digits}{mark_of(to)}"
        return f"{self._name}+{told}{self._signed(self._keys[0], told)}@{self._domain}"

    def read(self, text: str) -> Returned | None:
        """Return what the first return path in a text says that we made; None when there is none."""
        for found in _TOKEN.finditer(text):
            token = found.group(1).lower()
            told, signature = token[:-_SIGNATURE], token[-_SIGNATURE:]
            if any(hmac.compare_digest(self._signed(key, told), signature) for key in self._keys):
                return Returned(f"{_KINDS[told[0]]}_{told[1:27]}", told[27:])
        return None

    def _signed(self, key: bytes, told: str) -> str:
        return _letters(hmac.digest(key, told.encode(), "sha256"), _SIGNATURE)


def _letters(digest: bytes, length: int) -> str:
    return base64.b32encode(digest)[:length].decode().lower()
