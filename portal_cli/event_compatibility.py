"""Whether subscribers survive the change from the contract of the last release to that of now, in both directions.

Readers of then get what we write now (rolling out), and readers of now get what we wrote then (queues, outboxes, what
is kept and replayed, rolling back). So what a field may hold stays as it is: looser breaks the older readers, tighter
the newer ones. Free to change are descriptions, examples, the order, and what is added.
"""

import json
import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from chassis.wire import Schema
from portal_cli.event_contract import FOLDER

RELEASED = FOLDER / "released"
_LIMITS = {
    "const": "the fixed value",
    "pattern": "the pattern",
    "minLength": "the least length",
    "maxLength": "the greatest length",
    "minimum": "the least number",
    "maximum": "the greatest number",
    "if": "the condition",
    "then": "what follows from the condition",
}


def release() -> Path:
    """Keep the contract as it is now as that of the last release: what is done when one is made. Return where."""
    shutil.rmtree(RELEASED, ignore_errors=True)
    RELEASED.mkdir()
    shutil.copy(FOLDER / "asyncapi.json", RELEASED)
    shutil.copytree(FOLDER / "schemas", RELEASED / "schemas")
    return RELEASED


def released_schemas() -> dict[str, Schema]:
    """Return the schemas of the last release by the names of their types."""
    return {file.stem: json.loads(file.read_text("utf-8")) for file in sorted((RELEASED / "schemas").glob("*.json"))}


def released_examples() -> dict[str, dict[str, Any]]:
    """Return the example of each type as the last release published it."""
    messages = json.loads((RELEASED / "asyncapi.json").read_text("utf-8"))["components"]["messages"].values()
    return {message["name"]: message["examples"][0]["payload"] for message in messages}


def broken(released: Mapping[str, Schema], now: Mapping[str, Schema]) -> Iterator[str]:
    """Yield one sentence for each change that breaks a subscriber, with what to do instead."""
    for event_type, old in released.items():
        if event_type not in now:
            yield (
                f"{event_type}: the last release published it and nothing does any more: publish it beside its "
                "successor for one release, at least"
            )
            continue
        for place, told in _changes(old, now[event_type], old, now[event_type], ""):
            yield f"{event_type}, {place or 'the whole event'}: {told}"


def _changes(old: Schema, new: Schema, old_whole: Schema, new_whole: Schema, place: str) -> Iterator[tuple[str, str]]:
    old, new = _resolved(old, old_whole), _resolved(new, new_whole)
    if _types(old) != _types(new):
        yield place, f"it was {_told(_types(old))} and is {_told(_types(new))}: make it a new version of the type"
        return
    yield from _changed_words(old, new, place)
    for keyword, name in _LIMITS.items():
        if old.get(keyword) != new.get(keyword):
            was, now = _shown(old.get(keyword)), _shown(new.get(keyword))
            yield place, f"{name} was {was} and is {now}: make it a new version of the type"
    if old.get("additionalProperties", True) is not False and new.get("additionalProperties", True) is False:
        yield place, "readers may no longer be given other fields than these: leave it open, or nothing can be added"
    yield from _changed_fields(old, new, old_whole, new_whole, place)
    if "items" in old and "items" in new:
        yield from _changes(old["items"], new["items"], old_whole, new_whole, f"{place}[]")


def _changed_words(old: Schema, new: Schema, place: str) -> Iterator[tuple[str, str]]:
    if ("enum" in old) is not ("enum" in new):
        yield place, f"the list of its words was {'closed' if 'enum' in old else 'open'} and is not any more"
        return
    added = [word for word in new.get("enum", ()) if word not in old.get("enum", ())]
    gone = [word for word in old.get("enum", ()) if word not in new.get("enum", ())]
    if added:
        yield place, f"{_words(added)} is new in a closed list, which older readers refuse: make it a new version"
    if gone:
        yield place, f"{_words(gone)} is gone from a closed list, and older events have it: leave it in the list"


def _changed_fields(
    old: Schema, new: Schema, old_whole: Schema, new_whole: Schema, place: str
) -> Iterator[tuple[str, str]]:
    before, after = old.get("properties", {}), new.get("properties", {})
    for name, field in before.items():
        at = f"{place}.{name}".lstrip(".")
        if name not in after:
            yield at, "the field is gone, and readers rely on it: go on writing it, and name another beside it"
            continue
        if name in old.get("required", ()) and name not in new.get("required", ()):
            yield at, "the field was always there and may be absent: older readers rely on it"
        if name not in old.get("required", ()) and name in new.get("required", ()):
            yield at, "the field might be absent and is required: older events lack it"
        yield from _changes(field, after[name], old_whole, new_whole, at)
    for name in after:
        if name not in before and name in new.get("required", ()):
            at = f"{place}.{name}".lstrip(".")
            yield at, "the field is new and required, and older events lack it: name it in `added` of the model"


def _resolved(schema: Schema, whole: Schema) -> Schema:
    """Return the schema that is meant, `oneOf` of something and null as that thing with null beside its type."""
    if "$ref" in schema:
        return whole["$defs"][schema["$ref"].rpartition("/")[2]]
    match schema.get("oneOf"):
        case [inner, {"type": "null"}]:
            meant = _resolved(inner, whole)
            return meant | {"type": [*_types(meant), "null"]}
        case _:
            return schema


def _types(schema: Schema) -> list[str]:
    kinds = schema.get("type", [])
    return sorted([kinds] if isinstance(kinds, str) else kinds)


def _told(kinds: list[str]) -> str:
    return " or ".join(kinds) or "anything"


def _words(words: list[Any]) -> str:
    return ", ".join(f"“{word}”" for word in words)


def _shown(value: Any) -> str:
    return "not there" if value is None else json.dumps(value)


__all__ = ["RELEASED", "broken", "release", "released_examples", "released_schemas"]
