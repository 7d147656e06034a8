"""The checked-in contract of the published events."""

import json
import shutil
from pathlib import Path

import jsonschema
import pytest

from portal_cli import event_contract
from portal_cli.event_contract import FOLDER, event_schema, example_event, published_models
from services.chassis.cloudevents import CloudEvent, Published
from tests.support.npm import installed, run_node

MODELS = sorted(published_models(), key=lambda model: model.event_type)


def test_the_checked_in_contract_is_fresh() -> None:
    """The files in `docs/events` are those that the models make (`portal events`), and there is no other."""
    assert event_contract.run(check=True) == 0
    assert {file.stem for file in (FOLDER / "schemas").glob("*.json")} == {model.event_type for model in MODELS}


async def test_the_official_parser_takes_the_document(tmp_path: Path) -> None:
    """`@asyncapi/parser` finds no error in it with every schema it refers to, and does find one that is put in."""
    tool, document = installed("event-contract"), FOLDER / "asyncapi.json"
    broken = tmp_path / "asyncapi.json"
    broken.write_text(document.read_text().replace('"action": "send"', '"action": "shout"'))
    shutil.copytree(FOLDER / "schemas", tmp_path / "schemas")

    code, found, failure = await run_node(tool, "check.mjs", str(document))
    broken_code, broken_found, _ = await run_node(tool, "check.mjs", str(broken))

    assert (code, failure) == (0, "")
    assert [line for line in found.splitlines() if json.loads(line)["severity"] == 0] == []
    assert broken_code == 1
    assert "shout" not in document.read_text()
    assert '"severity":0' in broken_found


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
