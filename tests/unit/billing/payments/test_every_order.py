"""Every interleaving of two money processes with one fault anywhere, over the application's own code."""

from pathlib import Path
from typing import Any

import pytest

from services.billing.domain.payment import DisputeState
from tests.support.billing.drawing import DRAWN, MACHINES, Step, table
from tests.support.billing.exploring import explore
from tests.support.billing.makers import OWNER, euros
from tests.support.billing.money_scenes import (
    MoneyScene,
    approves,
    at_the_provider,
    cancels,
    captured_otherwise,
    closes,
    comes_late,
    dies,
    is_told,
    pays,
    provider_ends,
    provider_forgets,
    records,
    recovers,
    refunds,
)
from tests.support.billing.payments import Account
from tests.support.soak import LONG, soak

Scenery = dict[str, Any]
LATE = (pays(1, "challenge"), cancels(1), pays(2), comes_late(1))
"""The first attempt was cancelled, the second has paid, and now the first one's money comes all the same."""

SCENES: dict[str, Scenery] = {
    "pay, pay": {"doing": {"pay 1": pays(1), "pay 2": pays(2)}, "spared": ["pay 2"]},
    "pay, the same pay": {"doing": {"pay 1": pays(1), "again 1": pays(1)}, "spared": ["again 1"]},
    "pay, void": {"doing": {"pay 1": pays(1), "void": closes()}},
    "pay, write off": {"doing": {"pay 1": pays(1), "write off": closes(write_off=True)}},
    "pay, record": {"doing": {"pay 1": pays(1, amount=60), "record 2": records(2, 60)}},
    "pay, recovery": {"doing": {"pay 1": pays(1), "recovery": recovers(1)}},
    "record, recovery": {"doing": {"record 1": records(1), "recovery": recovers(1)}},
    "record, void": {"doing": {"record 1": records(1), "void": closes()}},
    "cancel, approve": {"before": [pays(1, "challenge")], "doing": {"cancel": cancels(1), "payer": approves(1)}},
    "cancel, webhook": {
        "before": [pays(1, "challenge"), approves(1)],
        "doing": {"cancel": cancels(1), "webhook": is_told(1)},
    },
    "pay, approve": {
        "before": [pays(1, "challenge", None)],
        "doing": {"pay 2": pays(2, "ok", None), "payer": approves(1)},
        "partial": False,
    },
    "refund, refund": {"before": [pays(1)], "doing": {"refund 1": refunds(1, 1, 60), "refund 2": refunds(2, 1, 60)}},
    "refund, the same refund": {
        "before": [pays(1)],
        "doing": {"refund 1": refunds(1, 1, 60), "again 1": refunds(1, 1, 60)},
    },
    "refund, recovery": {"before": [pays(1)], "doing": {"refund 1": refunds(1, 1, 60), "recovery": recovers(1)}},
    "late money, the other refunded": {
        "before": LATE,
        "doing": {"webhook": is_told(1), "refund 2": refunds(2, 2)},
        "may_exceed": True,
        "spared": ["refund 2"],
    },
    "late money, recovery": {
        "before": LATE,
        "doing": {"webhook": is_told(1), "recovery": recovers(1)},
        "may_exceed": True,
    },
    "late money, a part asked back": {
        "before": LATE,
        "doing": {"webhook": is_told(1), "refund 1": refunds(1, 1, 40)},
        "may_exceed": True,
        "spared": ["webhook", "refund 1"],
    },
    "refund there, refund here": {
        "before": [pays(1), at_the_provider(1, lambda it: it.refund_there(euros(60)))],
        "doing": {"webhook": is_told(1), "refund 1": refunds(1, 1, 60)},
        "spared": ["refund 1"],
    },
    "refund there, told twice": {
        "before": [pays(1), at_the_provider(1, lambda it: it.refund_there(euros(60)))],
        "doing": {"webhook": is_told(1), "webhook 2": is_told(1, "evt_2")},
        "spared": ["webhook 2"],
    },
    "refund comes back": {
        "before": [pays(1)],
        "doing": {"refund 1": refunds(1, 1, 60), "bank": at_the_provider(1, Account.bounce)},
        "afterwards": [is_told(1)],
    },
    "refund comes back, refund": {
        "before": [pays(1), refunds(1, 1, 60), at_the_provider(1, Account.bounce)],
        "doing": {"webhook": is_told(1), "refund 2": refunds(2, 1, 40)},
        "spared": ["refund 2"],
    },
    "dispute lost, refund": {
        "before": [
            pays(1),
            at_the_provider(1, lambda it: it.dispute(DisputeState.OPEN, euros(70))),
            is_told(1, "evt_0"),
            at_the_provider(1, lambda it: it.dispute(DisputeState.LOST)),
        ],
        "doing": {"webhook": is_told(1), "refund 1": refunds(1, 1, 30)},
    },
    "dispute lost, then won": {
        "before": [pays(1), at_the_provider(1, lambda it: it.dispute(DisputeState.LOST)), is_told(1, "evt_0")],
        "doing": {"bank": at_the_provider(1, lambda it: it.dispute(DisputeState.WON)), "webhook": is_told(1)},
        "afterwards": [is_told(1, "evt_9")],
    },
    "forgotten by its provider": {
        "before": [pays(1, "challenge"), provider_forgets(1)],
        "doing": {"staff": cancels(1, OWNER), "recovery": recovers(90)},
    },
    "its provider has ended": {
        "before": [pays(1, "challenge"), provider_ends()],
        "doing": {"staff": cancels(1, OWNER), "recovery": recovers(90)},
    },
    "refund, its provider has ended": {
        "before": [pays(1), dies(refunds(1, 1), "fake: refund"), provider_ends()],
        "doing": {"recovery": recovers(1)},
    },
    "another amount came": {
        "before": [
            pays(1, "challenge"),
            at_the_provider(1, captured_otherwise("90.00")),
            approves(1),
        ],
        "doing": {"webhook": is_told(1)},
    },
    "another currency came": {
        "before": [
            pays(1, "challenge"),
            at_the_provider(1, captured_otherwise("90", "JPY")),
            approves(1),
        ],
        "doing": {"webhook": is_told(1)},
    },
}


LARGE = {
    "late money, a part asked back",
    "late money, the other refunded",
    "refund comes back, refund",
    "dispute lost, refund",
    "pay, the same pay",
}
"""Scenes of which every order is always tried, and faults in them in the long run, but for one."""
SMALLEST = "pay, the same pay"
LARGEST = "refund comes back, refund"
"""The scene that is for the long run altogether."""


def explored(name: str, faults: int) -> set[tuple[str, Step]]:
    """Go through a scene; return the steps of the state machines that were seen."""
    seen, scene = set[tuple[str, Step]](), SCENES[name]
    found = explore(lambda: MoneyScene(**scene, seen=seen), faults=faults)
    print(f"{name}: {found}")
    assert not found.wrong, found.wrong[0]
    return seen


@pytest.mark.parametrize("name", [name for name in SCENES if name != LARGEST])
def test_every_order_comes_out_right_as_drawn(name: str) -> None:
    """In every order, with a fault anywhere: the books and the provider agree, and every step is drawn."""
    seen = explored(name, 0 if name in LARGE else 1)

    assert not {step for step in seen if step not in DRAWN}
    assert not {step for step, drawn in DRAWN.items() if drawn.scene == name and step not in seen}


@soak
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(LARGE) if LONG else [SMALLEST])
def test_faults_in_large_scenes_come_out_right_as_drawn(name: str) -> None:
    """The same with a fault anywhere, where that takes long."""
    assert explored(name, 1) <= set(DRAWN)


def test_the_page_shows_what_is_drawn() -> None:
    """docs/state-machines.md has every machine as it is held to here."""
    page = (Path(__file__).parents[4] / "docs" / "state-machines.md").read_text()
    assert [machine for machine in MACHINES if table(machine) not in page] == []
