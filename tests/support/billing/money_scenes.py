"""Scenes of money for `exploring.py`: who does what at once on one invoice, and what must hold then and afterwards."""

from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from chassis.kernel import AggregateRoot, ConcurrentUpdate, DomainError, Principal, id_from_bits
from chassis.mongo.client import Document
from chassis.mongo.documents import to_aggregate, to_document
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.application.closing import closing
from services.billing.application.commands.cancel_payment import CancelPayment, CancelPaymentHandler
from services.billing.application.commands.confirm_payment import ConfirmPayment, ConfirmPaymentHandler
from services.billing.application.commands.pay_invoice import PayInvoice, PayInvoiceHandler
from services.billing.application.commands.receive_webhook import ReceiveWebhook, ReceiveWebhookHandler
from services.billing.application.commands.record_payment import RecordPayment, RecordPaymentHandler
from services.billing.application.commands.refund_payment import RefundPayment, RefundPaymentHandler
from services.billing.application.giving_way import give_up_waiting
from services.billing.application.jobs.resolve_unknown_payments import ResolveUnknownPayments, Share
from services.billing.application.payment_ports import OutcomeUnknown
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.invoice import Invoice
from services.billing.domain.money import ZERO, Money
from services.billing.domain.payment import OutcomeStatus, PaymentState, RefundState
from services.billing.domain.payment_mode import PaymentMode
from tests.support.billing.drawing import Step, steps_of
from tests.support.billing.exploring import Actor
from tests.support.billing.makers import CLIENT, NOW, OWNER, euros, sent_invoice
from tests.support.billing.payments import Account, MemoryRepository, PaymentWorld, Turn
from tests.support.billing.schedules import finish
from tests.support.billing.stores import known_directory

TOTAL = 100
ADDRESSES = ReturnAddresses(("https://portal.test",))
INVOICE = id_from_bits("inv", 1)
NIGHT = (1, 11, 11, 11, 61, 11, 11, 25 * 60, 11, 25 * 60, 25 * 60, 25 * 60, 25 * 60, 11, 11)
"""After how many minutes the recovery job looks again: at once, after an hour, after days."""


def pay_id(number: int) -> str:
    return id_from_bits("pay", number)


def refund_id(number: int) -> str:
    return id_from_bits("rfd", number)


Doing = Callable[["MoneyScene"], Actor]


@cache
def _sent(partial: bool) -> Document:
    """Return the invoice with which every path begins, as it is stored: thousands of paths need not write it anew."""
    invoice = sent_invoice(str(TOTAL), partial_payments=partial, invoice_id=INVOICE, number="INV-000001")
    return to_document(invoice)


@dataclass
class MoneyScene:
    """One invoice of 100 euros, what came before (`before`, one after the other), and who acts at once (`doing`).

    `may_exceed` is for scenes in which money comes late: for a while more is at the provider than was owed.
    """

    before: Sequence[Doing] = ()
    doing: Mapping[str, Doing] = field(default_factory=dict[str, Doing])
    afterwards: Sequence[Doing] = ()
    may_exceed: bool = False
    partial: bool = True
    spared: Collection[str] = ()
    world: PaymentWorld = field(default_factory=PaymentWorld)
    seen: set[tuple[str, Step]] = field(default_factory=set[tuple[str, Step]])
    """Every step of a state machine that was taken; one set for all paths of an exploration."""

    def __post_init__(self) -> None:
        self.spared = {*self.spared, "bank", "payer"}
        self.world.payments.on_save = self.world.invoices.on_save = self._saved
        self.world.with_invoice(to_aggregate(Invoice, _sent(self.partial)))
        for each in self.before:
            finish(each(self))

    def _saved(self, before: Any, after: Any) -> None:
        self.seen.update(steps_of(before, after))

    # --- for the explorer ---

    def actors(self) -> Mapping[str, Callable[[], Actor]]:
        return {name: (lambda each=each: each(self)) for name, each in self.doing.items()}

    def digest(self) -> Hashable:
        world = self.world
        stamps = [tuple(sorted(store.stamps.items())) for store in (world.payments, world.invoices, world.cards)]
        return (*stamps, repr(world.provider.accounts), len(world.webhooks.seen), len(world.tokens.spent))

    def is_fresh(self, aggregate: AggregateRoot) -> bool:
        stores: tuple[MemoryRepository[Any], ...] = (self.world.payments, self.world.invoices, self.world.cards)
        stored = next((store.documents[aggregate.id] for store in stores if aggregate.id in store.documents), None)
        return stored is not None and stored["version"] == aggregate.version

    def lose_answer(self, operation: str) -> None:
        self.world.provider.faults[operation] = ["after"]

    def told(self, actor: str, refusal: Exception) -> None:
        """Who hears that nothing was saved must not have moved money."""
        if isinstance(refusal, ConcurrentUpdate):
            assert self.moved_by(actor) == 0, f"{actor} is told that nothing was saved, and money moved"

    def moved_by(self, actor: str) -> Decimal:
        """Return what a request has moved at the provider; its name ends in the number of its payment or refund."""
        kind, _, number = actor.partition(" ")
        accounts = self.world.provider.accounts
        if kind == "pay":
            account = accounts.get(f"prov_{pay_id(int(number))}")
            return account.amount.amount * account.captures if account else ZERO
        if kind == "refund":
            mine = (account.refunds.get(refund_id(int(number))) for account in accounts.values())
            return sum((each.amount for each in mine if each), ZERO)
        return ZERO

    def check(self) -> None:
        invoice = self.world.invoices.peek(INVOICE)
        assert invoice.paid.amount + invoice.reserved.amount <= TOTAL, "more is booked or held than is owed"
        assert invoice.paid.amount >= 0
        for account in self.world.provider.accounts.values():
            assert account.captures <= 1, "captured twice"
            assert self._left(account) >= 0
        held = sum((self._left(account) for account in self.world.provider.accounts.values()), ZERO)
        assert self.may_exceed or held <= TOTAL, "more is captured than is owed"

    def endings(self) -> Mapping[str, Callable[[Sequence[str]], None]]:
        return {"recovery": self.recovered, "the same requests again": self.asked_again}

    # --- how it ends ---

    def recovered(self, unheard: Sequence[str]) -> None:
        self.repeat([name for name in unheard if name.startswith("webhook")])  # delivered until it is answered
        self.night()
        self.check_quiet()
        self.repeat(unheard)
        self.night()
        self.check_quiet()

    def asked_again(self, unheard: Sequence[str]) -> None:
        self.repeat(unheard)
        self.night()
        self.check_quiet()

    def repeat(self, unheard: Sequence[str]) -> None:
        """Make the requests again whose answer nobody heard; what is answered must be what is true."""
        for name in unheard:
            with suppress(DomainError, OutcomeUnknown):
                answer = finish(self.doing[name](self))
                if name.startswith("record"):
                    assert answer.state is not PaymentState.FAILED, "a payment that was not recorded looks like one"

    def night(self) -> None:
        """Let the recovery job do its work, with the payers and banks gone; then what comes `afterwards`."""
        for minutes in NIGHT:
            self.world.clock.advance(minutes=minutes)
            finish(ResolveUnknownPayments(self.world.steps)(Share(at_once=1)))
            for account in self.world.provider.accounts.values():
                if account.status is OutcomeStatus.PROCESSING:
                    self.world.provider.approve(account)
            self.check()
            if all(payment.check_at is None for payment in self.world.payments.all()):
                break
        for each in self.afterwards:
            finish(each(self))

    def check_quiet(self) -> None:
        """What must hold when nothing is under way: the invoice, the payments and the provider tell the same."""
        invoice, payments = self.world.invoices.peek(INVOICE), self.world.payments.all()
        stuck = [(each.state.value, each.booked) for each in payments if not each.is_settled or each.check_at]
        assert not stuck, f"stuck for ever: {stuck}"
        assert not invoice.reserved.amount, "an amount is held for ever"
        for payment in payments:
            entry = invoice.collections.get(payment.id)
            booked = entry.kept if entry else ZERO
            account = self.world.provider.accounts.get(f"prov_{payment.id}")
            in_hand = payment.captured.amount - payment.refunded.amount
            there = self._left(account) if account else in_hand if payment.mode.is_offline else ZERO
            assert booked == there, f"{booked} is booked, and the provider holds {there}"
            for refund in payment.refunds.values():
                assert refund.state is not RefundState.REQUESTED, "a refund is under way for ever"

    def _left(self, account: Account) -> Decimal:
        return account.left


# --- what people and machines do -------------------------------------------------------------------------------------


def pays(number: int, card: str = "ok", amount: int | None = TOTAL) -> Doing:
    def act(scene: MoneyScene) -> Actor:
        command = PayInvoice(
            payment_id=pay_id(number),
            invoice_id=INVOICE,
            amount=euros(amount) if amount else None,
            card_token=f"tok_{card}_{number:06}",
        )
        return PayInvoiceHandler(scene.world.steps, known_directory(), ADDRESSES)(command, CLIENT)

    return act


def records(number: int, amount: int = TOTAL) -> Doing:
    def act(scene: MoneyScene) -> Actor:
        command = RecordPayment(
            payment_id=pay_id(number),
            invoice_id=INVOICE,
            mode=PaymentMode.CASH,
            amount=euros(amount),
            received_on=NOW.date(),
        )
        return RecordPaymentHandler(scene.world.steps, known_directory())(command, OWNER)

    return act


def refunds(number: int, payment: int, amount: int | None = None) -> Doing:
    def act(scene: MoneyScene) -> Actor:
        command = RefundPayment(
            refund_id=refund_id(number), payment_id=pay_id(payment), amount=euros(amount) if amount else None
        )
        return RefundPaymentHandler(scene.world.steps)(command, OWNER)

    return act


def cancels(payment: int, by: Principal = CLIENT) -> Doing:
    return lambda scene: CancelPaymentHandler(scene.world.steps, known_directory())(
        CancelPayment(payment_id=pay_id(payment)), by
    )


def confirms(payment: int) -> Doing:
    return lambda scene: ConfirmPaymentHandler(scene.world.steps)(ConfirmPayment(payment_id=pay_id(payment)), OWNER)


def closes(*, write_off: bool = False) -> Doing:
    def act(scene: MoneyScene) -> Actor:
        async def give_way(invoice_id: str, by: Principal) -> None:
            await give_up_waiting(invoice_id, steps=scene.world.steps, organisation_id=by.organisation_id)

        def change(invoice: Any) -> None:
            (invoice.write_off if write_off else invoice.void)("mistake", now=NOW)

        invoices: Any = scene.world.invoices
        return closing(invoices, INVOICE, OWNER, give_way, change=change, is_held=lambda it: it.reserved.amount > 0)

    return act


def is_told(payment: int, event: str = "evt_1") -> Doing:
    def act(scene: MoneyScene) -> Actor:
        hook = ReceiveWebhook(
            provider="fake", headers={"signature": "good"}, body=f"{event} {pay_id(payment)}".encode()
        )
        return ReceiveWebhookHandler(scene.world.steps, scene.world.webhooks)(hook)

    return act


def recovers(minutes: int = 0) -> Doing:
    """The recovery job's round; `minutes` pass before."""

    async def act(scene: MoneyScene) -> None:
        scene.world.clock.advance(minutes=minutes)
        await ResolveUnknownPayments(scene.world.steps)(Share(at_once=1))

    return act


def approves(payment: int) -> Doing:
    """The payer goes on at the bank's page."""

    async def act(scene: MoneyScene) -> None:
        await Turn("the payer approves")
        account = scene.world.provider.accounts.get(f"prov_{pay_id(payment)}")
        if account is not None:
            scene.world.provider.approve(account)

    return act


def comes_late(payment: int) -> Doing:
    """The provider captures what it had said would never come."""

    async def act(scene: MoneyScene) -> None:
        scene.world.provider.capture(scene.world.provider.by_our_id(pay_id(payment)))

    return act


def dies(doing: Doing, before: str) -> Doing:
    """The process dies right before this step."""

    async def act(scene: MoneyScene) -> None:
        actor, watcher = doing(scene), _Last()
        Turn.explored = watcher
        while watcher.step != before:
            actor.send(None)
        Turn.explored = None
        actor.close()

    return act


class _Last:
    """Keeps which step comes next."""

    step = ""

    def comes_next(self, what: str) -> None:
        self.step = what


def provider_forgets(payment: int) -> Doing:
    """Another account, a fresh sandbox: the provider knows the payment no more."""

    async def act(scene: MoneyScene) -> None:
        del scene.world.provider.accounts[f"prov_{pay_id(payment)}"]

    return act


def at_the_provider(payment: int, happens: Callable[[Account], None]) -> Doing:
    """Somebody there, or a bank behind it, does something with the payment."""

    async def act(scene: MoneyScene) -> None:
        await Turn("something happens at the provider")
        happens(scene.world.provider.by_our_id(pay_id(payment)))

    return act


def provider_ends() -> Doing:
    """The provider is taken out of the settings."""

    async def act(scene: MoneyScene) -> None:
        scene.world.providers = {"offline": OfflineProvider()}

    return act


def captured_otherwise(amount: str, currency: str = "EUR") -> Callable[[Account], None]:
    """The provider takes another amount than was asked for, or another currency."""

    def happens(account: Account) -> None:
        account.reports = Money.of(amount, currency)

    return happens
