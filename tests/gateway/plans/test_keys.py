"""Keys: several, compound, nested, of lists; paths over several of them; keys that open no door."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_a_compound_key_is_reached_over_another_subgraph() -> None:
    """A subgraph keyed by two fields is entered through one that turns the id into them."""
    query = """
        {
          products {
            name
            stock
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "a_compound_key_is_reached_over_another_subgraph")


def test_a_path_over_three_keys_is_found() -> None:
    """Where every subgraph has another key, the plan walks from key to key."""
    query = """
        {
          products {
            name
            expires
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "a_path_over_three_keys_is_found")


def test_the_same_path_is_walked_backwards() -> None:
    """Keys work in both directions."""
    query = """
        {
          recent {
            name
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "the_same_path_is_walked_backwards")


def test_nested_and_list_keys_are_represented_with_their_shape() -> None:
    """A key inside an object or a list of objects is sent as it lies in the tree."""
    query = """
        {
          lists {
            note
            shared
            total
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "nested_and_list_keys_are_represented_with_their_shape")


def test_a_field_of_a_nested_key_object_is_fetched_beside_it() -> None:
    """The object that the key needs is the one whose other fields come along from there."""
    query = """
        {
          lists {
            owner {
              id
              level
            }
            things {
              title
            }
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "a_field_of_a_nested_key_object_is_fetched_beside_it")


def test_a_key_may_be_put_together_from_two_subgraphs() -> None:
    """One half of a compound key is fetched from another subgraph first."""
    query = """
        {
          boxes {
            sum
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "a_key_may_be_put_together_from_two_subgraphs")


def test_the_key_fields_of_the_client_are_not_asked_twice() -> None:
    """A key that the client selects under its own name serves as the key."""
    query = """
        {
          products {
            id
            stock
          }
        }
    """
    assert plan_text("keys", query) == snapshot("keys", "the_key_fields_of_the_client_are_not_asked_twice")
