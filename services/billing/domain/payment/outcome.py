"""What a provider reports about a payment, in our words. No card number has a field anywhere."""

from dataclasses import dataclass
from enum import StrEnum

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


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """A payment as its provider sees it at this moment.

    Only the state must be readable: a step that we cannot show is `REQUIRES_ACTION` without an address, and a card
    that we cannot read is none.
    """

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
