"""Promise 24 over HTTP: who sends abusive documents costs nobody else anything. `benchmarks/bounds.py` shows times."""

import asyncio

from tests.gateway.limits.abuse import documents

QUICK = "{ me { name } users { id } }"


async def test_other_clients_notice_nothing(world):
    """While abusive documents come in all at once, others are answered whole, and no subgraph hears of the abuse.

    What one such document may cost the process is counted in `limits/test_limits.py`.
    """
    whole = await world.ask(QUICK)
    (own,) = {asked["query"] for _, asked in world.accounts.requests}
    abuse = [asyncio.ensure_future(world.ask(document)) for _, document in documents()[::5]]
    beside = [await world.ask(QUICK) for _ in range(50)]
    assert beside == [whole] * 50
    assert [answer for answer in await asyncio.gather(*abuse) if "data" in answer] == []
    assert {asked["query"] for _, asked in world.accounts.requests} == {own}
    assert world.billing.requests == []
