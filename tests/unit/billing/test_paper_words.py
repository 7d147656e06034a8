"""The words of a paper: they agree with its noun, they are in the language that the file says, on the right paper."""

import io
import re
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pypdf
import pytest
from babel import Locale

from services.billing.adapters.pdf import HtmlPrintView, labels, present
from services.billing.adapters.pdf.labels.stamps import STAMPED
from services.billing.adapters.pdf.paper import US_LETTER
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import PrintedDocument, PrintKind
from services.billing.application.queries.print_documents import computed_of
from services.billing.domain.amounts import AdjustmentKind, DocumentAdjustment, Line, Tax
from services.billing.domain.content import write
from tests.support import printed

D = Decimal
Make = Callable[..., PrintedDocument]
MAKERS: dict[PrintKind, Make] = {
    PrintKind.ESTIMATE: printed.estimate,
    PrintKind.INVOICE: printed.invoice,
    PrintKind.RECEIPT: printed.receipt,
    PrintKind.STATEMENT: printed.statement,
}
LETTER, A4 = (612.0, 792.0), (595.28, 841.89)


def letter_between(seller: str, buyer: str, **changes: object) -> PrintedDocument:
    sender, recipient = replace(printed.SENDER, country=seller), replace(printed.RECIPIENT, country=buyer)
    return printed.invoice(letter=printed.letter(sender=sender, recipient=recipient, **changes))


def size_of(pdf: bytes) -> tuple[float, float]:
    box = pypdf.PdfReader(io.BytesIO(pdf)).pages[0].mediabox
    return round(float(box.width), 2), round(float(box.height), 2)


@pytest.mark.parametrize(
    ("seller", "buyer", "currency", "size"),
    [
        ("DE", "DE", "USD", A4),
        ("US", "US", "EUR", LETTER),
        ("US", "", "EUR", LETTER),
        ("", "", "USD", A4),
        ("US", "FR", "USD", A4),
        ("FR", "CA", "EUR", LETTER),
        ("JP", "PH", "JPY", LETTER),
        ("MX", "BR", "MXN", A4),
    ],
)
def test_paper_is_that_of_the_place(seller: str, buyer: str, currency: str, size: tuple[float, float]) -> None:
    """The recipient's country says on which paper, else the business's; money says nothing; both forms agree."""
    document = letter_between(seller, buyer, currency=currency)

    html = HtmlPrintView().page(document)

    assert size_of(render_now(document)) == size
    assert re.findall(r"@page { size: (\w+)", html) == ["letter" if size == LETTER else "A4"]


def test_the_list_of_countries_is_cldr_s() -> None:
    """Every code is a country, and the list is the one that CLDR publishes."""
    territories = set(Locale("en").territories)  # pyright: ignore[reportUnknownArgumentType, reportArgumentType]

    assert territories >= US_LETTER
    assert sorted(US_LETTER) == ["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"]


@pytest.mark.parametrize(
    ("language", "kind", "status", "word"),
    [
        ("fr", PrintKind.INVOICE, "PAID", "Payée"),
        ("fr", PrintKind.INVOICE, "VOID", "Annulée"),
        ("fr-CA", PrintKind.INVOICE, "PARTIALLY_PAID", "Partiellement payée"),
        ("fr", PrintKind.ESTIMATE, "ACCEPTED", "Accepté"),
        ("fr", PrintKind.ESTIMATE, "INVOICED", "Accepté"),
        ("fr", PrintKind.ESTIMATE, "VOID", "Annulé"),
        ("fr", PrintKind.RECEIPT, "PAID", "Payé"),
        ("es", PrintKind.INVOICE, "PAID", "Pagada"),
        ("es", PrintKind.INVOICE, "OVERDUE", "Vencida"),
        ("es-MX", PrintKind.INVOICE, "VOID", "Anulada"),
        ("es", PrintKind.ESTIMATE, "DECLINED", "Rechazado"),
        ("es", PrintKind.ESTIMATE, "EXPIRED", "Caducado"),
        ("de", PrintKind.INVOICE, "DRAFT", "Entwurf"),
        ("pl", PrintKind.INVOICE, "PAID", "Zapłacona"),
    ],
)
def test_a_stamp_agrees_with_its_noun(language: str, kind: PrintKind, status: str, word: str) -> None:
    """A status is worded for the kind of document that it stands on."""
    assert present(MAKERS[kind](letter=printed.letter(language=language, status=status))).mark == word


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("status", ["SENT", "UNPAID", "WRITTEN_OFF", ""])
def test_what_tells_nothing_is_no_stamp(kind: PrintKind, status: str) -> None:
    """Nobody needs to read "sent" on what was sent to him."""
    assert present(MAKERS[kind](letter=printed.letter(status=status))).mark == ""


@pytest.mark.parametrize("language", labels.LABELS)
def test_a_language_has_a_stamp_for_every_kind_of_document(language: str) -> None:
    """Status and kind of document together have a word, in every language."""
    words = labels.LABELS[language]

    assert all(words[labels.stamp_key(kind, status)] for kind in PrintKind for status in STAMPED)


def test_an_incomplete_language_cannot_be_imported() -> None:
    """A language that lacks a label, or has one too many, names it when the service starts."""
    lacking = {key: word for key, word in labels.ENGLISH.items() if key != "due"}

    with pytest.raises(LookupError, match="'pl': due"):
        labels.complete({"pl": lacking})
    with pytest.raises(LookupError, match="'pl': new"):
        labels.complete({"pl": {**labels.ENGLISH, "new": "x"}})


@pytest.mark.parametrize(
    ("language", "tax", "loyalty"),
    [("fr", "N° TVA\u202f: DE123456789", "Loyalty\u202f: "), ("es", "NIF/IVA: DE123456789", "Loyalty: ")],
)
def test_a_colon_stands_as_the_language_sets_it(language: str, tax: str, loyalty: str) -> None:
    """In French a colon has a narrow blank before it, at which no line ends."""
    page = present(printed.invoice(letter=printed.letter(language=language)))

    assert tax in page.sender.lines
    assert page.lines.rows[0][0].small[-1].startswith(loyalty)


def test_the_breakdown_tells_what_a_discount_adds_to_each_tax() -> None:
    """Under each tax stands the share of the document's discounts and charges, named as among the totals."""
    line = Line(description="A", quantity=D(1), unit_price=D(100), taxes=(Tax(name="VAT", percent=D(19)),))
    other = Line(description="B", quantity=D(1), unit_price=D(50), taxes=(Tax(name="VAT", percent=D(7)),))
    tenth = DocumentAdjustment(kind=AdjustmentKind.DISCOUNT, percent=D(10), label="Loyalty")
    unnamed = DocumentAdjustment(kind=AdjustmentKind.CHARGE, amount=D(3), taxes=line.taxes)
    content = write(currency="EUR", lines=[line, other], adjustments=[tenth, unnamed])

    page = present(printed.invoice(computed=computed_of(content), letter=printed.letter(language="de")))

    assert page.breakdown is not None
    small = [row[0].small for row in page.breakdown.rows]
    assert [[text.split(":")[0] for text in texts] for texts in small] == [["Loyalty", "Zuschlag"], ["Loyalty"]]
    assert ["10,00" in small[0][0], "3,00" in small[0][1], "5,00" in small[1][0]] == [True, True, True]


@pytest.mark.parametrize("make", MAKERS.values())
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("ja", "ja"),
        ("ar-EG", "ar"),
        ("he-IL", "en"),
        ("cs", "en"),
        ("pt-BR", "pt"),
        ("de-AT", "de"),
        ("fr", "fr"),
        ("es-419", "es"),
        ("x", "en"),
    ],
)
def test_the_file_names_the_language_of_its_words(make: Make, language: str, said: str) -> None:
    """Where there is no translation the words are English, and both forms say so."""
    document = make(letter=printed.letter(language=language))

    catalog = pypdf.PdfReader(io.BytesIO(render_now(document))).trailer["/Root"]

    assert catalog["/Lang"] == said  # type: ignore[index]
    assert f'<html lang="{said}">' in HtmlPrintView().page(document)


def test_an_arabic_date_is_read_from_right_to_left() -> None:
    """A date that CLDR writes with marks of direction begins on the right, in both forms."""
    from services.billing.adapters.pdf.typesetting import parts

    value = next(
        one.value for one in present(printed.invoice(letter=printed.letter(language="ar"))).facts if "/" in one.value
    )

    assert parts(value) == {"rtl": True, "parts": [value]}
