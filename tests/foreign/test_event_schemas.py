"""One verdict on every probe: six schema engines in five languages read the checked-in schemas as they come.

No engine checks `format` here, and none needs to: a pattern and a length say what a field may hold.
"""

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from portal_cli.event_contract import FOLDER
from portal_cli.event_examples import example_event
from portal_cli.event_schemas import public_models
from portal_cli.foreign import EVENT_PYTHON, GO_VERDICTS, JAVA_JARS
from tests.support.event_models import said
from tests.support.event_probes import BAD, GONE, GOOD
from tests.support.foreign import program
from tests.support.npm import installed

BY_TYPE = {model.event_type: model for model in public_models()}
SCHEMAS = {name: json.loads((FOLDER / "schemas" / f"{name}.json").read_text()) for name in BY_TYPE}


def at(event_type: str, path: str, value: Any) -> tuple[str, dict[str, Any]]:
    """Return the type's example with another value at this place; `GONE` takes the field away."""
    event = json.loads(example_event(BY_TYPE[event_type]).to_json())
    *outer, last = path.split(".")
    place = event
    for name in outer:
        place = place[name]
    if value is GONE:
        del place[last]
    else:
        place[last] = value
    return event_type, event


PROBES = [at(*probe) for probe in GOOD + BAD]
EXPECTED = [True] * len(GOOD) + [False] * len(BAD)
RUST = """
import json, sys
import jsonschema_rs
asked = json.load(open(sys.argv[1]))
engines = {name: jsonschema_rs.Draft202012Validator(schema) for name, schema in asked["schemas"].items()}
print(json.dumps([engines[name].is_valid(event) for name, event in asked["probes"]]))
"""


FAST = """
import json, sys
import fastjsonschema
asked = json.load(open(sys.argv[1]))
engines = {name: fastjsonschema.compile(schema) for name, schema in asked["schemas"].items()}
def valid(name, event):
    try:
        engines[name](event)
    except fastjsonschema.JsonSchemaValueException:
        return False
    return True
print(json.dumps([valid(name, event) for name, event in asked["probes"]]))
"""


def python_says(file: Path) -> list[bool]:
    asked = json.loads(file.read_text())
    engines = {name: jsonschema.Draft202012Validator(schema) for name, schema in asked["schemas"].items()}
    return [engines[name].is_valid(event) for name, event in asked["probes"]]


def rust_says(file: Path) -> list[bool]:
    return json.loads(said([program(EVENT_PYTHON) / "bin" / "python", "-c", RUST, file], folder=file.parent))


def fast_python_says(file: Path) -> list[bool]:
    return json.loads(said([program(EVENT_PYTHON) / "bin" / "python", "-c", FAST, file], folder=file.parent))


def java_says(file: Path) -> list[bool]:
    jars, source = f"{program(JAVA_JARS)}/*", installed("event-models") / "Verdicts.java"
    return json.loads(said(["java", "-cp", jars, source, file], folder=file.parent))


def javascript_says(file: Path) -> list[bool]:
    return json.loads(said(["node", "ajv.mjs", file], folder=installed("event-models")))


def go_says(file: Path) -> list[bool]:
    return json.loads(said([program(GO_VERDICTS) / "verdicts", file], folder=file.parent))


ENGINES = [python_says, fast_python_says, rust_says, javascript_says, java_says, go_says]


@pytest.mark.parametrize("engine", ENGINES, ids=lambda one: one.__name__)
def test_an_engine_gives_the_one_verdict_on_every_probe(engine: Callable[[Path], list[bool]], tmp_path: Path) -> None:
    """What we publish, have published or may add is valid; what is no amount, day, instant or id of ours is not."""
    file = tmp_path / "probes.json"
    file.write_text(json.dumps({"schemas": SCHEMAS, "probes": PROBES}))
    verdicts = engine(file)

    asked = zip(GOOD + BAD, EXPECTED, verdicts, strict=True)
    assert [probe for probe, expected, verdict in asked if verdict is not expected] == []


def test_every_probe_is_about_something_else() -> None:
    """No probe is there twice, each changes the example, and every type's own example is valid."""
    changed = [json.dumps(probe, sort_keys=True) for probe in PROBES]
    assert len(set(changed)) == len(changed)
    for name, schema in SCHEMAS.items():
        jsonschema.Draft202012Validator(schema).validate(copy.deepcopy(at(name, "added", 1)[1]))
