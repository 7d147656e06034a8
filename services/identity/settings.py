"""What identity can be told by the environment."""

from datetime import timedelta
from typing import Literal

from pydantic import Field, SecretStr, field_validator

from chassis.mail_settings import MailSettings
from chassis.web_origins import require_patterns
from services.identity.application.ports import Policy


class IdentitySettings(MailSettings):
    """Identity's secret and limits, besides what every service has and how mail leaves.

    `identity_secret` is what links, refresh tokens and stored signing keys hang on: keep it, and keep it secret.
    What the secrets before and after it made is accepted as well, as far as they are set.
    `refresh_leeway_seconds` is how long after its first use a refresh token still gets the pair which that use made; 0
    lets two tabs that refresh at once end their session.
    `log_in_tries` is how many wrong passwords one address has for one account within `log_in_minutes`,
    `log_in_tries_per_address` how many for all accounts, `log_in_tries_per_account` how many all addresses together
    have for one account. `registrations_per_hour` is how many organisations one address may register.
    `invites_per_day` is how many invites an organisation may send, `invites_per_day_young` in its first week.
    `passkey_domain` is the domain for which passkeys are made: the host of `portal_url`, or a parent of it and of
    `allowed_origins`, the pages besides it from which passkeys are taken, written as for the gateway; `*` stands for
    none. Changed, it makes all passkeys useless.
    `access_token_type` is the `typ` in the header of access tokens: `at+jwt` where systems verify them by RFC 9068.
    """

    identity_secret: SecretStr = Field(min_length=32)
    identity_secret_next: SecretStr = SecretStr("")
    identity_secret_before: SecretStr = SecretStr("")
    signing_key_days: int = Field(default=90, ge=1)
    argon2_memory_kib: int = Field(default=19 * 1024, ge=8)
    argon2_passes: int = Field(default=2, ge=1)
    argon2_threads: int = Field(default=2, ge=1, le=64)
    log_in_tries: int = Field(default=10, ge=1, le=100)
    log_in_tries_per_address: int = Field(default=300, ge=1, le=2000)
    log_in_tries_per_account: int = Field(default=100, ge=1, le=1000)
    registrations_per_hour: int = Field(default=100, ge=1, le=10_000)
    invites_per_day: int = Field(default=500, ge=1, le=5000)
    invites_per_day_young: int = Field(default=100, ge=1, le=5000)
    log_in_minutes: int = Field(default=15, ge=1)
    invite_days: int = Field(default=14, ge=1)
    reset_minutes: int = Field(default=60, ge=1)
    session_idle_days: int = Field(default=14, ge=1)
    session_days: int = Field(default=90, ge=1)
    refresh_leeway_seconds: int = Field(default=10, ge=0, le=60)
    passkey_domain: str = ""
    allowed_origins: list[str] = Field(default_factory=list[str])
    access_token_type: Literal["JWT", "at+jwt"] = "JWT"  # noqa: S105 - a header's value

    @field_validator("allowed_origins")
    @classmethod
    def _readable_origins(cls, value: list[str]) -> list[str]:
        return require_patterns(value)

    def policy(self) -> Policy:
        """Return the times and limits of the use cases."""
        return Policy(
            invite_life=timedelta(days=self.invite_days),
            reset_life=timedelta(minutes=self.reset_minutes),
            session_idle=timedelta(days=self.session_idle_days),
            session_life=timedelta(days=self.session_days),
            refresh_leeway=timedelta(seconds=self.refresh_leeway_seconds),
            tries_window=timedelta(minutes=self.log_in_minutes),
            tries_per_account=self.log_in_tries,
            tries_per_address=self.log_in_tries_per_address,
            tries_per_account_anywhere=self.log_in_tries_per_account,
            invites_per_day=self.invites_per_day,
            invites_per_day_young=self.invites_per_day_young,
            registrations_per_address=self.registrations_per_hour,
        )
