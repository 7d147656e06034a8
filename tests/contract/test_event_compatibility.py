"""The contract of the last release and that of now: whoever lives by one can live by the other."""

import copy
import json
from collections.abc import Callable
from typing import Any

import jsonschema
import pytest

from portal_cli.event_compatibility import broken, released_examples, released_schemas
from portal_cli.event_contract import FOLDER
from portal_cli.event_examples import example_event
from portal_cli.event_schemas import as_written, event_schema, public_models

MODELS = {model.event_type: model for model in public_models()}
NOW = {name: event_schema(model) for name, model in MODELS.items()}
RELEASED = released_schemas()
Schema = dict[str, Any]


def test_nothing_breaks_who_relies_on_the_last_release() -> None:
    """No field is removed, narrowed or newly required, no closed list changed, no type gone; a failure says where."""
    if told := list(broken(RELEASED, NOW)):
        pytest.fail("\n".join(told), pytrace=False)


@pytest.mark.parametrize("event_type", sorted(RELEASED))
def test_a_reader_of_the_last_release_takes_what_is_written_now(event_type: str) -> None:
    """Today's example is valid against yesterday's schema."""
    event = json.loads(example_event(MODELS[event_type]).to_json())
    jsonschema.validate(event, RELEASED[event_type], cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize(("event_type", "event"), sorted(released_examples().items()))
def test_a_reader_of_now_takes_what_the_last_release_wrote(event_type: str, event: Schema) -> None:
    """Yesterday's example is valid against today's schema."""
    jsonschema.validate(event, NOW[event_type], cls=jsonschema.Draft202012Validator)


def verdict(schema: Schema) -> Callable[[Any], bool]:
    """Return what says whether an event is valid."""
    engine: Any = jsonschema.Draft202012Validator(schema)
    return engine.is_valid


def data(schema: Schema) -> Schema:
    return schema["properties"]["data"]


def remove(schema: Schema) -> None:
    del data(schema)["properties"]["reason"]
    data(schema)["required"].remove("reason")


def narrow(schema: Schema) -> None:
    data(schema)["properties"]["reason"]["maxLength"] = 100


def widen(schema: Schema) -> None:
    data(schema)["properties"]["reason"]["type"] = ["string", "null"]


def need(schema: Schema) -> None:
    data(schema)["properties"]["region"] = {"type": "string"}
    data(schema)["required"].append("region")


def may_lack(schema: Schema) -> None:
    data(schema)["required"].remove("reason")


def close(schema: Schema) -> None:
    data(schema)["additionalProperties"] = False


def more_words(schema: Schema) -> None:
    data(schema)["properties"]["channel"]["enum"].append("sms")


def fewer_words(schema: Schema) -> None:
    data(schema)["properties"]["channel"]["enum"].remove("in_app")


def open_words(schema: Schema) -> None:
    del data(schema)["properties"]["channel"]["enum"]


FAILED = "notifications.notification_failed.v1"
BREAKING: dict[Callable[[Schema], None], str] = {
    remove: "data.reason: the field is gone, and readers rely on it",
    narrow: "data.reason: the greatest length was 200 and is 100",
    widen: "data.reason: it was string and is null or string",
    need: "data.region: the field is new and required, and older events lack it",
    may_lack: "data.reason: the field was always there and may be absent",
    close: "data: readers may no longer be given other fields than these",
    more_words: "data.channel: “sms” is new in a closed list",
    fewer_words: "data.channel: “in_app” is gone from a closed list",
    open_words: "data.channel: the list of its words was closed",
}


@pytest.mark.parametrize("change", BREAKING, ids=lambda one: one.__name__)
def test_a_change_that_breaks_is_told_in_a_sentence(change: Callable[[Schema], None]) -> None:
    """It names the type, the place and what happened."""
    changed = copy.deepcopy(RELEASED[FAILED])
    change(changed)
    told = list(broken({FAILED: RELEASED[FAILED]}, {FAILED: changed}))
    assert len(told) == 1
    assert told[0].startswith(f"{FAILED}, {BREAKING[change]}")


def test_a_type_that_is_gone_is_told() -> None:
    """Nobody publishes it any more."""
    (told,) = broken({FAILED: RELEASED[FAILED]}, {})
    assert told.startswith(f"{FAILED}: the last release published it and nothing does any more")


def test_what_is_added_breaks_nobody() -> None:
    """A type, a field that may be absent, a word of an open list, another description."""
    changed = copy.deepcopy(RELEASED[FAILED])
    data(changed)["properties"]["region"] = {"type": "string"}
    data(changed)["properties"]["kind"]["examples"].append("quota_reached")
    data(changed)["properties"]["reason"]["description"] = "Why."
    assert list(broken({FAILED: RELEASED[FAILED]}, {FAILED: changed, "billing.new.v1": changed})) == []


def test_what_differs_inside_of_an_object_is_seen() -> None:
    """An address that may be null, its fields and those of an amount are compared as well."""
    changed = copy.deepcopy(RELEASED)
    del changed["identity.customer_created.v1"]["$defs"]["PostalAddress"]["properties"]["city"]
    changed["billing.invoice_paid.v1"]["$defs"]["Amount"]["properties"]["amount"]["type"] = "number"
    told = [sentence.partition(":")[0] for sentence in broken(RELEASED, changed)]
    assert told == [
        "billing.invoice_paid.v1, data.total.amount",
        "billing.invoice_paid.v1, data.balance.amount",
        "identity.customer_created.v1, data.billingAddress.city",
        "identity.customer_created.v1, data.shippingAddress.city",
    ]


@pytest.mark.parametrize("event_type", sorted(NOW))
def test_readers_are_open_and_writers_strict(event_type: str) -> None:
    """A field that nobody knows passes a reader's schema at every level, and never ours."""
    event = json.loads(example_event(MODELS[event_type]).to_json())
    reader, writer = verdict(NOW[event_type]), verdict(as_written(MODELS[event_type]))
    inner: list[Schema] = [one for one in event["data"].values() if isinstance(one, dict)]
    for place in (event, event["data"], *inner):
        place["addedLater"] = {"x": 1}
        assert reader(event)
        assert not writer(event)
        del place["addedLater"]
        assert writer(event)


def test_the_checked_in_release_is_whole() -> None:
    """It has a schema and an example of each type, in the form that `portal events --release` writes."""
    assert set(RELEASED) == set(released_examples())
    assert {file.name for file in (FOLDER / "released").iterdir()} == {"asyncapi.json", "schemas"}
