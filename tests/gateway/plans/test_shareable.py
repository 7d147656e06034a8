"""Fields and value types that several subgraphs resolve: `@shareable`."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_a_shared_field_goes_where_the_rest_is() -> None:
    """A field of two subgraphs is asked of the one that is asked anyway."""
    query = """
        {
          viewer {
            email
            home {
              city
            }
          }
        }
    """
    assert plan_text("shareable", query) == snapshot("shareable", "a_shared_field_goes_where_the_rest_is")


def test_a_type_without_key_is_asked_of_both_in_parallel() -> None:
    """Fields that only one subgraph has are fetched by its own copy of the parents."""
    query = """
        {
          viewer {
            name
            email
          }
        }
    """
    assert plan_text("shareable", query) == snapshot("shareable", "a_type_without_key_is_asked_of_both_in_parallel")


def test_parts_of_one_value_come_from_two_subgraphs() -> None:
    """A value without a key is put together from both."""
    query = """
        {
          viewer {
            home {
              city
              north
              south
            }
          }
        }
    """
    assert plan_text("shareable", query) == snapshot("shareable", "parts_of_one_value_come_from_two_subgraphs")


def test_lists_of_values_come_together_too() -> None:
    """The same for items of a list, in order."""
    query = """
        {
          places {
            north
            south
          }
        }
    """
    assert plan_text("shareable", query) == snapshot("shareable", "lists_of_values_come_together_too")
