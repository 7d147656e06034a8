"""Identity's published language: complete, named by the rules, and without secrets."""

import re

from portal_cli.event_examples import example_event
from services.identity.domain import events
from services.identity.messaging.published import LANGUAGE, PUBLISHED

SECRETS = re.compile(r"password|token|hash|secret", re.IGNORECASE)


def test_every_type_is_named_by_the_rule_once_and_has_an_example() -> None:
    """`identity.<fact>.v1`, no type twice, and an example of each that is JSON with the organisation in it."""
    types = [model.event_type for model in PUBLISHED]
    assert len(set(types)) == len(types) == 23
    for model in PUBLISHED:
        assert re.fullmatch(r"identity\.[a-z_]+\.v1", model.event_type)
        assert example_event(model).data["organisationId"].startswith("org_")
        assert model.__doc__


def test_every_fact_is_published() -> None:
    """A domain event that nobody translates would stop a save: each is in the language."""
    facts = {
        kind
        for kind in vars(events).values()
        if isinstance(kind, type) and issubclass(kind, events.IdentityEvent) and not kind.__name__.endswith("Fact")
    } - {events.IdentityEvent}
    assert set(LANGUAGE._translations) == facts


def test_no_field_could_carry_a_secret() -> None:
    """No published field is named after a password, token or hash."""
    fields = {name for model in PUBLISHED for name in model.model_fields}
    assert {name for name in fields if SECRETS.search(name)} == set()
