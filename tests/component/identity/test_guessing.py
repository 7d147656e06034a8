"""Promises 17 and 18: guessing is hopeless, and nobody learns who has an account."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AbstractContextManager
from typing import Any, Literal

import orjson
import pytest
from argon2 import PasswordHasher, extract_parameters
from prometheus_client import REGISTRY

from chassis.web import CLIENT_ADDRESS_HEADER
from services.identity.adapters.passwords import Argon2Passwords
from services.identity.application import commands_of
from services.identity.application.accounts import Account, find_account
from services.identity.application.commands.log_in import LogIn
from services.identity.domain.errors import LogInRefused
from tests.support.identity.portal import SESSION, Business, Portal
from tests.support.identity.world import PASSWORD
from tests.support.mongo_commands import commands_sent
from tests.support.soak import how_many, soak

GUESSES = how_many(200, 10_000)
EMAIL = "jona@krause.example"
LOG_IN = f"mutation($input: LogInInput!) {{ logIn(input: $input) {{ {SESSION} }} }}"
RESET = """mutation($input: RequestPasswordResetInput!) {
  requestPasswordReset(input: $input) { done userErrors { code } } }"""


class CountingPasswords:
    """Counts how often a real password was looked at."""

    def __init__(self, real: Any) -> None:
        self._real = real
        self.looked = 0

    async def hash(self, password: str, *, lane: str = "", known: bool = False) -> str:
        return await self._real.hash(password, lane=lane, known=known)

    async def verify(self, password_hash: str | None, password: str, *, lane: str = "", known: bool = False) -> bool:
        self.looked += password_hash is not None
        return await self._real.verify(password_hash, password, lane=lane, known=known)

    def place(self, lane: str, *, known: bool) -> AbstractContextManager[None]:
        return self._real.place(lane, known=known)

    def is_outdated(self, password_hash: str) -> bool:
        return self._real.is_outdated(password_hash)


@pytest.fixture
def counting(portal: Portal) -> CountingPasswords:
    passwords = CountingPasswords(portal.service.ports.passwords)
    object.__setattr__(portal.service.ports, "passwords", passwords)
    return passwords


async def guess(portal: Portal, number: int, address: str, email: str = EMAIL) -> bool:
    """Try a password at the use case itself, as fast as nothing else could; say whether it was let in."""

    account = Account(email=email, portal="nordlicht")
    command = LogIn(account=account, password=f"guess-number-{number}", address=address)
    try:
        await commands_of(portal.service.ports).log_in(command)
    except LogInRefused:
        return False
    return True


@soak
@pytest.mark.slow
async def test_many_guesses_look_at_a_hundred_passwords(
    portal: Portal, business: Business, counting: CountingPasswords
) -> None:
    """Promise 17: guesses at one account, each from another address, a hundred at once: a hundred are real tries.

    200 of them here, 10,000 in the long run.
    """
    await business.client(EMAIL)
    counting.looked = 0
    for start in range(0, GUESSES, 100):
        numbers = range(start, start + 100)
        results = await asyncio.gather(*(guess(portal, n, f"10.{n >> 8}.{n & 255}.1") for n in numbers))
        assert not any(results)
    print(f"promise 17: {GUESSES} guesses, {counting.looked} looked at")
    assert counting.looked == 100


async def test_spraying_from_one_address_is_stopped(
    portal: Portal, business: Business, counting: CountingPasswords
) -> None:
    """Promise 17: one address has three hundred tries over all accounts."""
    await business.client(EMAIL)
    counting.looked = 0
    names = [f"nobody{number}@krause.example" for number in range(300)]
    for start in range(0, 300, 50):  # more at once from one address are told to come back, and count for nothing
        await asyncio.gather(*(guess(portal, 1, "192.0.2.77", email) for email in names[start : start + 50]))
    assert not await guess(portal, 1, "192.0.2.77", EMAIL)
    assert counting.looked == 0


@pytest.mark.parametrize(
    "written",
    ["2001:db8:1:2::{:x}", "2001:db8:1:2:{:x}::1", "[2001:DB8:1:2::{:x}]:443", "::ffff:192.0.2.77", "192.0.2.77:{}"],
)
async def test_guessing_from_one_network_looks_at_ten_passwords(
    written: str, portal: Portal, business: Business, counting: CountingPasswords
) -> None:
    """Promise 17: the addresses of one IPv6 network, and the writings of one address, have ten tries together."""
    await business.client(EMAIL)
    counting.looked = 0
    for number in range(1, 13):
        await guess(portal, number, written.format(number))
    assert counting.looked == 10


async def test_a_hundred_aliases_in_one_request_are_a_hundred_tries(
    portal: Portal, business: Business, counting: CountingPasswords
) -> None:
    """Promise 17: one request with a hundred log-ins gets ten looks, and the right password comes too late."""
    await business.client(EMAIL)
    counting.looked = 0
    passwords = [f"guess-number-{number}" for number in range(99)] + [PASSWORD]
    fields = " ".join(
        f'a{number}: logIn(input: {{ email: "{EMAIL}", portal: "nordlicht", password: "{password}" }})'
        f" {{ session {{ accessToken }} }}"
        for number, password in enumerate(passwords)
    )
    data = await portal.data(f"mutation {{ {fields} }}")
    assert counting.looked == 10
    assert [alias for alias, payload in data.items() if payload["session"]] == []


async def test_forwarded_headers_make_no_new_address(
    portal: Portal, business: Business, counting: CountingPasswords
) -> None:
    """Promise 17: only the gateway's word counts as the caller's address, whatever a caller claims."""
    await business.client(EMAIL)
    counting.looked = 0
    for number in range(20):
        claims = {"x-forwarded-for": f"203.0.113.{number}", "forwarded": f"for=203.0.113.{number}", "x-real-ip": "::1"}
        given = {"email": EMAIL, "password": f"wrong-password-{number}", "portal": "nordlicht"}
        await portal.answer(LOG_IN, None, claims, input=given)
    assert counting.looked == 10


async def test_the_window_moves_on(portal: Portal, business: Business) -> None:
    """After a quarter of an hour the owner of a locked account can log in again; refusals are counted for operators."""
    await business.client(EMAIL)
    for number in range(100):
        await guess(portal, number, f"10.0.0.{number}")
    refused = REGISTRY.get_sample_value("portal_log_in_failures_total") or 0
    assert (await portal.log_in(EMAIL, portal="nordlicht", address="192.0.2.9"))["session"] is None
    assert REGISTRY.get_sample_value("portal_log_in_failures_total") == refused + 1
    portal.clock.advance(minutes=15)
    assert (await portal.log_in(EMAIL, portal="nordlicht", address="192.0.2.9"))["session"] is not None


async def _four_kinds(portal: Portal, business: Business) -> dict[str, str]:
    """Return e-mails of an existing, an unknown, a disabled and a locked account."""
    customer = await business.customer()
    kinds = {kind: f"{kind}@krause.example" for kind in ("existing", "unknown", "disabled", "locked")}
    for kind in ("existing", "disabled", "locked"):
        session = await business.client(kinds[kind], customer)
        if kind == "disabled":
            await portal.mutate("disableContact", business.owner, "userErrors { code }", id=session["person"]["id"])
    return kinds


async def _lock(portal: Portal, locked: str) -> None:
    """Use up all tries of this account."""
    now, policy = portal.clock.now(), portal.service.ports.policy
    account = Account(email=locked, portal="nordlicht")
    person = await find_account(account, portal.service.ports)
    key = f"{account.key}\n{person.epoch if person else 0}"
    limits = {key: policy.tries_per_account_anywhere, f"reset:{key}": policy.resets_per_account_anywhere}
    for name, limit in limits.items():
        while await portal.service.ports.throttle.admit(name, limit=limit, window=policy.tries_window, now=now):
            pass


class CountingHasher(PasswordHasher):
    """Notes the parameters, which are the cost, of every hash that is computed."""

    def __init__(self) -> None:
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.costs: list[str] = []

    def verify(self, hash: str | bytes, password: str | bytes) -> Literal[True]:  # noqa: A002 - the library names it
        self.costs.append(str(extract_parameters(str(hash))))
        return super().verify(hash, password)


async def _work(portal: Portal, email: str, ask: Callable[[str, str], Awaitable[None]]) -> tuple[str, ...]:
    """Return every command that answering takes, in order; the clock moves on, so that there are tries left."""
    portal.clock.advance(minutes=2)
    with commands_sent(portal.service.database.name) as commands:
        await ask(email, f"address of {email}")
    return tuple(commands)


async def _locked_work(portal: Portal, email: str, ask: Callable[[str, str], Awaitable[None]]) -> tuple[str, ...]:
    """As `_work`, for an account without a try left."""
    await _lock(portal, email)
    with commands_sent(portal.service.database.name) as commands:
        await ask(email, f"another address of {email}")
    return tuple(commands)


async def test_all_refused_log_ins_look_alike_and_cost_the_same(portal: Portal, business: Business) -> None:
    """Promise 18: one answer, the same headers, one hash of the same cost, the same commands to the database.

    Equal work is what makes the times equal; `benchmarks/log_in.py` shows them.
    """
    kinds = await _four_kinds(portal, business)
    hasher = CountingHasher()
    object.__setattr__(portal.service.ports, "passwords", passwords := Argon2Passwords(hasher))
    answers: set[tuple[int, bytes, tuple[str, ...]]] = set()

    async def ask(email: str, address: str) -> None:
        given = {"email": email, "password": "wrong-password-1", "portal": "nordlicht"}
        answer = await portal.answer(LOG_IN, None, {CLIENT_ADDRESS_HEADER: address}, input=given)
        headers = tuple(f"{name}: {value}" for name, value in answer.headers.items())
        answers.add((answer.status, answer.body, headers))

    open_ones = {await _work(portal, kinds[kind], ask) for kind in ("existing", "unknown", "disabled")}
    locked_ones = {await _locked_work(portal, email, ask) for email in (kinds["locked"], "nobody@krause.example")}
    assert open_ones == {("find organisations", "find contacts", *["update tries"] * 3)}
    assert locked_ones == {("find organisations", "find contacts", *["update tries"] * 5)}
    assert len(hasher.costs) == 5
    assert len(set(hasher.costs)) == 1
    assert len(answers) == 1
    passwords.close()


async def test_all_requests_for_a_reset_look_alike_and_cost_the_same(portal: Portal, business: Business) -> None:
    """Promise 18: asking for a new password says the same to everybody, and sends the database the same commands."""
    kinds = await _four_kinds(portal, business)
    answers: set[bytes] = set()

    async def ask(email: str, address: str) -> None:
        given = {"email": email, "portal": "nordlicht"}
        answers.add((await portal.answer(RESET, None, {CLIENT_ADDRESS_HEADER: address}, input=given)).body)

    open_ones = {await _work(portal, kinds[kind], ask) for kind in ("existing", "unknown", "disabled")}
    locked_ones = {await _locked_work(portal, email, ask) for email in (kinds["locked"], "nobody@krause.example")}
    look_ups = ("find organisations", "find contacts")
    assert open_ones == {(*look_ups, *["update tries"] * 3, "insert password_resets")}
    assert locked_ones == {(*look_ups, *["update tries"] * 5, "insert password_resets")}
    assert [orjson.loads(body)["data"]["requestPasswordReset"]["done"] for body in answers] == [True]
