"""The aggregate: its record with every behaviour."""

from dataclasses import dataclass

from services.billing.domain.payment.mirroring import Mirroring
from services.billing.domain.payment.record import LEASE, PaymentRecord
from services.billing.domain.payment.settling import Settling


@dataclass(kw_only=True, eq=False)
class Payment(Settling, Mirroring):
    """One attempt to pay one invoice. A new one is leased to the request that made it."""

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.check_at is None and not self.is_settled:
            self.check_at = self.created_at + LEASE


__all__ = ["Payment", "PaymentRecord"]
