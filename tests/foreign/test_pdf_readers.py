"""Readers of other makes find on a paper what was stored: MuPDF and poppler."""

import subprocess
from pathlib import Path

import pytest

from portal_cli.foreign import POPPLER, PYMUPDF
from services.billing.adapters.pdf.typst_renderer import render_now
from tests.support import printed
from tests.support.foreign import program
from tests.unit.billing.test_extracted_text import LONG_EMAIL, REFERENCE, WORDS

MUPDF = "import pymupdf, sys; print(''.join(page.get_text() for page in pymupdf.open(sys.argv[1])))"


@pytest.fixture(scope="module")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an invoice that has every word on a line of its own, and a long address."""
    file = tmp_path_factory.mktemp("readers") / "invoice.pdf"
    letter = printed.letter(notes=LONG_EMAIL)
    file.write_bytes(render_now(printed.invoice(terms="\n".join(WORDS), reference=REFERENCE, letter=letter)))
    return file


def missing_in(read: str) -> list[str]:
    plain = read.replace("\xa0", " ")
    return [word for word in (*WORDS, LONG_EMAIL) if word.replace("\xa0", " ") not in plain]


def test_mupdf_reads_what_was_stored(paper: Path) -> None:
    """Every word is found whole by MuPDF, which other tools build on."""
    python = program(PYMUPDF) / "bin" / "python"

    done = subprocess.run([python, "-c", MUPDF, paper], capture_output=True, text=True, check=True)

    assert missing_in(done.stdout) == []


def test_poppler_reads_what_was_stored(paper: Path) -> None:
    """Every word is found whole by poppler, which the readers of most Linux desktops use."""
    pdftotext = program(POPPLER) / "pdftotext"
    done = subprocess.run([pdftotext, paper, "-"], capture_output=True, text=True, check=True)

    assert missing_in(done.stdout) == []
