"""Fields that moved: `@override`, also by label."""

import pytest
from graphql import parse

from gateway.plan import Fetch
from gateway.planner import plan
from gateway.supergraph import Supergraph
from tests.gateway.plans.planned import plan_text, snapshot, supergraph


def test_an_overridden_field_comes_from_its_new_home() -> None:
    """The old subgraph is asked for the rest only."""
    query = """
        {
          bills {
            id
            amount
          }
        }
    """
    assert plan_text("override", query) == snapshot("override", "an_overridden_field_comes_from_its_new_home")


def test_a_label_that_is_not_active_changes_nothing() -> None:
    """Without its label a progressive override is off."""
    query = """
        {
          bills {
            payer
          }
        }
    """
    assert plan_text("override", query) == snapshot("override", "a_label_that_is_not_active_changes_nothing")


def test_an_active_label_moves_the_field() -> None:
    """With its label a progressive override is on."""
    text = plan_text("override", "{ bills { payer } }", labels=frozenset({"percent(10)"}))
    assert text == snapshot("override", "an_active_label_moves_the_field")


def test_the_supergraph_tells_its_labels() -> None:
    """A caller learns from the supergraph which labels it may set."""
    assert supergraph("override").override_labels == {"percent(10)"}


@pytest.mark.parametrize(("labels", "service"), [(frozenset[str](), "old"), (frozenset({"new home"}), "new")])
def test_a_field_that_its_old_home_still_uses_moves_with_the_label(labels: frozenset[str], service: str) -> None:
    """Used but overridden means external only while the label is active."""
    sdl = """
        schema @link(url: "https://specs.apollo.dev/join/v0.4", for: EXECUTION) { query: Query }
        enum join__Graph { OLD @join__graph(name: "old", url: "") NEW @join__graph(name: "new", url: "") }
        type Query @join__type(graph: OLD) @join__type(graph: NEW) {
          a: Int @join__field(graph: OLD, usedOverridden: true, overrideLabel: "new home")
            @join__field(graph: NEW, override: "old", overrideLabel: "new home")
        }
    """
    assert plan(Supergraph.from_sdl(sdl), parse("{ a }"), labels=labels).node == Fetch(service, "query", "{a}")
