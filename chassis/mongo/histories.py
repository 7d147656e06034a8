"""The history of each kind of stored document: a number for every form it had, and how to get from one to the next.

Every document carries `schema`, the number of the form in which it was saved last. A document without one is of
number 0: it was written before there were numbers. Reading brings a document forward, one pure step after another;
the next save and the backfill store it so.

What a step may do, so that two versions can live on one database (ADR 0032): add a field that is missing, or compute
one from others. It takes nothing away, gives no field another meaning, and changes nothing when it is taken again:
an older process's save gives a document its older number back, and the steps after that are taken once more.

Beside it aggregates carry `listing`, the number of the rules by which values for lists were computed, and `stamped`,
the `version` at which both numbers were true: a process from before there were numbers counts `version` up and leaves
`stamped` behind, so that its saves are known as what they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from chassis.mongo.client import Document

Step = Callable[[Document], Document]

SCHEMA, LISTING, STAMPED, VERSION = "schema", "listing", "stamped", "version"
STAMPS = frozenset({SCHEMA, LISTING, STAMPED})
ROW: Document = {SCHEMA: 1}
"""What every row carries that is no aggregate and has no history of its own yet."""


def unchanged(document: Document) -> Document:
    """Return the document as it is: the step to number 1, which only gave a number to what was there."""
    return document


@dataclass(frozen=True, slots=True)
class History:
    """The steps of one kind of document, the first from 0 to 1; and the number of its rules for lists."""

    steps: tuple[Step, ...] = (unchanged,)
    listing: int = 1

    @property
    def schema(self) -> int:
        """The number that this version writes."""
        return len(self.steps)

    def forward(self, document: Document) -> Document:
        """Return the document in the form of this version; one of a newer form stays as it is."""
        for step in self.steps[schema_of(document) :]:
            document = step(document)
        return document

    def stamps(self, version: int) -> Document:
        """Return what an aggregate carries that this version saves as `version`."""
        return {SCHEMA: self.schema, LISTING: self.listing, STAMPED: version}

    def is_current(self, document: Document) -> bool:
        """Tell whether it was saved last in this form, or a newer one, and by these rules for lists, or newer ones."""
        return schema_of(document) >= self.schema and (VERSION not in document or listing_of(document) >= self.listing)

    def is_newer(self, document: Document) -> bool:
        """Tell whether a version that knows more saved it last: to bring it forward is that one's task."""
        return schema_of(document) > self.schema or listing_of(document) > self.listing


_HISTORIES: dict[Any, History] = {}
_FIRST = History()


def declare(kind: Any, *later: Step, listing: int = 1) -> History:
    """Give a kind of document its history: the steps after number 1, in order, and the number of its rules for lists.

    Called once where the kind's repository is. Raise `listing` whenever the values computed for lists change.
    """
    _HISTORIES[kind] = History((unchanged, *later), listing)
    return _HISTORIES[kind]


def history_of(kind: Any) -> History:
    """Return the history of a kind; one that was never declared has its first form only."""
    return _HISTORIES.get(kind, _FIRST)


def schema_of(document: Document) -> int:
    """Return the number of the form in which a document was saved last."""
    return _number(document, SCHEMA)


def listing_of(document: Document) -> int:
    """Return the number of the rules by which its values for lists were computed last."""
    return _number(document, LISTING)


def _number(document: Document, name: str) -> int:
    number = document.get(name)
    is_true = document.get(STAMPED, document.get(VERSION)) == document.get(VERSION)
    return number if isinstance(number, int) and is_true else 0
