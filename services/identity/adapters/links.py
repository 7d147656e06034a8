"""Tokens of links and refresh tokens: derived from our secret by HMAC-SHA-256, so they need not be stored."""

import base64
import hashlib
import hmac
import re
from collections.abc import Sequence

from services.identity.application.ports import Link, LinkKind

_TOKEN = re.compile(r"([0-9a-z]{26})([a-z]{3})([0-9a-z]{26})([0-9]{1,9})\.([A-Za-z0-9_-]{43})")
_NOWHERE = "0" * 26


class HmacLinkTokens:
    """`<organisation><prefix><id><generation>.<mac>`: the mac covers the kind as well, so no token fits two doors."""

    def __init__(self, secrets: Sequence[bytes]) -> None:
        """The first of the secrets issues, all of them are accepted."""
        self._keys = [hmac.digest(secret, b"identity links", "sha256") for secret in secrets]

    def issue(self, link: Link) -> str:
        return self._issued(link, self._keys[0])

    def read(self, token: str, *kinds: LinkKind) -> Link | None:
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        organisation, prefix, number, generation, mac = parts.groups()
        for kind in kinds:
            link = Link(kind, f"org_{organisation}", f"{prefix}_{number}", int(generation))
            if any(hmac.compare_digest(_mac(link, key), mac) for key in self._keys):
                return link
        return None

    def fingerprint(self, token: str, stored: str = "") -> str:
        own = hashlib.sha256(token.encode(errors="replace")).hexdigest()
        link = self.read(token, *LinkKind) if stored and stored != own else None
        if link is None:
            return own
        others = (hashlib.sha256(self._issued(link, key).encode()).hexdigest() for key in self._keys)
        return stored if stored in others else own

    @staticmethod
    def _issued(link: Link, key: bytes) -> str:
        prefix, _, number = link.id.partition("_")
        organisation = link.organisation_id.removeprefix("org_") or _NOWHERE
        return f"{organisation}{prefix}{number}{link.generation}.{_mac(link, key)}"


def _mac(link: Link, key: bytes) -> str:
    text = "\n".join((link.kind, link.organisation_id, link.id, str(link.generation)))
    digest = hmac.digest(key, text.encode(), "sha256")
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")
