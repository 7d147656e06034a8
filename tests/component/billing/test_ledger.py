"""Another system that keeps its books from events alone has the same books as the portal."""

from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from chassis.cloudevents import CloudEvent
from services.billing.application.commands.receive_webhook import ReceiveWebhook
from services.billing.domain.payment import DisputeState
from tests.component.billing.payment_doors import billing_with, confirm
from tests.support.billing.makers import CLIENT, CUSTOMER, OTHER_CLIENT, OTHER_CUSTOMER, OWNER, euros
from tests.support.billing.payments import Account, FakeProvider
from tests.support.billing.running import Running, invoice_input
from tests.support.storage import quickest

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
Door = tuple[Running, FakeProvider]
SEED, STEPS = 2, 120
BOOKS = """query($customer: ID!) {
  invoices(first: 100, filter: { customerId: $customer }) { nodes { id number status total { amount } paid { amount }
    balance { amount } customer { id } dueOn payments { id status refunds { amount { amount } status } } } }
  statements(from: "2026-01-01", to: "2026-12-31", customerId: $customer) { closingBalance { amount } }
}"""


@dataclass
class Ledger:
    """What docs/events says, read by somebody who has nothing else. A payment counts once its invoice took it."""

    told: dict[str, dict[str, Any]] = field(default_factory=dict[str, dict[str, Any]])
    claimed: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    taken: dict[str, str] = field(default_factory=dict[str, str])
    money: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    void: set[str] = field(default_factory=set[str])

    def read(self, events: Iterable[CloudEvent]) -> None:
        for event in events:
            kind, data = event.type.split(".")[1], event.data
            if kind.startswith("invoice_"):
                self._invoice(kind.removeprefix("invoice_"), data)
            elif kind in {"payment_succeeded", "payment_refunded", "payment_refund_failed"}:
                amount = Decimal(data["amount"]["amount"])
                self.money[data["paymentId"]] += -amount if kind == "payment_refunded" else amount

    def _invoice(self, kind: str, data: dict[str, Any]) -> None:
        invoice = data["invoiceId"]
        self.told[invoice] = data
        if kind == "sent":
            self.claimed[invoice] = Decimal(data["balance"]["amount"])
        elif kind == "voided":
            self.void.add(invoice)
        elif kind == "written_off":
            self.claimed[invoice] -= Decimal(data["amount"]["amount"])
        elif kind in {"paid", "partially_paid"}:
            self.taken[data["paymentId"]] = invoice

    def paid(self, invoice: str) -> Decimal:
        return sum((self.money[one] for one, its in self.taken.items() if its == invoice), Decimal(0))

    def owed(self, invoice: str) -> Decimal:
        return Decimal(0) if invoice in self.void else self.claimed[invoice] - self.paid(invoice)


class Office:
    """Whoever does things: staff, clients and the provider, at random by a seed; what is refused, is refused."""

    def __init__(self, door: Door, seed: int) -> None:
        self.billing, self.provider = door
        self.chance = Random(seed)
        self.invoices: list[str] = []
        self.payments: list[str] = []
        self.done: dict[str, int] = defaultdict(int)
        self.count = 0

    async def step(self) -> None:
        self.count += 1
        names = ("create", "create", "update", "send", "send", "pay", "pay", "record", "refund", "refund")
        names += ("void", "write_off", "terms", "there", "bounce", "dispute", "captured_otherwise", "cancel")
        name = self.chance.choice(names)
        if await getattr(self, f"_{name}")():
            self.done[name] += 1

    def _one(self, among: list[str]) -> str:
        return self.chance.choice(among) if among else "inv_00000000000000000000000000"

    def _amount(self) -> str:
        return f"{self.chance.choice((1, 20, 50, 99, 100, 119))}.{self.chance.choice(('00', '10', '99'))}"

    def _content(self) -> dict[str, Any]:
        given = invoice_input(self.chance.choice((self._amount(), "0.00", "-30.00", self._amount())))
        given["customerId"] = self.chance.choice((CUSTOMER, OTHER_CUSTOMER))
        given["paymentTerms"]["partialPaymentsAllowed"] = self.chance.random() < 0.8
        given["paymentTerms"]["modes"] = ["CARD", "BANK_TRANSFER"]
        if self.chance.random() < 0.3:
            given |= {"prepaid": "10.00", "rounding": "-0.05"}
        return given

    async def _try(self, mutation: str, by: Any = OWNER, show: str = "", **given: Any) -> Any:
        payload = await self.billing.mutate(mutation, by, show=show, **given)
        return None if payload["userErrors"] else payload

    async def _create(self) -> Any:
        made = await self._try("createInvoice", show="invoice { id }", **self._content())
        if made:
            self.invoices.append(made["invoice"]["id"])
        return made

    async def _update(self) -> Any:
        return await self._try("updateInvoice", invoiceId=self._one(self.invoices), **self._content())

    async def _send(self) -> Any:
        return await self._try("sendInvoice", invoiceId=self._one(self.invoices[-6:]))

    async def _pay(self, token: str = "ok") -> Any:
        amount = {"amount": {"amount": self._amount(), "currency": "EUR"}} if self.chance.random() < 0.7 else {}
        token = self.chance.choice(("ok", "ok", "decline", "challenge", "processing")) if token == "ok" else token
        given = {"invoiceId": self._one(self.invoices), "cardToken": f"tok_{token}_{self.count:06}", **amount}
        for by in (CLIENT, OTHER_CLIENT):
            if made := await self._try("payInvoice", by, "payment { id }", **given):
                self.payments.append(made["payment"]["id"])
                return made
        return None

    async def _record(self) -> Any:
        given: dict[str, Any] = {"mode": "BANK_TRANSFER", "receivedOn": "2026-03-09"}
        money = {"amount": self._amount(), "currency": "EUR"}
        made = await self._try(
            "recordPayment", show="payment { id }", invoiceId=self._one(self.invoices), amount=money, **given
        )
        if made:
            self.payments.append(made["payment"]["id"])
        return made

    async def _refund(self) -> Any:
        amount: dict[str, Any] = (
            {"amount": {"amount": self._amount(), "currency": "EUR"}} if self.chance.random() < 0.6 else {}
        )
        return await self._try("refundPayment", paymentId=self._one(self.payments), **amount)

    async def _void(self) -> Any:
        return await self._try("voidInvoice", invoiceId=self._one(self.invoices))

    async def _write_off(self) -> Any:
        return await self._try("writeOffInvoice", invoiceId=self._one(self.invoices))

    async def _terms(self) -> Any:
        terms = {"modes": ["CARD", "BANK_TRANSFER"], "dueOn": "2026-04-24", "partialPaymentsAllowed": True}
        return await self._try("changeInvoiceTerms", invoiceId=self._one(self.invoices), paymentTerms=terms)

    async def _cancel(self) -> Any:
        return await self._try("cancelPayment", paymentId=self._one(self.payments))

    async def _there(self) -> Any:
        return await self._at_provider(lambda account: account.refund_there(euros(1)))

    async def _bounce(self) -> Any:
        return await self._at_provider(lambda account: account.bounce())

    async def _dispute(self) -> Any:
        end = self.chance.choice((DisputeState.WON, DisputeState.LOST))
        await self._at_provider(lambda account: account.dispute(DisputeState.OPEN))
        return await self._at_provider(lambda account: account.dispute(end))

    async def _captured_otherwise(self) -> Any:
        made = await self._pay("challenge")
        if made:
            account = self.provider.by_our_id(made["payment"]["id"])
            account.reports = euros(str(account.amount.amount + self.chance.choice((0, 1))))
            self.provider.approve(account)
            await confirm(self.billing, made["payment"]["id"], OWNER)
        return made

    async def _at_provider(self, change: Callable[[Account], None]) -> bool:
        known = [each for each in self.payments if f"prov_{each}" in self.provider.accounts]
        if not known:
            return False
        payment = self.chance.choice(known[-5:])
        change(self.provider.by_our_id(payment))
        body = f"evt_{self.count}_{self.chance.random()} {payment}".encode()
        command = ReceiveWebhook(provider="sandbox", headers={"signature": "good"}, body=body)
        await self.billing.service.application.commands.receive_webhook(command)
        return True


@pytest.fixture
async def door(mongo_url: str, database_name: str) -> AsyncIterator[Door]:
    async with billing_with(mongo_url, f"{database_name}_") as running:
        yield running


async def test_the_books_of_a_subscriber_are_the_portals(door: Door) -> None:
    """After many decisions of all kinds, what was sent is owed, paid, due and numbered as events tell it."""
    office, ledger = Office(door, SEED), Ledger()
    for _ in range(STEPS):
        await office.step()
    await door[0].drain()
    ledger.read(door[0].bus.published)

    assert len(office.done) > 8, office.done
    for customer in (CUSTOMER, OTHER_CUSTOMER):
        books = await door[0].query(BOOKS, customer=customer)
        sent = [one for one in books["invoices"]["nodes"] if one["number"]]
        for invoice in sent:
            told = ledger.told[invoice["id"]]
            here = [Decimal(invoice[name]["amount"]) for name in ("balance", "balance", "paid", "total")]
            there = [Decimal(told["balance"]["amount"]), ledger.owed(invoice["id"]), ledger.paid(invoice["id"])]
            assert here == [*there, Decimal(told["total"]["amount"])], invoice
            assert (invoice["number"], invoice["dueOn"]) == (told["number"], told["dueDate"])
            assert invoice["customer"]["id"] == told["customerId"]
        closing = sum(Decimal(each["closingBalance"]["amount"]) for each in books["statements"])
        assert closing == sum(ledger.owed(one["id"]) for one in sent)
