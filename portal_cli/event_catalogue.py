"""The catalogue of events in Markdown: what each says, which of it is about people, and one example of each."""

import json
from collections.abc import Iterator
from typing import cast

from chassis.bus.topology import SUBSCRIBERS
from chassis.cloudevents import Published
from chassis.wire import PERSONAL_CLASSES, Schema
from portal_cli.event_examples import example_event
from portal_cli.event_schemas import event_schema, personal_data, published_models

_ABOUT = """# Events

What the portal tells other systems, type by type; made by `./portal events`. How to subscribe, with each client
library: [subscribing.md](../subscribing.md). For programs: [asyncapi.json](asyncapi.json), and a JSON Schema per type
in [schemas](schemas). What the last release promised lies in [released](released): a test compares today's schemas.

Every event has the envelope of CloudEvents 1.0 (`id`, `type`, `source`, `subject`, `sequence`, `time`,
`organisationid`), described in its schema; the tables here are its `data`. Every field is always there, null where the
table says so. Fields are added without notice: let pass what you do not know. A field that its schema does not require
is absent in events that are older than it. In such a field absent, null and an empty list mean the same, because some
generated models write one for another. Amounts are decimal texts in the currency beside them. Instants are in UTC, days
are the organisation's.

Messages carry the AMQP headers `organisation`, `subject` and `type`, and CloudEvents' attributes as `cloudEvents_id`
and so on.
"""
_INTERNAL = f"""## What is not for others

Types that begin with `internal.` are for the portal's own processes. They pass through `portal.events` and never
through `{SUBSCRIBERS}`, have no schema here, and change without notice:
"""


def catalogue(models: list[type[Published]]) -> str:
    """Return the catalogue of the types that other systems may read, in their order."""
    contents = [f"- [`{model.event_type}`](#{_anchor(model)}): {_summary(model)}" for model in models]
    internal = [f"- `{model.event_type}`: {_summary(model)}" for model in published_models() if model.is_internal()]
    parts = [_ABOUT, "\n".join(contents) + "\n", *_personal(models), *map(_chapter, models)]
    return "\n".join([*parts, _INTERNAL, "\n".join(internal) + "\n"])


def _personal(models: list[type[Published]]) -> Iterator[str]:
    """Say which fields are about people, by class and type."""
    yield (
        "## Personal data\n\nThe schemas say it in `$comment` (`x-personal-data: email`), the AsyncAPI document in "
        "`x-personal-data` of each message. Whatever an event says may be about a person once it is put beside other "
        "data; these fields are by themselves.\n"
    )
    found = [(kind, model.event_type, place) for model in models for place, kind in personal_data(model).items()]
    rows = ["| class | what | where |", "|---|---|---|"]
    for kind, told in PERSONAL_CLASSES.items():
        places: dict[str, list[str]] = {}
        for _, event_type, place in (one for one in found if one[0] == kind):
            places.setdefault(place, []).append(event_type)
        where = "<br>".join(f"`{place}` of {_named(types)}" for place, types in places.items())
        rows.append(f"| `{kind}` | {told} | {where} |")
    yield "\n".join(rows) + "\n"


def _named(types: list[str]) -> str:
    return ", ".join(f"`{event_type}`" for event_type in types)


def _chapter(model: type[Published]) -> str:
    schema = event_schema(model)
    rows = ["| field of `data` | holds | says |", "|---|---|---|", *_rows(schema["properties"]["data"], schema, "")]
    example = json.dumps(json.loads(example_event(model).to_json()), indent=2, ensure_ascii=False)
    subject = schema["properties"]["subject"]["description"]
    parts = [f"## `{model.event_type}`", schema["description"], subject, "\n".join(rows), f"```json\n{example}\n```"]
    return "\n\n".join(parts) + "\n"


def _rows(schema: Schema, whole: Schema, place: str) -> Iterator[str]:
    for name, field in schema["properties"].items():
        at, target = f"{place}{name}", _target(field, whole)
        yield f"| `{at}` | {_holds(field, target)} | {_said(field)} |"
        if target is not None:
            yield from _rows(target, whole, f"{at}.")


def _target(field: Schema, whole: Schema) -> Schema | None:
    """Return the object that a field refers to, whether or not it may be null."""
    reference = field.get("$ref") or next((one["$ref"] for one in field.get("oneOf", ()) if "$ref" in one), None)
    return whole["$defs"][reference.rpartition("/")[2]] if reference else None


def _holds(field: Schema, target: Schema | None) -> str:
    if target is not None:
        return f"{target['title']}, or null" if "oneOf" in field else target["title"]
    kinds = cast("str | list[str]", field["type"])
    told = ["list" if kind == "array" else kind for kind in ([kinds] if isinstance(kinds, str) else kinds)]
    if "enum" in field:
        told[0] = " or ".join(f"`{word}`" for word in field["enum"])
    return ", or ".join(told)


def _said(field: Schema) -> str:
    personal = field.get("$comment") or field.get("items", {}).get("$comment") or ""
    mark = f" *Personal data: {personal.partition(': ')[2]}.*" if personal else ""
    return f"{field['description']}{mark}"


def _summary(model: type[Published]) -> str:
    return (model.__doc__ or "").strip().splitlines()[0]


def _anchor(model: type[Published]) -> str:
    return model.event_type.replace(".", "")
