"""Payments without a database or a provider: stores and a provider in memory, faithful down to versions and faults.

Everything waits at a `Turn` before it takes effect and at a `Seen` after it, so that
`tests/support/billing/schedules.py` can let many actors run in any order, and kill them between any two steps;
`exploring.py` tries every order there is. Under an event loop each is one round of it.
"""

from collections.abc import Callable, Generator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any, ClassVar, Generic, Protocol, TypeVar

from chassis.guard import in_turns
from chassis.kernel import (
    AggregateRoot,
    AlreadyExists,
    ConcurrentUpdate,
    DomainEvent,
    NotFound,
    Page,
    PageRequest,
    Principal,
)
from chassis.mongo.documents import to_aggregate, to_document
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.application.payment_ports import (
    Attempt,
    CardForm,
    CardToken,
    ChargeLimits,
    OutcomeUnknown,
    Payer,
    PaymentProvider,
    ProviderRefused,
    TokenNotTheirs,
    WebhookNotice,
    WebhookRefused,
)
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.invoice import Invoice
from services.billing.domain.money import ZERO, Money, digits_of
from services.billing.domain.payment import (
    CardDetails,
    DisputeSeen,
    DisputeState,
    Failure,
    Movements,
    Outcome,
    OutcomeStatus,
    Payment,
    RefundOutcome,
    RefundSeen,
)
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.repositories import Whereabouts
from services.billing.domain.saved_card import SavedCard
from tests.support.billing.local_state import content_of
from tests.support.billing.makers import NOW

A = TypeVar("A", bound=AggregateRoot)


class Turn:
    """Gives others their turn; `what` names the step that comes next."""

    explored: ClassVar["Watcher | None"] = None

    def __init__(self, what: str = "") -> None:
        self.what = what

    def __await__(self) -> Generator[None]:
        if Turn.explored is not None:
            Turn.explored.comes_next(self.what)
        yield


class Seen:
    """Gives others their turn after an effect; where every order is explored, the next `Turn` is turn enough."""

    def __await__(self) -> Generator[None]:
        if Turn.explored is None:
            yield


class Watcher(Protocol):
    """Who looks on while actors run."""

    def comes_next(self, what: str) -> None: ...


@dataclass
class TestClock:
    """A clock that stands still until it is moved."""

    __test__ = False
    instant: datetime = NOW

    def now(self) -> datetime:
        return self.instant

    def advance(self, **span: float) -> None:
        self.instant += timedelta(**span)


class MemoryRepository(Generic[A]):
    """Aggregates as documents with versions, saved only over the version that was read."""

    def __init__(self, kind: type[A], what: str) -> None:
        self.kind, self.what = kind, what
        self.documents: dict[str, Any] = {}
        self.stamps: dict[str, int] = {}
        self.on_save: Callable[[Any, Any], None] = lambda before, after: None
        self.events: list[DomainEvent] = []

    def visible(self, by: Principal, aggregate: A) -> bool:
        if aggregate.organisation_id != by.organisation_id:
            return False
        return not by.is_contact or getattr(aggregate, "customer_id", None) == by.customer_id

    def peek(self, aggregate_id: str) -> A:
        """Return the stored state, at once."""
        return to_aggregate(self.kind, self.documents[aggregate_id])

    def all(self) -> list[A]:
        return [self.peek(each) for each in self.documents]

    def put(self, aggregate: A) -> None:
        """Store at once, for the beginning of a test."""
        self.documents[aggregate.id] = to_document(aggregate)
        self.stamps[aggregate.id] = content_of(self.documents[aggregate.id])

    def _save(self, aggregate: A, before: Any) -> None:
        self.put(aggregate)
        self.on_save(before, self.documents[aggregate.id])
        self.events += aggregate.recorded

    async def add(self, aggregate: A) -> None:
        await Turn(f"store the {self.what}")
        if aggregate.id in self.documents:
            await Seen()
            raise AlreadyExists(self.what)
        self._save(aggregate, None)
        await Seen()

    async def get(self, by: Principal, aggregate_id: str) -> A:
        await Turn(f"read the {self.what}")
        document = self.documents.get(aggregate_id)
        await Seen()
        found = None if document is None else to_aggregate(self.kind, document)
        if found is None or not self.visible(by, found):
            raise NotFound(self.what)
        return found

    async def update(self, by: Principal, aggregate_id: str, change: Callable[[A], None]) -> A:
        for _ in range(12):
            aggregate = await self.get(by, aggregate_id)
            before, version = to_document(aggregate), aggregate.version
            change(aggregate)
            if not aggregate.recorded and to_document(aggregate) == before:
                return aggregate
            await Turn(f"save the {self.what}")
            if self.documents[aggregate_id]["version"] != version:
                await Seen()
                continue
            aggregate.version += 1
            self._save(aggregate, before)
            aggregate.forget_recorded()
            await Seen()
            return aggregate
        raise ConcurrentUpdate


class MemoryPayments(MemoryRepository[Payment]):
    """Payments in memory."""

    def __init__(self) -> None:
        super().__init__(Payment, "payment")

    async def find(self, payment_id: str) -> Payment | None:
        await Turn("look for the payment")
        document = self.documents.get(payment_id)
        await Seen()
        return to_aggregate(Payment, document) if document else None

    async def find_by_provider(self, provider: str, provider_payment_id: str) -> Payment | None:
        await Turn("look for the payment")
        mine = (each for each in self.all() if each.provider == provider)
        found = next((each for each in mine if each.provider_payment_id == provider_payment_id), None)
        await Seen()
        return found

    async def with_refund(self, by: Principal, refund_id: str) -> Payment:
        await Turn("look for the refund")
        for payment in self.all():
            if refund_id in payment.refunds and self.visible(by, payment):
                return payment
        raise NotFound("refund")

    async def due(
        self,
        now: datetime,
        limit: int,
        *,
        provider: str | None = None,
        apart_from: Sequence[str] = (),
        without: Sequence[str] = (),
    ) -> Sequence[Whereabouts]:
        await Turn("look for what is due")
        mine = [each for each in self.all() if provider in {None, each.provider} and each.provider not in apart_from]
        waiting = [(each.check_at, each) for each in mine if each.check_at and each.check_at <= now]
        due = [each for _, each in sorted(waiting, key=lambda row: row[0]) if each.id not in without]
        found = [(each.organisation_id, each.id) for each in due]
        await Seen()
        return in_turns(found, lambda it: it[0])[:limit]

    async def of_invoice(self, by: Principal, invoice_id: str) -> Sequence[Payment]:
        await Turn("look for the invoice's payments")
        found = [each for each in self.all() if each.invoice_id == invoice_id and self.visible(by, each)]
        await Seen()
        return found

    async def page(self, by: Principal, request: PageRequest, *, invoice_id: str | None = None) -> Page[Payment]:
        raise NotImplementedError


class MemoryCards(MemoryRepository[SavedCard]):
    """Saved cards in memory."""

    def __init__(self) -> None:
        super().__init__(SavedCard, "saved card")

    def visible(self, by: Principal, aggregate: SavedCard) -> bool:
        return by.is_contact and (aggregate.organisation_id, aggregate.contact_id) == (by.organisation_id, by.id)

    async def of_contact(self, organisation_id: str, contact_id: str) -> Sequence[SavedCard]:
        await Turn("read the cards")
        mine = [card for card in self.all() if (card.organisation_id, card.contact_id) == (organisation_id, contact_id)]
        kept = [card for card in mine if card.removed_at is None]
        await Seen()
        return kept


class MemoryInstructions:
    """Implements `OfflineInstructions`."""

    def __init__(self) -> None:
        self.texts: dict[tuple[str, PaymentMode], str] = {}

    async def get(self, organisation_id: str, mode: PaymentMode) -> str | None:
        return self.texts.get((organisation_id, mode))

    async def put(self, organisation_id: str, mode: PaymentMode, text: str) -> None:
        self.texts[organisation_id, mode] = text


class MemoryWebhooks:
    """Webhook events that are done with."""

    def __init__(self) -> None:
        self.seen: set[tuple[str, str]] = set()

    async def knows(self, provider: str, event_id: str) -> bool:
        await Turn("look whether the event is known")
        known = (provider, event_id) in self.seen
        await Seen()
        return known

    async def remember(self, provider: str, event_id: str, now: datetime) -> None:
        await Turn("note the event")
        self.seen.add((provider, event_id))


class MemoryCardTokens:
    """Tokens that were used."""

    def __init__(self) -> None:
        self.spent: dict[tuple[str, str], str] = {}

    async def used_by(self, provider: str, token: str) -> str | None:
        await Turn("look who used the token")
        user = self.spent.get((provider, token))
        await Seen()
        return user

    async def spend(self, provider: str, token: str, by: str, now: datetime) -> bool:
        await Turn("use the token")
        first = self.spent.setdefault((provider, token), by)
        await Seen()
        return first == by


class MemoryCustomers:
    """Who is which customer at a provider."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, Payer], str] = {}

    async def get(self, provider: str, payer: Payer) -> str | None:
        await Turn()
        return self.known.get((provider, payer))

    async def put(self, provider: str, payer: Payer, customer: str) -> None:
        await Turn()
        self.known[provider, payer] = customer


@dataclass
class Account:
    """A payment at the fake provider."""

    id: str
    amount: Money
    status: OutcomeStatus = OutcomeStatus.UNCONFIRMED
    token: str = ""
    payer: str = ""
    captures: int = 0
    declined: str = "card_declined"
    lets_go: bool = True
    refunds: dict[str, Money] = field(default_factory=dict[str, Money])
    made_there: list[RefundSeen] = field(default_factory=list[RefundSeen])
    failed: set[str] = field(default_factory=set[str])
    disputes: dict[str, DisputeSeen] = field(default_factory=dict[str, DisputeSeen])
    reports: Money | None = None

    @property
    def gone(self) -> Decimal:
        """What of it is not at the provider any more."""
        ours = sum((each.amount for name, each in self.refunds.items() if name not in self.failed), ZERO)
        theirs = sum((each.amount.amount for each in self.made_there if each.succeeded), ZERO)
        return ours + theirs + sum((d.amount.amount for d in self.disputes.values() if d.state == "lost"), ZERO)

    @property
    def left(self) -> Decimal:
        """What was captured and is still there."""
        return (self.reports or self.amount).amount * self.captures - self.gone

    def refund_there(self, amount: Money) -> None:
        """Somebody gives money back at the provider's own page."""
        name = f"there_{self.id}_{len(self.made_there)}"
        self.made_there.append(
            RefundSeen(provider_refund_id=name, refund_id=None, amount=amount, succeeded=True, made_at=NOW)
        )

    def bounce(self) -> None:
        """Every refund comes back: the client's bank does not take it."""
        self.failed |= set(self.refunds)
        self.made_there = [replace(each, succeeded=False, failure=BOUNCED) for each in self.made_there]

    def dispute(self, state: DisputeState, amount: Money | None = None) -> None:
        """The client's bank wants money back, or it was decided who keeps it."""
        name = f"dispute_{self.id}"
        wanted = amount or (self.disputes[name].amount if name in self.disputes else self.amount)
        self.disputes[name] = DisputeSeen(provider_dispute_id=name, amount=wanted, state=state, opened_at=NOW)


BOUNCED = Failure(code="refund_failed", message="The refund could not be made.", provider_code="account_closed")


@dataclass
class FakeProvider:
    """A provider in memory.

    What a card does is in its token: `tok_ok…`, `tok_decline…`, `tok_challenge…`, `tok_processing…`. `faults` maps an
    operation to what goes wrong on its next calls: `before` (nothing happens), `after` (it happens, and nobody hears).
    A token of a form in `forms` is its payer's; any other is of whoever shows it first.
    """

    name: str = "fake"
    accounts: dict[str, Account] = field(default_factory=dict[str, Account])
    faults: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    cards: dict[str, CardDetails] = field(default_factory=dict[str, CardDetails])
    calls: list[str] = field(default_factory=list[str])
    spent: dict[str, str] = field(default_factory=dict[str, str])
    forms: dict[str, Payer] = field(default_factory=dict[str, Payer])
    attempts: list[Attempt] = field(default_factory=list[Attempt])
    declines: str = "card_declined"
    retrieve_breaks: set[str] = field(default_factory=set[str])
    largest: Decimal = Decimal(10) ** 12

    @property
    def collected(self) -> list[Money]:
        """What was captured and not given back, per payment; captured twice counts twice."""
        return [Money(each.left, "EUR") for each in self.accounts.values()]

    async def _around(self, operation: str, work: Callable[[], Any]) -> Any:
        self.calls.append(operation)
        await Turn(f"{self.name}: {operation}")
        fault = self.faults[operation].pop(0) if self.faults.get(operation) else None
        if fault == "before":
            await Seen()
            raise OutcomeUnknown
        try:
            result = work()
        except ProviderRefused:
            await Seen()
            raise
        await Seen()
        if fault == "after":
            raise OutcomeUnknown
        return result

    def by_our_id(self, payment_id: str) -> Account:
        return self.accounts[f"prov_{payment_id}"]

    def _outcome(self, account: Account) -> Outcome:
        status, done = account.status, account.status is OutcomeStatus.SUCCEEDED
        failed = Failure(code=account.declined, message="A stranger's words.")
        return Outcome(
            provider_payment_id=account.id,
            status=status,
            redirect_url=f"https://provider.test/{account.id}" if status is OutcomeStatus.REQUIRES_ACTION else None,
            failure=failed if status is OutcomeStatus.FAILED else None,
            card=self._card(account.token, account.payer) if done else None,
            amount=(account.reports or account.amount) if done else None,
        )

    def _card(self, token: str, payer: str) -> CardDetails:
        return CardDetails(
            token=f"card_{token[4:]}",
            customer=f"cust_{payer}",
            brand="visa",
            last_four="4242",
            exp_month=12,
            exp_year=2040,
            fingerprint=f"{payer}{token}",
        )

    def limits(self, currency: str) -> ChargeLimits:
        step = Decimal(1).scaleb(-digits_of(currency))
        return ChargeLimits(least=step, most=self.largest, step=step)

    async def read_token(self, token: str, payer: Payer) -> CardToken:
        await Turn(f"{self.name}: read_token")
        if self.forms.setdefault(token, payer) != payer:
            raise TokenNotTheirs
        return CardToken(token=token, card=f"card_{token[4:]}", customer=f"cust_{payer.contact_id}")

    def _spend(self, token: str, user: str, payer: Payer) -> None:
        if self.forms.setdefault(token, payer) != payer:
            raise ProviderRefused(Failure(code="token_invalid", message="This token is somebody else's."))
        if self.spent.setdefault(token, user) != user:
            raise ProviderRefused(Failure(code="token_used", message="This token was used already."))

    async def create(self, attempt: Attempt) -> Outcome:
        def work() -> Outcome:
            self.attempts.append(attempt)
            known = self.accounts.get(f"prov_{attempt.payment_id}")
            if known is not None:
                return self._outcome(known)
            token = attempt.source.token if attempt.source else ""
            if isinstance(attempt.source, CardToken):
                self._spend(token, attempt.payment_id, attempt.owner)
            account = Account(f"prov_{attempt.payment_id}", attempt.amount, token=token, payer=attempt.payer)
            account.declined = self.declines
            self.accounts[account.id] = account
            return self._outcome(account)

        return await self._around("create", work)

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        def work() -> Outcome:
            account = self.accounts[provider_payment_id]
            if account.status is OutcomeStatus.UNCONFIRMED:
                if "decline" in account.token:
                    account.status = OutcomeStatus.FAILED
                elif "challenge" in account.token:
                    account.status = OutcomeStatus.REQUIRES_ACTION
                elif "processing" in account.token:
                    account.status = OutcomeStatus.PROCESSING
                else:
                    self.capture(account)
            return self._outcome(account)

        return await self._around("confirm", work)

    def capture(self, account: Account) -> None:
        """The money moves."""
        account.status = OutcomeStatus.SUCCEEDED
        account.captures += 1

    def approve(self, account: Account) -> None:
        """The payer answers the challenge, or the bank is done."""
        if account.status in {OutcomeStatus.REQUIRES_ACTION, OutcomeStatus.PROCESSING}:
            self.capture(account)

    async def retrieve(
        self, payment_id: str, provider_payment_id: str | None, *, begun_at: datetime | None = None
    ) -> Outcome | None:
        def work() -> Outcome | None:
            if payment_id in self.retrieve_breaks:
                raise LookupError("a fault of ours")
            account = self.accounts.get(f"prov_{payment_id}")
            return self._outcome(account) if account else None

        return await self._around("retrieve", work)

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        def work() -> Outcome:
            account = self.accounts.get(provider_payment_id)
            if account is None:
                raise ProviderRefused(Failure(code="payment_refused", message="There is no such payment."))
            waits = {OutcomeStatus.UNCONFIRMED, OutcomeStatus.REQUIRES_ACTION, OutcomeStatus.UNREADABLE}
            if account.status in waits and account.lets_go:
                account.status = OutcomeStatus.CANCELLED
            return self._outcome(account)

        return await self._around("cancel", work)

    async def refund(self, refund_id: str, provider_payment_id: str, amount: Money) -> RefundOutcome:
        def work() -> RefundOutcome:
            account = self.accounts.get(provider_payment_id)
            if account is None:
                raise ProviderRefused(Failure(code="payment_refused", message="There is no such payment."))
            if refund_id not in account.refunds:
                if amount.amount > account.left:
                    raise ProviderRefused(Failure(code="refund_too_large", message="More than what is left."))
                account.refunds[refund_id] = amount
            return self._refund(account, refund_id)

        return await self._around("refund", work)

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        def work() -> RefundOutcome | None:
            account = self.accounts.get(provider_payment_id)
            return self._refund(account, refund_id) if account and refund_id in account.refunds else None

        return await self._around("find_refund", work)

    def _refund(self, account: Account, refund_id: str) -> RefundOutcome:
        failed = refund_id in account.failed
        return RefundOutcome(
            provider_refund_id=f"prov_{refund_id}", succeeded=not failed, failure=BOUNCED if failed else None
        )

    async def movements(self, payment_id: str, provider_payment_id: str) -> Movements:
        def work() -> Movements:
            account = self.accounts.get(provider_payment_id)
            if account is None:
                raise ProviderRefused(Failure(code="payment_refused", message="There is no such payment."))
            ours = [
                RefundSeen(
                    provider_refund_id=f"prov_{name}",
                    refund_id=name,
                    amount=amount,
                    succeeded=name not in account.failed,
                    failure=BOUNCED if name in account.failed else None,
                )
                for name, amount in account.refunds.items()
            ]
            return Movements(refunds=(*ours, *account.made_there), disputes=tuple(account.disputes.values()))

        return await self._around("movements", work)

    async def open_card_form(self, payer: Payer, return_url: str | None, origin: str | None) -> CardForm:
        return await self._around("form", lambda: CardForm(url=f"https://provider.test/form/{payer.contact_id}"))

    async def save_card(self, payer: Payer, token: CardToken) -> CardDetails:
        def work() -> CardDetails:
            if "decline" in token.token:
                raise ProviderRefused(Failure(code="card_declined", message="Your card was declined."))
            self._spend(token.token, f"kept for {payer.contact_id}", payer)
            return self.cards.setdefault(token.token, self._card(token.token, payer.contact_id))

        return await self._around("save_card", work)

    async def forget_card(self, card: CardDetails) -> None:
        await self._around("forget_card", lambda: self.cards.pop(f"tok_{card.token[5:]}", None))

    async def close(self) -> None:
        return None

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        if headers.get("signature") != "good":
            raise WebhookRefused("signature")
        event, _, payment = body.decode().partition(" ")
        return WebhookNotice(event_id=event, payment_id=payment, provider_payment_id=f"prov_{payment}")


@dataclass
class PaymentWorld:
    """Everything around payments, in memory."""

    payments: MemoryPayments = field(default_factory=MemoryPayments)
    invoices: MemoryRepository[Invoice] = field(default_factory=lambda: MemoryRepository(Invoice, "invoice"))
    cards: MemoryCards = field(default_factory=MemoryCards)
    provider: FakeProvider = field(default_factory=FakeProvider)
    tokens: MemoryCardTokens = field(default_factory=MemoryCardTokens)
    webhooks: MemoryWebhooks = field(default_factory=MemoryWebhooks)
    clock: TestClock = field(default_factory=TestClock)
    providers: dict[str, PaymentProvider] | None = None

    @property
    def steps(self) -> PaymentSteps:
        providers = self.providers or {"fake": self.provider, "offline": OfflineProvider()}
        return PaymentSteps(
            payments=self.payments,
            invoices=self.invoices,
            cards=self.cards,
            tokens=self.tokens,
            providers=providers,
            card_provider="fake",
            clock=self.clock,
        )

    def with_invoice(self, invoice: Invoice) -> Invoice:
        self.invoices.put(invoice)
        return invoice


def another(principal: Principal, **changes: Any) -> Principal:
    """Return the same principal with something changed."""
    return replace(principal, **changes)
