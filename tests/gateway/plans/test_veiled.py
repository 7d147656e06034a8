"""Interface objects behind a wider interface: their subgraph's type name is not the real one."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_the_real_type_name_replaces_the_interfaces() -> None:
    """Objects that answer with the interface's name are looked up where their types are known."""
    query = """
        {
          entries {
            __typename
            ... on Advert {
              price
            }
            ... on Media {
              score
            }
          }
        }
    """
    assert plan_text("veiled", query) == snapshot("veiled", "the_real_type_name_replaces_the_interfaces")


def test_real_types_are_told_even_if_nobody_asks() -> None:
    """No object may keep a type name that clients do not know."""
    query = """
        {
          entries {
            id
          }
        }
    """
    assert plan_text("veiled", query) == snapshot("veiled", "real_types_are_told_even_if_nobody_asks")


def test_one_real_type_is_asked_after_the_discovery() -> None:
    """A field for one of the hidden types waits until the types are told."""
    query = """
        {
          entries {
            ... on Film {
              score
            }
          }
        }
    """
    assert plan_text("veiled", query) == snapshot("veiled", "one_real_type_is_asked_after_the_discovery")


def test_fetches_below_hidden_types_find_their_objects() -> None:
    """A path through an interface object names the interface beside its types."""
    query = """
        {
          entries {
            ... on Media {
              author {
                name
              }
            }
          }
        }
    """
    assert plan_text("veiled", query) == snapshot("veiled", "fetches_below_hidden_types_find_their_objects")
