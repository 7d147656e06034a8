"""One request for a new password, and the link that grants it once."""

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Self

from chassis.kernel import AggregateRoot
from services.identity.domain.errors import LinkNotValid
from services.identity.domain.events import PasswordResetRequested
from services.identity.domain.person import Person


@dataclass(kw_only=True, eq=False)
class PasswordReset(AggregateRoot):
    """A request. One without a principal is kept for a stranger, so that asking takes the same time for everybody."""

    principal_id: str | None
    epoch: int
    token_hash: str
    expires_at: datetime
    used_at: datetime | None = None

    @classmethod
    def request(cls, reset_id: str, person: Person, token_hash: str, *, life: timedelta, now: datetime) -> Self:
        """Return a request that mails a link."""
        reset = cls(
            id=reset_id,
            organisation_id=person.organisation_id,
            principal_id=person.id,
            epoch=person.epoch,
            token_hash=token_hash,
            expires_at=now + life,
        )
        reset.record(
            PasswordResetRequested(
                occurred_at=now, organisation_id=person.organisation_id, principal_id=person.id, reset_id=reset_id
            )
        )
        return reset

    @classmethod
    def request_by_stranger(
        cls, reset_id: str, organisation_id: str, token_hash: str, *, life: timedelta, now: datetime
    ) -> Self:
        """Return a request that leads nowhere."""
        return cls(
            id=reset_id,
            organisation_id=organisation_id,
            principal_id=None,
            epoch=0,
            token_hash=token_hash,
            expires_at=now + life,
        )

    def is_open(self, now: datetime) -> bool:
        """Say whether the link can still be used."""
        return self.principal_id is not None and self.used_at is None and now < self.expires_at

    def require_open(self, token_hash: str, now: datetime) -> str:
        """Return whose password the link may change.

        Raises:
            LinkNotValid: when it is used, expired or another one.
        """
        if self.principal_id is None or not self.is_open(now) or not hmac.compare_digest(self.token_hash, token_hash):
            raise LinkNotValid
        return self.principal_id

    def use(self, token_hash: str, now: datetime) -> None:
        """Use the link up.

        Raises:
            LinkNotValid: as `require_open`.
        """
        self.require_open(token_hash, now)
        self.used_at = now
