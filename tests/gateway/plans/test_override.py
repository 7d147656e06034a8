"""Fields that moved: `@override`, also by label."""

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
