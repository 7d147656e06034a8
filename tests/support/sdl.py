"""Checked-in schemas: the same as the code says, and described in full."""

import os
from pathlib import Path

from graphql import GraphQLEnumType, GraphQLInputObjectType, GraphQLInterfaceType, GraphQLObjectType, GraphQLSchema

_STANDARD = {"_entities", "_service"}


def assert_snapshot(path: Path, text: str) -> None:
    """Compare a generated text with its file; `PORTAL_WRITE_SNAPSHOTS=1` writes it instead."""
    if os.environ.get("PORTAL_WRITE_SNAPSHOTS"):
        path.write_text(text, "utf-8")
    assert path.exists(), f"{path} is missing: run this test with PORTAL_WRITE_SNAPSHOTS=1"
    assert path.read_text("utf-8") == text, f"{path} is stale: run this test with PORTAL_WRITE_SNAPSHOTS=1"


def undescribed(schema: GraphQLSchema) -> list[str]:
    """Return every type, field, argument and enum value of ours without a description."""
    missing: list[str] = []
    for name, kind in schema.type_map.items():
        if name.startswith(("_", "link__", "federation__")):
            continue
        if not kind.description and name not in {"ID", "String", "Int", "Boolean", "Float"}:
            missing.append(name)
        if isinstance(kind, GraphQLEnumType):
            missing += [f"{name}.{key}" for key, value in kind.values.items() if not value.description]
        if isinstance(kind, GraphQLObjectType | GraphQLInterfaceType | GraphQLInputObjectType):
            for key, field in kind.fields.items():
                if key in _STANDARD:
                    continue
                missing += [] if field.description else [f"{name}.{key}"]
                arguments = getattr(field, "args", {})
                missing += [f"{name}.{key}({arg})" for arg, value in arguments.items() if not value.description]
    return missing
