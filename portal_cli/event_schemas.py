"""The JSON Schema of each published event, made from its model.

Open for readers: fields that a later version adds are allowed, words of a growing list are any words. `as_written`
closes both, for tests of what we write ourselves. Every field of `data` is always there, null where it has no value;
an attribute of the envelope that has no value is absent, as CloudEvents wants it.
"""

import re
from collections.abc import Iterable
from importlib import import_module
from typing import Any, cast

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaValue
from pydantic_core import core_schema

from chassis.cloudevents import Published
from chassis.wire import (
    INSTANT,
    KINDS,
    KNOWN,
    PERSONAL,
    SEQUENCE,
    TRACEPARENT,
    Schema,
    event_id_schema,
    id_schema,
)
from portal_cli.paths import SERVICES

_OPTIONAL = {"traceparent"}
_NOTES = {KNOWN, KINDS, PERSONAL}


def published_models() -> Iterable[type[Published]]:
    """Yield every published model, service by service: also those that only our own processes may read."""
    for service in SERVICES:
        yield from import_module(f"services.{service}.messaging.published").PUBLISHED


def public_models() -> list[type[Published]]:
    """Return the models that other systems may read, by the names of their types."""
    models = (model for model in published_models() if not model.is_internal())
    return sorted(models, key=lambda model: model.event_type)


def personal_data(model: type[Published]) -> dict[str, str]:
    """Return the class of personal data by the places where an event has some: `data.email`, `data.sessionIds[]`."""
    schema = _noted(model)
    return dict(_personal_in(schema, "", schema.get("$defs", {})))


def _personal_in(schema: Schema, place: str, definitions: Schema) -> Iterable[tuple[str, str]]:
    if PERSONAL in schema:
        yield place, schema[PERSONAL]
    if "$ref" in schema:
        yield from _personal_in(definitions[schema["$ref"].rpartition("/")[2]], place, definitions)
    for name, inner in schema.get("properties", {}).items():
        yield from _personal_in(inner, f"{place}.{name}".lstrip("."), definitions)
    for inner in schema.get("oneOf", ()):
        yield from _personal_in(inner, place, definitions)
    if "items" in schema:
        yield from _personal_in(schema["items"], f"{place}[]", definitions)


def event_schema(model: type[Published]) -> Schema:
    """Return the JSON Schema (draft 2020-12) of one whole event: the CloudEvents envelope with its data."""
    return cast("Schema", _without_notes(_noted(model)))


def as_written(model: type[Published]) -> Schema:
    """Return a closed schema: no other fields than these, and of a growing list only the values that we write today."""
    return cast("Schema", _without_notes(_closed(_noted(model))))


def type_name(model: type[Published]) -> str:
    """Return the name that generated code gives the event: `InvoicePaidEvent`, a later version `InvoicePaidV2Event`."""
    return f"{_fact(model)}Event"


def subject_kinds(model: type[Published]) -> tuple[str, ...]:
    """Return the kinds of ids that the event's subject may have."""
    fields = _data(model)["properties"]
    return tuple(dict.fromkeys(kind for name in model.about for kind in _kinds(fields[_alias(model, name)])))


def _noted(model: type[Published]) -> Schema:
    data = _data(model)
    definitions = data.pop("$defs", {})
    envelope = _envelope(model) | {"data": data}
    schema: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": type_name(model),
        "description": (model.__doc__ or "").strip(),
        "type": "object",
        "properties": envelope,
        "required": [name for name in envelope if name not in _OPTIONAL],
    }
    return schema | ({"$defs": definitions} if definitions else {})


def _envelope(model: type[Published]) -> Schema:
    context, kinds = model.context(), subject_kinds(model)
    return {
        "specversion": _always("1.0", "The version of CloudEvents."),
        "id": event_id_schema(*kinds),
        "type": _always(model.event_type, "The type of the event; also the routing key."),
        "source": _always(f"/{context}", "The service that published it."),
        "subject": id_schema(f"The subject of the event, the same ID as {_relation(model)}.", *kinds),
        "sequence": SEQUENCE,
        "time": INSTANT | {"description": f"When the fact happened. {INSTANT['description']}"},
        "organisationid": id_schema("The organisation to which the event belongs, as in `data.organisationId`.", "org"),
        "datacontenttype": _always("application/json", "The content type of `data`."),
        "traceparent": TRACEPARENT,
    }


def _relation(model: type[Published]) -> str:
    fields = _data(model)["properties"]
    names = [_alias(model, name) for name in model.about]
    return " or ".join(f"one of `data.{name}`" if "items" in fields[name] else f"`data.{name}`" for name in names)


def _data(model: type[Published]) -> Schema:
    schema = model.model_json_schema(mode="serialization", schema_generator=_Plain)
    added = {_alias(model, name) for name in model.added}
    required = [name for name in schema["required"] if name not in added]
    told = {"title": f"{_fact(model)}Data", "description": "The data of the event."}
    return schema | told | {"required": required}


def _always(value: str, description: str) -> Schema:
    return {"type": "string", "description": description, "const": value}


def _fact(model: type[Published]) -> str:
    return re.sub(r"V1$", "", model.__name__)


def _alias(model: type[Published], name: str) -> str:
    return model.model_fields[name].serialization_alias or name


def _kinds(field: Schema) -> list[str]:
    return field["items"][KINDS] if "items" in field else field[KINDS]


class _Plain(GenerateJsonSchema):
    """Names models and not fields, allows other fields, and writes null beside the type where it can."""

    def field_title_should_be_set(self, schema: Any) -> bool:
        return False

    def model_schema(self, schema: core_schema.ModelSchema) -> JsonSchemaValue:
        made = super().model_schema(schema)
        made.pop("additionalProperties", None)
        return made

    def nullable_schema(self, schema: core_schema.NullableSchema) -> JsonSchemaValue:
        inner = self.generate_inner(schema["schema"])
        if isinstance(inner.get("type"), str):
            return {**inner, "type": [inner["type"], "null"]}
        return {"oneOf": [inner, {"type": "null"}]}


def _without_notes(value: Any) -> Any:
    if isinstance(value, dict):
        named = cast("dict[str, Any]", value)
        kept = {key: _without_notes(inner) for key, inner in _titled(named).items() if key not in _NOTES}
        # A keyword of our own stops readers that are strict, and every one of them knows this.
        return kept | ({"$comment": f"{PERSONAL}: {named[PERSONAL]}"} if PERSONAL in named else {})
    return [_without_notes(inner) for inner in cast("list[Any]", value)] if isinstance(value, list) else value


def _titled(schema: dict[str, Any]) -> dict[str, Any]:
    """Name what is an object or null: generators make a type of it, and of `anyOf` some make code that is none."""
    match schema:
        case {"oneOf": [{"$ref": str(name)}, {"type": "null"}]}:
            return {"title": f"Optional{name.rsplit('/', 1)[-1]}", **schema}
        case _:
            return schema


def _closed(value: Any) -> Any:
    if isinstance(value, list):
        return [_closed(inner) for inner in cast("list[Any]", value)]
    if not isinstance(value, dict):
        return value
    schema = {key: _closed(inner) for key, inner in cast("dict[str, Any]", value).items()}
    if "properties" in schema:
        schema["additionalProperties"] = False
    if KNOWN in schema:
        schema["enum"] = schema[KNOWN]
    return schema
