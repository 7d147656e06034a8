"""The ports through which payments reach the world: card providers, the invoice, and the memory of webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from services.billing.domain.invoice import Invoice
from services.billing.domain.money import Money
from services.billing.domain.payment import CardDetails, Failure, Outcome, RefundOutcome
from services.billing.domain.payment_mode import PaymentMode
from services.chassis.kernel import Principal


class OutcomeUnknown(Exception):
    """Nobody knows whether the provider did it: a time-out, a broken connection, a 5xx, an answer without sense."""


class ProviderRefused(Exception):
    """The provider said no, for good, and did nothing."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class WebhookRefused(Exception):
    """The delivery is forged, replayed, or none of ours. The text says which check failed, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class CardToken:
    """A card just entered at the provider; works once."""

    token: str


@dataclass(frozen=True, kw_only=True)
class StoredCard:
    """A card kept at the provider."""

    token: str
    customer: str | None


@dataclass(frozen=True, kw_only=True)
class Attempt:
    """What is to be paid. `payment_id` is our own id, under which the provider finds it again; `payer` the contact."""

    payment_id: str
    organisation_id: str
    amount: Money
    payer: str
    description: str
    source: CardToken | StoredCard | None = None
    save_card: bool = False
    return_url: str | None = None


@dataclass(frozen=True, kw_only=True)
class CardForm:
    """The provider's own page for one card. Its token comes back to `return_url` as `card_token`, or to the opener."""

    url: str


@dataclass(frozen=True, kw_only=True)
class WebhookNotice:
    """A verified webhook: something happened to this payment. What it is, is asked for, never taken from here."""

    event_id: str
    payment_id: str | None
    provider_payment_id: str | None


class PaymentProvider(Protocol):
    """Somebody who moves money.

    `create` moves none and `confirm` moves it at most once, so that a lost answer is never a double charge. Every
    method is idempotent by our own ids, is over within a few seconds, and raises `OutcomeUnknown` when nobody knows
    what happened or `ProviderRefused` when nothing did.
    """

    name: str

    async def create(self, attempt: Attempt) -> Outcome:
        """Announce an attempt; the same attempt gives the same provider payment."""
        ...

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Capture it, or say what the payer has to do first."""
        ...

    async def retrieve(self, payment_id: str, provider_payment_id: str | None) -> Outcome | None:
        """Return what became of the attempt with our id, or None when the provider never heard of it."""
        ...

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        """Make sure that it is never captured from now on, or return what it has become already."""
        ...

    async def refund(self, refund_id: str, provider_payment_id: str, amount: Money) -> RefundOutcome:
        """Give money back; the same refund id never gives it twice."""
        ...

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        """Return what became of a refund with our id, or None when the provider never heard of it."""
        ...

    async def open_card_form(self, payer: str, return_url: str | None, origin: str | None) -> CardForm:
        """Return a fresh form for one card of this contact."""
        ...

    async def save_card(self, payer: str, token: str) -> CardDetails:
        """Keep the card of a token with this contact."""
        ...

    async def forget_card(self, card: CardDetails) -> None:
        """Forget a kept card; one that is forgotten already is no error."""
        ...

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        """Verify a delivery over its raw body; None when it is genuine but about nothing of ours.

        Raises:
            WebhookRefused: when it is not genuine, or older or newer than the tolerance.
        """
        ...

    async def close(self) -> None:
        """Disconnect."""
        ...


class Invoices(Protocol):
    """The part of the invoice repository that payments need."""

    async def get(self, by: Principal, invoice_id: str, /) -> Invoice: ...
    async def update(self, by: Principal, invoice_id: str, change: Callable[[Invoice], None], /) -> Invoice: ...


class WebhookMemory(Protocol):
    """Which webhook events had their effect."""

    async def knows(self, provider: str, event_id: str) -> bool:
        """Whether this event was done with before."""
        ...

    async def remember(self, provider: str, event_id: str, now: datetime) -> None:
        """Note that it is done with; noting it again changes nothing."""
        ...


class OfflineInstructions(Protocol):
    """What an organisation tells its clients about paying by other means than card."""

    async def get(self, organisation_id: str, mode: PaymentMode) -> str | None:
        """Return the organisation's own text, if it wrote one."""
        ...

    async def put(self, organisation_id: str, mode: PaymentMode, text: str) -> None:
        """Keep the organisation's text; an empty one takes it away."""
        ...
