"""`portal events`: the contract of the published events, made from their models.

One AsyncAPI 3 document (AsyncAPI 3.0.0, AMQP binding 0.3.0) and one JSON Schema (draft 2020-12) per type.
"""

import json
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path
from typing import Any

from portal_cli.checked_in import settle
from portal_cli.paths import ROOT
from services.chassis.bus import EXCHANGE
from services.chassis.cloudevents import Published

SERVICES = ("identity", "billing", "collaboration", "notifications")
FOLDER = ROOT / "docs" / "events"
_CONTENT_TYPE = "application/cloudevents+json"
_ABOUT = (
    "What the client portal tells other systems. Bind a queue of your own to the topic exchange `portal.events`; the "
    "routing key is the event's type. Delivery is at least once, and in order per `subject`: remember ids, and ignore "
    "a `sequence` that is lower than one you know. Fields are only added; a breaking change is a new version."
)
_ENVELOPE: dict[str, Any] = {
    "specversion": {"const": "1.0"},
    "id": {"type": "string", "description": "The same fact always has the same id."},
    "source": {"type": "string", "description": "The service that published it, such as `/billing`."},
    "subject": {"type": "string", "description": "The id of what it is about."},
    "sequence": {"type": "string", "pattern": "^[0-9]{10}$", "description": "Orders the events of one subject."},
    "time": {"type": "string", "format": "date-time"},
    "organisationid": {"type": "string", "description": "The organisation to which it belongs."},
    "datacontenttype": {"const": "application/json"},
    "traceparent": {"type": "string", "description": "W3C trace context of the request that caused it."},
}


def run(*, check: bool) -> int:
    """Write or compare the files in `docs/events`; return the exit code."""
    return settle(contract(list(published_models())), check=check)


def published_models() -> Iterable[type[Published]]:
    """Yield every published model, service by service."""
    for service in SERVICES:
        yield from import_module(f"services.{service}.messaging.published").PUBLISHED


def contract(models: Iterable[type[Published]]) -> dict[Path, str]:
    """Return the text of each file of the contract."""
    ordered = sorted(models, key=lambda model: model.event_type)
    files = {FOLDER / "schemas" / f"{model.event_type}.json": _json(event_schema(model)) for model in ordered}
    return files | {FOLDER / "asyncapi.json": _json(_document(ordered))}


def event_schema(model: type[Published]) -> dict[str, Any]:
    """Return the JSON Schema of one whole event: the CloudEvents envelope with its data."""
    data = model.model_json_schema(mode="serialization")
    definitions = data.pop("$defs", {})
    schema: dict[str, Any] = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": model.event_type,
        "description": (model.__doc__ or "").strip(),
        "type": "object",
        "properties": {**_ENVELOPE, "type": {"const": model.event_type}, "data": data},
        "required": [*(name for name in _ENVELOPE if name != "traceparent"), "type", "data"],
    }
    return schema | ({"$defs": definitions} if definitions else {})


def _document(models: list[type[Published]]) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": {"title": "Client portal events", "version": "1.0.0", "description": _ABOUT},
        "defaultContentType": _CONTENT_TYPE,
        "channels": {_key(model): _channel(model) for model in models},
        "operations": {f"publish_{_key(model)}": _operation(model) for model in models},
        "components": {"messages": {_key(model): _message(model) for model in models}},
    }


def _channel(model: type[Published]) -> dict[str, Any]:
    exchange = {"name": EXCHANGE, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": model.event_type,
        "messages": {_key(model): {"$ref": f"#/components/messages/{_key(model)}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operation(model: type[Published]) -> dict[str, Any]:
    channel = f"#/channels/{_key(model)}"
    return {
        "action": "send",
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{_key(model)}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": "0.3.0"}},
    }


def _message(model: type[Published]) -> dict[str, Any]:
    return {
        "name": model.event_type,
        "summary": (model.__doc__ or "").strip().splitlines()[0],
        "contentType": _CONTENT_TYPE,
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./schemas/{model.event_type}.json"},
        },
        "examples": [{"name": "example", "payload": example_event(model)}],
    }


def example_event(model: type[Published]) -> dict[str, Any]:
    """Return a whole event with the model's example as its data."""
    example = model.example()
    return {
        "specversion": "1.0",
        "id": "evt_01k9v0000000000000000000aa-1",
        "type": model.event_type,
        "source": f"/{model.event_type.split('.')[0]}",
        "subject": "evt_01k9v0000000000000000000aa",
        "sequence": "0000000001",
        "time": "2026-03-01T12:00:00.000Z",
        "organisationid": example.organisation_id,
        "datacontenttype": "application/json",
        "data": example.data(),
    }


def _key(model: type[Published]) -> str:
    return model.event_type.replace(".", "_")


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
