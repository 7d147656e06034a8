"""Papers look as they did: pages of every kind, in every language and on both sizes, beside pictures that are kept.

A change that is meant: `PORTAL_WRITE_PAGES=1 pytest tests/unit/billing/test_pages_as_seen.py`, and look at the
pictures that changed before they are checked in.
"""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from services.billing.adapters.pdf import labels
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.adapters.pdf.wording import Wording
from services.billing.application.printing import PrintedDocument, PrintedTax, Transfer
from tests.support import pages_seen, printed

GOLDEN = Path(__file__).parents[2] / "fixtures" / "pages"
TRANSFER = Transfer(
    holder="Northwind Studio",
    iban="DE89 3704 0044 0532 0130 00",
    bic="COBADEFFXXX",
    reference="RF18539007547034",
    code="BCD\n002\n1\nSCT\n\nNorthwind\nDE89370400440532013000\nEUR245.10\n\n\nINV-0007",
)
LINK = "https://portal.example/northwind/invoices/inv_018f0d5e6c7a7b8c9d0e1f2a3b4c5d6e"


def _invoice(language: str, country: str = "") -> PrintedDocument:
    recipient = replace(printed.RECIPIENT, country=country)
    letter = printed.letter(language=language, status="PARTIALLY_PAID", link=LINK, recipient=recipient)
    return printed.invoice(letter=letter, transfer=TRANSFER, payable_online=True)


def _receipt(language: str) -> PrintedDocument:
    taxes = (PrintedTax(name="VAT", rate=Decimal(19), taxable=Decimal("290.00"), amount=Decimal("55.10")),)
    return printed.receipt(letter=printed.letter(language=language, status="PAID"), payer="Zoë Smith", taxes=taxes)


DRAWN: dict[str, Callable[[], PrintedDocument]] = {
    f"{kind}-{language}": made
    for language in labels.LABELS
    for kind, made in {
        "invoice": lambda language=language: _invoice(language),
        "invoice-letter": lambda language=language: _invoice(language, "US"),
        "estimate": lambda language=language: printed.estimate(letter=printed.letter(language=language)),
        "receipt": lambda language=language: _receipt(language),
        "statement": lambda language=language: printed.statement(
            letter=printed.letter(language=language, status="", notes="")
        ),
    }.items()
}


@cache
def seen(name: str) -> list[Image.Image]:
    """Return the pages of a paper as they are drawn now."""
    return pages_seen.pictures(render_now(DRAWN[name]()))


@pytest.mark.parametrize("name", DRAWN)
def test_a_paper_looks_as_it_did(name: str) -> None:
    """No place of any page differs by more than fonts may be smoothed."""
    pages = {f"{name}-{number}.png": page for number, page in enumerate(seen(name), 1)}
    if os.environ.get("PORTAL_WRITE_PAGES"):
        GOLDEN.mkdir(exist_ok=True)
        for file in GOLDEN.glob(f"{name}-[0-9].png"):
            file.unlink()
        for file, page in pages.items():
            (GOLDEN / file).write_bytes(pages_seen.kept(page))

    assert sorted(pages) == sorted(file.name for file in GOLDEN.glob(f"{name}-[0-9].png"))
    told = {file: pages_seen.differences(page, pages_seen.read(GOLDEN / file)) for file, page in pages.items()}
    assert {file: places for file, places in told.items() if places} == {}


@pytest.mark.parametrize(
    "name", ["invoice-en-1", "invoice-letter-ja-1", "statement-ar-1", "estimate-de-1", "receipt-pl-1"]
)
def test_a_line_that_moves_by_three_millimetres_is_seen(name: str) -> None:
    """Whichever line of text it is, the difference is told with its place; the page itself has none."""
    page = pages_seen.read(GOLDEN / f"{name}.png")
    lines = pages_seen.lines_of(page)

    assert pages_seen.differences(page, page) == []
    assert len(lines) >= 10
    unseen = [line for line in lines if not pages_seen.differences(pages_seen.moved(page, *line, millimetres=3), page)]
    assert unseen == []


@pytest.mark.parametrize("how", [{"no_smoothtext": True}, {"no_smoothpath": True}, {"force_halftone": True}])
def test_text_that_is_smoothed_otherwise_looks_the_same(how: dict[str, bool]) -> None:
    """What another build of the library draws otherwise is within what is tolerated."""
    pdf = render_now(DRAWN["invoice-de"]())

    [told, *_] = pages_seen.pictures(pdf, **how)
    assert pages_seen.differences(told, pages_seen.read(GOLDEN / "invoice-de-1.png")) == []


def test_another_size_is_seen() -> None:
    """A page of another paper is no page of this one."""
    [a4, letter] = [pages_seen.read(GOLDEN / f"{kind}-en-1.png") for kind in ("invoice", "invoice-letter")]

    assert pages_seen.differences(letter, a4) == ["the page is 216 × 279 mm instead of 210 × 297 mm"]


@pytest.mark.parametrize("language", [one for one in labels.LABELS if one != "ar"])
def test_days_of_a_statement_stand_whole_beside_what_happened(language: str) -> None:
    """A day is as wide as it wants to be: it neither goes on in the next line nor runs into its neighbour.

    Arabic, from right to left, is among the pictures.
    """
    statement = printed.statement(letter=printed.letter(language=language, status="", notes=""))
    day = Wording.of(language, "EUR", "").day(statement.rows[0].dated + timedelta(days=3))

    assert pages_seen.room_behind(render_now(statement), day) > 5
