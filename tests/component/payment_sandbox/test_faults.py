"""Misbehaviour: on the wire, and what really happened behind it."""

import asyncio

import aiohttp
import pytest

from payment_sandbox.cards import TEST_CARDS, Fault
from tests.support.sandbox import SECRET_KEY, Sandbox, silences, wait_out
from tests.support.waiting import LIMIT

MOVED = {Fault.HANG_AFTER, Fault.RESET_AFTER, Fault.ERROR_AFTER, Fault.NONSENSE_AFTER, Fault.DELAY}
HEADERS = {"authorization": f"Bearer {SECRET_KEY}"}


async def seen_by_client(sandbox: Sandbox, path: str) -> str:
    """Return in one word what a patient client sees."""
    try:
        timeout = aiohttp.ClientTimeout(total=LIMIT)
        async with sandbox.http.post(sandbox.url + path, json={}, headers=HEADERS, timeout=timeout) as answer:
            body = await answer.read()
            return "nonsense" if body.startswith(b"<") else str(answer.status)
    except TimeoutError:
        return "silence"
    except aiohttp.ClientError:
        return "reset"


SEEN = {
    Fault.HANG_BEFORE: "silence",
    Fault.HANG_AFTER: "silence",
    Fault.RESET_BEFORE: "reset",
    Fault.RESET_AFTER: "reset",
    Fault.ERROR_BEFORE: "500",
    Fault.ERROR_AFTER: "500",
    Fault.RATE_LIMIT: "429",
    Fault.NONSENSE_AFTER: "nonsense",
    Fault.DELAY: "200",
}


@pytest.mark.parametrize("number", [number for number, behaviour in TEST_CARDS.items() if behaviour.fault])
async def test_a_card_makes_the_provider_misbehave_once(sandbox: Sandbox, number: str) -> None:
    """The client sees the fault, the provider knows whether money moved, and the next call is answered properly."""
    fault = TEST_CARDS[number].fault
    assert fault is not None
    body = {"reference": "pay_1", "amount": 5, "currency": "EUR", **await sandbox.card(number)}
    _, payment = await sandbox.call("POST", "/v1/payments", body)

    with silences() as silent:
        seeing = asyncio.ensure_future(seen_by_client(sandbox, f"/v1/payments/{payment['id']}/confirm"))
        if SEEN[fault] == "silence":
            await wait_out(silent, 1)
        seen = await seeing

    _, known = await sandbox.call("GET", f"/v1/payments/{payment['id']}")
    _, again = await sandbox.call("POST", f"/v1/payments/{payment['id']}/confirm", {})
    assert seen == SEEN[fault]
    assert known["status"] == ("succeeded" if fault in MOVED else "requires_confirmation")
    assert (again["status"], again["amount_captured"]) == ("succeeded", 5)


async def test_faults_can_be_asked_for(sandbox: Sandbox) -> None:
    """The admin endpoint makes the next requests of one operation fail, then all is well."""
    await sandbox.call("POST", "/admin/faults", {"operation": "retrieve", "fault": "error_before", "times": 2})

    answers = [(await sandbox.call("GET", "/v1/payments?reference=x"))[0] for _ in range(3)]

    assert answers == [500, 500, 200]


async def test_an_unknown_fault_is_refused(sandbox: Sandbox) -> None:
    """A misspelt fault is an error, not silence."""
    status, refusal = await sandbox.call("POST", "/admin/faults", {"operation": "create", "fault": "hangs"})

    assert (status, refusal["error"]["code"]) == (400, "fault_unknown")
