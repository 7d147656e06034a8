"""What the gateway answers is what one merged schema over the same data would answer."""

import asyncio

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.gateway.differential.compare import Arena

WORLDS = settings(
    max_examples=60, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
OPERATIONS_PER_WORLD = 5


@WORLDS
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_a_split_schema_answers_as_the_merged_one(seed: int) -> None:
    """Data, order of keys and the nulls that errors explain are the same, for any split and any operation."""
    note(f"seed {seed}: python -m tests.gateway.differential --seed {seed} --operations {OPERATIONS_PER_WORLD}")
    arena = Arena(seed)
    for operation in arena.operations(OPERATIONS_PER_WORLD):
        assert asyncio.run(arena.difference(operation)) is None
