"""What the gateway answers is what one merged schema over the same data would answer."""

import asyncio
from collections import Counter
from random import Random

from hypothesis import HealthCheck, given, note, settings
from hypothesis import strategies as st

from tests.gateway.differential.compare import Arena
from tests.gateway.differential.world import Maker
from tests.support.soak import how_many, soak

OPERATIONS_PER_WORLD = 5
OPERATIONS = how_many(300, 10_000)
WORLDS = settings(
    max_examples=OPERATIONS // OPERATIONS_PER_WORLD,
    deadline=None,
    database=None,
    derandomize=True,
    suppress_health_check=list(HealthCheck),
)


@soak
@WORLDS
@given(seed=st.integers(min_value=0, max_value=2**32 - 1))
def test_a_split_schema_answers_as_the_merged_one(seed: int) -> None:
    """Data, order of keys and the nulls that errors explain are the same, for any split and any operation."""
    note(f"seed {seed}: python -m tests.gateway.differential --seed {seed} --operations {OPERATIONS_PER_WORLD}")
    arena = Arena(seed)
    for operation in arena.operations(OPERATIONS_PER_WORLD):
        assert asyncio.run(arena.difference(operation)) is None


def test_the_worlds_have_every_kind_of_split() -> None:
    """Of 100 worlds at least 12 have each kind, and several have most of them."""
    worlds = [Maker(Random(seed)).make().kinds() for seed in range(100)]
    counted = Counter(kind for kinds in worlds for kind in kinds)
    assert {kind for kind, times in counted.items() if times >= 12} == {
        "shareable lists", "shareable lists of objects", "partial unions", "provides", "requires",
        "interface objects", "override labels",
    }, counted  # fmt: skip
    assert sum(len(kinds) >= 6 for kinds in worlds) >= 5
