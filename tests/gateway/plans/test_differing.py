"""Enums, inputs and arguments that differ between subgraphs; keys that open no door."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_each_subgraph_gets_the_arguments_that_it_knows() -> None:
    """Variables and input objects travel to the fetch that uses them."""
    query = """
        query ($s: State, $f: Filter) {
          orders(state: $s) {
            state
            kind
            lines(filter: $f)
            notes(filter: { text: "b" })
          }
        }
    """
    assert plan_text("differing", query) == snapshot("differing", "each_subgraph_gets_the_arguments_that_it_knows")


def test_a_key_that_is_not_resolvable_leads_out_but_not_in() -> None:
    """The stub's subgraph hands out the key and is never entered by it."""
    query = """
        {
          mine {
            id
            hidden
          }
          stubs {
            id
            hidden
          }
        }
    """
    assert plan_text("differing", query) == snapshot("differing", "a_key_that_is_not_resolvable_leads_out_but_not_in")
