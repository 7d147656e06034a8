"""Which codes the `userErrors` of each mutation may carry, and which input fields they name.

A service keeps them beside its schema, in `api/refusals.json`: mutation → code → paths of fields, where `[]` stands for
any place of a list. `portal errors` derives the codes from the code; tests add the fields that they see, and fail at a
refusal that is not declared. Where one comes up at run time it is given all the same, and logged once.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import structlog
from graphql import GraphQLSchema, get_named_type

from chassis.kernel import DomainError

_LOG = structlog.stdlib.get_logger("graphql")

Told = tuple[str, str, str]
"""Mutation, code and path of a refusal."""
Refusals = Mapping[str, Mapping[str, Sequence[str]]]
FILE = "refusals.json"


class Declared:
    """The refusals of one subgraph's mutations."""

    undeclared: set[Told]
    """Those that came up all the same, in this process."""

    def __init__(self, refusals: Refusals) -> None:
        self._refusals = refusals
        self.undeclared = set()

    @classmethod
    def beside(cls, module: str) -> "Declared":
        """Return what is declared in the folder of this module's file; nothing where there is no such file."""
        file = Path(module).with_name(FILE)
        return cls(json.loads(file.read_text("utf-8")) if file.exists() else {})

    def codes(self, mutation: str) -> Sequence[str]:
        """Return the codes of a mutation, in the alphabet's order."""
        return sorted(self._refusals.get(mutation, {}))

    def check(self, mutation: str, error: DomainError) -> None:
        """Note a refusal that is not declared."""
        told = mutation, error.code, as_path(error.field)
        fields = self._refusals.get(mutation, {}).get(error.code)
        if (fields is None or (told[2] and told[2] not in fields)) and told not in self.undeclared:
            self.undeclared.add(told)
            _LOG.warning("refusal_not_declared", mutation=mutation, refusal=error.code, field=told[2])

    def describe(self, mutation: str, description: str | None) -> str | None:
        """Return a mutation's description with its codes."""
        if mutation not in self._refusals:
            return description
        codes = ", ".join(f"`{code}`" for code in self.codes(mutation)) or "none"
        return f"{description} Codes of its `userErrors`: {codes}."


def refusing_of(schema: GraphQLSchema) -> frozenset[str]:
    """Return the mutations of a schema whose payloads have `userErrors`."""
    fields: dict[str, Any] = schema.mutation_type.fields if schema.mutation_type else {}
    return frozenset(
        name for name, field in fields.items() if "userErrors" in cast(Any, get_named_type(field.type)).fields
    )


def as_path(field: Sequence[str]) -> str:
    """Return the path of an input's field as one text: `lines[].taxes[].percent`."""
    return ".".join("[]" if part.isdecimal() else part for part in field).replace(".[]", "[]")
