"""Promise 26, by schemathesis: what a tool makes of our own schema never becomes a 500."""

import asyncio
from collections import Counter

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings


def attack(url: str, each: int) -> Counter[int]:
    """Send generated cases to every operation that introspection shows; return how often each status came."""
    statuses: Counter[int] = Counter()
    session = requests.Session()
    schema = schemathesis.graphql.from_url(url)
    for found in schema.get_all_operations():
        operation = found.ok()

        @settings(max_examples=each, deadline=None, database=None, suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def run(case):
            answer = case.call(session=session)
            statuses[answer.status_code] += 1
            answer.json()

        run()
    session.close()
    return statuses


@pytest.mark.slow
async def test_generated_operations_are_answered(world):
    """Every generated operation, valid or not, is answered by JSON and never by 5xx."""
    statuses = await asyncio.to_thread(attack, world.url, 60)
    print(f"\n{statuses.total()} generated operations: {dict(statuses)}")
    assert statuses.total() > 250
    assert [status for status in statuses if status >= 500] == []
