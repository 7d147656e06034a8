"""`@interfaceObject` and entity interfaces, in both directions."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_objects_of_all_types_enter_as_the_interface() -> None:
    """One representation form serves every implementation."""
    query = """
        {
          library {
            title
            views
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot(
        "interface_object", "objects_of_all_types_enter_as_the_interface"
    )


def test_one_type_enters_as_the_interface() -> None:
    """Only the objects of that type are represented."""
    query = """
        {
          library {
            ... on Book {
              ratings {
                stars
              }
            }
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot("interface_object", "one_type_enters_as_the_interface")


def test_the_run_time_type_is_asked_of_who_knows_it() -> None:
    """An interface object's type name comes from the subgraph that has the types."""
    query = """
        {
          best {
            __typename
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot(
        "interface_object", "the_run_time_type_is_asked_of_who_knows_it"
    )


def test_fields_of_one_type_follow_the_discovery() -> None:
    """From an interface object to a type's own subgraph it takes the discovery first."""
    query = """
        {
          best {
            ... on Book {
              isbn
            }
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot(
        "interface_object", "fields_of_one_type_follow_the_discovery"
    )


def test_a_field_for_one_type_returns_to_the_interface_object() -> None:
    """What only one type wants is not asked for all."""
    query = """
        {
          best {
            ... on Film {
              ratings {
                stars
              }
            }
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot(
        "interface_object", "a_field_for_one_type_returns_to_the_interface_object"
    )


def test_interface_objects_enter_one_another() -> None:
    """Two subgraphs that know only the interface need no third."""
    query = """
        {
          best {
            views
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot("interface_object", "interface_objects_enter_one_another")


def test_an_interface_object_may_require() -> None:
    """Inputs are fetched by the interface, then the object is entered again."""
    query = """
        {
          best {
            blurb
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot("interface_object", "an_interface_object_may_require")


def test_nothing_is_discovered_without_need() -> None:
    """Where no selection depends on the type, no type name is fetched."""
    query = """
        {
          rated {
            of {
              id
              ratings {
                stars
              }
            }
          }
        }
    """
    assert plan_text("interface_object", query) == snapshot("interface_object", "nothing_is_discovered_without_need")
