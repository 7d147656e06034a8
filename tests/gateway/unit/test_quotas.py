"""What one person and one address may ask of a gateway, counted without any network."""

import asyncio
import tracemalloc
from typing import Any

import pytest
from prometheus_client import REGISTRY
from structlog.contextvars import merge_contextvars
from structlog.testing import capture_logs

from chassis.auth import LogInsUnchecked, TokenVerifier
from chassis.kernel import Principal, Role, SystemClock
from gateway.quotas import Persons, Quotas, Visits
from gateway.quotas.counters import Budgets
from gateway.quotas.persons import STRANGER, UNSURE, AtOnce
from gateway.requests import Refused
from tests.support.tokens import ISSUER, Signer

OFFICE = "203.0.113.7"


class Named(Persons):
    """Knows a person by the header itself."""

    async def of(self, authorization: object) -> str:
        return str(authorization or "")


def visits(**quotas: int) -> Visits:
    """Return counters whose clock stands still."""
    return Visits(Quotas(**quotas), Named(), seconds=lambda: 0.0)


async def refusal_of(counters: Visits, who: str, address: str, microseconds: float) -> str | None:
    """Let somebody use up work; return the quota that refuses it."""
    try:
        (await counters.visit(who, address)).pay(microseconds)
    except Refused as refused:
        return str((refused.error.extensions or {})["quota"])
    return None


async def test_an_office_of_two_hundred_behind_one_address_works() -> None:
    """Each logs in, opens three tabs with two subscriptions each, and asks for sixty pages within one minute."""
    counters = visits()
    for number in range(200):
        stranger = await counters.visit("", OFFICE)
        stranger.begin("requests")
        stranger.pay(15_000)
        stranger.leave()
        for _tab in range(3):
            socket = await counters.visit("", OFFICE)
            socket.begin("sockets")
            await socket.identify(f"per_{number}")
            for _ in range(2):
                socket.begin("subscriptions")
        person = await counters.visit(f"per_{number}", OFFICE)
        person.begin("requests")
        for _page in range(60):
            person.pay(40_000)


async def test_who_uses_up_the_own_work_costs_no_neighbour_anything() -> None:
    """One person's quota is one person's; strangers use up what strangers have, never what people have."""
    counters = visits(person_work_ms=10, stranger_work_ms=10, address_work_ms=1_000)
    for who, quota in (("per_1", "person_work_ms"), ("", "stranger_work_ms")):
        assert [await refusal_of(counters, who, OFFICE, 10_000) for _ in range(2)] == [None, quota]
    assert await refusal_of(counters, "per_2", OFFICE, 10_000) is None
    assert await refusal_of(counters, "", "203.0.113.8", 10_000) is None


async def test_an_address_has_a_roof_over_all_its_people() -> None:
    """Many accounts at one address are bounded together, and what the roof refuses costs the person nothing."""
    counters = visits(person_work_ms=100, address_work_ms=150)
    assert await refusal_of(counters, "per_1", OFFICE, 100_000) is None
    assert await refusal_of(counters, "per_2", OFFICE, 100_000) == "address_work_ms"
    assert (await counters.visit("per_2", OFFICE)).remaining_ms() == (100, 100)
    assert await refusal_of(counters, "per_2", "198.51.100.1", 100_000) is None


async def test_work_refills_evenly_and_the_refusal_says_when() -> None:
    """Half a minute gives half a minute's work back; `retryAfterSeconds` is when the same would be granted."""
    now = [0.0]
    counters = Visits(Quotas(person_work_ms=60), Named(), seconds=lambda: now[0])
    visit = await counters.visit("per_1", OFFICE)
    visit.pay(60_000)
    with pytest.raises(Refused) as refused:
        visit.pay(30_000)
    assert (refused.value.retry_after, refused.value.status) == (30, 429)
    now[0] = 30.0
    visit.pay(30_000)
    assert visit.remaining_ms() == (60, 0)


async def test_an_operation_dearer_than_the_quota_is_granted_to_who_has_all_of_it() -> None:
    """A quota below the limit of one operation makes it rare, not impossible."""
    counters = visits(person_work_ms=10)
    assert [await refusal_of(counters, "per_1", OFFICE, 250_000) for _ in range(2)] == [None, "person_work_ms"]


@pytest.mark.parametrize("what", ["requests", "sockets", "subscriptions"])
@pytest.mark.parametrize("whose", ["person", "stranger", "address"])
async def test_what_is_open_at_once_is_bounded_and_counts_until_it_ends(what: str, whose: str) -> None:
    """The one above the number is refused, and granted when another one has ended; nothing stays counted."""
    counters = visits(**{f"{whose}_{what}": 2})
    several = [await counters.visit("" if whose == "stranger" else "per_1", OFFICE) for _ in range(3)]
    several[0].begin(what)
    several[1].begin(what)
    with pytest.raises(Refused, match="at once") as refused:
        several[2].begin(what)
    assert (refused.value.error.extensions or {})["quota"] == f"{whose}_{what}"
    several[0].end(what)
    several[2].begin(what)
    for visit in several:
        visit.leave()
        visit.leave()
    assert len(counters.open[what]) == 0


async def test_all_addresses_of_one_site_are_one() -> None:
    """Who has a /64 has 2^64 addresses and one quota; IPv4 in its four spellings is one address."""
    counters = visits(stranger_work_ms=10)
    assert await refusal_of(counters, "", "2001:db8:1:2::1", 10_000) is None
    assert await refusal_of(counters, "", "2001:db8:1:2:ffff::9", 10_000) == "stranger_work_ms"
    assert await refusal_of(counters, "", "2001:db8:1:3::1", 10_000) is None
    assert await refusal_of(counters, "", OFFICE, 10_000) is None
    assert await refusal_of(counters, "", f"::ffff:{OFFICE}", 10_000) == "stranger_work_ms"


def test_counters_are_bounded_in_bytes_whatever_addresses_come() -> None:
    """Ten times as many addresses as fit take no more than what was granted; the last ones are remembered."""
    granted, most = 400_000, 10_000.0
    tracemalloc.start()
    budgets = Budgets(granted)
    for number in range(10_000):
        budgets.take(("stranger", f"2001:db8:{number >> 8:x}:{number & 255:x}::/64"), most, most, 0.0)
    taken = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert budgets.bytes <= granted
    assert taken <= granted * 1.2
    assert budgets.left(("stranger", "2001:db8:27:f::/64"), most, 0.0) == 0.0
    assert budgets.left(("stranger", "2001:db8:0:0::/64"), most, 0.0) == most


async def test_a_socket_counts_for_who_its_first_message_says() -> None:
    """Until then it is a stranger's; a person with too many leaves it a stranger's."""
    counters = visits(person_sockets=1, stranger_sockets=1)
    first, second = [await counters.visit("", OFFICE) for _ in range(2)]
    first.begin("sockets")
    with pytest.raises(Refused):
        second.begin("sockets")
    await first.identify("per_1")
    second.begin("sockets")
    with pytest.raises(Refused, match="you may have 1 at once"):
        await second.identify("per_1")
    assert (counters.open["sockets"].count(("stranger", OFFICE)), second.person) == (1, STRANGER)
    second.leave()
    first.leave()
    assert len(counters.open["sockets"]) == 0


async def test_without_quotas_nothing_is_counted() -> None:
    """A gateway that cannot tell people from one another refuses nobody."""
    counters = Visits()
    visit = await counters.visit("Bearer x", OFFICE)
    for _ in range(2_000):
        visit.begin("sockets")
        visit.pay(10**9)
    assert visit.remaining_ms() is None


async def test_the_first_refusal_of_a_minute_is_a_security_event() -> None:
    """One line for a flood, with the quota, the address and no header; the counter has them all."""
    counters = visits(stranger_work_ms=1)
    refused_before, noticed_before = _counted()
    with capture_logs(processors=[merge_contextvars]) as lines:
        for _ in range(5):
            await refusal_of(counters, "", OFFICE, 1_000)
    assert [(line["event"], line["reason"], line["address"]) for line in lines] == [
        ("quota_exceeded", "stranger_work_ms", OFFICE)
    ]
    refused, noticed = _counted()
    assert (refused - refused_before, noticed - noticed_before) == (4, 1)


def _counted() -> tuple[float, float]:
    labels = {"event": "quota_exceeded", "reason": "stranger_work_ms"}
    refused = REGISTRY.get_sample_value("gateway_quota_refused_total", {"quota": "stranger_work_ms"})
    return refused or 0.0, REGISTRY.get_sample_value("portal_security_events_total", labels) or 0.0


PERSON = Principal(id="per_1", organisation_id="org_1", role=Role.OWNER, session_id="ses_1")


async def test_only_tokens_that_identity_signed_are_somebodys() -> None:
    """Made-up tokens are strangers', so that nobody uses up another's quota; a victim's id in one changes nothing."""
    signer, other = Signer(SystemClock()), Signer(SystemClock())
    persons = Persons(lambda: TokenVerifier(signer, ISSUER, SystemClock()))
    assert await persons.of(f"Bearer {signer.token(PERSON)}".encode()) == "per_1"
    assert await persons.of(f"bearer {signer.token(PERSON)}") == "per_1"
    for made_up in (f"Bearer {other.token(PERSON)}", "Bearer a.b.c", "Bearer", "Basic eDp5", "", None, 7, b"\xff\xfe"):
        assert await persons.of(made_up) == STRANGER, made_up


async def test_nobody_waits_for_identity_and_nobody_is_shut_out_while_it_is_away() -> None:
    """While a key is on its way, tokens count for their address alone; then for their person."""
    signer, arrived = Signer(SystemClock()), asyncio.Event()

    class Far:
        asked = 0

        async def key(self, key_id: str) -> Any:
            self.asked += 1
            await arrived.wait()
            return await signer.key(key_id)

    far = Far()
    keys = AtOnce(far)
    persons = Persons(lambda: TokenVerifier(keys, ISSUER, SystemClock()))
    token = f"Bearer {signer.token(PERSON)}"
    assert [await persons.of(token) for _ in range(3)] == [UNSURE] * 3
    assert far.asked == 1
    arrived.set()
    while await persons.of(token) is UNSURE:
        await asyncio.sleep(0)
    assert await persons.of(token) == "per_1"
    arrived.clear()
    with pytest.raises(LogInsUnchecked):
        await keys.key("another")


async def test_an_unsure_token_counts_for_its_address_alone() -> None:
    """Identity away does not turn an office into strangers."""
    counters = Visits(Quotas(stranger_work_ms=1, address_work_ms=100), Persons(), seconds=lambda: 0.0)
    visit = await counters.visit("Bearer x.y.z", OFFICE)
    visit.pay(100_000)
    with pytest.raises(Refused, match="your address may use 100 ms"):
        visit.pay(1_000)
