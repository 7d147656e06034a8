"""Federation 1: `extend type`, with its external keys."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_an_extended_type_is_entered_by_its_external_key() -> None:
    """The extension's key fields count as its own."""
    query = """
        {
          me {
            name
            reviews {
              text
            }
          }
        }
    """
    assert plan_text("extends", query) == snapshot("extends", "an_extended_type_is_entered_by_its_external_key")


def test_an_extension_hands_out_its_key() -> None:
    """From an extension the owner is reached by the external key."""
    query = """
        {
          reviews {
            subject {
              name
            }
          }
        }
    """
    assert plan_text("extends", query) == snapshot("extends", "an_extension_hands_out_its_key")


def test_a_requirement_may_be_provided_on_the_way() -> None:
    """An input that the path provides needs no third subgraph."""
    query = """
        {
          reviews {
            author {
              greeting
            }
          }
        }
    """
    assert plan_text("extends", query) == snapshot("extends", "a_requirement_may_be_provided_on_the_way")
