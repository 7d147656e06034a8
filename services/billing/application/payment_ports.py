"""The ports through which payments reach the world: card providers, the invoice, and the memory of webhooks."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Protocol

from chassis.kernel import NoAnswer, Principal
from services.billing.domain.invoice import Invoice
from services.billing.domain.money import Money
from services.billing.domain.payment import CardDetails, Failure, Movements, Outcome, RefundOutcome
from services.billing.domain.payment_mode import PaymentMode


class OutcomeUnknown(NoAnswer):
    """Nobody knows whether the provider did it: a time-out, a broken connection, a 5xx, an answer without sense."""


class ProviderRefused(Exception):
    """The provider said no, for good, and did nothing."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.code)
        self.failure = failure


class WebhookRefused(Exception):
    """The delivery is forged, replayed, or none of ours. The text says which check failed, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class Payer:
    """Whose card it is: a contact of one organisation."""

    contact_id: str
    organisation_id: str


@dataclass(frozen=True, kw_only=True)
class CardToken:
    """A card just entered at the provider; works once.

    `card` and `customer` are the provider's own names for it, where `read_token` has learned them.
    """

    token: str
    card: str | None = None
    customer: str | None = None


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

    @property
    def owner(self) -> Payer:
        """Whose card it must be."""
        return Payer(contact_id=self.payer, organisation_id=self.organisation_id)


@dataclass(frozen=True, kw_only=True)
class ChargeLimits:
    """What amounts a provider takes by card in one currency, all in that currency."""

    least: Decimal
    most: Decimal
    step: Decimal

    def allow(self, amount: Decimal) -> bool:
        """Whether this much can be charged."""
        return self.least <= amount <= self.most and amount % self.step == 0


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


class TokenNotTheirs(Exception):
    """The token belongs to nobody's form, or to somebody else's: nobody learns which."""


class FormUnfinished(Exception):
    """The form of this token has no card yet."""


class PaymentProvider(Protocol):
    """Somebody who moves money.

    `create` moves none and `confirm` moves it at most once, so that a lost answer is never a double charge. Every
    method is idempotent by our own ids, is over within a few seconds, and raises `OutcomeUnknown` when nobody knows
    what happened or `ProviderRefused` when nothing did.
    """

    name: str

    def limits(self, currency: str) -> ChargeLimits:
        """Return what amounts can be charged in this currency."""
        ...

    async def read_token(self, token: str, payer: Payer) -> CardToken:
        """Return the card behind a token of a form that was opened for this payer; changes nothing.

        Raises:
            TokenNotTheirs, FormUnfinished.
        """
        ...

    async def create(self, attempt: Attempt) -> Outcome:
        """Announce an attempt; the same attempt gives the same provider payment.

        A card token is refused when another attempt used it, or when it is not the payer's.
        """
        ...

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Capture it, or say what the payer has to do first."""
        ...

    async def retrieve(
        self, payment_id: str, provider_payment_id: str | None, *, begun_at: datetime | None = None
    ) -> Outcome | None:
        """Return what became of the attempt with our id, or None when the provider knows no such payment.

        `begun_at` is when we began it, for providers that can only list what was made around a time.
        """
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

    async def movements(self, payment_id: str, provider_payment_id: str) -> Movements:
        """Return every refund and dispute of a payment, whoever made them; changes nothing."""
        ...

    async def open_card_form(self, payer: Payer, return_url: str | None, origin: str | None) -> CardForm:
        """Return a fresh form for one card of this contact."""
        ...

    async def save_card(self, payer: Payer, token: CardToken) -> CardDetails:
        """Keep the card of a token with this contact; refused when something else used the token."""
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


class CardTokens(Protocol):
    """Which card tokens were used, and for what. The provider may forget; we do not."""

    async def used_by(self, provider: str, token: str) -> str | None:
        """Return the id of the payment or card that used this token."""
        ...

    async def spend(self, provider: str, token: str, by: str, now: datetime) -> bool:
        """Use the token for this payment or card, by one write; False when another has used it."""
        ...


class ProviderCustomers(Protocol):
    """The customer that each payer is at each provider, so that nobody has to search for it there."""

    async def get(self, provider: str, payer: Payer) -> str | None:
        """Return the provider's id of this payer, if one was noted."""
        ...

    async def put(self, provider: str, payer: Payer, customer: str) -> None:
        """Note it, in place of an earlier one."""
        ...


class Erased(Protocol):
    """Who was erased."""

    async def is_erased(self, contact_id: str) -> bool:
        """Tell whether a person is to be forgotten."""
        ...

    async def done_at(self, contact_id: str) -> datetime | None:
        """Return when all was done; None before that."""
        ...


class NobodyErased:
    """`Erased` where nobody ever was."""

    async def is_erased(self, contact_id: str) -> bool:
        return False

    async def done_at(self, contact_id: str) -> datetime | None:
        return None


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
