"""`portal events`: the contract of the published events, made from their models; of internal ones it says nothing.

One AsyncAPI 3 document (AsyncAPI 3.0.0, AMQP binding 0.3.0) and one JSON Schema (draft 2020-12) per type. Payloads are
plain references: the schemas use nothing that AsyncAPI's own schema object lacks, and generators of code look into
plain ones only.
"""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from chassis.bus.topology import SUBSCRIBERS
from chassis.cloudevents import CONTENT_TYPE, Published
from portal_cli.checked_in import CheckedIn, obsolete, settle
from portal_cli.event_catalogue import catalogue
from portal_cli.event_examples import example_event
from portal_cli.event_schemas import event_schema, personal_data, public_models, type_name
from portal_cli.paths import ROOT

FOLDER = ROOT / "docs" / "events"
COMMAND = "./portal events"
VERSION = "1.2.0"
"""The version of the contract: the second number rises with what is added. Change it with `docs/events/released`."""
_ABOUT = (
    "What the client portal tells other systems. Bind a durable queue of your own to the topic exchange "
    f"`{SUBSCRIBERS}`; the routing key is the event's type. Delivery is at least once, and in order per `subject`: "
    "remember ids, and ignore a `sequence` that is lower than one you know. Fields are only added, and so are the "
    "words of lists that say so; any other change is a new version, published beside the old one. Every field of "
    "`data` is there, null where it has no value. How to begin, with each client library: `docs/subscribing.md`."
)
SERVICE_TAGS = {
    "identity": "Organisations, their portal, staff, client companies, contacts, log-ins.",
    "billing": "Estimates, invoices, payments.",
    "collaboration": "Comments, views and forwards of documents.",
    "notifications": "The delivery of e-mails and of entries in the feed.",
}


def run(*, check: bool) -> int:
    """Write or compare the files in `docs/events`; return the exit code."""
    return settle(files(), check=check)


def files() -> CheckedIn:
    """Return the files of the contract, and those of types that nobody publishes any more."""
    made = contract(public_models())
    return CheckedIn(made, COMMAND, obsolete(FOLDER / "schemas", "*.json", made))


def contract(models: Iterable[type[Published]]) -> dict[Path, str]:
    """Return the text of each file of the contract."""
    ordered = sorted(models, key=lambda model: model.event_type)
    files = {FOLDER / "schemas" / f"{model.event_type}.json": _json(event_schema(model)) for model in ordered}
    return files | {FOLDER / "asyncapi.json": _json(_document(ordered)), FOLDER / "README.md": catalogue(ordered)}


def _document(models: list[type[Published]]) -> dict[str, Any]:
    return {
        "asyncapi": "3.0.0",
        "info": _info(),
        "servers": {"broker": _server()},
        "defaultContentType": CONTENT_TYPE,
        "channels": {_key(model): _channel(model) for model in models},
        "operations": {f"publish_{_key(model)}": _operation(model) for model in models},
        "components": {
            "messages": {_key(model): _message(model) for model in models},
            "schemas": {"headers": _headers()},
            "securitySchemes": {"brokerUser": _security()},
        },
    }


def _info() -> dict[str, Any]:
    return {
        "title": "Client portal events",
        "version": VERSION,
        "description": _ABOUT,
        "contact": {
            "name": "The operator of the portal",
            "url": "https://portal.example/contact",
            "email": "portal@portal.example",
        },
        "license": {"name": "As agreed with the operator", "url": "https://portal.example/licence"},
        "tags": [{"name": name, "description": told} for name, told in SERVICE_TAGS.items()],
    }


def _server() -> dict[str, Any]:
    return {
        "host": "rabbitmq.portal.example:5672",
        "protocol": "amqp",
        "protocolVersion": "0.9.1",
        "title": "The portal's RabbitMQ",
        "description": (
            f"The operator names the host and gives you a user that may read `{SUBSCRIBERS}` and own queues with a "
            "prefix of yours. Write the address without a slash at its end, which would name a virtual host without "
            "a name: `amqp://user:password@rabbitmq.portal.example:5672`."
        ),
        "security": [{"$ref": "#/components/securitySchemes/brokerUser"}],
    }


def _security() -> dict[str, Any]:
    return {
        "type": "userPassword",
        "description": "A user of the broker, with a password; over TLS where it is offered.",
    }


def _channel(model: type[Published]) -> dict[str, Any]:
    exchange = {"name": SUBSCRIBERS, "type": "topic", "durable": True, "autoDelete": False}
    return {
        "address": model.event_type,
        "title": _title(model),
        "description": f"Events with the routing key `{model.event_type}`.",
        "servers": [{"$ref": "#/servers/broker"}],
        "messages": {_key(model): {"$ref": f"#/components/messages/{_key(model)}"}},
        "bindings": {"amqp": {"is": "routingKey", "exchange": exchange, "bindingVersion": "0.3.0"}},
    }


def _operation(model: type[Published]) -> dict[str, Any]:
    channel = f"#/channels/{_key(model)}"
    return {
        "action": "send",
        "title": _title(model),
        "summary": _summary(model),
        "description": f"Published once the fact is stored: {_summary(model)}",
        "tags": [{"name": _context(model)}],
        "channel": {"$ref": channel},
        "messages": [{"$ref": f"{channel}/messages/{_key(model)}"}],
        "bindings": {"amqp": {"deliveryMode": 2, "bindingVersion": "0.3.0"}},
    }


def _message(model: type[Published]) -> dict[str, Any]:
    example = example_event(model)
    return {
        "name": model.event_type,
        "title": type_name(model),
        "summary": _summary(model),
        "contentType": CONTENT_TYPE,
        "tags": [{"name": _context(model)}],
        "headers": {"$ref": "#/components/schemas/headers"},
        "payload": {"$ref": f"./schemas/{model.event_type}.json"},
        "bindings": {"amqp": {"messageType": model.event_type, "bindingVersion": "0.3.0"}},
        "examples": [{"name": "example", "headers": example.headers(), "payload": json.loads(example.to_json())}],
        "x-personal-data": personal_data(model),
    }


def _headers() -> dict[str, Any]:
    """Describe the AMQP headers: what a headers exchange or a consistent-hash exchange can choose by."""
    told = {
        "organisation": "The ID of the organisation, as in `organisationid`.",
        "subject": "What the event is about, as in `subject`. Hash by it to keep the order.",
        "type": "The type, as in `type`; also the routing key and the AMQP property.",
    }
    attributes = [name for name in example_event(public_models()[0]).headers() if name not in told]
    told |= {
        name: f"The attribute `{name.partition('_')[2]}` as CloudEvents' AMQP binding names it." for name in attributes
    }
    fields = {name: {"type": "string", "description": text} for name, text in told.items()}
    return {"type": "object", "properties": fields, "required": [*fields]}


def _summary(model: type[Published]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _title(model: type[Published]) -> str:
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", type_name(model).removesuffix("Event"))
    return words[0] + words[1:].lower()


def _context(model: type[Published]) -> str:
    return model.context()


def _key(model: type[Published]) -> str:
    return model.event_type.replace(".", "_")


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


__all__ = ["FOLDER", "contract", "run"]
