"""Settings and limits as tables, from the sentences that stand below them in the source.

`python -m gateway settings` prints them; a test compares them with the README.
"""

import ast
import inspect
import json
from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise
from typing import Any, cast

from pydantic import SecretStr
from pydantic_core import PydanticUndefined

from gateway.limits import Limits
from gateway.quotas.amounts import Quotas
from gateway.settings import GatewaySettings


def render_settings() -> str:
    """Return every setting and every limit and quota with its default and its meaning, as Markdown tables."""
    settings = [
        (f"PORTAL_{name.upper()}", field.get_default(call_default_factory=True), meaning)
        for name, meaning in _meanings(GatewaySettings)
        if (field := GatewaySettings.model_fields[name])
    ]
    defaults = {field.name: field.default for field in fields(Limits)}
    limits = [(name, defaults[name], meaning) for name, meaning in _meanings(Limits) if name != "introspection"]
    return "\n\n".join((_table("setting", settings), _table("limit", limits), render_quotas()))


def render_quotas() -> str:
    """Return every quota with its default and its meaning."""
    granted = {field.name: field.default for field in fields(Quotas)}
    return _table("quota", [(name, granted[name], meaning) for name, meaning in _meanings(Quotas)])


def _table(title: str, rows: list[tuple[str, Any, str]]) -> str:
    lines = [f"| `{name}` | {_shown(default)} | {meaning} |" for name, default, meaning in rows]
    return "\n".join([f"| {title} | default | what it does |", "|---|---|---|", *lines])


def _shown(default: object) -> str:
    if default is PydanticUndefined:
        return "required"
    if isinstance(default, SecretStr):
        default = default.get_secret_value()
    return "–" if default in (None, "", [], {}) else f"`{default if isinstance(default, str) else json.dumps(default)}`"


def _meanings(documented: type) -> Iterator[tuple[str, str]]:
    """Yield the attributes of a class with the text below each."""
    definition = cast(ast.ClassDef, ast.parse(inspect.getsource(documented)).body[0])
    for attribute, text in pairwise(definition.body):
        if not isinstance(attribute, ast.AnnAssign) or not isinstance(attribute.target, ast.Name):
            continue
        if isinstance(text, ast.Expr):
            yield attribute.target.id, " ".join(ast.literal_eval(text.value).split())
