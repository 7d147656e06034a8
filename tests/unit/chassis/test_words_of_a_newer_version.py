"""Every stored word of every aggregate and projection: one that a newer version wrote is read, kept, and left alone.

The list is made from the classes themselves; a new field with an enumeration is in it at once.
"""

import dataclasses
import importlib
import pkgutil
import types
import typing
from collections.abc import Iterator
from copy import deepcopy
from datetime import UTC, date, datetime
from decimal import Decimal
from enum import Enum
from typing import Any

import pytest

import services
from chassis.kernel import AggregateRoot, Role
from chassis.mongo.documents import from_value, to_aggregate, to_document, to_value
from chassis.words import Word
from services.billing.application.directory import CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.domain.statement import Ledger
from services.notifications.domain.notification import News

STRANGE = "a_newer_word"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
PROJECTIONS: tuple[type[Any], ...] = (Ledger, News, OrganisationProfile, CustomerProfile, PortalProfile)
Path = tuple[str | int, ...]


def _aggregates() -> list[type[AggregateRoot]]:
    for found in pkgutil.walk_packages(services.__path__, "services."):
        if ".domain" in found.name:
            importlib.import_module(found.name)
    known, waiting = set[type[AggregateRoot]](), [AggregateRoot]
    while waiting:
        more = [
            kind for kind in waiting.pop().__subclasses__() if kind.__module__.startswith(("services.", "chassis."))
        ]
        known.update(more)
        waiting += more
    return sorted(
        (kind for kind in known if not kind.__subclasses__()), key=lambda kind: (kind.__module__, kind.__qualname__)
    )


def _example(kind: Any, path: Path, words: dict[Path, type[Enum]]) -> Any:
    """Return stored data of this type with every optional part present, and note where its words are."""
    origin, parts = typing.get_origin(kind), typing.get_args(kind)
    if origin in {typing.Union, types.UnionType}:
        return _example(next(part for part in parts if part is not types.NoneType), path, words)
    if origin in {list, tuple, set, frozenset}:
        return [_example(parts[0], (*path, 0), words)]
    if origin is dict:
        return {"k": _example(parts[1], (*path, "k"), words)}
    if isinstance(kind, type) and issubclass(kind, Enum):
        words[path] = kind
        return next(iter(kind)).value
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        fields = [field.name for field in dataclasses.fields(kind) if field.init]
        return {name: _example(hints[name], (*path, name), words) for name in fields}
    return {str: "EUR", int: 1, bool: False, float: 1.0, Decimal: "1", datetime: NOW, date: "2026-03-01"}[kind]


def _places() -> Iterator[tuple[type[Any], Path, type[Enum], Any]]:
    for kind in (*_aggregates(), *PROJECTIONS):
        words: dict[Path, type[Enum]] = {}
        example = _example(kind, (), words)
        for path, word in words.items():
            yield kind, path, word, example


PLACES = list(_places())
WORDS = sorted({Role, *(word for _, _, word, _ in PLACES)}, key=lambda kind: (kind.__module__, kind.__name__))
NAMES = [f"{kind.__name__}.{'.'.join(map(str, path))}" for kind, path, _, _ in PLACES]


def _with(example: Any, path: Path, value: Any) -> Any:
    changed = deepcopy(example)
    here = changed
    for step in path[:-1]:
        here = here[step]
    here[path[-1]] = value
    return changed


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


def test_the_places_were_found() -> None:
    """The list is generated: it must not become empty unnoticed."""
    assert len(PLACES) >= 20
    assert {"Invoice.state", "Payment.refunds.k.state", "Notification.news.kind", "StaffMember.role"} <= {*NAMES}


@pytest.mark.parametrize(("kind", "path", "word", "example"), PLACES, ids=NAMES)
def test_a_strange_word_is_read_and_written_back(kind: type[Any], path: Path, word: type[Word], example: Any) -> None:
    """Nothing raises; the word stays as it was; an aggregate that rules depend on says that it must be left alone."""
    strange = _with(example, path, STRANGE)
    if not issubclass(kind, AggregateRoot):
        assert _at(from_value(to_value(kind, strange)), path) == STRANGE
        return
    strange["_id"] = strange.pop("id")
    aggregate = to_aggregate(kind, strange)
    assert _at(to_document(aggregate), path) == STRANGE
    assert [str(one) for one in aggregate.strange] == ([] if word.is_carried() else [STRANGE])
    known = {**example, "_id": "x"}
    del known["id"]
    assert to_aggregate(kind, known).strange == ()


@pytest.mark.parametrize("kind", WORDS, ids=lambda kind: f"{kind.__module__}.{kind.__name__}")
def test_nobody_else_may_say_a_strange_word(kind: type[Word]) -> None:
    """Outside the reading of documents (inputs, tokens, messages) a word that is not known is refused."""
    with pytest.raises(ValueError, match=STRANGE):
        kind(STRANGE)
    assert all(word.is_known for word in kind)
