"""The client's directives reach whoever answers: subgraphs that answer differently under them agree with one schema."""

import asyncio

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.gateway.differential.compare import Arena

WORLDS = settings(
    max_examples=30, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)
OPERATIONS_PER_WORLD = 10


@WORLDS
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_texts_are_answered_under_their_directives(seed: int) -> None:
    """In 300 operations every text has what the directives on its field say, in their order, wherever it comes from."""
    note(f"seed {seed}: python -m tests.gateway.differential --marks 0.3 --seed {seed}")
    arena = Arena(seed)
    for operation in arena.operations(OPERATIONS_PER_WORLD, marks=0.3):
        assert asyncio.run(arena.difference(operation)) is None
