"""The checked-in contract of the published events."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from chassis.cloudevents import CloudEvent, Published
from portal_cli import event_contract
from portal_cli.event_contract import FOLDER
from portal_cli.event_examples import all_examples, example_event
from portal_cli.event_schemas import (
    as_written,
    event_schema,
    personal_data,
    public_models,
    published_models,
    type_name,
)
from portal_cli.paths import SERVICES
from tests.support.checked_in import assert_up_to_date
from tests.support.npm import installed, run_node

MODELS = sorted(published_models(), key=lambda model: model.event_type)
BY_TYPE = {model.event_type: model for model in MODELS}
KEYWORDS = {
    *("$schema", "$ref", "$defs", "$comment", "title", "description", "examples"),
    *("type", "const", "enum", "oneOf", "if", "then", "properties", "required", "items"),
    *("pattern", "minLength", "maxLength", "minimum", "maximum"),
}
"""What every engine knows: an unknown keyword or format stops Ajv as it comes."""


def schemas_in(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema and every schema inside it."""
    yield schema
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("oneOf", [])]
    for one in inner + [schema[key] for key in ("items",) if key in schema]:
        yield from schemas_in(one)


def field_of(model: type[Published], name: str) -> str:
    return model.model_fields[name].serialization_alias or name


def test_the_checked_in_contract_is_fresh() -> None:
    """The files in `docs/events` are those that the models make (`portal events`), and there is no other."""
    assert_up_to_date(event_contract.files())


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
    """The example is valid for readers and for ourselves, and what the bus sends of it is too."""
    body = example_event(model).to_json()
    sent = CloudEvent.from_json(body).to_json()

    for schema in (event_schema(model), as_written(model)):
        jsonschema.validate(json.loads(body), schema, cls=jsonschema.Draft202012Validator)
        jsonschema.validate(json.loads(sent), schema, cls=jsonschema.Draft202012Validator)


def test_everything_that_happens_in_the_examples_is_as_we_write_it() -> None:
    """Each event of the lives that the domain leads through is valid against the closed schema, in its order."""
    last: dict[str, int] = {}
    written = {name: as_written(model) for name, model in BY_TYPE.items()}
    for event in all_examples():
        jsonschema.validate(json.loads(event.to_json()), written[event.type], cls=jsonschema.Draft202012Validator)
        assert event.sequence == last.get(event.subject, 0) + 1
        assert event.id == f"{event.subject}-{event.sequence}"
        last[event.subject] = event.sequence


@pytest.mark.parametrize("event", all_examples(), ids=lambda event: event.id)
def test_an_events_subject_is_told_in_its_data(event: CloudEvent) -> None:
    """`subject` is the id that the schema's description names, and `organisationid` is `data.organisationId`."""
    model = BY_TYPE[event.type]
    told: list[Any] = [event.data[field_of(model, name)] for name in model.about]

    subjects: list[list[str]] = [value if isinstance(value, list) else [value] for value in told]
    assert event.subject in [one for several in subjects for one in several]
    assert event.organisation_id == event.data["organisationId"]
    description = event_schema(model)["properties"]["subject"]["description"]
    assert all(f"`data.{field_of(model, name)}`" in description for name in model.about)


@pytest.mark.parametrize("model", public_models(), ids=lambda model: model.event_type)
def test_an_example_and_its_document_are_about_one_thing(model: type[Published]) -> None:
    """Every id in the example has the kind that its field's schema says, and the envelope is of one aggregate."""
    event = json.loads((FOLDER / "asyncapi.json").read_text())["components"]["messages"][
        model.event_type.replace(".", "_")
    ]["examples"][0]["payload"]

    assert event["id"].rpartition("-")[0] == event["subject"]
    assert int(event["id"].rpartition("-")[2]) == int(event["sequence"])
    assert event["source"] == f"/{model.event_type.split('.')[0]}"
    assert event["organisationid"] == event["data"]["organisationId"]


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.event_type)
def test_a_schema_says_only_what_every_engine_knows(model: type[Published]) -> None:
    """No `format`, no keyword of our own, no expression that some engine reads otherwise; every text has a length."""
    for schema in schemas_in(event_schema(model)):
        assert set(schema) <= KEYWORDS
        pattern = schema.get("pattern", "")
        assert not re.search(r"\(\?|\\[dwsbBAZzpP]", pattern), pattern
        if "string" in schema.get("type", "") and not {"const", "enum"} & set(schema):
            assert "maxLength" in schema, schema
            ends = pattern.endswith("$")
            assert not ends or schema["minLength"] == schema["maxLength"] or "if" in schema, schema


def test_no_two_published_things_share_a_name() -> None:
    """A name that generators make a type of always means the same schema, in all events together."""
    named: dict[str, str] = {}
    for model in MODELS:
        definitions: dict[str, Any] = event_schema(model).get("$defs", {})
        for schema in schemas_in(event_schema(model)):
            if "title" in schema:
                text = json.dumps({key: value for key, value in schema.items() if key not in {"title", "description"}})
                assert named.setdefault(schema["title"], text) == text, schema["title"]
        assert all(one["title"] == name for name, one in definitions.items())
    assert {type_name(model) for model in MODELS} <= set(named)


def test_one_field_name_means_one_kind_of_value() -> None:
    """Ids of one name have one schema over all events, and `…Id` is never anything else than an id."""
    seen: dict[str, Any] = {}
    for model in MODELS:
        fields = event_schema(model)["properties"]["data"]["properties"]
        for name, schema in fields.items():
            if name.endswith("Id") and name != "taxId":
                assert seen.setdefault(name, schema) == schema, name
                assert schema["maxLength"] == 30


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.event_type)
def test_a_field_is_there_always_and_null_where_it_has_no_value(model: type[Published]) -> None:
    """Absent means only that the event is older than the field."""
    data = event_schema(model)["properties"]["data"]
    added = {field_of(model, name) for name in model.added}

    assert set(data["properties"]) - set(data["required"]) == added


@pytest.mark.parametrize("model", [model for model in MODELS if model.added], ids=lambda model: model.event_type)
def test_an_example_has_a_value_in_each_field_that_older_events_lack(model: type[Published]) -> None:
    """Others' models write no null and no empty list where a field may be absent, so an example shows it filled."""
    data = example_event(model).data
    assert [name for name in model.added if data[field_of(model, name)] in (None, [])] == []


def test_every_field_is_described() -> None:
    """In a sentence of its own; that of a field that may be null says when it is, wherever the field stands."""
    fields = [
        (f"{model.event_type} {name}", schema)
        for model in MODELS
        for outer in schemas_in(event_schema(model))
        for name, schema in outer.get("properties", {}).items()
    ]
    described = {name: schema.get("description", "") for name, schema in fields if not name.endswith(" data")}
    nullable = [name for name, schema in fields if "null" in schema.get("type", ()) or "oneOf" in schema]

    assert len(fields) > 700
    assert [name for name, told in described.items() if not re.fullmatch(r"[A-Z].{12,}\.", told)] == []
    assert [name for name in nullable if "; null " not in described[name]] == []


PERSONAL_NAMES = re.compile(
    r"(recipientE|e)mail|phone|website|line[12]|city|region|postalCode|taxId|registrationNumber|(recipientN|n)ame"
    r"|excerpt|message|bannerMessage|reason|(contact|staff|principal|author|recipient)Id|forwardedBy|paidBy|sessionIds"
)
"""The fields that hold something of a person; a new one that does has to be named here, and in the model."""


def test_what_is_personal_is_marked() -> None:
    """In the schema's `$comment`, and by its place in the message of the AsyncAPI document."""
    messages = json.loads((FOLDER / "asyncapi.json").read_text())["components"]["messages"]
    for model in MODELS:
        for outer in schemas_in(event_schema(model)):
            for name, schema in outer.get("properties", {}).items():
                field = schema.get("items", schema)
                told = field.get("$comment", "").startswith("x-personal-data: ")
                assert told or not PERSONAL_NAMES.fullmatch(name), (model.event_type, name)
    for model in public_models():
        assert messages[model.event_type.replace(".", "_")]["x-personal-data"] == personal_data(model)
    assert sum(bool(personal_data(model)) for model in public_models()) > 25


def test_the_catalogue_has_every_type_with_an_example() -> None:
    """Each has a chapter, which ends with an event of its own; internal ones have a line."""
    catalogue = (FOLDER / "README.md").read_text()
    chapters = dict(re.findall(r"^## `([a-z_.0-9]+)`\n.*?^```json\n(.*?)^```", catalogue, re.MULTILINE | re.DOTALL))
    assert list(chapters) == [model.event_type for model in public_models()]
    assert [json.loads(text)["type"] for text in chapters.values()] == list(chapters)
    assert [model.event_type for model in MODELS if f"`{model.event_type}`" not in catalogue] == []


def test_strangers_are_told_of_nothing_internal() -> None:
    """No schema and no channel names what is for our own processes, and nothing that others get is for staff alone."""
    internal = [model.event_type for model in MODELS if model.is_internal()]
    assert internal == ["internal.collaboration.comment_added.v1", "internal.notifications.feed_entry_added.v1"]
    for file in [FOLDER / "asyncapi.json", *(FOLDER / "schemas").iterdir()]:
        assert [name for name in internal if name in file.read_text()] == []
    told = [event for event in all_examples() if event.type not in internal]
    assert [event.id for event in told if event.data.get("visibility") == "internal"] == []
    assert [event.id for event in told if event.data.get("channel") == "in_app"] == []


def test_attributes_are_named_as_cloudevents_wants_it() -> None:
    """Lower-case letters and digits, at most twenty (CloudEvents 1.0.2, section 3)."""
    names = [name for model in MODELS for name in event_schema(model)["properties"]]
    assert [name for name in names if not re.fullmatch(r"[a-z0-9]{1,20}", name)] == []


OLD = {
    "collaboration.document_viewed.v1": {
        "organisationId": "org_01k9v00000000000000000a0aa",
        "documentId": "est_01k9v00000000000000000a0ab",
        "documentType": "estimate",
        "documentNumber": "EST-0042",
        "customerId": "cus_01k9v00000000000000000a0ac",
        "contactId": "con_01k9v00000000000000000a0ae",
        "count": 1,
        "first": True,
    },
    "identity.sessions_ended.v1": {
        "organisationId": "org_01k9v00000000000000000a0aa",
        "principalId": "con_01k9v00000000000000000a0ae",
        "sessionIds": ["ses_01k9v00000000000000000a0af"],
        "endedAt": "2026-01-15T09:30:00Z",
    },
    "billing.invoice_drafted.v1": {
        "organisationId": "org_01k9v00000000000000000a0aa",
        "invoiceId": "inv_01k9v00000000000000000a0ag",
        "customerId": "cus_01k9v00000000000000000a0ac",
        "number": None,
        "total": {"amount": "1190.00", "currency": "EUR"},
        "balance": {"amount": "0", "currency": "EUR"},
        "dueDate": None,
    },
}
"""Data as earlier versions of us wrote it, and as it may still wait in an outbox or a queue."""


@pytest.mark.parametrize("event_type", sorted(OLD))
def test_an_event_of_an_earlier_version_is_valid_still(event_type: str) -> None:
    """The schema that readers have today takes what was published yesterday."""
    event = json.loads(example_event(BY_TYPE[event_type]).to_json()) | {"data": OLD[event_type]}
    jsonschema.validate(event, event_schema(BY_TYPE[event_type]), cls=jsonschema.Draft202012Validator)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.event_type)
def test_a_type_is_named_by_the_rules(model: type[Published]) -> None:
    """`context.fact.v1`, or `internal.context.fact.v1`, with a sentence that says what happened."""
    context, fact, version = model.event_type.removeprefix("internal.").split(".")

    assert context in SERVICES
    assert fact.replace("_", "").isalpha()
    assert version[0] == "v"
    assert int(version[1:]) >= 1
    assert (model.__doc__ or "").strip().endswith(".")
