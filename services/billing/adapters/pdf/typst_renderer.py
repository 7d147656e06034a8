"""PDF by Typst, in a bounded pool of threads: the compiler releases the interpreter lock."""

import asyncio
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from functools import cache
from pathlib import Path

import structlog
import typst

from chassis.telemetry import PRINTED
from services.billing.adapters.pdf.logo import image_type
from services.billing.adapters.pdf.presenting import present
from services.billing.adapters.pdf.typesetting import typeset
from services.billing.application.printing import PrintedDocument

_HERE = Path(__file__).parent
_TEMPLATES = _HERE / "templates"
_FAMILIES = (
    "Noto Sans",
    "Noto Sans Arabic",
    "Noto Sans Hebrew",
    "Noto Sans Devanagari",
    "Noto Sans Thai",
    "Noto Sans Armenian",
    "Noto Sans Bengali",
    "Noto Sans Ethiopic",
    "Noto Sans Georgian",
    "Noto Sans Gujarati",
    "Noto Sans Gurmukhi",
    "Noto Sans Kannada",
    "Noto Sans Khmer",
    "Noto Sans Lao",
    "Noto Sans Malayalam",
    "Noto Sans Myanmar",
    "Noto Sans Sinhala",
    "Noto Sans Tamil",
    "Noto Sans Telugu",
    "Noto Sans Oriya",
    "Noto Sans Thaana",
    "Noto Sans Adlam",
    "Noto Sans Balinese",
    "Noto Sans Bamum",
    "Noto Sans Batak",
    "Noto Sans CanAborig",
    "Noto Sans Chakma",
    "Noto Sans Cham",
    "Noto Sans Cherokee",
    "Noto Sans Hanifi Rohingya",
    "Noto Sans Javanese",
    "Noto Sans Kayah Li",
    "Noto Sans Lepcha",
    "Noto Sans Limbu",
    "Noto Sans Lisu",
    "Noto Sans Mandaic",
    "Noto Sans MeeteiMayek",
    "Noto Sans Miao",
    "Noto Sans Mongolian",
    "Noto Sans NKo",
    "Noto Sans NewTaiLue",
    "Noto Sans Newa",
    "Noto Sans Ol Chiki",
    "Noto Sans Osage",
    "Noto Sans Saurashtra",
    "Noto Sans Sundanese",
    "Noto Sans Syloti Nagri",
    "Noto Sans Syriac",
    "Noto Sans Tai Le",
    "Noto Sans Tai Tham",
    "Noto Sans Tai Viet",
    "Noto Sans Tifinagh",
    "Noto Sans Vai",
    "Noto Sans Wancho",
    "Noto Sans Yi",
    "Noto Sans Math",
    "Noto Serif Tibetan",
    "Noto Serif Hmong Nyiakeng",
    "Noto Sans Symbols",
    "Noto Sans Symbols2",
    "Droid Sans Fallback",
    "NanumGothicCoding",
    "Noto Emoji",
    "Portal Last Resort",
)
"""In the order in which they are asked for a character: the last has every one, so that none is without a glyph."""
_RIGHT_TO_LEFT, _LEFT_TO_RIGHT = b"/DisplayDocTitle true/Direction/R2L", b"/DisplayDocTitle true/Direction/L2R"
"""How two pages lie side by side; PDFium takes it for the direction of every line, and reads Latin words backwards."""
_QUOTED = re.compile(r"`[^`]*`|\"[^\"]*\"")
_LOG = structlog.stdlib.get_logger("pdf")


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
    """Set one document in this thread, as PDF/A-3a and PDF/UA-1.

    Where Typst refuses that, something less is tried: the document without the marks of the standards, then without its
    logo, then without both. Whatever is less than asked for is logged and counted.
    """
    with_logo = [True, False] if image_type(document.letter.logo) else [False]
    *tries, last = [_Try(logo=logo, marked=marked) for logo in with_logo for marked in (True, False)]
    for attempt in tries:
        try:
            return _told(_compile(document, attempt), document, attempt)
        except typst.TypstError as error:
            _refused(error, document, attempt)
    return _told(_compile(document, last), document, last)


@dataclass(frozen=True, slots=True)
class _Try:
    """With what a document is set: its logo, and the marks of the standards."""

    logo: bool
    marked: bool


def _compile(document: PrintedDocument, attempt: _Try) -> bytes:
    page, letter = present(document), document.letter
    inputs = {
        "page": json.dumps(typeset(page), ensure_ascii=False),
        "fonts": json.dumps(_FAMILIES),
        "dated": letter.dated.isoformat(),
    }
    if attempt.logo and letter.logo:
        inputs["logo"] = json.dumps(list(letter.logo))
    pdf = typst.compile(
        str(_TEMPLATES / f"{page.kind}.typ"),
        root=str(_TEMPLATES),
        font_paths=_fonts(),
        ignore_system_fonts=True,
        sys_inputs=inputs,
        timestamp=_midnight(letter.dated),
        pdf_standards=["a-3a", "ua-1"] if attempt.marked else None,
    )
    return pdf.replace(_RIGHT_TO_LEFT, _LEFT_TO_RIGHT)


def _refused(error: typst.TypstError, document: PrintedDocument, attempt: _Try) -> None:
    """Say why; without what the document says, which Typst quotes."""
    reason = _QUOTED.sub("…", str(error))[:300]
    _LOG.warning("pdf_refused", document=type(document).__name__, **asdict(attempt), reason=reason)


def _told(pdf: bytes, document: PrintedDocument, attempt: _Try) -> bytes:
    """Count the file, and log one that has lost its logo or the marks of the standards."""
    no_marks, no_logo = not attempt.marked, document.letter.logo is not None and not attempt.logo
    lost = [name for name, is_lost in (("standards", no_marks), ("logo", no_logo)) if is_lost]
    PRINTED.labels(f"without {' and '.join(lost)}" if lost else "whole").inc()
    if lost:
        _LOG.warning("pdf_is_less", document=type(document).__name__, lost=lost)
    return pdf


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(_HERE / "fonts")])


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
