"""Promise 24 over HTTP: who sends abusive documents does not slow the others down."""

import asyncio
import statistics
import time

import pytest

from tests.gateway.limits.abuse import documents

QUICK = "{ me { name } users { id } }"


async def timed(world, query):
    """Return the seconds that an operation took."""
    began = time.perf_counter()
    await world.ask(query)
    return time.perf_counter() - began


async def round_of_abuse(world):
    """Return the others' p95 alone and beside the abuser, and the abuser's answers."""
    alone = [await timed(world, QUICK) for _ in range(300)]
    done, answers = asyncio.Event(), []

    async def abuse():
        for _, document in documents()[::5]:
            answers.append(await world.ask(document))
            await asyncio.sleep(0.05)
        done.set()

    abuser = asyncio.ensure_future(abuse())
    beside = []
    while not done.is_set():
        beside.append(await timed(world, QUICK))
    await abuser
    p95, p95_beside = (statistics.quantiles(sorted(taken), n=20)[18] for taken in (alone, beside))
    print(f"\n{len(answers)} abusive; others' p95 {p95 * 1e3:.2f} ms alone, {p95_beside * 1e3:.2f} ms beside")
    return p95, p95_beside, answers


@pytest.mark.alone
async def test_other_clients_stay_fast(world):
    """While somebody sends abusive documents, twenty a second, the others' p95 is at most twice what it was alone.

    The best of ten rounds counts: other programs of the machine disturb the clock, never to our advantage.
    """
    for _ in range(50):
        await timed(world, QUICK)
    best = float("inf")
    for _ in range(10):
        p95, p95_beside, answers = await round_of_abuse(world)
        assert [answer for answer in answers if "data" in answer] == []
        best = min(best, p95_beside / p95)
        if best <= 2:
            break
    assert best <= 2
