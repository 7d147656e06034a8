"""A kind of document with a past: crates, as versions 0 and 1 wrote them and as version 2 does."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chassis.kernel import AggregateRoot
from chassis.mongo.client import Database, Document
from chassis.mongo.histories import declare
from chassis.mongo.repository import MongoRepository
from tests.support.chassis import LANGUAGE


@dataclass(frozen=True, kw_only=True)
class Label:
    """What stands on a crate."""

    text: str
    colour: str = "white"


@dataclass(kw_only=True, eq=False)
class Crate(AggregateRoot):
    """Something with labels; `weight` came with version 2, computed from `grams`."""

    customer_id: str = "cus_1"
    name: str = ""
    grams: int = 0
    weight: str = ""
    labels: tuple[Label, ...] = ()
    by_place: dict[str, Label] = field(default_factory=dict[str, Label])


def weigh(document: Document) -> Document:
    """Step 1 → 2."""
    return document | {"weight": f"{document['grams']} g"}


declare(Crate, weigh, listing=2)


def listed(crate: Crate) -> Document:
    """The second rules for lists."""
    return {"listed": {"name": crate.name.casefold(), "labels": len(crate.labels)}}


class Crates(MongoRepository[Crate]):
    """The repository of version 2."""

    def __init__(self, database: Database, committed: Callable[[], None] = lambda: None) -> None:
        super().__init__(database["crates"], Crate, LANGUAGE, what="crate", committed=committed, listed=listed)


def as_written(release: int, place: int = 0, **more: Any) -> Document:
    """Return a crate as a release wrote it: 0 had no numbers, 1 no weight, both listed names as they are typed."""
    crate: Document = {
        "_id": f"inv_{place:026d}",
        "organisation_id": "org_1",
        "customer_id": "cus_1",
        "version": 3,
        "event_sequence": 0,
        "name": f"Crate {place}",
        "grams": 5,
        "labels": [{"text": "top"}, {"text": "fragile", "colour": "red"}],
        "by_place": {"lid": {"text": "this way up"}},
        "listed": {"name": f"Crate {place}", "labels": 2},
        "outbox": [],
    }
    numbers: Document = {"schema": release, "listing": 1, "stamped": 3} if release else {}
    return crate | numbers | more
