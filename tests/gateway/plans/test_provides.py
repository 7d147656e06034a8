"""Fields that one way to an object provides: `@provides`."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_a_provided_field_is_taken_on_the_way() -> None:
    """On the providing path the external field needs no entity fetch."""
    query = """
        {
          lent {
            book {
              title
            }
          }
        }
    """
    assert plan_text("provides", query) == snapshot("provides", "a_provided_field_is_taken_on_the_way")


def test_the_same_field_on_another_path_is_fetched() -> None:
    """Only the field with the directive provides; its sibling does not."""
    query = """
        {
          lent {
            other {
              title
            }
          }
        }
    """
    assert plan_text("provides", query) == snapshot("provides", "the_same_field_on_another_path_is_fetched")


def test_a_union_provides_for_one_member() -> None:
    """`@provides` with a fragment holds for objects of that type only, nested fields included."""
    query = """
        {
          shelf {
            ... on Book {
              title
              author {
                name
              }
            }
            ... on Film {
              minutes
            }
          }
        }
    """
    assert plan_text("provides", query) == snapshot("provides", "a_union_provides_for_one_member")


def test_an_interface_provides_for_one_implementation() -> None:
    """`@provides` on an interface field holds for the type in its fragment."""
    query = """
        {
          media {
            id
            ... on Film {
              minutes
            }
            ... on Book {
              title
            }
          }
        }
    """
    assert plan_text("provides", query) == snapshot("provides", "an_interface_provides_for_one_implementation")


def test_what_is_not_provided_is_fetched_beside_it() -> None:
    """Provided and not provided fields of one object split over two fetches."""
    query = """
        {
          lent {
            book {
              title
              pages
            }
          }
        }
    """
    assert plan_text("provides", query) == snapshot("provides", "what_is_not_provided_is_fetched_beside_it")
