"""What a provider reports about a payment, in our words. No card number has a field anywhere."""

from dataclasses import dataclass
from enum import StrEnum


class OutcomeStatus(StrEnum):
    """How far the provider has come; money has moved in `SUCCEEDED` only."""

    UNCONFIRMED = "unconfirmed"
    REQUIRES_ACTION = "requires_action"
    PROCESSING = "processing"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"


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


@dataclass(frozen=True, kw_only=True)
class Failure:
    """Why no money moved: a stable code, and a sentence for the person who paid."""

    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A payment as its provider sees it at this moment."""

    provider_payment_id: str
    status: OutcomeStatus
    redirect_url: str | None = None
    failure: Failure | None = None
    card: CardDetails | None = None


@dataclass(frozen=True, kw_only=True)
class RefundOutcome:
    """A refund as its provider sees it; neither succeeded nor failed means that it is under way."""

    provider_refund_id: str
    succeeded: bool = False
    failure: Failure | None = None
