"""Every text that a user reads is plain: what is wrong, which value or limit, what to do (ADR 0037)."""

import inspect
import json
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import ModuleType
from typing import Any, cast

import pytest
import typer.main
from graphql import build_schema

from chassis import text as texts_of_all
from chassis.graphql import idempotency
from chassis.graphql.refusals import Undescribed, error_code_enum
from chassis.kernel import (
    AlreadyExists,
    ConcurrentUpdate,
    DomainError,
    InvalidInput,
    NotFound,
    RoleForbids,
    WrongIdKind,
)
from gateway.__main__ import cli as gateway_cli
from gateway.errors import CATALOGUE
from portal_cli.command_line import app as portal_cli
from portal_cli.paths import SERVICES
from services.billing.api.errors import UserErrorCode
from services.billing.domain import errors as billing
from services.billing.domain.payment import errors as payments
from services.collaboration.domain import errors as collaboration
from services.identity.domain import errors as identity
from services.notifications.domain import errors as notifications
from tests.support.words import descriptions, faults, sentences

ROOT = Path(__file__).parents[2]
SUBGRAPHS = {name: (ROOT / f"services/{name}/api/schema.graphql").read_text("utf-8") for name in SERVICES}
API = (ROOT / "gateway/schema/schema.graphql").read_text("utf-8")


def _errors(*modules: ModuleType) -> Iterator[type[DomainError]]:
    for module in modules:
        for _, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, DomainError) and kind.__module__ == module.__name__:
                yield kind


SHARED = (NotFound, AlreadyExists, ConcurrentUpdate, WrongIdKind, RoleForbids)
KEYS = (idempotency.IdempotencyKeyReused, idempotency.IdempotencyKeyInFlight, idempotency.InvalidIdempotencyKey)
ERRORS = [*SHARED, *KEYS, *_errors(texts_of_all, billing, payments, identity, collaboration, notifications)]
_VALUES: dict[str, Any] = {"int": 1234, "date": date(2026, 11, 30), "Decimal": Decimal("12.34"), "str": "Northstar"}
_WHOLE = {"message", "reason"}
"""Arguments that are the whole sentence."""


def _arguments(kind: type[DomainError]) -> dict[str, Any]:
    """Return a value for each thing that an error knows; `field` is where, not what."""
    given: dict[str, Any] = {}
    for name, parameter in inspect.signature(kind).parameters.items():
        wanted = getattr(parameter.annotation, "__name__", str(parameter.annotation))
        if parameter.kind is parameter.VAR_POSITIONAL:
            continue
        if name == "field":
            given |= (
                {} if parameter.default is not parameter.empty else {name: "here" if wanted == "str" else ("here",)}
            )
        else:
            value = next(value for key, value in _VALUES.items() if key in str(parameter.annotation))
            given[name] = "Northstar refuses this." if name in _WHOLE else value
    return given


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_refusal_is_a_sentence_that_names_what_it_knows(kind: type[DomainError]) -> None:
    """The message has no fault of form, and every limit, date, amount and name that the error is given is in it."""
    given = _arguments(kind)
    said = kind(**given).message
    assert faults(said) == []
    known = [value for name, value in given.items() if name != "field"]
    unsaid = [value for value in known if not any(form in said for form in _forms(value))]
    assert unsaid == []


def _forms(value: Any) -> list[str]:
    return [f"{value:,}", str(value)] if isinstance(value, int | Decimal) else [str(value)]


@pytest.mark.parametrize("kind", ERRORS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_a_code_is_described_for_readers(kind: type[DomainError]) -> None:
    """The description is the class's own, and plain."""
    assert faults(vars(kind)["description"]) == []


def test_an_error_without_a_description_is_refused() -> None:
    """The enum of codes cannot be built of a class that readers could not understand; an inherited text is none."""

    class TooSlow(billing.NoLines):
        """What maintainers read."""

    module = ModuleType("errors")
    TooSlow.__module__, module.TooSlow = "errors", TooSlow  # pyright: ignore[reportAttributeAccessIssue]
    with pytest.raises(Undescribed, match=r"errors\.TooSlow needs a `description`"):
        error_code_enum(module)


def test_a_code_splits_words_of_one_letter() -> None:
    """`NotAStaffRole` is `NOT_A_STAFF_ROLE`."""
    assert identity.NotAStaffRole.code == "NOT_A_STAFF_ROLE"
    assert InvalidInput.code == "INVALID_INPUT"


def test_one_code_has_one_text_in_all_services() -> None:
    """The supergraph keeps one description of a code: they are the same everywhere, and no two codes share one."""
    by_code: dict[str, set[str]] = {}
    for kind in ERRORS:
        by_code.setdefault(kind.code, set()).add(kind.description)
    assert {code: texts for code, texts in by_code.items() if len(texts) > 1} == {}
    assert [text for text, times in Counter(min(texts) for texts in by_code.values()).items() if times > 1] == []


def test_one_refusal_has_one_message_in_all_services() -> None:
    """Whoever refuses a text, an address or a currency says it in the same words."""
    said: dict[str, set[str]] = {}
    for kind in ERRORS:
        # Each service says what it cannot look up; whole sentences come from elsewhere.
        if kind.code != "DIRECTORY_UNAVAILABLE" and not _WHOLE & {*_arguments(kind)}:
            said.setdefault(kind.code, set()).add(kind(**_arguments(kind)).message)
    assert {code: texts for code, texts in said.items() if len(texts) > 1} == {}
    assert [text for text, times in Counter(min(texts) for texts in said.values()).items() if times > 1] == []


def test_former_codes_stay_for_a_release() -> None:
    """A code that was given up is deprecated, names its successor, and no error has it any more."""
    codes = build_schema(API).type_map["UserErrorCode"].values  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType, reportUnknownVariableType]
    deprecated = {code: value.deprecation_reason for code, value in codes.items() if value.deprecation_reason}  # pyright: ignore
    successors = {former: kind.code for kind in ERRORS for former in kind.former_codes}
    assert deprecated == {former: f"Use `{code}`." for former, code in successors.items()}
    assert set(successors) == {
        *("NOT_ASTAFF_ROLE", "TEXT_MISSING", "NO_EMAIL_ADDRESS", "NOT_PAYABLE"),
        *("PAYMENT_NOT_SETTLED", "REFUND_EXCEEDS_PAYMENT", "RESERVATION_RELEASED", "TOO_MANY_AT_ONCE", "TOO_MANY_IDS"),
    }
    assert {kind.code for kind in ERRORS} & set(successors) == set()


@pytest.mark.parametrize("code", ["NOT_PAYABLE", "TEXT_MISSING", "RESERVATION_RELEASED"])
def test_a_refusal_stored_with_a_former_code_can_be_given_again(code: str) -> None:
    """The codes that an idempotency key's answer of before the release may have are there to be repeated."""
    assert UserErrorCode[code].name == code


@pytest.mark.parametrize("service", SERVICES)
def test_descriptions_of_a_subgraph(service: str) -> None:
    """Every description in the schema is plain."""
    told = {where: faults(text) for where, text in descriptions(SUBGRAPHS[service]).items()}
    assert {where: wrong for where, wrong in told.items() if wrong} == {}


def test_descriptions_of_the_api() -> None:
    """So is every description that clients see, `@defer`'s included."""
    told = {where: faults(text) for where, text in descriptions(API).items()}
    assert {where: wrong for where, wrong in told.items() if wrong} == {}
    assert "@defer(label:)" in told


def test_descriptions_of_the_events() -> None:
    """So is every description in the contract of the published events."""
    contract = json.loads((ROOT / "docs/events/asyncapi.json").read_text("utf-8"))
    told = {text: faults(text) for text in _told(contract)}
    assert {text: wrong for text, wrong in told.items() if wrong} == {}
    assert len(told) > 100


def _told(part: Any) -> Iterator[str]:
    members: list[tuple[Any, Any]] = [*cast(dict[Any, Any], part).items()] if isinstance(part, dict) else []
    members += enumerate(cast(list[Any], part)) if isinstance(part, list) else []
    for key, value in members:
        if key in ("description", "summary") and isinstance(value, str):
            yield value
        yield from _told(value)


def test_inputs_say_whose_they_are() -> None:
    """The argument of each mutation names the mutation."""
    told = descriptions(API)
    inputs = {where: text for where, text in told.items() if where.startswith("Mutation.") and "(" in where}
    wrong = {where: text for where, text in inputs.items() if f"`{where.split('.')[1].split('(')[0]}`" not in text}
    assert wrong == {}
    assert len(inputs) > 50


def test_shared_types_have_one_description() -> None:
    """What several subgraphs have is described alike: the supergraph keeps the first."""
    told: dict[str, dict[str, str]] = {}
    for service, sdl in SUBGRAPHS.items():
        for where, text in descriptions(sdl).items():
            told.setdefault(where, {})[service] = text
    assert {where: texts for where, texts in told.items() if len({*texts.values()}) > 1} == {}


def test_the_gateways_catalogue() -> None:
    """Every code of the gateway has a plain meaning of its own."""
    told = {code: faults(error.meaning) for code, error in CATALOGUE.items()}
    assert {code: wrong for code, wrong in told.items() if wrong} == {}
    meanings = Counter(error.meaning for error in CATALOGUE.values())
    assert [text for text, times in meanings.items() if times > 1] == []


@pytest.mark.parametrize("app", [portal_cli, gateway_cli], ids=["portal", "gateway"])
def test_help_of_the_command_lines(app: typer.Typer) -> None:
    """Every command, option and argument has a plain help text."""
    told = {where: faults(text) for where, text in _help(typer.main.get_command(app))}
    assert {where: wrong for where, wrong in told.items() if wrong} == {}
    assert len(told) > 10


def _help(command: Any, path: str = "") -> Iterator[tuple[str, str]]:
    for name, inner in getattr(command, "commands", {}).items():
        yield from _help(inner, f"{path} {name}")
    if not getattr(command, "commands", None):
        yield path, (command.help or "").strip()
        yield from ((f"{path} {one.name}", one.help) for one in command.params if getattr(one, "help", None))


@pytest.mark.parametrize("folder", ["chassis", "services", "gateway", "portal_cli", "payment_sandbox"])
def test_sentences_of_the_code(folder: str) -> None:
    """Whatever sentence the code can say, in messages, mails and logs, has none of the faults."""
    wrong = [
        f"{file.relative_to(ROOT)}:{line}: {', '.join(found)}: {text}"
        for file in sorted((ROOT / folder).rglob("*.py"))
        if file.name != "examples.py"
        for line, text in sentences(file)
        if (found := faults(text, sentence=False))
    ]
    assert wrong == []
