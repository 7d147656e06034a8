"""What a provider reports about a payment, in our words. No card number has a field anywhere."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Self

from chassis.words import Word
from services.billing.domain.money import Money
from services.billing.domain.payment.declines import Failure


class OutcomeStatus(StrEnum):
    """How far the provider has come; money has moved in `SUCCEEDED` only.

    `UNREADABLE` is an answer whose state we do not know: a provider may add states, and money may have moved in them.
    """

    UNCONFIRMED = "unconfirmed"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, kw_only=True)
class BillingAddress:
    """Where the card's statements go; `country` is an ISO 3166 code."""

    name: str | None = None
    line1: str | None = None
    line2: str | None = None
    city: str | None = None
    postal_code: str | None = None
    region: str | None = None
    country: str | None = None


@dataclass(frozen=True, kw_only=True)
class CardDetails:
    """What may be known about a card. `token` and `customer` are the provider's; `fingerprint` tells equal cards."""

    token: str
    customer: str | None
    brand: str
    last_four: str
    exp_month: int
    exp_year: int
    billing: BillingAddress = BillingAddress()
    fingerprint: str | None = None

    def without_holder(self) -> Self:
        """Return what a receipt shows of it: brand, last four digits and expiry."""
        return replace(self, token="", customer=None, fingerprint=None, billing=BillingAddress())


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A payment as its provider sees it at this moment.

    Only the state must be readable: a step that we cannot show is `REQUIRES_ACTION` without an address, and a card
    that we cannot read is none. `amount` is what the provider says it has captured, where it says so.
    """

    provider_payment_id: str
    status: OutcomeStatus
    redirect_url: str | None = None
    failure: Failure | None = None
    card: CardDetails | None = None
    amount: Money | None = None


@dataclass(frozen=True, kw_only=True)
class RefundOutcome:
    """A refund as its provider sees it; neither succeeded nor failed means that it is under way."""

    provider_refund_id: str
    succeeded: bool = False
    failure: Failure | None = None


@dataclass(frozen=True, kw_only=True)
class RefundSeen:
    """A refund of a payment that its provider shows, whoever asked for it; `refund_id` is ours, where it was us."""

    provider_refund_id: str
    refund_id: str | None
    amount: Money
    succeeded: bool = False
    failure: Failure | None = None
    made_at: datetime | None = None


class DisputeState(Word):
    """Where a dispute stands. `WON` is every end in which the business keeps the money."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


@dataclass(frozen=True, kw_only=True)
class DisputeSeen:
    """A dispute of a payment that its provider shows: the client's bank wants the money back."""

    provider_dispute_id: str
    amount: Money
    state: DisputeState
    reason: str = "unknown"
    opened_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Movements:
    """All that moved, or may move, money of a payment back."""

    refunds: tuple[RefundSeen, ...] = ()
    disputes: tuple[DisputeSeen, ...] = ()
