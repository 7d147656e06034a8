"""Promises 8, 9 and 10 on a real database: never too much, once per key, and every outcome becomes known."""

import asyncio
import json
import random
import sys
import time
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import aiohttp
import pytest

from chassis.kernel import DomainError, Principal, Role, SystemClock, id_from_bits, new_id
from payment_sandbox.cards import TEST_CARDS
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.adapters.providers.sandbox import CALL_SECONDS, SandboxProvider
from services.billing.application.commands.pay_invoice import PayInvoice
from services.billing.application.commands.refund_payment import RefundPayment
from services.billing.bootstrap import Billing, assemble
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.payment import PaymentState
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.repositories import Invoices
from tests.component.billing.payment_doors import billing_with, pay, sent_invoice
from tests.support.billing import makers
from tests.support.billing.makers import CLIENT, OTHER_ORGANISATION, OWNER, euros
from tests.support.billing.payments import Account, FakeProvider
from tests.support.billing.running import Running, running_billing
from tests.support.clock import FakeClock
from tests.support.sandbox import SECRET_KEY, WEBHOOK_SECRET, Sandbox, running_sandbox, serve, silences, wait_out
from tests.support.soak import how_many, soak
from tests.support.storage import quickest
from tests.support.waiting import LIMIT, eventually_answered

pytestmark = pytest.mark.parametrize("mongo_url", [quickest()], indirect=True)
"""These tests are about processes and providers; what the engines must do is in the tests of the repositories."""

TOTAL = Decimal(500)
FULL, PARTS, OTHERS = how_many(12, 50), how_many(60, 200), how_many(8, 20)
"""Payments of all, payments of a fiftieth (alone more than the total), and refunds and edits each, at once."""
UNKNOWN = how_many(6, 20)
"""Payments of each fault whose outcome nobody knows."""
SERVICE = Principal.for_service(CLIENT.organisation_id)


class WatchfulProvider(FakeProvider):
    """The fake, which looks at every capture whether it was one too many."""

    def capture(self, account: Account) -> None:
        super().capture(account)
        collected = sum((each.amount for each in self.collected), Decimal(0))
        assert collected <= TOTAL, f"{collected} collected"


def invoices_of(billing: Running) -> Invoices:
    return cast(Invoices, billing.service.steps.invoices)


async def stored(billing: Running, **more: Any) -> Invoice:
    """Store a sent invoice of 500 euros that may be paid in parts."""
    invoice = makers.sent_invoice(str(TOTAL), number=more.pop("number", "INV-1"), partial_payments=True, **more)
    await invoices_of(billing).add(invoice)
    return invoice


async def settle_all(service: Billing, clock: FakeClock, limit: int = 100) -> int:
    """Let time pass and the recovery job work until nothing is left to do; return how often it looked."""
    looked = 0
    for _ in range(limit):
        clock.advance(minutes=11)
        found = (await service.application.jobs.resolve_unknown_payments()).looked_at
        looked += found
        if not found and not await service.steps.payments.due(clock.now(), 1):
            return looked
    raise AssertionError("the recovery job did not come to an end")


async def all_payments(billing: Running, invoice_id: str) -> Any:
    return await billing.service.steps.payments.of_invoice(SERVICE, invoice_id)


# --- promise 8 -------------------------------------------------------------------------------------------------------


@soak
@pytest.mark.slow
async def test_full_and_part_payments_at_once(mongo_url: str, database_name: str) -> None:
    """Over two services on one database, with refunds, voids and edits in between: captured never exceeds the total.

    Voids begin after the first payment: one that came before all of them would leave nothing to pay.
    """
    order = random.Random(8)
    async with billing_with(mongo_url, f"{database_name}_", WatchfulProvider(name="sandbox")) as (billing, provider):
        first = billing.service
        second = assemble(
            first.settings,
            bus=billing.bus,
            clock=billing.clock,
            identity=billing.identity,
            providers={"sandbox": provider, "offline": OfflineProvider()},
        )
        doors = (first.application.commands, second.application.commands)
        invoice = await stored(billing)
        taken: list[str] = []

        async def one(number: int, amount: int) -> str:
            command = PayInvoice(
                payment_id=id_from_bits("pay", number),
                invoice_id=invoice.id,
                amount=euros(amount),
                card_token=f"tok_ok_{number:06}",
            )
            try:
                payment = await doors[number % 2].pay_invoice(command, CLIENT)
            except DomainError as refusal:
                return refusal.code
            if payment.state is PaymentState.SUCCEEDED:
                taken.append(payment.id)
            return payment.state.value

        async def refund(number: int) -> str:
            while not taken:
                await asyncio.sleep(0.01)
            command = RefundPayment(
                refund_id=id_from_bits("rfd", number), payment_id=order.choice(taken), amount=euros(order.randint(1, 6))
            )
            try:
                await doors[number % 2].refund_payment(command, OWNER)
            except DomainError as refusal:
                return refusal.code
            return "refunded"

        async def edit(number: int) -> str:
            terms = PaymentTerms(modes=(PaymentMode.CARD,), partial_payments=True)
            while number % 2 and not taken:
                await asyncio.sleep(0.01)

            def change(it: Invoice) -> None:
                if number % 2:
                    it.void("mistake", now=billing.clock.now())
                else:
                    it.change_terms(terms, today=billing.clock.now().date(), now=billing.clock.now())

            try:
                await invoices_of(billing).update(OWNER, invoice.id, change)
            except DomainError as refusal:
                return refusal.code
            return "edited"

        actors = [one(n, 500) for n in range(FULL)] + [one(n, 10) for n in range(FULL, FULL + PARTS)]
        actors += [refund(n) for n in range(OTHERS)] + [edit(n) for n in range(OTHERS)]
        order.shuffle(actors)
        started = time.monotonic()
        outcomes = Counter(await asyncio.wait_for(asyncio.gather(*actors), 10 * LIMIT))
        await settle_all(first, billing.clock)

        after = await invoices_of(billing).get(SERVICE, invoice.id)
        payments = await all_payments(billing, invoice.id)
        captured = sum((each.amount for each in provider.collected), Decimal(0))
        seconds = time.monotonic() - started
        print(f"{FULL + PARTS} payments: {dict(outcomes)} in {seconds:.1f} s; captured {captured} of {TOTAL}")
        assert captured == after.paid.amount <= TOTAL
        assert after.reserved.amount == 0
        assert [each.id for each in payments if not each.is_settled] == []
        assert captured > 0
        await second.http.close()
        second.renderer.close()
        await second.database.close()


async def test_fifty_payers_at_once_all_get_a_definite_answer(mongo_url: str, database_name: str) -> None:
    """Through two services at once, one of them pays, and every other reads why not; nobody is told to try again."""
    async with billing_with(mongo_url, f"{database_name}_") as (billing, provider):
        first = billing.service
        second = assemble(
            first.settings,
            bus=billing.bus,
            clock=billing.clock,
            identity=billing.identity,
            providers={"sandbox": provider, "offline": OfflineProvider()},
        )
        doors = (first.application.commands, second.application.commands)
        invoice = await stored(billing)

        async def one(number: int) -> str:
            command = PayInvoice(
                payment_id=id_from_bits("pay", number), invoice_id=invoice.id, card_token=f"tok_ok_{number:06}"
            )
            try:
                return (await doors[number % 2].pay_invoice(command, CLIENT)).state.value
            except DomainError as refusal:
                return refusal.code

        outcomes = Counter(await asyncio.gather(*(one(number) for number in range(50))))
        await settle_all(first, billing.clock)

        after = await invoices_of(billing).get(SERVICE, invoice.id)
        refusals = {"AMOUNT_EXCEEDS_BALANCE", "AMOUNT_NOT_POSITIVE", "PARTIAL_PAYMENT_NOT_ALLOWED", "INVOICE_NOT_OPEN"}
        assert outcomes.pop(PaymentState.SUCCEEDED.value) == 1
        assert outcomes.keys() <= refusals, outcomes
        assert (after.paid.amount, after.reserved.amount, len(provider.collected)) == (after.total.amount, 0, 1)
        await second.http.close()
        second.renderer.close()
        await second.database.close()


# --- promise 9 -------------------------------------------------------------------------------------------------------


async def test_the_same_key_twenty_times_at_once(mongo_url: str, database_name: str) -> None:
    """One charge and one answer; other input under the key is an error; another organisation's same key is its own."""
    async with billing_with(mongo_url, f"{database_name}_") as (billing, provider):
        invoice = await sent_invoice(billing, terms={"partialPaymentsAllowed": True})
        half = {"amount": {"amount": "50", "currency": "EUR"}}

        first = await asyncio.gather(*(pay(billing, invoice["id"], key="same-key-1", **half) for _ in range(20)))
        again = [await pay(billing, invoice["id"], key="same-key-1", **half) for _ in range(3)]
        other = await pay(billing, invoice["id"], key="same-key-1", amount={"amount": "49", "currency": "EUR"})

        codes = Counter(error["code"] for payload in first for error in payload["userErrors"])
        answered = [payload for payload in [*first, *again] if payload["payment"]]
        assert set(codes) <= {"IDEMPOTENCY_KEY_IN_FLIGHT"}
        assert {payload["payment"]["id"] for payload in answered} == {answered[0]["payment"]["id"]}
        assert [payload["payment"]["status"] for payload in again] == ["SUCCEEDED"] * 3
        assert [error["code"] for error in other["userErrors"]] == ["IDEMPOTENCY_KEY_REUSED"]
        assert [account.captures for account in provider.accounts.values()] == [1]

        customer, contact = id_from_bits("cus", 77), id_from_bits("con", 77)
        foreign = await stored(billing, organisation_id=OTHER_ORGANISATION, customer_id=customer, number="X-1")
        stranger = Principal(id=contact, organisation_id=OTHER_ORGANISATION, role=Role.CONTACT, customer_id=customer)
        theirs = await pay(billing, foreign.id, stranger, key="same-key-1", cardToken="tok_ok_000009", **half)
        assert theirs["payment"]["status"] == "SUCCEEDED"
        assert theirs["payment"]["id"] != answered[0]["payment"]["id"]


async def test_a_refusal_is_repeated_and_never_becomes_a_charge(mongo_url: str, database_name: str) -> None:
    """The first answer to a key stays its answer, also where it was a no."""
    async with billing_with(mongo_url, f"{database_name}_") as (billing, provider):
        invoice = await sent_invoice(billing)
        part = {"amount": {"amount": "1", "currency": "EUR"}}

        answers = [(await pay(billing, invoice["id"], key="refused-1", **part))["userErrors"] for _ in range(3)]

        assert [[error["code"] for error in errors] for errors in answers] == [["PARTIAL_PAYMENT_NOT_ALLOWED"]] * 3
        assert provider.accounts == {}


async def die_paying(die_at: int, **orders: Any) -> tuple[int | None, str]:
    """Run the process that pays and dies; return its exit code and what it printed."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.support.billing.dying_payer",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    out, _ = await process.communicate(json.dumps({"die_at": die_at, **orders}).encode())
    return process.returncode, out.decode()


@pytest.mark.slow
@pytest.mark.parametrize("retry", [True, False], ids=["the client asks again", "nobody asks again"])
async def test_killed_at_every_point(mongo_url: str, database_name: str, tmp_path: Path, retry: bool) -> None:
    """SIGKILL after each change, in a real process: at most one charge, a final state, no reservation left behind."""
    async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
        provider = SandboxProvider(
            http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, call_seconds=LIMIT
        )
        async with running_billing(mongo_url, f"{database_name}_", {"sandbox": provider}) as billing:
            billing.clock.time = SystemClock().now()
            desk, ends = billing.service, list[str]()
            for point in range(1, 20):
                invoice = await stored(billing, number=f"K-{point}")
                payment_id, token = new_id("pay"), await sandbox.token(customer=CLIENT.id)
                code, printed = await die_paying(
                    point,
                    mongo_url=mongo_url,
                    database=billing.service.database.name,
                    sandbox=sandbox.url,
                    secret_key=SECRET_KEY,
                    payment_id=payment_id,
                    invoice_id=invoice.id,
                    token=token,
                )
                if retry:
                    command = PayInvoice(payment_id=payment_id, invoice_id=invoice.id, card_token=token, save_card=True)
                    await desk.application.commands.pay_invoice(command, CLIENT)
                await settle_all(desk, billing.clock)
                ends.append(await check_once(sandbox, billing, payment_id, invoice.id))
                if code == 0:
                    assert json.loads(printed)["points"] < point
                    break
                assert code == -9
            print(f"killed at {len(ends) - 1} points, retry {retry}: {Counter(ends)}")
            assert len(ends) > 6


async def check_once(sandbox: Sandbox, billing: Running, payment_id: str, invoice_id: str) -> str:
    """Check that provider, payment and invoice agree; return how the payment ended."""
    _, found = await sandbox.call("GET", f"/v1/payments?reference={payment_id}")
    captured = sum(row["amount_captured"] for row in found["data"])
    payment = await billing.service.steps.payments.find(payment_id)
    invoice = await invoices_of(billing).get(SERVICE, invoice_id)
    if payment is None:  # it died when only the token was spent
        assert (found["data"], invoice.collections) == ([], {})
        return "never begun"
    assert len(found["data"]) <= 1
    assert payment.is_settled
    assert invoice.reserved.amount == 0
    assert captured == int(invoice.paid.amount * 100) == int(payment.captured.amount * 100)
    return payment.state.value


# --- promise 10 ------------------------------------------------------------------------------------------------------

FAULTY = [(number, card.fault.value) for number, card in TEST_CARDS.items() if card.fault]


@soak
@pytest.mark.slow
@pytest.mark.parametrize(("number", "fault"), FAULTY, ids=[fault for _, fault in FAULTY])
async def test_an_unknown_outcome_resolves_itself(
    mongo_url: str, database_name: str, tmp_path: Path, number: str, fault: str
) -> None:
    """Several payments against a misbehaving provider: an answer, no double charge, a final state each.

    A provider that hangs is waited for no longer than one call may take, on the loop's clock, which is then moved.
    """
    async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
        provider = SandboxProvider(
            http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, call_seconds=LIMIT
        )
        async with running_billing(mongo_url, f"{database_name}_", {"sandbox": provider}) as billing:
            invoices = [await stored(billing, number=f"U-{n}") for n in range(UNKNOWN)]
            tokens = [await sandbox.token(number, CLIENT.id) for _ in invoices]

            async def one(invoice: Invoice, token: str) -> tuple[str, str]:
                payload = await pay(billing, invoice.id, cardToken=token)
                assert payload["payment"], payload["userErrors"]
                return payload["payment"]["id"], payload["payment"]["status"]

            pairs = zip(invoices, tokens, strict=True)
            with silences() as silent:
                paying = asyncio.gather(*(one(invoice, token) for invoice, token in pairs))
                if fault.startswith("hang"):
                    await wait_out(silent, len(invoices))
                answers = await paying
            looked = await settle_all(billing.service, billing.clock)

            ends = Counter(
                [
                    await check_once(sandbox, billing, payment_id, invoice.id)
                    for invoice, (payment_id, _) in zip(invoices, answers, strict=True)
                ]
            )
            first = Counter(status for _, status in answers)
            print(f"{fault}: read {dict(first)}, {looked} looks, ended {dict(ends)}")
            assert CALL_SECONDS < 10
            assert set(first) <= ({"SUCCEEDED"} if fault == "delay" else {"PROCESSING"})
            assert set(ends) == ({"succeeded"} if fault.endswith("_after") or fault == "delay" else {"cancelled"})


@pytest.mark.parametrize("fault", ["hang_after", "reset_after", "error_after", "nonsense_after", "rate_limit"])
async def test_a_lost_answer_to_the_announcement_charges_nothing(
    mongo_url: str, database_name: str, tmp_path: Path, fault: str
) -> None:
    """When not even the provider's id came back, the attempt is found by ours and cancelled, or was never there."""
    async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
        provider = SandboxProvider(http, sandbox.url, secret_key=SECRET_KEY, webhook_secret="x", call_seconds=LIMIT)
        async with running_billing(mongo_url, f"{database_name}_", {"sandbox": provider}) as billing:
            invoice = await stored(billing)
            token = await sandbox.token(customer=CLIENT.id)
            await sandbox.call("POST", "/admin/faults", {"operation": "create", "fault": fault})

            with silences() as silent:
                paying = asyncio.ensure_future(pay(billing, invoice.id, cardToken=token))
                if fault == "hang_after":
                    await wait_out(silent, 1)
                payment = (await paying)["payment"]
            await settle_all(billing.service, billing.clock)

            assert payment["status"] == "PROCESSING"
            assert await check_once(sandbox, billing, payment["id"], invoice.id) in {"cancelled", "failed"}


async def test_a_provider_that_is_down_for_long_is_asked_less_and_less(mongo_url: str, database_name: str) -> None:
    """Nothing is given up while the provider is silent, and everything settles once it speaks."""
    async with billing_with(mongo_url, f"{database_name}_") as (billing, provider):
        provider.faults = {"confirm": ["after"], "retrieve": ["before"] * 30}
        invoice = await sent_invoice(billing)
        payment = (await pay(billing, invoice["id"]))["payment"]
        desk, waits = billing.service, list[float]()
        for _ in range(12):
            known = await desk.steps.payments.find(payment["id"])
            assert known is not None
            assert known.check_at is not None
            waits.append((known.check_at - billing.clock.now()).total_seconds())
            billing.clock.time = known.check_at
            await desk.application.jobs.resolve_unknown_payments()

        provider.faults.clear()
        await settle_all(desk, billing.clock)

        ended = await desk.steps.payments.find(payment["id"])
        assert waits == sorted(waits)
        assert (waits[0], waits[-1]) == (5.0, 600.0)
        assert ended is not None
        assert ended.state is PaymentState.SUCCEEDED


async def test_the_sandboxs_webhook_settles_a_challenge_by_itself(
    mongo_url: str, database_name: str, tmp_path: Path
) -> None:
    """With nobody coming back from 3-D Secure, the provider's signed delivery alone pays the invoice."""
    from starlette.applications import Starlette

    late: dict[str, Any] = {}

    async def hook(scope: Any, receive: Any, send: Any) -> None:
        await late["app"](scope, receive, send)

    async with (
        serve(lambda _: hook) as address,
        running_sandbox(tmp_path / "s", f"{address}/webhooks/sandbox") as sandbox,
        aiohttp.ClientSession() as http,
    ):
        provider = SandboxProvider(
            http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, call_seconds=LIMIT
        )
        async with running_billing(mongo_url, f"{database_name}_", {"sandbox": provider}) as billing:
            billing.clock.time = SystemClock().now()
            late["app"] = Starlette(routes=billing.service.routes)
            invoice = await stored(billing)
            token = await sandbox.token("4000002760003184", CLIENT.id)
            waiting = (await pay(billing, invoice.id, cardToken=token, saveCard=True))["payment"]
            await sandbox.answer_challenge(waiting["nextAction"]["redirectUrl"], approve=True)

            async def is_paid() -> bool:
                return not (await invoices_of(billing).get(SERVICE, invoice.id)).balance.amount

            await eventually_answered(is_paid, "the payment")

            cards = (await billing.query("{ savedCards { brand lastFour } }", CLIENT))["savedCards"]
            assert waiting["status"] == "REQUIRES_ACTION"
            assert cards == [{"brand": "visa", "lastFour": "3184"}]
