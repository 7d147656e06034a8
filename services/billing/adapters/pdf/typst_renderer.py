"""PDF by Typst, in a bounded pool of threads: the compiler releases the interpreter lock."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, replace
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path
from typing import Any

import typst

from services.billing.adapters.pdf.logo import image_type
from services.billing.adapters.pdf.presenting import present
from services.billing.application.printing import PrintedDocument

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Symbols",
    "Noto Sans Symbols 2",
    "Droid Sans Fallback",
    "NanumGothicCoding",
)
_LETTER_CURRENCIES = frozenset({"USD", "CAD", "MXN", "PHP", "CLP", "COP"})
_LONG_WORD = re.compile(r"\S{32}(?=\S)")
_BREAK_HERE = "\u200b"


class TypstRenderer:
    """Implements `DocumentRenderer`. `threads` bounds how many documents are set at once; the others wait."""

    def __init__(self, *, threads: int = 2) -> None:
        self._pool = ThreadPoolExecutor(max_workers=threads, thread_name_prefix="typst")

    async def render(self, document: PrintedDocument) -> bytes:
        """Return the document as a PDF; the same document always gives the same bytes."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, render_now, document)

    def close(self) -> None:
        """Let running documents finish and stop the threads."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def render_now(document: PrintedDocument) -> bytes:
    """Set one document in this thread. A logo that cannot be decoded is left out."""
    try:
        return _compile(document)
    except typst.TypstError:
        if document.letter.logo is None:
            raise
        return _compile(replace(document, letter=replace(document.letter, logo=None)))


def _compile(document: PrintedDocument) -> bytes:
    page, letter = present(document), document.letter
    inputs = {
        "page": json.dumps(_breakable(asdict(page)), ensure_ascii=False),
        "fonts": json.dumps(_FAMILIES),
        "paper": "us-letter" if letter.currency in _LETTER_CURRENCIES else "a4",
        "dated": letter.dated.isoformat(),
    }
    if letter.logo and image_type(letter.logo):
        inputs["logo"] = json.dumps(list(letter.logo))
    return typst.compile(
        str(_TEMPLATES / f"{page.kind}.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        timestamp=_midnight(letter.dated),
    )


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)


def _breakable(value: Any) -> Any:
    """Allow a line break inside words too long for a column."""
    match value:
        case str():
            return _LONG_WORD.sub(lambda word: word.group() + _BREAK_HERE, value)
        case dict():
            return {key: _breakable(inner) for key, inner in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case list() | tuple():
            return [_breakable(inner) for inner in value]  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value
