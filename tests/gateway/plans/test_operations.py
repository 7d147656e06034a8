"""Operations: mutations, subscriptions, conditions, variables, aliases."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_mutations_run_in_order() -> None:
    """Root fields of different subgraphs follow one another, each complete before the next."""
    query = """
        mutation ($n: NewCart!) {
          openCart(input: $n) {
            cart {
              id
              weight
            }
          }
          a: addItem(cart: "1", item: "2") {
            cart {
              id
            }
          }
          renameItem(id: "1", name: "x") {
            id
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "mutations_run_in_order")


def test_neighbouring_mutations_of_one_subgraph_share_a_request() -> None:
    """While nothing is fetched between them, one request keeps their order."""
    query = """
        mutation {
          a: addItem(cart: "1", item: "2") {
            cart {
              id
            }
          }
          b: addItem(cart: "1", item: "3") {
            cart {
              name
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot(
        "operations", "neighbouring_mutations_of_one_subgraph_share_a_request"
    )


def test_an_event_is_completed_from_other_subgraphs() -> None:
    """A subscription's first fetch is its source, the rest runs for each event."""
    query = """
        subscription {
          cartChanged(id: "1") {
            name
            weight
            items {
              name
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "an_event_is_completed_from_other_subgraphs")


def test_introspection_and_the_root_type_name_need_no_fetch() -> None:
    """Nothing is asked of any subgraph."""
    query = """
        {
          __typename
          __schema {
            queryType {
              name
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot(
        "operations", "introspection_and_the_root_type_name_need_no_fetch"
    )


def test_conditions_travel_with_the_fields() -> None:
    """`@skip` and `@include` are left to the subgraph."""
    query = """
        query ($a: Boolean!, $b: Boolean!) {
          carts {
            name @include(if: $a)
            state @skip(if: $b) @include(if: $a)
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "conditions_travel_with_the_fields")


def test_a_fetch_that_hangs_on_one_condition_is_conditional() -> None:
    """A whole fetch that a variable switches off is not sent."""
    query = """
        query ($a: Boolean!) {
          carts {
            name
            weight @include(if: $a)
          }
        }
    """
    assert plan_text("operations", query) == snapshot(
        "operations", "a_fetch_that_hangs_on_one_condition_is_conditional"
    )


def test_conditions_of_a_fragment_hold_for_all_in_it() -> None:
    """A condition on a fragment reaches the fields inside, in every fetch."""
    query = """
        query ($a: Boolean!) {
          carts {
            id
            ... @skip(if: $a) {
              name
              weight
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "conditions_of_a_fragment_hold_for_all_in_it")


def test_different_conditions_share_a_fetch() -> None:
    """Fields under different conditions are one request with directives."""
    query = """
        query ($a: Boolean!, $b: Boolean!) {
          item(id: "1") {
            name @include(if: $a)
            price @include(if: $b)
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "different_conditions_share_a_fetch")


def test_literal_conditions_are_decided_when_planning() -> None:
    """`@skip(if: true)` is gone; an object without content is only looked for."""
    query = """
        {
          carts {
            name @skip(if: true)
            state @include(if: true)
            items {
              id @include(if: false)
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "literal_conditions_are_decided_when_planning")


def test_variables_keep_their_defaults() -> None:
    """Only the variables that a fetch uses are declared in it, with type and default."""
    query = """
        query ($f: Filter = { open: false, min: "1" }, $u: Boolean = true, $s: State) {
          carts(filter: $f) {
            items {
              name(upper: $u)
              price(at: $s)
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "variables_keep_their_defaults")


def test_one_field_with_different_arguments_is_two() -> None:
    """Aliases keep them apart."""
    query = """
        {
          carts {
            items {
              big: name(upper: true)
              small: name(upper: false)
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "one_field_with_different_arguments_is_two")


def test_equal_fields_of_many_fragments_are_one() -> None:
    """Fragments are merged before anything is planned."""
    query = """
        {
          carts {
            ...A
            ...B
            ... on Cart {
              id
            }
          }
        }

        fragment A on Cart {
          id
          name
        }

        fragment B on Cart {
          name
          items {
            id
          }
        }
    """
    assert plan_text("operations", query) == snapshot("operations", "equal_fields_of_many_fragments_are_one")


def test_a_variable_called_representations_disturbs_nothing() -> None:
    """The client may use the name that entity fetches use."""
    query = """
        query ($representations: Boolean) {
          carts {
            items {
              name(upper: $representations)
            }
          }
        }
    """
    assert plan_text("operations", query) == snapshot(
        "operations", "a_variable_called_representations_disturbs_nothing"
    )
