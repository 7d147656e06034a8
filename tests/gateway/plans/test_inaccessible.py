"""What clients never see may still serve: `@inaccessible`."""

from tests.gateway.plans.planned import plan_text, snapshot


def test_hidden_fields_serve_as_keys_and_requirements() -> None:
    """A hidden key leads on and a hidden field is an input."""
    query = """
        {
          parts {
            label
            freight
          }
        }
    """
    assert plan_text("inaccessible", query) == snapshot("inaccessible", "hidden_fields_serve_as_keys_and_requirements")
