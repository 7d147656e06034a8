# ruff: noqa: E501 - documents stay in one line
"""The gateway's cache of operations is bounded in bytes, whatever documents are made of."""

import gc
import tracemalloc
from collections.abc import Callable

import pytest

from chassis.web import COLLECTING
from gateway.bootstrap import build_pipeline
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from portal_cli.paths import SUPERGRAPH
from tests.support.soak import how_many, soak

INVOICE = "id number status dueOn total { amount currency } balance { amount } lines { description quantity } customer { id name }"
KINDS: dict[str, Callable[[int], str]] = {
    "comments": lambda n: f"{{ me {{ id }} }} #{n}{'x' * 8_000}",
    "literals": lambda n: f'{{ portal(slug: "{n}{"x" * 8_000}") {{ name }} }}',
    "wide literals": lambda n: f'{{ portal(slug: "{n}{"𝒳" * 2_000}") {{ name }} }}',
    "aliases": lambda n: "{ " + " ".join(f'x{n}_{i}: invoice(id: "i{i}") {{ {INVOICE} }}' for i in range(25)) + " }",
    "spreads": lambda n: "{ " + " ".join(f'x{n}_{i}: invoice(id: "i{i}") {{ ...F }}' for i in range(30)) + f" }} fragment F on Invoice {{ {INVOICE} }}",
    "conditions": lambda n: "query($a: Boolean! $b: Boolean!) { " + " ".join(f'x{n}_{i}: invoice(id: "i{i}") @include(if: $a) {{ {INVOICE} notes @skip(if: $b) }}' for i in range(10)) + " }",
    "short": lambda n: f"{{ a{n}: me {{ id }} }}",
}  # fmt: skip
BYTES = 700_000
DOCUMENTS = how_many(300, 10_000)
"""How many distinct documents are asked."""


@pytest.fixture(scope="module")
def stages() -> Pipeline:
    """The stages over our own supergraph, used once."""
    made = build_pipeline(SUPERGRAPH.read_text(), PipelineOptions(cache_bytes=BYTES))
    for make in KINDS.values():
        assert isinstance(made.prepare(make(0)), Prepared)
    return made


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_sizes_are_not_underestimated(stages: Pipeline, kind: str) -> None:
    """What three operations of a kind fill is no more than what is said of them."""
    gc.collect()
    tracemalloc.start()
    made = [stages.make((KINDS[kind](number), None, frozenset())) for number in range(1, 4)]
    gc.collect()
    fill = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert fill <= sum(one.size for one in made if isinstance(one, Prepared))


@pytest.mark.parametrize("count", [60, pytest.param(DOCUMENTS, marks=[pytest.mark.slow, soak])])
def test_many_large_documents_leave_little_behind(stages: Pipeline, count: int) -> None:
    """Distinct, harmless and large: the cache forgets, and memory stays within its bound."""
    kinds = ["comments", "literals", "wide literals", "short"]
    gc.collect()
    tracemalloc.start()
    for number in range(1, count + 1):
        stages.prepare(KINDS[kinds[number % len(kinds)]](number))
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert stages._prepared.bytes <= BYTES
    assert kept < 2 * BYTES


def test_what_the_cache_forgot_is_collected_soon(stages: Pipeline) -> None:
    """A served operation is part of cycles: it fills memory until the collector looks at all that is old."""
    gc.freeze()
    gc.collect()  # as a process that serves does: what is frozen counts no longer
    usual, before = gc.get_threshold(), gc.get_stats()[2]["collections"]
    gc.set_threshold(*COLLECTING)
    try:
        for number in range(1_000, 1_150):
            stages.prepare(KINDS["aliases"](number))
        assert gc.get_stats()[2]["collections"] > before
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()
