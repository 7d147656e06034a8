"""One contract for everybody who moves money: the fake, the sandbox (over real sockets) and Stripe (recorded)."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from services.billing.adapters.providers.sandbox import SandboxProvider
from services.billing.adapters.providers.stripe import StripeProvider
from services.billing.application.payment_ports import (
    Attempt,
    CardToken,
    OutcomeUnknown,
    PaymentProvider,
    ProviderRefused,
    StoredCard,
    WebhookRefused,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import OutcomeStatus
from services.chassis.kernel import new_id
from tests.support.billing.makers import euros
from tests.support.billing.payments import FakeProvider
from tests.support.recorded_stripe import RecordedStripe
from tests.support.sandbox import SECRET_KEY, WEBHOOK_SECRET, Sandbox, running_sandbox
from tests.support.waiting import LIMIT

BACK = "https://portal.test/back"
NUMBERS = {"good": "4242424242424242", "decline": "4000000000009995", "challenge": "4000002760003184"}


class FakeBench:
    """The fake provider, and what a test needs besides."""

    def __init__(self) -> None:
        self.fake = FakeProvider()
        self.provider: PaymentProvider = self.fake
        self.count = 0

    async def token(self, does: str, payer: str = "con_1") -> str:
        self.count += 1
        return f"tok_{does}_{self.count:06}"

    async def answer_challenge(self, attempt: Attempt, url: str, *, approve: bool) -> None:
        account = self.fake.by_our_id(attempt.payment_id)
        if approve:
            self.fake.approve(account)
        else:
            account.status = OutcomeStatus.FAILED

    async def captures(self, attempt: Attempt) -> int:
        return self.fake.by_our_id(attempt.payment_id).captures

    async def misbehave(self, operation: str, fault: str) -> None:
        after = fault in {"reset_after", "error_after", "nonsense_after"}
        self.fake.faults[operation] = ["after" if after else "before"]


class SandboxBench:
    """The sandbox behind a real socket."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.provider: PaymentProvider = SandboxProvider(
            sandbox.http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, call_seconds=LIMIT
        )

    async def token(self, does: str, payer: str = "con_1") -> str:
        form = await self.provider.open_card_form(payer, BACK, None)
        return (await self.sandbox.fill_in(form.url, NUMBERS[does]))[1]["token"]

    async def answer_challenge(self, attempt: Attempt, url: str, *, approve: bool) -> None:
        await self.sandbox.answer_challenge(url, approve=approve)

    async def captures(self, attempt: Attempt) -> int:
        _, events = await self.sandbox.call("GET", "/admin/events")
        mine = [e for e in events["data"] if e["data"]["object"].get("reference") == attempt.payment_id]
        return sum(event["type"] == "payment.succeeded" for event in mine)

    async def misbehave(self, operation: str, fault: str) -> None:
        kind = "reset_before" if fault == "reset" else fault
        await self.sandbox.call("POST", "/admin/faults", {"operation": operation, "fault": kind})


class StripeBench:
    """Recorded Stripe below the official library."""

    def __init__(self) -> None:
        self.recorded = RecordedStripe()
        self.provider: PaymentProvider = StripeProvider(
            "sk_test_recorded", webhook_secret=WEBHOOK_SECRET, http_client=self.recorded
        )

    async def token(self, does: str, payer: str = "con_1") -> str:
        form = await self.provider.open_card_form(payer, BACK, None)
        return self.recorded.card_entered(form.url.rpartition("/")[2], does)

    async def answer_challenge(self, attempt: Attempt, url: str, *, approve: bool) -> None:
        self.recorded.challenge_answered(attempt.payment_id, approve=approve)

    async def captures(self, attempt: Attempt) -> int:
        return self.recorded.intent_of(attempt.payment_id).get("captures", 0)

    async def misbehave(self, operation: str, fault: str) -> None:
        self.recorded.faults.append(fault)


Bench = FakeBench | SandboxBench | StripeBench


@pytest.fixture(params=["fake", "sandbox", "stripe"])
async def bench(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Bench]:
    """Each provider in turn."""
    if request.param == "sandbox":
        async with running_sandbox(tmp_path / "sandbox") as sandbox:
            yield SandboxBench(sandbox)
    else:
        yield FakeBench() if request.param == "fake" else StripeBench()


async def attempt(bench: Bench, does: str = "good", **changes: Any) -> Attempt:
    source = changes.pop("source", None) or CardToken(token=await bench.token(does))
    wishes: dict[str, Any] = {"amount": euros("12.30"), "payer": "con_1", "return_url": BACK, **changes}
    return Attempt(
        payment_id=new_id("pay"), organisation_id="org_1", description="Invoice INV-0001", source=source, **wishes
    )


async def paid(bench: Bench, **changes: Any) -> tuple[Attempt, str]:
    wanted = await attempt(bench, **changes)
    created = await bench.provider.create(wanted)
    assert (await bench.provider.confirm(wanted, created.provider_payment_id)).status is OutcomeStatus.SUCCEEDED
    return wanted, created.provider_payment_id


async def test_creating_moves_no_money(bench: Bench) -> None:
    """A new attempt is unconfirmed, and the same attempt gives the same provider payment."""
    wanted = await attempt(bench)

    first, second = await bench.provider.create(wanted), await bench.provider.create(wanted)

    assert first.status is OutcomeStatus.UNCONFIRMED
    assert first.provider_payment_id == second.provider_payment_id
    assert await bench.captures(wanted) == 0


async def test_confirming_captures_once(bench: Bench) -> None:
    """Confirming twice, one after the other, captures once, and both answers say so."""
    wanted, provider_id = await paid(bench)

    again = await bench.provider.confirm(wanted, provider_id)

    assert again.status is OutcomeStatus.SUCCEEDED
    assert await bench.captures(wanted) == 1


async def test_confirming_at_once_captures_once(bench: Bench) -> None:
    """Ten confirmations at the same time capture once."""
    wanted = await attempt(bench)
    created = await bench.provider.create(wanted)

    outcomes = await asyncio.gather(
        *(bench.provider.confirm(wanted, created.provider_payment_id) for _ in range(10)), return_exceptions=True
    )

    assert not [each for each in outcomes if isinstance(each, ProviderRefused)]
    assert await bench.captures(wanted) == 1


async def test_a_paid_attempt_tells_the_card(bench: Bench) -> None:
    """The card's brand, last four digits and expiry come back, and nothing longer."""
    wanted, provider_id = await paid(bench)

    found = await bench.provider.retrieve(wanted.payment_id, provider_id)

    assert found is not None
    assert found.card is not None
    assert (found.card.brand, found.card.last_four, found.card.exp_year) == ("visa", "4242", 2040)


async def test_a_declined_card_moves_nothing(bench: Bench) -> None:
    """A decline is a failure with a code and a sentence, whether answered or looked up."""
    wanted = await attempt(bench, "decline")
    created = await bench.provider.create(wanted)
    try:
        failure = (await bench.provider.confirm(wanted, created.provider_payment_id)).failure
    except ProviderRefused as refused:
        failure = refused.failure

    found = await bench.provider.retrieve(wanted.payment_id, created.provider_payment_id)

    assert failure is not None
    assert failure.code in {"insufficient_funds", "card_declined"}
    assert found is not None
    assert found.status is OutcomeStatus.FAILED
    assert await bench.captures(wanted) == 0


@pytest.mark.parametrize(("approve", "status"), [(True, OutcomeStatus.SUCCEEDED), (False, OutcomeStatus.FAILED)])
async def test_a_challenge_sends_the_payer_away(bench: Bench, approve: bool, status: OutcomeStatus) -> None:
    """3-D Secure gives an address, and what the payer does there decides."""
    wanted = await attempt(bench, "challenge")
    created = await bench.provider.create(wanted)
    waiting = await bench.provider.confirm(wanted, created.provider_payment_id)
    assert waiting.status is OutcomeStatus.REQUIRES_ACTION
    assert waiting.redirect_url is not None

    await bench.answer_challenge(wanted, waiting.redirect_url, approve=approve)

    found = await bench.provider.retrieve(wanted.payment_id, created.provider_payment_id)
    assert found is not None
    assert found.status is status


async def test_an_attempt_is_found_by_our_id_alone(bench: Bench) -> None:
    """After a lost answer our own id is enough; an unknown one finds nothing."""
    wanted, provider_id = await paid(bench)

    found = await bench.provider.retrieve(wanted.payment_id, None)

    assert found is not None
    assert found.provider_payment_id == provider_id
    assert await bench.provider.retrieve(new_id("pay"), None) is None


async def test_a_cancelled_attempt_is_never_captured(bench: Bench) -> None:
    """Confirming after cancelling moves nothing."""
    wanted = await attempt(bench)
    created = await bench.provider.create(wanted)

    cancelled = await bench.provider.cancel(wanted.payment_id, created.provider_payment_id)
    after = await bench.provider.confirm(wanted, created.provider_payment_id)

    assert cancelled.status is after.status is OutcomeStatus.CANCELLED
    assert await bench.captures(wanted) == 0


async def test_cancelling_too_late_tells_so(bench: Bench) -> None:
    """What was captured stays captured."""
    wanted, provider_id = await paid(bench)

    assert (await bench.provider.cancel(wanted.payment_id, provider_id)).status is OutcomeStatus.SUCCEEDED


async def test_a_refund_happens_once(bench: Bench) -> None:
    """The same refund id gives money back once, and is found again."""
    _, provider_id = await paid(bench)
    refund = new_id("rfd")
    assert await bench.provider.find_refund(refund, provider_id) is None

    first = await bench.provider.refund(refund, provider_id, euros(8))
    second = await bench.provider.refund(refund, provider_id, euros(8))
    found = await bench.provider.find_refund(refund, provider_id)

    assert first == second == found
    assert first.succeeded


async def test_refunds_never_exceed_the_payment(bench: Bench) -> None:
    """A second refund that does not fit is refused for good."""
    _, provider_id = await paid(bench)
    await bench.provider.refund(new_id("rfd"), provider_id, euros(8))

    with pytest.raises(ProviderRefused):
        await bench.provider.refund(new_id("rfd"), provider_id, euros(8))


async def test_a_kept_card_pays_again(bench: Bench) -> None:
    """A card of a finished form is kept with the contact, and pays without a form."""
    card = await bench.provider.save_card("con_1", await bench.token("good"))

    wanted, _ = await paid(bench, source=StoredCard(token=card.token, customer=card.customer))

    assert await bench.captures(wanted) == 1
    assert (card.last_four, card.exp_month, card.exp_year) == ("4242", 12, 2040)


async def test_a_card_is_kept_while_paying(bench: Bench) -> None:
    """With `save_card` the payment's card can be charged again."""
    first, provider_id = await paid(bench, save_card=True)
    found = await bench.provider.retrieve(first.payment_id, provider_id)
    assert found is not None
    assert found.card is not None

    again, _ = await paid(bench, source=StoredCard(token=found.card.token, customer=found.card.customer))

    assert await bench.captures(again) == 1


async def test_forgetting_a_card_twice_is_no_error(bench: Bench) -> None:
    """The second time there is nothing left to forget."""
    card = await bench.provider.save_card("con_1", await bench.token("good"))

    await bench.provider.forget_card(card)
    await bench.provider.forget_card(card)


async def test_the_same_form_is_kept_as_the_same_card(bench: Bench) -> None:
    """Saving twice with one token gives one card."""
    token = await bench.token("good")

    assert await bench.provider.save_card("con_1", token) == await bench.provider.save_card("con_1", token)


@pytest.mark.parametrize("fault", ["reset", "reset_after", "error_after", "nonsense_after", "rate_limit"])
@pytest.mark.parametrize("operation", ["create", "confirm", "refund"])
async def test_whatever_is_no_answer_is_unknown(bench: Bench, operation: str, fault: str) -> None:
    """Broken connections, 5xx, 429 and nonsense are unknown, and doing it again does it once."""
    wanted = await attempt(bench)
    provider, refund = bench.provider, new_id("rfd")
    if operation != "create":
        created = await provider.create(wanted)
    if operation == "refund":
        await provider.confirm(wanted, created.provider_payment_id)
    calls: dict[str, Callable[[], Any]] = {
        "create": lambda: provider.create(wanted),
        "confirm": lambda: provider.confirm(wanted, created.provider_payment_id),
        "refund": lambda: provider.refund(refund, created.provider_payment_id, euros(5)),
    }
    await bench.misbehave(operation, fault)

    with pytest.raises(OutcomeUnknown):
        await calls[operation]()

    again = await calls[operation]()
    assert getattr(again, "status", None) is not OutcomeStatus.FAILED
    assert await bench.captures(wanted) == (0 if operation == "create" else 1)


# --- what only one of them does --------------------------------------------------------------------------------------


def stripe_event(**subject: Any) -> tuple[dict[str, str], bytes, datetime]:
    from tests.support.recorded_stripe import recorded

    now = datetime(2026, 3, 10, 12, tzinfo=UTC)
    body = json.dumps(recorded("event", data={"object": recorded("payment_intent", **subject)})).encode()
    stamp = int(now.timestamp())
    mac = hmac.new(WEBHOOK_SECRET.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return {"stripe-signature": f"t={stamp},v1={mac},v0={'0' * 64}"}, body, now


def test_stripes_own_library_accepts_the_signatures_we_accept() -> None:
    """Our check and the official one agree on a genuine delivery."""
    import stripe

    headers, body, now = stripe_event(id="pi_1", metadata={"payment_id": "pay_1"})
    stripe.WebhookSignature.verify_header(body.decode(), headers["stripe-signature"], WEBHOOK_SECRET, tolerance=10**9)

    notice = StripeBench().provider.read_webhook(headers, body, now)

    assert notice is not None
    assert (notice.payment_id, notice.provider_payment_id) == ("pay_1", "pi_1")


def test_a_stripe_event_about_something_else_is_none_of_ours() -> None:
    """A genuine event about another object is taken and ignored."""
    headers, body, now = stripe_event(object="subscription", id="sub_1")

    assert StripeBench().provider.read_webhook(headers, body, now) is None


def test_a_stripe_delivery_from_the_future_is_refused() -> None:
    """The library accepts any time to come; we do not."""
    headers, body, now = stripe_event(id="pi_1")

    with pytest.raises(WebhookRefused, match="tolerance"):
        StripeBench().provider.read_webhook(headers, body, now.replace(hour=11))


@pytest.mark.parametrize(
    ("amount", "units"),
    [
        (Money.of("12.30", "EUR"), "1230"),
        (Money.of("500", "JPY"), "500"),
        (Money.of("1.230", "KWD"), "1230"),
        (Money.of("500", "ISK"), "50000"),
        (Money.of("5", "MGA"), "5"),
    ],
)
async def test_stripe_counts_in_its_own_units(amount: Money, units: str) -> None:
    """Zero- and three-digit currencies arrive at Stripe as its documentation wants them."""
    bench = StripeBench()

    await bench.provider.create(await attempt(bench, amount=amount))

    assert (
        next(body["amount"] for _, path, body, _ in bench.recorded.requests if path == "/v1/payment_intents") == units
    )


async def test_an_amount_that_stripe_cannot_charge_is_refused() -> None:
    """A KWD amount with a third digit never reaches Stripe."""
    bench = StripeBench()

    with pytest.raises(ProviderRefused):
        await bench.provider.create(await attempt(bench, amount=Money.of("1.234", "KWD")))


async def test_a_card_that_nobody_wanted_kept_is_detached_at_stripe() -> None:
    """Setup mode attaches every card; after a payment without "save this card" it is detached again."""
    bench = StripeBench()
    wanted, _provider_id = await paid(bench, save_card=False)

    assert (
        bench.recorded.objects[bench.recorded.intent_of(wanted.payment_id)["payment_method"]["id"]]["customer"] is None
    )
    assert [path for _, path, _, _ in bench.recorded.requests if path.endswith("/detach")]


async def test_stripe_calls_carry_our_ids_as_idempotency_keys() -> None:
    """Every call that moves money has a key made of our own id."""
    bench = StripeBench()
    wanted, provider_id = await paid(bench)
    await bench.provider.refund("rfd_1", provider_id, euros(1))

    keys = [key for _, path, _, key in bench.recorded.requests if (key and ":pay_" in key) or key == "refund:rfd_1"]
    assert keys == [f"create:{wanted.payment_id}", f"confirm:{wanted.payment_id}", "refund:rfd_1"]


async def test_the_sandbox_hanging_is_over_within_the_time_limit(tmp_path: Path) -> None:
    """A provider that never answers costs one time limit, not the caller's evening."""
    async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
        provider = SandboxProvider(http, sandbox.url, secret_key=SECRET_KEY, webhook_secret="x", call_seconds=0.3)
        await sandbox.call("POST", "/admin/faults", {"operation": "retrieve", "fault": "hang_before"})

        async with asyncio.timeout(LIMIT):
            with pytest.raises(OutcomeUnknown):
                await provider.retrieve("pay_1", None)
