"""The content of a printed page: finished, localised strings in reading order. Knows no document kind and no format."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self


class Composed(str):
    """A text put together from parts of which one may run against the others; as a string it is the whole text.

    `parts` are pieces of text and whether each stands by itself, which a format shows in its own way: a box, `<bdi>`.
    """

    __slots__ = ("parts",)
    parts: tuple[tuple[str, bool], ...]

    @classmethod
    def of(cls, parts: tuple[tuple[str, bool], ...]) -> Self:
        """Put the parts together."""
        whole = cls("".join(text for text, _ in parts))
        whole.parts = parts
        return whole


@dataclass(frozen=True, slots=True)
class Block:
    """An address: a label, a name and lines under it; `links` says where some of the lines lead."""

    label: str
    name: str
    lines: tuple[str, ...] = ()
    links: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Fact:
    """A labelled value, such as a due date."""

    label: str
    value: str


@dataclass(frozen=True, slots=True)
class Column:
    """A table column; numbers stand at the end, the `wide` one takes the room that is left."""

    label: str
    number: bool = False
    wide: bool = False


@dataclass(frozen=True, slots=True)
class Cell:
    """A table cell: a text, and smaller lines under it."""

    text: str
    small: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A table, whose head is repeated on every page."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Total:
    """A row under the table; the `strong` ones are what the reader looks for."""

    label: str
    value: str
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """A titled paragraph."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Way:
    """A way to pay or to open the document: what it is called, where it leads, and what its QR code says."""

    title: str
    caption: str
    code: str
    facts: tuple[Fact, ...] = ()
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One document as both formats show it; `language` is that of its words, `paper` is `a4` or `us-letter`.

    `rtl` is a page that is read from right to left.
    """

    kind: str
    paper: str
    language: str
    rtl: bool = False
    title: str
    number: str
    subject: str = ""
    mark: str = ""
    mark_tone: str = "plain"
    sender: Block
    recipient: Block
    facts: tuple[Fact, ...] = ()
    lines: Table
    totals: tuple[Total, ...] = ()
    breakdown: Table | None = None
    ways: tuple[Way, ...] = ()
    notes: tuple[Note, ...] = field(default=())
    footer: str = ""
