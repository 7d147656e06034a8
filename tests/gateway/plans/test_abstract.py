"""Interfaces and unions that subgraphs know in part."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_an_interface_field_is_asked_once_for_all_types() -> None:
    """Where all members resolve a field, it is selected on the interface."""
    query = """
        {
          pets {
            id
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "an_interface_field_is_asked_once_for_all_types")


def test_a_field_external_to_one_member_is_fetched_for_it() -> None:
    """Only the members that need it are looked up elsewhere."""
    query = """
        {
          pets {
            name
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "a_field_external_to_one_member_is_fetched_for_it")


def test_lookups_of_several_types_share_one_fetch() -> None:
    """Objects of different types are represented in one request, each with its own fields."""
    query = """
        {
          pets {
            ... on Cat {
              colour
            }
            ... on Dog {
              breed
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "lookups_of_several_types_share_one_fetch")


def test_a_fragment_on_an_unknown_interface_becomes_its_types() -> None:
    """A subgraph is never sent a type that it does not have."""
    query = """
        {
          pets {
            ... on Walker {
              steps
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "a_fragment_on_an_unknown_interface_becomes_its_types")


def test_abstract_in_abstract_stays_compact() -> None:
    """Nested interfaces expand only where they must."""
    query = """
        {
          pets {
            friends {
              friends {
                name
              }
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "abstract_in_abstract_stays_compact")


def test_a_union_goes_where_its_asked_members_are_known() -> None:
    """Of two subgraphs with different members the one that knows more of the asked types answers."""
    query = """
        {
          shared {
            ... on Cat {
              colour
            }
            ... on Note {
              text
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "a_union_goes_where_its_asked_members_are_known")


def test_members_that_cannot_occur_are_left_out() -> None:
    """A fragment on a type that the subgraph cannot answer is not sent."""
    query = """
        {
          shared {
            ... on Dog {
              id
            }
            ... on Robot {
              text
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "members_that_cannot_occur_are_left_out")


def test_fields_of_clashing_types_get_keys_of_their_own() -> None:
    """Where a subgraph's types forbid a shared key, an alias is sent and renamed back."""
    query = """
        {
          walkers {
            ... on Dog {
              x: tail
            }
            ... on Person {
              x: nick
            }
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "fields_of_clashing_types_get_keys_of_their_own")


def test_type_names_are_fetched_wherever_types_are_open() -> None:
    """`__typename` and its aliases are asked where they are known."""
    query = """
        {
          finds {
            t: __typename
          }
          pets {
            __typename
          }
        }
    """
    assert plan_text("abstract", query) == snapshot("abstract", "type_names_are_fetched_wherever_types_are_open")
