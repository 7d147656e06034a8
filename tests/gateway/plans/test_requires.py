"""Fields that need fields of other subgraphs: `@requires`."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_required_fields_are_fetched_first_and_sent_along() -> None:
    """Inputs come from their owner and travel in the representation, nested ones too."""
    query = """
        {
          products {
            cost
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "required_fields_are_fetched_first_and_sent_along")


def test_fields_without_requirements_join_the_same_fetch() -> None:
    """One entity fetch answers fields with and without requirements."""
    query = """
        {
          products {
            inStock
            cost
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "fields_without_requirements_join_the_same_fetch")


def test_required_fragments_keep_their_types() -> None:
    """A union is required with its type names, each member by its own fields."""
    query = """
        {
          products {
            duration
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "required_fragments_keep_their_types")


def test_required_arguments_do_not_disturb_those_of_the_client() -> None:
    """The same field with other arguments gets a key of its own."""
    query = """
        {
          products {
            price(currency: EUR)
            cost
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "required_arguments_do_not_disturb_those_of_the_client")


def test_an_alias_of_the_client_on_a_required_name_is_no_input() -> None:
    """A required field whose name is the client's alias for another field gets a key of its own."""
    query = """
        {
          products {
            dimensions {
              size: weight
            }
            name: id
            cost
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "an_alias_of_the_client_on_a_required_name_is_no_input")


def test_a_requirement_may_need_a_fetch_of_its_own() -> None:
    """A required field of a nested entity is fetched from that entity's owner."""
    query = """
        {
          products {
            rate
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "a_requirement_may_need_a_fetch_of_its_own")


def test_requirements_form_chains() -> None:
    """A field that requires a field that requires a field takes one wave for each."""
    query = """
        {
          parcels {
            c
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "requirements_form_chains")


def test_two_requirements_are_sent_together() -> None:
    """Fields of one subgraph with different requirements share one representation."""
    query = """
        {
          products {
            cost
            duration
          }
        }
    """
    assert plan_text("requires", query) == snapshot("requires", "two_requirements_are_sent_together")


def test_inputs_are_fetched_only_under_the_condition_of_the_field() -> None:
    """What only a skipped field requires is skipped with it."""
    query = """
        query ($x: Boolean!) {
          products {
            name
            rate @include(if: $x)
          }
        }
    """
    assert plan_text("requires", query) == snapshot(
        "requires", "inputs_are_fetched_only_under_the_condition_of_the_field"
    )
