"""Each mutation declares every code that it may refuse with, as the code says (ADR 0057)."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from graphql import build_schema

from chassis.graphql.declared import Declared, as_path, refusing_of
from chassis.kernel import Conflict, DomainError, Findings, InvalidInput
from portal_cli.error_catalogue import COMMAND, files, refusals_file, resolvers
from portal_cli.paths import GATEWAY_SCHEMA, SERVICES
from portal_cli.raising import Raising
from portal_cli.raising.things import Inst
from tests.support.blaming import inputs, is_path
from tests.support.checked_in import assert_up_to_date


def test_what_is_declared_is_what_the_code_can_raise() -> None:
    """A refusal that is new, or gone, changes what is declared, the page and the types: `portal errors` writes them."""
    assert_up_to_date(files())


def test_every_mutation_says_its_codes() -> None:
    """The description of each mutation in the API ends with the codes that are declared, and none lacks any."""
    schema = build_schema(GATEWAY_SCHEMA.read_text("utf-8"))
    assert schema.mutation_type
    fields = schema.mutation_type.fields
    told = {name: {*re.findall(r"`([A-Z_]+)`", _codes_of(fields[name].description))} for name in refusing_of(schema)}
    declared: dict[str, set[str]] = {}
    for service in SERVICES:
        known = Declared.beside(str(refusals_file(service)))
        declared |= {name: {*known.codes(name)} for name, _ in resolvers(service)}
    assert told == declared
    assert {name for name, codes in told.items() if not codes} == {"logOut"}


def _codes_of(description: str | None) -> str:
    _, found, codes = (description or "").partition("Codes of its `userErrors`:")
    assert found, f"no codes; run `{COMMAND}` and `./portal schema`"
    return codes


def test_every_field_that_is_declared_is_one_of_the_input() -> None:
    """Whatever path is declared leads to a field of that mutation's input."""
    schema = build_schema(GATEWAY_SCHEMA.read_text("utf-8"))
    kinds, wrong, seen = dict(inputs(schema)), list[str](), 0
    for service in SERVICES:
        for mutation, codes in json.loads(refusals_file(service).read_text("utf-8")).items():
            for path in (path for paths in codes.values() for path in paths):
                seen += 1
                if not is_path(kinds[mutation], tuple(path.replace("[]", ".0").split("."))):
                    wrong.append(f"{mutation}: {path}")
    assert wrong == []
    assert seen > 300


class Late(Conflict):
    """A refusal of this test."""

    description = "It is too late."


class Dark(InvalidInput):
    """Another."""

    description = "It is too dark."


class Lamp:
    """What only its type is known of."""

    def light(self, *, dark: bool) -> None:
        if dark:
            raise Dark("It is dark.")


class Room:
    """Knows what it calls by a field, a lambda, a property and a function that is handed on."""

    lamp: Lamp

    def __init__(self, lamp: Lamp) -> None:
        self.lamp = lamp

    def by_field(self) -> None:
        self.lamp.light(dark=True)

    def by_lambda(self) -> None:
        _handed_on(lambda lamp: lamp.light(dark=True))

    def by_name(self) -> None:
        _called(_late)

    @property
    def state(self) -> str:
        raise Late("It is late.")

    def by_property(self) -> str:
        return self.state

    def caught(self) -> None:
        try:
            self.lamp.light(dark=True)
        except Dark:
            _late()

    def caught_and_raised(self) -> None:
        try:
            self.lamp.light(dark=True)
        except Dark:
            raise

    def found(self) -> None:
        findings = Findings()
        findings.take(None, self.lamp.light, dark=True)
        findings.tell()


def _late() -> None:
    raise Late("It is late.")


def _called(function: object) -> None: ...


def _handed_on(change: Callable[[Lamp], None]) -> None: ...


@pytest.mark.parametrize(
    ("function", "raised"),
    [
        (Room.by_field, {Dark}),
        (Room.by_lambda, {Dark}),
        (Room.by_name, {Late}),
        (Room.by_property, {Late}),
        (Room.caught, {Late}),
        (Room.caught_and_raised, {Dark}),
        (Room.found, {Dark}),
    ],
    ids=lambda given: getattr(given, "__name__", ""),
)
def test_what_a_function_can_raise_is_followed(function: Callable[..., Any], raised: set[type[DomainError]]) -> None:
    """Through fields, lambdas, properties, functions that are handed on, and what is caught on the way."""
    raising = Raising(__name__)
    assert raising.of(function, Inst(Room)) == raised


def test_an_undeclared_refusal_is_noted_once() -> None:
    """A code that is not declared, or a field that is not, is told; what is declared is not."""
    declared = Declared({"enter": {"DARK": ["rooms[].name"]}})
    known, code, field = Dark("", field=("rooms", "7", "name")), Late(""), Dark("", field=("door",))
    for error in (known, code, field, code, Dark("")):
        declared.check("enter", error)
    assert declared.undeclared == {("enter", "LATE", ""), ("enter", "DARK", "door")}
    assert as_path(("rooms", "7", "taxes", "0")) == "rooms[].taxes[]"
    assert declared.describe("enter", "Enter.") == "Enter. Codes of its `userErrors`: `DARK`."
