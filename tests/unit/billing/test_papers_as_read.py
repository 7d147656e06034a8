"""One table of what papers say, in order, held against both forms: the PDF as PDFium reads it, and the page."""

import html
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdfium2
import pytest

from services.billing.adapters.pdf import HtmlPrintView, labels
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import (
    Party,
    PrintedDocument,
    PrintedInvoice,
    PrintedTax,
    Transfer,
)
from services.billing.application.queries.print_documents import computed_of, party_of
from services.billing.domain import content
from services.billing.domain.amounts import Line, Tax
from tests.support import printed

D = Decimal
LINK = "https://portal.example/northwind/invoices/inv_018f0d5e6c7a7b8c9d0e1f2a3b4c5d6e"
IBAN = "DE89 3704 0044 0532 0130 00"
CODE = "BCD\n002\n1\nSCT\n\nNorthwind\nDE89370400440532013000\nEUR245.10\n\n\nINV-0007"


def of_lines(**changes: object) -> PrintedInvoice:
    """Return an invoice of one line of 119.00, 19 % of it tax, as it is filled from stored content."""
    line = Line(description="Work", quantity=D(1), unit_price=D(119), taxes=(Tax(name="VAT", percent=D(19)),))
    written = content.write(currency="EUR", lines=[line], **changes)  # type: ignore[arg-type]
    computed = computed_of(written)
    return printed.invoice(computed=computed, paid=D(0), balance=computed.total, letter=printed.letter(notes="Thanks."))


def told(language: str = "en", **changes: object) -> PrintedInvoice:
    return printed.invoice(letter=printed.letter(language=language, **changes))


def by_transfer(language: str) -> PrintedInvoice:
    transfer = Transfer(
        holder="Northwind Studio", iban=IBAN, bic="COBADEFFXXX", reference="RF18539007547034", code=CODE
    )
    return replace(told(language, link=LINK), transfer=transfer, payable_online=True)


def receipt() -> PrintedDocument:
    taxes = (PrintedTax(name="VAT", rate=D(19), taxable=D("290.00"), amount=D("55.10")),)
    return printed.receipt(payer="Zoë Smith", taxes=taxes)


def living_in(country: str, *typed: str) -> PrintedDocument:
    line1, city, region, postal_code = typed
    address = content.Address(line1=line1, city=city, region=region, postal_code=postal_code, country=country)
    party = party_of(content.Party(name="Mill", address=address))
    return told(sender=party, recipient=party)


def inclusive() -> PrintedDocument:
    return of_lines(prices_include_tax=True)


TABLE: dict[str, tuple[PrintedDocument, tuple[str, ...]]] = {
    "prepaid and rounding below the total": (
        of_lines(prepaid=D(50), rounding=D("0.39")),
        (
            "Subtotal",
            "€119.00",
            "VAT 19%",
            "€22.61",
            "Total",
            "€141.61",
            "Prepaid",
            "-€50.00",
            "Rounding",
            "€0.39",
            "Amount payable",
            "€92.00",
            "Balance due",
            "€92.00",
            "Thanks.",
        ),
    ),
    "one total where nothing was prepaid": (of_lines(), ("VAT 19%", "€22.61", "Total", "€141.61", "Balance due")),
    "tax that prices include": (
        inclusive(),
        ("Subtotal (tax included)", "€119.00", "of which VAT 19%", "€19.00", "Total", "€119.00"),
    ),
    "the subject above the lines": (
        told(subject="Phase 2", notes="Thanks."),
        ("Reference", "Phase 2", "Description", "Design work", "Notes", "Thanks."),
    ),
    "days of a British business": (told(place="en-GB"), ("9 Mar 2026", "8 Apr 2026")),
    "days of an American business": (told(place="en-US"), ("Mar 9, 2026", "Apr 8, 2026")),
    "days of a Canadian reader": (told("en-CA", place="en-GB"), ("Mar 9, 2026",)),
    "days of an Australian business": (told(place="en-AU"), ("9 Mar 2026",)),
    "days of a Swiss business": (told("fr", place="de-CH"), ("9 mars 2026",)),
    "who paid, and with which tax": (
        receipt(),
        (
            "Received from",
            "Zoë Smith, Élan Vital SARL",
            "Payment method",
            "Card · Visa •••• 4242",
            "Amount received",
            "€100.00",
            "Tax on the invoice",
            "VAT",
            "19%",
            "€290.00",
            "€55.10",
        ),
    ),
    "an address in New York": (
        living_in("US", "41 Mott Street", "New York", "NY", "10013"),
        ("41 Mott Street", "New York, NY 10013", "United States") * 2,
    ),
    "an address in London": (
        living_in("GB", "10 Downing Street", "London", "", "SW1A 2AA"),
        ("London", "SW1A 2AA", "United Kingdom") * 2,
    ),
    "an address in Sydney": (
        living_in("AU", "1 Pitt Street", "Sydney", "NSW", "2000"),
        ("Sydney NSW 2000", "Australia") * 2,
    ),
    "an address in Bremen": (living_in("DE", "Am Markt 1", "Bremen", "", "28195"), ("28195 Bremen", "Germany") * 2),
    "ways to pay": (
        by_transfer("en"),
        (
            "Open and pay online",
            LINK,
            "Scan to open the document",
            "Bank transfer",
            "Account holder",
            "Northwind Studio",
            "IBAN",
            IBAN,
            "BIC",
            "COBADEFFXXX",
            "Payment reference",
            "RF18539007547034",
            "Scan with a banking app",
        ),
    ),
    "a link where nothing can be paid online": (told(link=LINK), ("Open online", LINK)),
    "Japanese": (
        told("ja", subject="件名"),
        ("請求書", "宛先", "2026/03/09", "支払期限", "件名", "品目", "小計", "€290.00", "合計", "未払残高"),
    ),
    "Polish": (
        told("pl", status="PARTIALLY_PAID"),
        ("Faktura", "Częściowo zapłacona", "9 mar 2026", "Ilość", "345,10 €", "Pozostało do zapłaty"),
    ),
}


def pdf_of(document: PrintedDocument) -> str:
    pages = pypdfium2.PdfDocument(render_now(document))
    return "\n".join(page.get_textpage().get_text_range() for page in pages)


def page_of(document: PrintedDocument) -> str:
    body = HtmlPrintView().page(document).split("<body", 1)[1]
    return html.unescape(re.sub("<[^>]*>", "\n", body))


def in_order(text: str, expected: tuple[str, ...]) -> list[str]:
    """Return which of the texts are not found, each after the one before."""
    text, place, missing = "".join(text.split()), 0, list[str]()
    for one in expected:
        found = text.find("".join(one.split()), place)
        if found < 0:
            missing.append(one)
        place = max(place, found)
    return missing


@pytest.mark.parametrize("read", [pdf_of, page_of])
@pytest.mark.parametrize("name", TABLE)
def test_both_forms_say_the_same_in_the_same_order(name: str, read: Callable[[PrintedDocument], str]) -> None:
    """Every text of the table stands in the PDF and in the print view, after the one before it."""
    document, expected = TABLE[name]

    assert in_order(read(document), expected) == []


@pytest.mark.parametrize("read", [pdf_of, page_of])
def test_there_is_one_total_where_nothing_was_settled_before(read: Callable[[PrintedDocument], str]) -> None:
    """What is to be paid is named apart from the total only where the two differ."""
    assert "Amount payable" not in read(of_lines())
    assert "Prepaid" not in read(of_lines())


MIXED = "شركة النور (Al Noor) Ltd."
PARTY = Party(
    name=MIXED, address=("شارع الملك فهد 12", "41 Mott Street"), tax_id="300000000000003", phone="+966 11 123 4567"
)


@pytest.mark.parametrize("language", ["ar", "ar-EG", "he", "fa", "en"])
@pytest.mark.parametrize(
    "stored",
    [
        "INV-0007",
        "PO 4711",
        "Northwind Studio GmbH",
        "billing@northwind.example",
        "+966 11 123 4567",
        "41 Mott Street",
        "Design work, part 1",
        "IBAN DE89 3704 0044 0532 0130 00",
        "290.00",
        "345.10",
        "100.00",
        "300000000000003",
    ],
)
def test_what_is_written_from_left_to_right_is_read_so(language: str, stored: str) -> None:
    """Numbers, Latin names and amounts are whole on a page in Arabic or Hebrew, and beside a name in Arabic."""
    document = told(language, recipient=PARTY)

    for read in (pdf_of, page_of):
        assert stored in read(document).replace("\xa0", " ")


@pytest.mark.parametrize("language", ["ar", "he", "fa", "en"])
def test_every_value_of_a_mixed_page_stands_by_itself(language: str) -> None:
    """In the page every fact, amount, line of an address and part of a composed text is isolated."""
    document = told(language, recipient=PARTY)

    body = HtmlPrintView().page(document).split("<body", 1)[1]

    assert body.startswith(' dir="rtl"') == (language == "ar")
    values = re.findall(r"<dd[^>]*>(.*?)</dd>|<td[^>]*>(.*?)(?:<br>.*?)?</td>", body)
    assert all(re.fullmatch(r"(?:<bdi.*</bdi>[ +–,]*)+", value or cell) for value, cell in values)
    assert f'<bdi dir="auto">{MIXED}</bdi>' in body
    assert '<bdi dir="auto">300000000000003</bdi>' in body or language not in {"ar"}


def test_a_name_against_the_page_leaves_the_footer_in_order() -> None:
    """An Arabic business on an English page: its name, then the document, in that order from left to right."""
    document = told(sender=Party(name="شركة النور"))

    body = HtmlPrintView().page(document)

    assert '<footer><bdi dir="auto">شركة النور</bdi> · <bdi dir="auto">Invoice INV-0007</bdi></footer>' in body


def test_no_reader_is_told_to_read_every_line_from_right_to_left() -> None:
    """PDFium takes the direction of a file for that of every line, and reads Latin words backwards."""
    pdf = render_now(told("ar"))

    assert b"/Direction/L2R" in pdf
    assert b"R2L" not in pdf


@pytest.mark.parametrize("language", labels.LABELS)
def test_a_language_that_is_offered_is_complete(language: str) -> None:
    """A language has a word for every label of every kind of paper, and both forms are made with them."""
    words = labels.LABELS[language]
    document = by_transfer(language)

    assert set(words) == set(labels.ENGLISH)
    assert {key for key in words if not words[key].strip()} == set()
    for read in (pdf_of, page_of):
        assert in_order(read(document), (LINK, "Northwind Studio", IBAN)) == []


def test_ten_languages_are_offered() -> None:
    """These are the languages of papers; the documentation names the same."""
    assert sorted(labels.LABELS) == ["ar", "de", "en", "es", "fr", "it", "ja", "nl", "pl", "pt"]


@pytest.mark.parametrize("read", [pdf_of, page_of])
@pytest.mark.parametrize("make", [printed.estimate, printed.invoice, printed.receipt, printed.statement])
@pytest.mark.parametrize("language", labels.LABELS)
def test_no_word_of_ours_stays_english(
    language: str, make: Callable[..., PrintedDocument], read: Callable[[PrintedDocument], str]
) -> None:
    """The English labels that a language words in its own way are on none of its papers."""
    plain = make(letter=printed.letter(language=language, status="DRAFT", notes="", dated=date(2026, 3, 9)))
    ours = {
        "Due date",
        "Valid through",
        "Unit price",
        "Balance due",
        "Amount received",
        "Closing balance",
        "Charged",
        "Draft",
    }

    found = {word for word in ours if word in read(plain)}

    assert (found == set()) == (language != "en")
