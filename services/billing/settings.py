"""What billing can be told by the environment."""

import hashlib
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, SecretStr

from chassis.keyring import keyring
from chassis.settings import ServiceSettings

_SHORTEST_LINK_SECRET = 32


def _long_enough(secret: SecretStr) -> SecretStr:
    if 0 < len(secret.get_secret_value().encode()) < _SHORTEST_LINK_SECRET:
        raise ValueError(f"Set at least {_SHORTEST_LINK_SECRET} random characters, or leave it out.")
    return secret


LinkSecret = Annotated[SecretStr, AfterValidator(_long_enough)]
"""What links to files are signed with; may be empty."""


class BillingSettings(ServiceSettings):
    """Billing's secrets and payment providers, besides what every service has."""

    billing_secret: LinkSecret = SecretStr("")
    """At least 32 characters: signs links to files. Empty: made from `service_key`."""
    billing_secret_next: LinkSecret = SecretStr("")
    """The secret that will follow it: links that are made with it are good already; may be empty."""
    billing_secret_before: LinkSecret = SecretStr("")
    """The secret before the last change, so that links made with it stay good; may be empty."""
    files_url: str = ""
    """Where clients reach billing's `/files/`; empty means `billing_url`."""
    return_origins: list[str] = Field(default_factory=list[str])
    """Origins (`https://app.example`) to which a card form or a challenge may lead back, besides the portal's own."""
    watch_seconds: float = Field(default=60, gt=0)
    """How often due dates are looked at."""
    recovery_seconds: float = Field(default=2, gt=0)
    """How often payments without a final state are looked for."""
    card_provider: Literal["", "sandbox", "stripe"] = ""
    """Who moves the money of new card payments; empty: the sandbox where there is one, otherwise Stripe."""
    provider_seconds: float = Field(default=2.4, gt=0)
    """How long a call to a payment provider may take before its outcome counts as unknown."""
    sandbox_url: str = ""
    """The payment sandbox; empty means that there is none."""
    sandbox_secret_key: SecretStr = SecretStr("")
    sandbox_webhook_secret: SecretStr = SecretStr("")
    sandbox_webhook_secret_next: SecretStr = SecretStr("")
    sandbox_webhook_secret_before: SecretStr = SecretStr("")
    """What the sandbox may sign its events with as well, while it changes its secret."""
    stripe_secret_key: SecretStr = SecretStr("")
    """Stripe's secret key; empty means that Stripe is not used."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    stripe_webhook_secret_next: SecretStr = SecretStr("")
    stripe_webhook_secret_before: SecretStr = SecretStr("")
    """Those of the endpoint that follows, or was there before, while Stripe sends events to both."""
    pdf_threads: int = Field(default=2, ge=1, le=32)

    def link_secrets(self) -> list[bytes]:
        """Return the secrets of file links."""
        if self.billing_secret.get_secret_value():
            return keyring(self, "billing_secret").raw
        keys = keyring(self, "service_key").raw
        return [hashlib.sha256(b"billing file links\n" + key).digest() for key in keys]
