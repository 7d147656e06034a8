"""The checked-in contract of the published events."""

import json

import jsonschema
import pytest

from portal_cli import event_contract
from portal_cli.event_contract import FOLDER, event_schema, example_event, published_models
from services.chassis.cloudevents import CloudEvent, Published

MODELS = sorted(published_models(), key=lambda model: model.event_type)


def test_the_checked_in_contract_is_fresh() -> None:
    """The files in `docs/events` are those that the models make (`portal events`), and there is no other."""
    assert event_contract.run(check=True) == 0
    assert {file.stem for file in (FOLDER / "schemas").glob("*.json")} == {model.event_type for model in MODELS}


def test_no_two_models_publish_one_type() -> None:
    """A type of event has one model."""
    assert len({model.event_type for model in MODELS}) == len(MODELS)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.event_type)
def test_an_example_fits_its_schema_and_travels(model: type[Published]) -> None:
    """The example is valid against the published JSON Schema, and what the bus sends of it is too."""
    example, schema = example_event(model), event_schema(model)
    sent = CloudEvent.from_json(json.dumps(example).encode()).to_json()

    jsonschema.validate(example, schema, cls=jsonschema.Draft202012Validator)
    jsonschema.validate(json.loads(sent), schema, cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.event_type)
def test_a_type_is_named_by_the_rules(model: type[Published]) -> None:
    """`context.fact.v1`, with a sentence that says what happened."""
    context, fact, version = model.event_type.split(".")

    assert context in event_contract.SERVICES
    assert fact.replace("_", "").isalpha()
    assert version[0] == "v"
    assert int(version[1:]) >= 1
    assert (model.__doc__ or "").strip().endswith(".")
