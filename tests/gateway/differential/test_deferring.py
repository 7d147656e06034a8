"""What the gateway delivers in parts is what graphql-core delivers in parts over one merged schema."""

import asyncio

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.gateway.differential.compare import Arena
from tests.gateway.differential.deferring import difference, operations
from tests.support.soak import how_many, soak

WORLDS = settings(
    max_examples=how_many(10, 250),
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)
OPERATIONS_PER_WORLD = 40


@soak
@WORLDS
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_parts_come_to_the_whole_answer(seed: int) -> None:
    """In 400 operations (10,000 in the long run) the first data, the fragments and all data are the expected ones."""
    note(f"seed {seed}")
    arena = Arena(seed)
    for operation in operations(arena, OPERATIONS_PER_WORLD):
        assert asyncio.run(difference(arena, operation)) is None
