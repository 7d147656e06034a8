"""One contract for everybody who moves money: the fake, the sandbox (over real sockets) and Stripe (recorded)."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from chassis.kernel import new_id
from chassis.world.currencies import DIGITS
from services.billing.adapters.providers.minor_units import stripe_limits, to_stripe_units
from services.billing.adapters.providers.sandbox import SandboxProvider
from services.billing.adapters.providers.stripe import API_VERSION, StripeProvider
from services.billing.application.payment_ports import (
    Attempt,
    CardToken,
    FormUnfinished,
    OutcomeUnknown,
    Payer,
    PaymentProvider,
    ProviderRefused,
    StoredCard,
    TokenNotTheirs,
    WebhookRefused,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import DisputeState, OutcomeStatus
from tests.support.billing.makers import euros
from tests.support.billing.payments import FakeProvider, MemoryCustomers
from tests.support.recorded_stripe import RecordedStripe, recorded
from tests.support.sandbox import SECRET_KEY, WEBHOOK_SECRET, Sandbox, running_sandbox
from tests.support.waiting import LIMIT

PAYER = Payer(contact_id="con_1", organisation_id="org_1")
BACK = "https://portal.test/back"
NUMBERS = {"good": "4242424242424242", "decline": "4000000000009995", "challenge": "4000002760003184"}


class FakeBench:
    """The fake provider, and what a test needs besides."""

    def __init__(self) -> None:
        self.fake = FakeProvider()
        self.provider: PaymentProvider = self.fake
        self.count = 0

    async def token(self, does: str, payer: Payer = PAYER) -> str:
        self.count += 1
        token = f"tok_{does}_{self.count:06}"
        self.fake.forms[token] = payer
        return token

    async def answer_challenge(self, attempt: Attempt, url: str, *, approve: bool) -> None:
        account = self.fake.by_our_id(attempt.payment_id)
        if approve:
            self.fake.approve(account)
        elif account.status is OutcomeStatus.REQUIRES_ACTION:
            account.status = OutcomeStatus.FAILED

    async def captures(self, attempt: Attempt) -> int:
        return self.fake.by_our_id(attempt.payment_id).captures

    async def misbehave(self, operation: str, fault: str) -> None:
        after = fault in {"reset_after", "error_after", "nonsense_after"}
        self.fake.faults[operation] = ["after" if after else "before"]

    async def refund_there(self, provider_id: str, amount: str) -> None:
        self.fake.accounts[provider_id].refund_there(euros(amount))

    async def bounce(self, provider_id: str) -> None:
        self.fake.accounts[provider_id].bounce()

    async def dispute(self, provider_id: str, state: DisputeState) -> None:
        self.fake.accounts[provider_id].dispute(state)


class SandboxBench:
    """The sandbox behind a real socket."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.sandbox = sandbox
        self.provider: PaymentProvider = SandboxProvider(
            sandbox.http, sandbox.url, secret_key=SECRET_KEY, webhook_secret=WEBHOOK_SECRET, call_seconds=LIMIT
        )

    async def token(self, does: str, payer: Payer = PAYER) -> str:
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

    async def refund_there(self, provider_id: str, amount: str) -> None:
        units = int(Decimal(amount) * 100)
        await self.sandbox.call("POST", f"/admin/payments/{provider_id}/refund", {"amount": units})

    async def bounce(self, provider_id: str) -> None:
        _, refunds = await self.sandbox.call("GET", f"/v1/refunds?payment={provider_id}")
        for refund in refunds["data"]:
            await self.sandbox.call("POST", f"/admin/refunds/{refund['id']}/fail", {})

    async def dispute(self, provider_id: str, state: DisputeState) -> None:
        _, known = await self.sandbox.call("GET", f"/v1/disputes?payment={provider_id}")
        if not known["data"]:
            await self.sandbox.call("POST", f"/admin/payments/{provider_id}/dispute", {})
            _, known = await self.sandbox.call("GET", f"/v1/disputes?payment={provider_id}")
        if state is not DisputeState.OPEN:
            close = f"/admin/disputes/{known['data'][0]['id']}/close"
            await self.sandbox.call("POST", close, {"outcome": state.value})


class StripeBench:
    """Recorded Stripe below the official library."""

    def __init__(self) -> None:
        self.recorded = RecordedStripe()
        self.provider: PaymentProvider = StripeProvider(
            "sk_test_recorded", webhook_secret=WEBHOOK_SECRET, http_client=self.recorded
        )

    async def token(self, does: str, payer: Payer = PAYER) -> str:
        form = await self.provider.open_card_form(payer, BACK, None)
        return self.recorded.card_entered(form.url.rpartition("/")[2], does)

    async def answer_challenge(self, attempt: Attempt, url: str, *, approve: bool) -> None:
        self.recorded.challenge_answered(attempt.payment_id, approve=approve)

    async def captures(self, attempt: Attempt) -> int:
        return self.recorded.intent_of(attempt.payment_id).get("captures", 0)

    async def misbehave(self, operation: str, fault: str) -> None:
        self.recorded.faults.append(fault)

    async def refund_there(self, provider_id: str, amount: str) -> None:
        self.recorded.refund_there(provider_id, int(Decimal(amount) * 100))

    async def bounce(self, provider_id: str) -> None:
        self.recorded.bounce(provider_id)

    async def dispute(self, provider_id: str, state: DisputeState) -> None:
        told = {DisputeState.OPEN: "needs_response", DisputeState.WON: "won", DisputeState.LOST: "lost"}
        self.recorded.dispute(provider_id, told[state])


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


async def test_what_was_captured_is_told_with_its_currency(bench: Bench) -> None:
    """A success names the amount, so that it can be compared with ours."""
    wanted, provider_id = await paid(bench)

    found = await bench.provider.retrieve(wanted.payment_id, provider_id)

    assert found is not None
    assert found.amount == wanted.amount


async def test_refunds_of_everybody_are_shown(bench: Bench) -> None:
    """Ours with our id, those made at the provider without, and the amounts of both."""
    wanted, provider_id = await paid(bench)
    refund = new_id("rfd")
    await bench.provider.refund(refund, provider_id, euros(8))
    await bench.refund_there(provider_id, "1.30")

    seen = (await bench.provider.movements(wanted.payment_id, provider_id)).refunds

    assert {(each.refund_id, each.amount, each.succeeded) for each in seen} == {
        (refund, euros(8), True),
        (None, euros("1.30"), True),
    }
    assert len({each.provider_refund_id for each in seen}) == 2


async def test_a_refund_that_comes_back_is_shown_as_failed(bench: Bench) -> None:
    """It had succeeded, and days later the card's bank refuses it; the money can be given back again."""
    wanted, provider_id = await paid(bench)
    refund = new_id("rfd")
    assert (await bench.provider.refund(refund, provider_id, euros(8))).succeeded

    await bench.bounce(provider_id)

    found = await bench.provider.find_refund(refund, provider_id)
    (seen,) = (await bench.provider.movements(wanted.payment_id, provider_id)).refunds
    assert found is not None
    assert (found.succeeded, seen.succeeded) == (False, False)
    assert found.failure is not None
    assert seen.failure is not None
    assert (await bench.provider.refund(new_id("rfd"), provider_id, euros("12.30"))).succeeded


@pytest.mark.parametrize("end", [DisputeState.WON, DisputeState.LOST])
async def test_a_dispute_is_shown_and_so_is_its_end(bench: Bench, end: DisputeState) -> None:
    """It is open, and then decided, under one id and with its amount."""
    wanted, provider_id = await paid(bench)
    assert (await bench.provider.movements(wanted.payment_id, provider_id)).disputes == ()

    await bench.dispute(provider_id, DisputeState.OPEN)
    (opened,) = (await bench.provider.movements(wanted.payment_id, provider_id)).disputes
    await bench.dispute(provider_id, end)
    (closed,) = (await bench.provider.movements(wanted.payment_id, provider_id)).disputes

    assert (opened.state, opened.amount) == (DisputeState.OPEN, wanted.amount)
    assert (closed.state, closed.provider_dispute_id) == (end, opened.provider_dispute_id)


async def test_a_payment_that_is_not_there_has_no_movements(bench: Bench) -> None:
    """The provider knows no such payment, and says so for good."""
    with pytest.raises(ProviderRefused):
        await bench.provider.movements(new_id("pay"), "pi_nobody")


async def test_a_kept_card_pays_again(bench: Bench) -> None:
    """A card of a finished form is kept with the contact, and pays without a form."""
    card = await bench.provider.save_card(PAYER, CardToken(token=await bench.token("good")))

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
    card = await bench.provider.save_card(PAYER, CardToken(token=await bench.token("good")))

    await bench.provider.forget_card(card)
    await bench.provider.forget_card(card)


async def test_the_same_form_is_kept_as_the_same_card(bench: Bench) -> None:
    """Saving twice with one token gives one card."""
    token = CardToken(token=await bench.token("good"))

    assert await bench.provider.save_card(PAYER, token) == await bench.provider.save_card(PAYER, token)


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


# --- whose card it is ------------------------------------------------------------------------------------------------

OTHERS = [
    Payer(contact_id="con_2", organisation_id="org_1"),
    Payer(contact_id="con_1", organisation_id="org_2"),
    Payer(contact_id="con_2", organisation_id="org_2"),
]


async def test_a_token_is_its_payers_own(bench: Bench) -> None:
    """The contact who opened the form gets its card; looking at it twice does not use it."""
    token = await bench.token("good")

    first, second = await bench.provider.read_token(token, PAYER), await bench.provider.read_token(token, PAYER)

    assert first == second
    assert first.card


@pytest.mark.parametrize("other", OTHERS, ids=["a colleague", "another organisation", "a stranger"])
async def test_a_token_of_somebody_else_is_none(bench: Bench, other: Payer) -> None:
    """Nobody else can read it, pay with it or keep its card, and its payer still can."""
    token = await bench.token("good")
    theirs = await attempt(bench, source=CardToken(token=token), payer=other.contact_id)

    with pytest.raises(TokenNotTheirs):
        await bench.provider.read_token(token, other)
    if other.organisation_id == "org_1":
        with pytest.raises(ProviderRefused):
            await bench.provider.create(theirs)
        with pytest.raises(ProviderRefused):
            await bench.provider.save_card(other, CardToken(token=token))

    wanted, _ = await paid(bench, source=CardToken(token=token))
    assert await bench.captures(wanted) == 1


@pytest.mark.parametrize("token", ["tok_never_given_000001", "cs_test_never_given"])
async def test_a_token_that_nobody_gave_is_none(bench: Bench, token: str) -> None:
    """An invented token says no more than one of somebody else."""
    if isinstance(bench, FakeBench):
        bench.fake.forms[token] = OTHERS[0]

    with pytest.raises(TokenNotTheirs):
        await bench.provider.read_token(token, PAYER)


async def test_a_token_pays_once(bench: Bench) -> None:
    """A second attempt with the same token is refused for good, whatever became of the first."""
    token = CardToken(token=await bench.token("good"))
    first = await attempt(bench, source=token)
    await bench.provider.create(first)

    with pytest.raises(ProviderRefused) as refused:
        await bench.provider.create(await attempt(bench, source=token))

    assert refused.value.failure.code == "token_used"


async def test_a_token_that_paid_is_not_kept(bench: Bench) -> None:
    """Nor is its card saved by a second use."""
    token = CardToken(token=await bench.token("good"))
    await paid(bench, source=token)

    with pytest.raises(ProviderRefused) as refused:
        await bench.provider.save_card(PAYER, token)

    assert refused.value.failure.code == "token_used"


async def test_a_token_that_was_kept_does_not_pay(bench: Bench) -> None:
    """The card is in the list then, and pays from there."""
    token = CardToken(token=await bench.token("good"))
    await bench.provider.save_card(PAYER, token)

    with pytest.raises(ProviderRefused) as refused:
        await bench.provider.create(await attempt(bench, source=token))

    assert refused.value.failure.code == "token_used"


async def test_a_challenge_that_was_cancelled_takes_no_money_any_more(bench: Bench) -> None:
    """Finishing the bank's page after the attempt was given up captures nothing."""
    wanted = await attempt(bench, "challenge")
    created = await bench.provider.create(wanted)
    waiting = await bench.provider.confirm(wanted, created.provider_payment_id)
    cancelled = await bench.provider.cancel(wanted.payment_id, created.provider_payment_id)

    await bench.answer_challenge(wanted, waiting.redirect_url or "", approve=True)

    found = await bench.provider.retrieve(wanted.payment_id, created.provider_payment_id)
    assert cancelled.status is OutcomeStatus.CANCELLED
    assert found is not None
    assert found.status is OutcomeStatus.CANCELLED
    assert await bench.captures(wanted) == 0


# --- what only one of them does --------------------------------------------------------------------------------------


def stripe_with(bench: StripeBench, customers: MemoryCustomers) -> PaymentProvider:
    return StripeProvider(
        "sk_test_recorded", webhook_secret=WEBHOOK_SECRET, http_client=bench.recorded, customers=customers
    )


def stripe_event(**subject: Any) -> tuple[dict[str, str], bytes, datetime]:
    return signed(recorded("event", data={"object": recorded("payment_intent", **subject)}))


def signed(event: dict[str, Any]) -> tuple[dict[str, str], bytes, datetime]:
    now, body = datetime(2026, 3, 10, 12, tzinfo=UTC), json.dumps(event).encode()
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


@pytest.mark.parametrize("save_card", [True, False])
@pytest.mark.parametrize("end", ["declined", "not authenticated", "cancelled"])
async def test_a_card_of_an_attempt_that_came_to_nothing_is_detached_at_stripe(end: str, save_card: bool) -> None:
    """Setup mode has attached it already; without a payment nobody lists it, so nobody could have it forgotten."""
    bench = StripeBench()
    wanted = await attempt(bench, "decline" if end == "declined" else "challenge", save_card=save_card)
    created = await bench.provider.create(wanted)
    await bench.provider.confirm(wanted, created.provider_payment_id)
    if end == "cancelled":
        await bench.provider.cancel(wanted.payment_id, created.provider_payment_id)
    elif end == "not authenticated":
        await bench.answer_challenge(wanted, "", approve=False)
        await bench.provider.retrieve(wanted.payment_id, created.provider_payment_id)

    cards = [each for each in bench.recorded.objects.values() if each["object"] == "payment_method"]
    assert [card["customer"] for card in cards] == [None]


async def test_a_saved_card_survives_an_attempt_that_came_to_nothing() -> None:
    """A card of the list stays attached when a payment by it is declined."""
    bench = StripeBench()
    kept = await bench.provider.save_card(PAYER, CardToken(token=await bench.token("decline")))
    wanted = await attempt(bench, source=StoredCard(token=kept.token, customer=kept.customer))
    created = await bench.provider.create(wanted)
    outcome = await bench.provider.confirm(wanted, created.provider_payment_id)

    assert outcome.status is OutcomeStatus.FAILED
    assert bench.recorded.objects[kept.token]["customer"] == kept.customer


async def test_nothing_is_ever_searched_at_stripe() -> None:
    """Accounts without search open forms, pay, and find an attempt of which only our own id is known."""
    bench = StripeBench()
    bench.recorded.page = 2
    attempts = [(await paid(bench))[0] for _ in range(5)]

    found = [await bench.provider.retrieve(each.payment_id, None) for each in attempts]

    assert [each.status for each in found if each] == [OutcomeStatus.SUCCEEDED] * 5
    assert [path for _, path, _, _ in bench.recorded.requests if "search" in path] == []


async def test_an_attempt_is_looked_for_around_its_beginning_only() -> None:
    """The list that is read for a lost id is bounded by time."""
    bench = StripeBench()
    wanted, _ = await paid(bench)
    created = datetime.fromtimestamp(bench.recorded.intent_of(wanted.payment_id)["created"], UTC)

    now = await bench.provider.retrieve(wanted.payment_id, None, begun_at=created)
    later = await bench.provider.retrieve(wanted.payment_id, None, begun_at=created + timedelta(hours=1))

    assert now is not None
    assert later is None


async def test_one_customer_at_stripe_for_each_payer() -> None:
    """Kept by us, made once; the same contact in another organisation is somebody else."""
    bench = StripeBench()
    bench.provider = stripe_with(bench, customers := MemoryCustomers())
    for payer in (PAYER, PAYER, OTHERS[1]):
        await bench.provider.open_card_form(payer, BACK, None)

    made = [each for each in bench.recorded.objects.values() if each["object"] == "customer"]
    assert sorted(customers.known.values()) == sorted(each["id"] for each in made)
    assert len(made) == 2


async def test_a_customer_who_was_deleted_at_stripe_is_made_anew() -> None:
    """Somebody tidied up in Stripe's dashboard: the next form opens, for a new customer."""
    bench = StripeBench()
    bench.provider = stripe_with(bench, customers := MemoryCustomers())
    await bench.provider.open_card_form(PAYER, BACK, None)
    (old,) = customers.known.values()
    bench.recorded.objects[old]["deleted"] = True

    await bench.provider.open_card_form(PAYER, BACK, None)

    assert list(customers.known.values()) != [old]


async def test_a_form_of_a_customer_we_no_longer_use_is_nobodys() -> None:
    """The session's customer must be the one that we keep for this payer."""
    bench = StripeBench()
    bench.provider = stripe_with(bench, customers := MemoryCustomers())
    token = await bench.token("good")
    customers.known = dict.fromkeys(customers.known, "cus_somebody_else")

    with pytest.raises(TokenNotTheirs):
        await bench.provider.read_token(token, PAYER)


async def test_a_form_without_a_card_is_unfinished() -> None:
    """Whoever takes the token from the address before the card is entered is told so."""
    bench = StripeBench()
    form = await bench.provider.open_card_form(PAYER, BACK, None)

    with pytest.raises(FormUnfinished):
        await bench.provider.read_token(form.url.rpartition("/")[2], PAYER)


async def test_stripe_answers_in_the_version_that_we_name() -> None:
    """Neither the account's default nor a newer library decides in which version we are answered."""
    bench = StripeBench()
    await paid(bench)

    assert bench.recorded.seen_versions == {API_VERSION}


@pytest.mark.parametrize(
    ("status", "kind", "code", "expected"),
    [
        (401, "invalid_request_error", None, ProviderRefused),
        (403, "invalid_request_error", None, ProviderRefused),
        (400, "invalid_request_error", "amount_too_small", ProviderRefused),
        (400, "invalid_request_error", "parameter_unknown", ProviderRefused),
        (400, "a_kind_of_next_year", "x", ProviderRefused),
        (409, "idempotency_error", "idempotency_key_in_use", OutcomeUnknown),
        (409, "invalid_request_error", "lock_timeout", OutcomeUnknown),
        (429, "rate_limit_error", None, OutcomeUnknown),
        (429, "invalid_request_error", "lock_timeout", OutcomeUnknown),
        (500, "api_error", None, OutcomeUnknown),
        (503, "api_error", None, OutcomeUnknown),
    ],
)
async def test_what_stripe_refuses_and_what_it_leaves_open(
    status: int, kind: str, code: str | None, expected: type[Exception]
) -> None:
    """A definite no was not done; whatever may have been done is unknown."""
    bench = StripeBench()
    wanted = await attempt(bench)
    error = {"error": {"type": kind, "code": code, "message": "No."}}
    bench.recorded.answers = {"/v1/payment_intents": (status, error)}

    with pytest.raises(expected):
        await bench.provider.create(wanted)


@pytest.mark.parametrize("body", [None, [], 5, "x", {}, {"object": "payment_intent"}, {"id": 5}, {"id": ""}])
async def test_an_answer_without_sense_is_unknown(body: Any) -> None:
    """A 200 with anything but a payment leaves open what was done."""
    bench = StripeBench()
    wanted = await attempt(bench)
    bench.recorded.answers = {"/v1/payment_intents": (200, body)}

    with pytest.raises(OutcomeUnknown):
        await bench.provider.create(wanted)


@pytest.mark.parametrize("does", ["payment_intent", "refund", "charge", "charge, expanded"])
def test_a_stripe_event_names_its_payment(does: str) -> None:
    """Whether the payment is named or comes as a whole object."""
    whole: dict[str, Any] = {"id": "pi_1", "object": "payment_intent"}
    subject: dict[str, Any] = (
        {"payment_intent": whole if "," in does else "pi_1"} if does != "payment_intent" else whole
    )
    headers, body, now = stripe_event(**{**subject, "object": does.partition(",")[0], "metadata": None})

    notice = StripeBench().provider.read_webhook(headers, body, now)

    assert notice is not None
    assert (notice.payment_id, notice.provider_payment_id) == (None, "pi_1")


def test_ids_may_be_longer_than_today() -> None:
    """Stripe's document allows ids of 5,000 characters; the same event is still known again."""
    long = "x" * 5000
    headers, body, now = signed(
        {"id": f"evt_{long}", "data": {"object": {"object": "payment_intent", "id": f"pi_{long}"}}}
    )

    first, second = (StripeBench().provider.read_webhook(headers, body, now) for _ in range(2))

    assert first == second
    assert first is not None
    assert first.provider_payment_id == f"pi_{long}"
    assert len(first.event_id) <= 255


@pytest.mark.parametrize(
    "event",
    [
        {"id": "evt_1", "object": "v2.core.event", "type": "v1.billing.meter.error_report_triggered"},
        {"id": "evt_1", "object": "v2.core.event", "related_object": {"id": "pi_1", "type": "payment_intent"}},
        {"id": "evt_1", "object": "event", "data": {"object": {"object": "payout", "payment_intent": "pi_1"}}},
        {"id": "evt_1", "object": "event", "data": {"object": {"object": "checkout.session", "id": "cs_1"}}},
        {"id": "evt_1", "object": "event", "data": {"object": {"id": "no kind"}}},
        {"id": "evt_1", "object": "event", "data": {"object": {"object": "charge", "payment_intent": None}}},
        {"id": "evt_1", "livemode": True, "data": {"object": {"object": "payment_intent", "id": "pi_1"}}},
    ],
)
def test_a_genuine_event_of_another_kind_version_or_mode_is_taken(event: dict[str, Any]) -> None:
    """Refusing it would have it delivered again for days, and the endpoint switched off in the end."""
    headers, body, now = signed(event)

    assert StripeBench().provider.read_webhook(headers, body, now) is None


async def test_an_amount_that_stripe_cannot_count_is_refused_by_its_limits() -> None:
    """Every currency of ours has limits that Stripe's units can express, and amounts between them are whole units."""
    for currency in DIGITS:
        limits = stripe_limits(currency)
        for amount in (limits.least, limits.least + limits.step, limits.most):
            assert limits.allow(amount), (currency, amount)
            assert 0 < to_stripe_units(Money(amount, currency)) <= 999_999_999_999
        assert not limits.allow(limits.least - limits.step)
        assert not limits.allow(limits.most + limits.step)


@pytest.mark.parametrize(
    ("amount", "currency", "allowed"),
    [
        ("0.49", "EUR", False), ("0.50", "EUR", True), ("0.29", "GBP", False), ("0.30", "GBP", True),
        ("174.99", "HUF", False), ("175", "HUF", True), ("49", "JPY", False), ("50", "JPY", True),
        ("999999.99", "USD", True), ("1000000.00", "USD", True), ("9999999999.99", "USD", True),
        ("10000000000.00", "USD", False), ("1.234", "KWD", False), ("1.230", "KWD", True), ("0.005", "BHD", False),
        ("5", "ISK", True), ("5", "UGX", True), ("5", "MGA", True), ("5.50", "MGA", False), ("12.34", "TWD", True),
        ("1000000000000", "JPY", False), ("999999999999", "KRW", True), ("3.99", "HKD", False),
    ],
)  # fmt: skip
def test_what_stripe_takes_in_each_currency(amount: str, currency: str, allowed: bool) -> None:
    """Least and most amounts, steps of three-digit currencies, and the special cases of its documentation."""
    assert StripeBench().provider.limits(currency).allow(Decimal(amount)) is allowed


async def test_a_card_that_nobody_wanted_kept_is_detached_at_stripe() -> None:
    """Setup mode attaches every card; after a payment without "save this card" it is detached again."""
    bench = StripeBench()
    wanted, _provider_id = await paid(bench, save_card=False)

    assert (
        bench.recorded.objects[bench.recorded.intent_of(wanted.payment_id)["payment_method"]["id"]]["customer"] is None
    )
    assert [path for _, path, _, _ in bench.recorded.requests if path.endswith("/detach")]


@pytest.mark.parametrize(
    "told",
    [
        {"object": "refund", "id": "re_1", "payment_intent": "pi_1", "status": "failed"},
        {"object": "charge", "id": "ch_1", "payment_intent": "pi_1", "refunded": True},
        {"object": "dispute", "id": "du_1", "payment_intent": "pi_1", "status": "lost"},
    ],
    ids=["refund.failed", "charge.refunded", "charge.dispute.closed"],
)
def test_what_is_done_at_stripe_is_about_its_payment(told: dict[str, Any]) -> None:
    """Events of refunds and disputes name the payment to look at; their bodies decide nothing."""
    headers, body, now = signed({"id": "evt_1", "object": "event", "data": {"object": told}})

    notice = StripeBench().provider.read_webhook(headers, body, now)

    assert notice is not None
    assert notice.provider_payment_id == "pi_1"


async def test_a_key_that_may_not_read_disputes_still_shows_refunds() -> None:
    """A restricted key costs the disputes only."""
    bench = StripeBench()
    wanted, provider_id = await paid(bench)
    await bench.provider.refund("rfd_1", provider_id, euros(1))
    forbidden = {"error": {"message": "No permission.", "type": "invalid_request_error", "code": "more_permissions"}}
    bench.recorded.answers["/v1/disputes"] = (403, forbidden)

    seen = await bench.provider.movements(wanted.payment_id, provider_id)

    assert [each.refund_id for each in seen.refunds] == ["rfd_1"]


async def test_stripe_calls_carry_our_ids_as_idempotency_keys() -> None:
    """Every call that moves money has a key made of our own id, and an attempt with a form's card the form's token."""
    bench = StripeBench()
    wanted, provider_id = await paid(bench)
    await bench.provider.refund("rfd_1", provider_id, euros(1))
    stored = StoredCard(token="pm_kept", customer="cus_1")
    bench.recorded.objects["pm_kept"] = {"id": "pm_kept", "customer": "cus_1", "metadata": {}, "does": "good"}
    again = await attempt(bench, source=stored)
    await bench.provider.create(again)

    keys = [key for method, _, _, key in bench.recorded.requests if method == "post" and key and ":" in key][1:]
    assert isinstance(wanted.source, CardToken)
    assert keys[:3] == [f"token:{wanted.source.token}", f"confirm:{wanted.payment_id}", "refund:rfd_1"]
    assert keys[3:] == [f"create:{again.payment_id}"]


async def test_the_sandbox_hanging_is_over_within_the_time_limit(tmp_path: Path) -> None:
    """A provider that never answers costs one time limit, not the caller's evening."""
    async with running_sandbox(tmp_path / "s") as sandbox, aiohttp.ClientSession() as http:
        provider = SandboxProvider(http, sandbox.url, secret_key=SECRET_KEY, webhook_secret="x", call_seconds=0.3)
        await sandbox.call("POST", "/admin/faults", {"operation": "retrieve", "fault": "hang_before"})

        async with asyncio.timeout(LIMIT):
            with pytest.raises(OutcomeUnknown):
                await provider.retrieve("pay_1", None)
