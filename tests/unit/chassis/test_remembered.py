"""A cache bounded in bytes."""

import gc
import tracemalloc

import pytest

from chassis.graphql import known_documents as subgraph
from chassis.remembered import Remembered
from services.collaboration.api.schema import SCHEMA


def test_the_oldest_go_when_bytes_run_out() -> None:
    """What was used last stays, and no more than the bytes and the entries allow."""
    kept: Remembered[int, str] = Remembered(100, 3)
    for key in range(5):
        kept.put(key, "x", 25)
        kept.get(0)

    assert [kept.get(key) for key in range(5)] == ["x", None, None, "x", "x"]
    assert (len(kept), kept.bytes) == (3, 75)


def test_what_is_too_large_empties_nothing() -> None:
    """One huge value is not kept, and the others stay; replaced values are counted once."""
    kept: Remembered[int, str] = Remembered(100, 10)
    kept.put(1, "small", 10)
    kept.put(1, "small again", 20)
    kept.put(2, "huge", 26)

    assert (kept.get(1), kept.get(2), kept.bytes) == ("small again", None, 20)


def test_documents_of_a_service_fill_bounded_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Distinct large documents leave no more behind than the cache may fill."""
    monkeypatch.setattr(subgraph, "_KNOWN", Remembered(400_000, 1_000))
    schema = SCHEMA._schema  # pyright: ignore[reportPrivateUsage]
    subgraph.known_document(schema, "{ __typename }")
    gc.collect()
    tracemalloc.start()
    for number in range(60):
        subgraph.known_document(schema, f"{{ a{number}: __typename }} #{'x' * 10_000}")
    gc.collect()
    kept = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()

    assert kept < 450_000
