"""Sends and voids of one series in every order, with a crash anywhere, over the real series: no gap, none twice."""

from typing import Any

import pytest

from services.billing.domain.series import Series, prove
from tests.support.billing.exploring import explore
from tests.support.billing.makers import ORGANISATION
from tests.support.billing.number_scenes import NumberScene
from tests.support.billing.schedules import finish

SCENES: dict[str, dict[str, Any]] = {
    "send, void": {"doing": {"send": ("send", 1), "void": ("void", 1)}},
    "send, the same send": {"doing": {"send": ("send", 1), "again": ("send", 1)}},
    "send, send": {"doing": {"send 1": ("send", 1), "send 2": ("send", 2)}, "spared": ["send 2"]},
    "send, void, send": {
        "before": [("send", 3)],
        "doing": {"send 1": ("send", 1), "void 1": ("void", 1), "send 2": ("send", 2)},
        "spared": ["send 2", "void 1"],
    },
}


@pytest.mark.parametrize("name", SCENES)
def test_a_series_is_sound_in_every_order(name: str) -> None:
    """Whoever sends and voids what when, and dies where: every place is carried once, free, or a draft's."""
    found = explore(lambda: NumberScene(**SCENES[name]))
    print(f"{name}: {found}")
    assert not found.wrong, found.wrong[0]


def test_a_process_that_did_not_send_for_a_while_does_not_walk() -> None:
    """Eight hundred numbers were taken elsewhere: the next one here costs a handful of operations."""
    scene = NumberScene(doing={})
    here, elsewhere = scene.series(), scene.series()
    finish(here.take(ORGANISATION, Series.INVOICE, "inv_first"))
    for place in range(800):
        finish(elsewhere.take(ORGANISATION, Series.INVOICE, f"inv_{place}"))
    scene.rows.operations = 0

    taken = finish(here.take(ORGANISATION, Series.INVOICE, "inv_last"))

    assert taken == "INV-000802"
    assert scene.rows.operations <= 10


def test_a_proof_names_gaps_and_duplicates() -> None:
    """A place that nobody carries is a gap unless it waits; one that two carry is a duplicate."""
    proof = prove({1: 1, 2: 2, 5: 1}, waiting={4}, taken={6})

    assert (proof.last, proof.gaps, proof.duplicates, proof.waiting) == (6, (3, 6), (2,), (4,))
    assert not proof.is_sound
    assert prove({1: 1, 2: 1}, waiting={3}).is_sound
    assert prove({}, waiting=()).last == 0
