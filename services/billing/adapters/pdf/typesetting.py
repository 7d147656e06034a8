"""Cuts the texts of a page into parts for Typst, so that nothing has to be added to them where they are set.

A text is sent as a string, or as `{"rtl", "parts"}`. A part is a string, which may be broken where Unicode says so; or
`{"word", "to"}`: a word that is kept whole where its column has room for it, and where it leads; or a text again, which
stands by itself among its neighbours (`{"apart"}`). How much room there is
is measured in `templates/layout.typ`; a character for "may be broken here" would be copied with the text.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from services.billing.adapters.pdf.codes import svg_of
from services.billing.adapters.pdf.links import addresses
from services.billing.adapters.pdf.page import Block, Cell, Column, Composed, Fact, Page, Table, Total, Way

Parts = str | dict[str, Any]

_LONG = 14
"""From so many characters on, a word may be wider than the narrowest column; the widest letters are an em wide."""
_MEASURED = 3
_FEW = 10
"""A cell with fewer lines is kept on one page."""
_BLANK = " \t\n\u1680\u2000-\u2006\u2008-\u200a\u205f\u3000"
_FREE = (
    "\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u2e80-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff"
    "\uff00-\uffef"
)
"""Scripts that are written without blanks, or broken between any two signs."""
_WORD = re.compile(f"[^{_BLANK}{_FREE}]+")
_BREAKABLE = re.compile(r"\S[-\xad\u200b‐‒–—/\\?!|…&=+%}\]»;:]\S")
_NONCHARACTERS = "".join(chr(plane << 16 | last) for plane in range(15) for last in (0xFFFE, 0xFFFF))
_UNSET = re.compile(f"[\ue000-\uf8ff\ufdd0-\ufdef\U000f0000-\U0010ffff{_NONCHARACTERS}]")


def typeset(page: Page) -> dict[str, Any]:
    """Return the page as Typst reads it."""
    return {
        "kind": page.kind,
        "paper": page.paper,
        "language": page.language,
        "rtl": page.rtl,
        "title": printable(page.title),
        "number": printable(page.number),
        "subject": parts(page.subject),
        "mark": page.mark,
        "mark_tone": page.mark_tone,
        "author": printable(page.sender.name),
        "sender": _block(page.sender, rtl=page.rtl),
        "recipient": _block(page.recipient, rtl=page.rtl),
        "facts": [_fact(fact, rtl=page.rtl) for fact in page.facts],
        "lines": _table(page.lines, rtl=page.rtl),
        "totals": [{"strong": total.strong} | _fact(total, rtl=page.rtl) for total in page.totals],
        "breakdown": _table(page.breakdown, rtl=page.rtl) if page.breakdown else None,
        "ways": [_way(way, rtl=page.rtl) for way in page.ways],
        "notes": [{"title": note.title, "text": parts(note.text, written=True)} for note in page.notes],
        "footer": parts(page.footer, rtl=page.rtl),
    }


def parts(text: str, target: str = "", *, written: bool = False, rtl: bool = False) -> Parts:
    """Cut a text. `target` is where all of it leads; in texts that the business has `written`, addresses lead on.

    A composed text runs as the document does (`rtl`), any other as its own first letter says.
    """
    if isinstance(text, Composed):
        return {"rtl": rtl, "parts": [_part(part, written, rtl) if alone else part for part, alone in text.parts]}
    text = printable(text)
    shown_parts = [(text, target)] if target else list(addresses(text)) if written else [(text, "")]
    rtl = is_right_to_left(text)
    found = [part for shown, to in shown_parts for part in (_word(shown, to) if to else _words(shown, rtl=rtl))]
    if not rtl and all(isinstance(part, str) for part in found):
        return text
    return {"rtl": rtl, "parts": found}


def _part(text: str, written: bool, rtl: bool) -> dict[str, Parts]:
    return {"apart": parts(text, written=written, rtl=rtl)}


def printable(text: str) -> str:
    """Return the text with U+FFFD for what PDF/A-3a forbids: private-use characters and those that are none."""
    return _UNSET.sub("\ufffd", text.replace("\ufeff", ""))


def is_right_to_left(text: str) -> bool:
    """Tell whether the first character with a direction of its own is Arabic, Hebrew or such (UAX #9, P2)."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((direction != "L" for direction in strong if direction in {"L", "R", "AL"}), False)


def _word(shown: str, to: str = "") -> Iterator[str | dict[str, str]]:
    yield {"word": shown, "to": to}


def _words(text: str, *, rtl: bool) -> Iterator[str | dict[str, str]]:
    """Words that are long, or that a line could end in; in a text from right to left only the long ones.

    A word of its own is set in a box, whose neighbours' order a text from right to left would turn.
    """
    end = 0
    for found in _WORD.finditer(text):
        word = found.group()
        if len(word) < _LONG and (rtl or not _BREAKABLE.search(word)):
            continue
        if found.start() > end:
            yield text[end : found.start()]
        yield from _word(word)
        end = found.end()
    if end < len(text):
        yield text[end:]


def _block(block: Block, *, rtl: bool) -> dict[str, Any]:
    links: Mapping[str, str] = block.links
    lines = [parts(line, links.get(line, ""), rtl=rtl) for line in block.lines]
    return {"label": block.label, "name": parts(block.name), "lines": lines}


def _fact(fact: Fact | Total, *, rtl: bool) -> dict[str, Parts]:
    return {"label": parts(fact.label, rtl=rtl), "value": parts(fact.value, rtl=rtl)}


def _way(way: Way, *, rtl: bool) -> dict[str, Any]:
    facts = [_fact(fact, rtl=rtl) for fact in way.facts]
    link = parts(way.link, way.link) if way.link else None
    return {"title": way.title, "caption": way.caption, "code": svg_of(way.code), "facts": facts, "link": link}


def _table(table: Table, *, rtl: bool) -> dict[str, Any]:
    rows = [[_cell(cell, rtl=rtl) for cell in row] for row in table.rows]
    columns = [_column(column, [row[place] for row in table.rows]) for place, column in enumerate(table.columns)]
    return {"title": parts(table.title, rtl=rtl), "columns": columns, "rows": rows}


def _column(column: Column, cells: list[Cell]) -> dict[str, Any]:
    """Name the longest texts of a column that is not the wide one: it is as wide as the widest of them wants to be."""
    longest = sorted({printable(cell.text) for cell in cells}, key=len)[-_MEASURED:] if not column.wide else []
    return asdict(column) | {"longest": longest}


def _cell(cell: Cell, *, rtl: bool) -> dict[str, Any]:
    small = [parts(line, written=True, rtl=rtl) for line in cell.small]
    whole = len(cell.small) < _FEW and sum(map(_lines_of, (cell.text, *cell.small))) < _FEW
    return {"text": parts(cell.text, written=True, rtl=rtl), "small": small, "whole": whole}


def _lines_of(text: str) -> int:
    """Guess in how many lines a text is set."""
    return text.count("\n") + len(text) // 40
