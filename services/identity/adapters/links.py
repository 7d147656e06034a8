"""Tokens of links and refresh tokens: derived from our secret by HMAC-SHA-256, so they need not be stored."""

import base64
import hashlib
import hmac
import re

from services.identity.application.ports import Link, LinkKind

_TOKEN = re.compile(r"([0-9a-z]{26})([a-z]{3})([0-9a-z]{26})([0-9]{1,9})\.([A-Za-z0-9_-]{43})")
_NOWHERE = "0" * 26


class HmacLinkTokens:
    """`<organisation><prefix><id><generation>.<mac>`: the mac covers the kind as well, so no token fits two doors."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.digest(secret, b"identity links", "sha256")

    def issue(self, link: Link) -> str:
        prefix, _, number = link.id.partition("_")
        organisation = link.organisation_id.removeprefix("org_") or _NOWHERE
        return f"{organisation}{prefix}{number}{link.generation}.{self._mac(link)}"

    def read(self, token: str, *kinds: LinkKind) -> Link | None:
        parts = _TOKEN.fullmatch(token)
        if parts is None:
            return None
        organisation, prefix, number, generation, mac = parts.groups()
        for kind in kinds:
            link = Link(kind, f"org_{organisation}", f"{prefix}_{number}", int(generation))
            if hmac.compare_digest(self._mac(link), mac):
                return link
        return None

    def fingerprint(self, token: str) -> str:
        return hashlib.sha256(token.encode(errors="replace")).hexdigest()

    def _mac(self, link: Link) -> str:
        text = "\n".join((link.kind, link.organisation_id, link.id, str(link.generation)))
        digest = hmac.digest(self._key, text.encode(), "sha256")
        return base64.urlsafe_b64encode(digest).decode().rstrip("=")
