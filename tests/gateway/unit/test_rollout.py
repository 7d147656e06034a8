"""Labels of progressive `@override`: named ones are on, percentages for their share of requests."""

import pytest

from gateway.bootstrap import load
from gateway.rollout import Rollout
from gateway.settings import GatewaySettings
from tests.gateway.plans.planned import FOLDER

LABELS = ("percent(25)", "percent(0.5)", "percent(100)", "percent(0)", "beta", "percent(abc)", "percent(250)")


@pytest.mark.parametrize(
    ("drawn", "on"),
    [
        (0.0, {"percent(25)", "percent(0.5)"}),
        (0.004999, {"percent(25)", "percent(0.5)"}),
        (0.005, {"percent(25)"}),
        (0.2499, {"percent(25)"}),
        (0.25, set[str]()),
        (0.999999, set[str]()),
    ],
)
def test_one_number_decides_all_percentages(drawn: float, on: set[str]) -> None:
    """Whoever is in a smaller share is in every larger one; 100 is always on and 0 never, other labels only by name."""
    assert Rollout(LABELS, draw=lambda: drawn).choose() == on | {"percent(100)", "percent(250)"}


def test_a_named_label_is_always_on() -> None:
    """Also a percentage; a name that the supergraph does not have counts for nothing."""
    rollout = Rollout(LABELS[:2], ("percent(0.5)", "other"), draw=lambda: 0.9)
    assert rollout.choose() == {"percent(0.5)"}


def test_without_percentages_nothing_is_drawn() -> None:
    """The labels are the same ones for every request."""

    def never() -> float:
        raise AssertionError

    assert Rollout(("beta", "gamma"), ("beta",), draw=never).choose() == {"beta"}


def test_a_share_of_requests_is_in() -> None:
    """Of evenly spread numbers, 25 of 100 and 1 of 200 are in."""
    numbers = iter([n / 200 for n in range(200)])
    rollout = Rollout(LABELS[:2], draw=lambda: next(numbers))
    chosen = [rollout.choose() for _ in range(200)]
    assert [sum(label in one for one in chosen) for label in LABELS[:2]] == [50, 1]


def test_a_supergraph_is_served_by_its_own_labels() -> None:
    """What is loaded chooses anew for every request: both homes of a field are asked."""
    file = FOLDER / "override" / "supergraph.graphql"
    settings = GatewaySettings(supergraph=file)
    served = load(file.read_text(), settings).served
    assert {served.choose() for _ in range(1_000)} == {frozenset(), frozenset({"percent(10)"})}
