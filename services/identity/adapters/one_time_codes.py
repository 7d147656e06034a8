"""One-time codes of generator apps: TOTP (RFC 6238) as all apps know it, SHA-1, six digits, 30 s."""

import hmac
import re
from datetime import datetime

from pyotp import random_base32
from pyotp.totp import TOTP

NEIGHBOURS = (0, -1, 1)
"""The steps that are looked at: clocks differ, and people take their time."""
_CODE = re.compile(r"[0-9]{6}")


class TotpCodes:
    """Implements `OneTimeCodes`."""

    def new_secret(self) -> str:
        return random_base32()

    def uri(self, secret: str, account: str, issuer: str) -> str:
        return TOTP(secret).provisioning_uri(name=account, issuer_name=issuer.replace(":", " "))

    def step(self, secret: str, code: str, now: datetime) -> int | None:
        if _CODE.fullmatch(code) is None:
            return None
        generator = TOTP(secret)
        present = generator.timecode(now)
        for step in (present + neighbour for neighbour in NEIGHBOURS):
            if hmac.compare_digest(generator.generate_otp(step), code):
                return step
        return None
