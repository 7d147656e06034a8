"""Promise 11: forged and replayed webhooks do nothing; genuine ones have their effect once, in any order."""

import asyncio
import hashlib
import hmac
import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from starlette.applications import Starlette

from services.billing.adapters.providers.sandbox import SandboxProvider
from services.billing.adapters.providers.stripe import StripeProvider
from services.billing.application.payment_ports import WebhookNotice
from tests.component.billing.payment_doors import billing_with, pay, sent_invoice
from tests.support.asgi import Answer, request
from tests.support.billing.makers import NOW
from tests.support.billing.payments import FakeProvider
from tests.support.billing.running import Running
from tests.support.recorded_stripe import RecordedStripe, recorded

SECRET = "whsec_right"
STAMP = int(NOW.timestamp())
HEADERS = {"sandbox": "payment-signature", "stripe": "stripe-signature"}


@dataclass
class SignedProvider(FakeProvider):
    """The fake, but its webhooks are verified by the real adapters, the sandbox's or Stripe's."""

    kind: str = "sandbox"

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        session: Any = None
        if self.kind == "stripe":
            stripe = StripeProvider("sk_test", webhook_secret=SECRET, http_client=RecordedStripe())
            return stripe.read_webhook(headers, body, now)
        return SandboxProvider(session, "", secret_key="sk", webhook_secret=SECRET).read_webhook(headers, body, now)


def sign(body: bytes, *, secret: str = SECRET, stamp: int = STAMP, algorithm: str = "sha256") -> str:
    return hmac.new(secret.encode(), f"{stamp}.".encode() + body, algorithm).hexdigest()


def event(kind: str, payment_id: str, event_id: str = "evt_000001") -> bytes:
    """Return a genuine event of this provider about one of our payments."""
    if kind == "stripe":
        subject = recorded("payment_intent", id=f"prov_{payment_id}", metadata={"payment_id": payment_id})
        return json.dumps(recorded("event", id=event_id, data={"object": subject})).encode()
    subject = {"id": f"prov_{payment_id}", "reference": payment_id, "status": "succeeded"}
    return json.dumps({"id": event_id, "type": "payment.succeeded", "data": {"object": subject}}).encode()


Delivery = tuple[str, bytes, str | None]


def forgeries(body: bytes) -> list[Delivery]:
    """Return (what is wrong, body, signature header) of deliveries that nobody may accept."""
    return [*wrong_signatures(body), *wrong_bodies(body), *malformed_headers(body)]


def wrong_signatures(body: bytes) -> list[Delivery]:
    """Other secrets, other times, other algorithms, every digit of the signature changed."""
    good = sign(body)
    secrets = ("", "whsec_wrong", SECRET[:-1], SECRET + " ", SECRET.upper(), "null", "0", SECRET + "\n", "sk_test")
    cases: list[Delivery] = [(f"secret {s!r}", body, f"t={STAMP},v1={sign(body, secret=s)}") for s in secrets]
    for offset in (-(10**9), -86400, -3600, -601, -302, -301, 301, 302, 601, 3600, 86400, 10**9):
        late = STAMP + offset
        cases.append((f"{offset} s away", body, f"t={late},v1={sign(body, stamp=late)}"))
        cases.append((f"time moved by {offset} s", body, f"t={late},v1={good}"))
    for place in range(64):
        flipped = "0" if good[place] != "0" else "1"
        cases.append((f"digit {place}", body, f"t={STAMP},v1={good[:place]}{flipped}{good[place + 1 :]}"))
    algorithms = ("md5", "sha1", "sha224", "sha384", "sha512", "sha3_256", "blake2s")
    cases += [(each, body, f"t={STAMP},v1={sign(body, algorithm=each)}") for each in algorithms]
    bare = hmac.new(SECRET.encode(), body, "sha256").hexdigest()
    joined = hmac.new(SECRET.encode(), str(STAMP).encode() + body, "sha256").hexdigest()
    plain = hashlib.sha256(SECRET.encode() + body).hexdigest()
    return cases + [
        (f"signed otherwise {n}", body, f"t={STAMP},v1={mac}") for n, mac in enumerate((bare, joined, plain))
    ]


def wrong_bodies(body: bytes) -> list[Delivery]:
    """The signature of the body over one that differs in a byte."""
    header = f"t={STAMP},v1={sign(body)}"
    cases: list[Delivery] = []
    for place in range(0, len(body), max(1, len(body) // 40)):
        changed = bytes([body[place] ^ 1])
        cases.append((f"byte {place} added", body[:place] + b" " + body[place:], header))
        cases.append((f"byte {place} gone", body[:place] + body[place + 1 :], header))
        cases.append((f"byte {place} changed", body[:place] + changed + body[place + 1 :], header))
    ends = (b" ", b"\n", b"\x00", b"{}", b"\xff")
    cases += [(f"{end!r} after it", body + end, header) for end in ends]
    whole = (b"", body + body, b"\xef\xbb\xbf" + body, body[::-1])
    return cases + [(f"another body {n}", other, header) for n, other in enumerate(whole)]


def malformed_headers(body: bytes) -> list[Delivery]:
    """Headers that are none, around a signature that is right."""
    g = sign(body)
    good = f"t={STAMP},v1={g}"
    malformed = [
        None, "", g, f"v1={g}", f"t={STAMP}", f"t={STAMP},v1=", f"t=,v1={g}", f"t={STAMP},v0={g}", f"t={STAMP};v1={g}",
        f"t={STAMP},v2={g}", f"t=-{STAMP},v1={g}", f"t={STAMP}.0,v1={g}", f"t=0x{STAMP:x},v1={g}", f"t=nan,v1={g}",
        f"t={STAMP},v1={g.upper()}", f"t={STAMP},v1={g}0", f"t={STAMP},v1={g[:-1]}", f"t={STAMP},v1= {g}", "None",
        f"t={STAMP}, v1={g}", f"v1={g},t={STAMP}", f"T={STAMP},V1={g}", f"t={STAMP},t={STAMP},v1={g}", f"{good},",
        f"{good},x=1", f"t={'9' * 400},v1={g}", f"t={STAMP},v1={g * 200}", "t=\u0661,v1=" + g, f"sha256={g}",
        "t={},v1={}", f"Bearer {SECRET}", f"{good};{good}", f"t={STAMP}\t,v1={g}", "t=1,v1=1", "=,=", ",,,,",
    ]  # fmt: skip
    return [(f"malformed header {n}", body, each) for n, each in enumerate(malformed)]


async def deliver(
    billing: Running, kind: str, body: bytes, header: str | None, path: str = "/webhooks/sandbox"
) -> Answer:
    """Post a delivery to the service's route."""
    headers = {HEADERS[kind]: header.encode().decode("latin-1")} if header is not None else {}
    return await request(Starlette(routes=billing.service.routes), path, method="POST", headers=headers, body=body)


@pytest.fixture(params=["sandbox", "stripe"])
async def waiting(
    request: pytest.FixtureRequest, mongo_url: str, database_name: str
) -> AsyncIterator[tuple[Running, SignedProvider, str, str]]:
    """A payment that waits for its challenge, at a provider that knows already that it was approved."""
    signed = SignedProvider(name="sandbox", kind=request.param)
    async with billing_with(mongo_url, f"{database_name}_", signed) as (billing, provider):
        invoice = await sent_invoice(billing)
        payment = (await pay(billing, invoice["id"], cardToken="tok_challenge_1"))["payment"]
        provider.approve(provider.by_our_id(payment["id"]))
        provider.calls.clear()
        yield billing, provider, payment["id"], request.param


async def status(billing: Running, payment_id: str) -> str:
    stored = await billing.service.steps.payments.find(payment_id)
    assert stored is not None
    return stored.state.value


async def test_forged_deliveries_do_nothing(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """Every forgery is answered 400 before anybody is asked anything, and the payment stays as it was."""
    billing, provider, payment_id, kind = waiting
    cases = forgeries(event(kind, payment_id))

    accepted = [what for what, body, header in cases if (await deliver(billing, kind, body, header)).status != 400]

    print(f"{kind}: {len(cases)} forgeries, {len(accepted)} accepted")
    assert accepted == []
    assert len(cases) >= 250
    assert provider.calls == []
    assert await status(billing, payment_id) == "requires_action"


async def test_genuine_but_senseless_bodies_are_refused(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """A right signature over no event is a 400, never a 500."""
    billing, provider, _, kind = waiting
    bodies = [
        b"",
        b"null",
        b"[]",
        b"1",
        b'"x"',
        b"{}",
        b"\xff\xfe",
        b'{"id": 1}',
        b'{"id": "evt_1", "data": null}',
        b"[" * 9999,
    ]

    seen = {(await deliver(billing, kind, body, f"t={STAMP},v1={sign(body)}")).status for body in bodies}

    assert seen == {400}
    assert provider.calls == []


async def test_fifty_deliveries_at_once_have_one_effect(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """The same genuine event fifty times at once pays the invoice once and is told once."""
    billing, provider, payment_id, kind = waiting
    body = event(kind, payment_id)
    header = f"t={STAMP},v1={sign(body)}"

    answers = await asyncio.gather(*(deliver(billing, kind, body, header) for _ in range(50)))
    for answer in answers:  # what lost the race against the others is delivered again, as a provider does
        if answer.status == 503:
            answer = await deliver(billing, kind, body, header)
        assert answer.status in {200, 503}

    assert await status(billing, payment_id) == "succeeded"
    assert (await billing.drain()).count("billing.payment_succeeded.v1") == 1
    assert provider.by_our_id(payment_id).captures == 1


async def test_a_replay_is_not_even_looked_into(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """An event that had its effect is answered without asking the provider again."""
    billing, provider, payment_id, kind = waiting
    body = event(kind, payment_id)
    await deliver(billing, kind, body, f"t={STAMP},v1={sign(body)}")
    provider.calls.clear()

    again = await deliver(billing, kind, body, f"t={STAMP + 5},v1={sign(body, stamp=STAMP + 5)}")

    assert again.status == 200
    assert provider.calls == []


@pytest.mark.parametrize("offset", [-300, -299, 0, 299, 300])
async def test_the_tolerance_is_five_minutes_on_both_sides(
    waiting: tuple[Running, SignedProvider, str, str], offset: int
) -> None:
    """Within it a delivery counts."""
    billing, _, payment_id, kind = waiting
    body = event(kind, payment_id)

    answer = await deliver(billing, kind, body, f"t={STAMP + offset},v1={sign(body, stamp=STAMP + offset)}")

    assert answer.status == 200
    assert await status(billing, payment_id) == "succeeded"


async def test_order_does_not_matter(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """An old event that arrives after a newer one takes nothing back."""
    billing, _, payment_id, kind = waiting
    for number in (3, 1, 2):
        body = event(kind, payment_id, f"evt_00000{number}")
        assert (await deliver(billing, kind, body, f"t={STAMP},v1={sign(body)}")).status == 200

    assert await status(billing, payment_id) == "succeeded"
    assert (await billing.drain()).count("billing.payment_succeeded.v1") == 1


async def test_a_silent_provider_is_asked_to_deliver_again(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """When the outcome cannot be looked up the answer is 503, and the next delivery of the same event counts."""
    billing, provider, payment_id, kind = waiting
    provider.faults = {"retrieve": ["before"]}
    body = event(kind, payment_id)
    header = f"t={STAMP},v1={sign(body)}"

    first, second = await deliver(billing, kind, body, header), await deliver(billing, kind, body, header)

    assert (first.status, second.status) == (503, 200)
    assert await status(billing, payment_id) == "succeeded"


async def test_an_event_about_nobody_is_taken_quietly(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """A genuine event about a payment that is not ours changes nothing, and is not sent for ever."""
    billing, provider, payment_id, kind = waiting
    body = event(kind, "pay_unknown")

    assert (await deliver(billing, kind, body, f"t={STAMP},v1={sign(body)}")).status == 200
    assert provider.calls == []
    assert await status(billing, payment_id) == "requires_action"


async def test_unknown_providers_are_not_found(waiting: tuple[Running, SignedProvider, str, str]) -> None:
    """A name that is none of ours is a 404; staff's own provider takes no webhooks."""
    billing, _, payment_id, kind = waiting
    body = event(kind, payment_id)
    header = f"t={STAMP},v1={sign(body)}"

    assert (await deliver(billing, kind, body, header, "/webhooks/paypal")).status == 404
    assert (await deliver(billing, kind, body, header, "/webhooks/offline")).status == 400
