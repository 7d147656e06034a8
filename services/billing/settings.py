"""What billing can be told by the environment."""

import hashlib
from typing import Literal

from pydantic import Field, SecretStr

from services.chassis.settings import ServiceSettings


class BillingSettings(ServiceSettings):
    """Billing's secrets and payment providers, besides what every service has."""

    file_link_secrets: tuple[SecretStr, ...] = ()
    """Secrets of at least 32 bytes for links to files: the first signs, all verify. Empty: made from `service_key`."""
    files_url: str = ""
    """Where clients reach billing's `/files/`; empty means `billing_url`."""
    watch_seconds: float = Field(default=60, gt=0)
    """How often due dates are looked at."""
    recovery_seconds: float = Field(default=2, gt=0)
    """How often payments without a final state are looked for."""
    card_provider: Literal["sandbox", "stripe", "none"] = "sandbox"
    """Who moves the money of new card payments."""
    sandbox_url: str = ""
    """The payment sandbox; empty means that there is none."""
    sandbox_secret_key: SecretStr = SecretStr("")
    sandbox_webhook_secret: SecretStr = SecretStr("")
    stripe_secret_key: SecretStr = SecretStr("")
    """Stripe's secret key; empty means that Stripe is not used."""
    stripe_webhook_secret: SecretStr = SecretStr("")
    pdf_threads: int = Field(default=2, ge=1, le=32)

    def link_secrets(self) -> list[bytes]:
        """Return the secrets of file links."""
        given = [secret.get_secret_value().encode() for secret in self.file_link_secrets]
        own = hashlib.sha256(b"billing file links\n" + self.service_key.get_secret_value().encode()).digest()
        return given or [own]
