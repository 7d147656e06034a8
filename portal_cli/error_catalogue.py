"""`portal errors`: which codes the `userErrors` of each mutation may carry, derived from the code.

Writes `services/*/api/refusals.json`, from which the descriptions of the schemas are made
(`chassis/graphql/declared.py`), `docs/errors.md` for people and `tools/codegen/refusals.ts` for clients that are typed.
Codes come from the code (`raising`), fields from what tests saw: `PORTAL_WRITE_REFUSALS=1 pytest tests/component` notes
them.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

from strawberry.utils.str_converters import to_camel_case

from chassis.graphql.declared import FILE, refusing_of
from portal_cli.checked_in import CheckedIn, settle
from portal_cli.paths import ROOT, SERVICES
from portal_cli.raising import Raising

COMMAND = "./portal errors"
GUIDE = ROOT / "docs" / "errors.md"
TYPES = ROOT / "tools" / "codegen" / "refusals.ts"

Found = dict[str, dict[str, list[str]]]
"""Mutation → code → paths of fields."""

GUESSED_ELSEWHERE = ("get", "items", "now", "start", "consume", "cancel", "end", "find", "_replace")
"""Methods of libraries: where the receiver is not known, ours of that name are not meant."""
NEVER_TOLD: Mapping[str, str] = {
    "services.billing.api.values:money": "what is shown was checked before it was stored",
    "services.billing.adapters.providers.minor_units:from_minor_units": "providers answer in the currency of ours",
}
"""Functions whose refusals no caller is told, and why."""

HEAD = """# Codes of refusals, by mutation

Made by `./portal errors`; the same lists end the descriptions of the mutations in the schema, and
[`tools/codegen/refusals.ts`](../tools/codegen/refusals.ts) has them as types. Each mutation lists every code that its
`userErrors` may carry, with the input fields that `field` may name; `[]` stands for a place (`["lines", "0", "name"]`).
Codes are stable: one that is given up stays in `UserErrorCode` for a release, deprecated, and is not returned.
What is refused before a mutation runs is in top-level `errors` and not here: see [frontend.md](frontend.md).
"""


_OF_THE_KEY = ("IDEMPOTENCY_KEY_IN_FLIGHT", "IDEMPOTENCY_KEY_REUSED", "INVALID_IDEMPOTENCY_KEY")
OF_EVERY = {code: ["idempotencyKey"] for code in _OF_THE_KEY}
"""Codes that name one field, whatever the mutation: the door refuses the key."""


def run(*, check: bool) -> int:
    """Write or compare the files; return the exit code."""
    return settle(files(), check=check)


def files() -> CheckedIn:
    """Return every file that lists codes of refusals."""
    found = {service: declared(service) for service in SERVICES}
    made = {refusals_file(service): as_json(refusals) for service, refusals in found.items()}
    everything = {mutation: codes for refusals in found.values() for mutation, codes in refusals.items()}
    made[GUIDE] = guide(dict(sorted(everything.items())))
    made[TYPES] = typescript(dict(sorted(everything.items())))
    return CheckedIn(made, COMMAND)


def refusals_file(service: str) -> Path:
    """Return where a service's refusals are declared."""
    return ROOT / "services" / service / "api" / FILE


def declared(service: str) -> Found:
    """Return the codes that the code can raise now, with the fields that are known."""
    file = refusals_file(service)
    known: Found = json.loads(file.read_text("utf-8")) if file.exists() else {}
    return {
        mutation: {code: known.get(mutation, {}).get(code) or OF_EVERY.get(code, []) for code in sorted(codes)}
        for mutation, codes in sorted(raised(service).items())
    }


def raised(service: str) -> dict[str, set[str]]:
    """Return the codes that each mutation of a service can end with, by what it calls."""
    packages = (f"services.{service}", "chassis")
    for package in packages:
        _import_all(package)
    raising = Raising(*packages, elsewhere=GUESSED_ELSEWHERE, silent=frozenset(NEVER_TOLD))
    return {name: {kind.code for kind in raising.of(resolver)} for name, resolver in resolvers(service)}


def resolvers(service: str) -> Iterator[tuple[str, Callable[..., Any]]]:
    """Yield the name of each mutation in the schema that has `userErrors`, and the function that runs it."""
    schema: Any = import_module(f"services.{service}.api.schema").SCHEMA
    refusing = refusing_of(schema._schema)
    for field in schema.mutation.__strawberry_definition__.fields:
        if (name := to_camel_case(field.python_name)) in refusing:
            yield name, field.base_resolver.wrapped_func


def as_json(refusals: Found) -> str:
    """Return what is checked in: a code a line."""
    return json.dumps(refusals, indent=1, ensure_ascii=False) + "\n"


def guide(refusals: Found) -> str:
    """Return the page."""
    parts = [HEAD, *(f"## `{mutation}`\n\n{_paragraph(codes)}\n" for mutation, codes in refusals.items())]
    told = {code for codes in refusals.values() for code in codes}
    rows = [f"| `{code}` | {text} |" for code, text in _meanings().items() if code in told]
    return "\n".join([*parts, "## What the codes mean\n", "| code | meaning |", "|---|---|", *rows, ""])


def typescript(refusals: Found) -> str:
    """Return the module for typed clients."""
    head = (
        "// Made by `./portal errors`: each mutation's codes of `userErrors`, with the input fields they may name.\n"
        "export const refusals = "
    )
    tail = (
        " as const;\n\nexport type Refusing = keyof typeof refusals;\n"
        "export type RefusalOf<M extends Refusing> = keyof (typeof refusals)[M];\n"
    )
    return head + json.dumps(refusals, indent=1, ensure_ascii=False) + tail


def _paragraph(codes: Mapping[str, list[str]]) -> str:
    return (", ".join(_code(*one) for one in codes.items()) or "None") + "."


def _code(code: str, fields: list[str]) -> str:
    return f"`{code}`" + (f" ({', '.join(f'`{one}`' for one in fields)})" if fields else "")


def _meanings() -> dict[str, str]:
    found: dict[str, str] = {}
    for service in SERVICES:
        schema: Any = import_module(f"services.{service}.api.schema").SCHEMA
        kind: Any = schema._schema.type_map["UserErrorCode"]
        found |= {name: value.description or "" for name, value in kind.values.items()}
    return dict(sorted(found.items()))


def _import_all(package: str) -> None:
    """Import every module of a package but those that start a process, so that all classes are known."""
    for one in walk_packages(import_module(package).__path__, f"{package}."):
        if not one.name.endswith((".app", ".worker")):
            import_module(one.name)
