"""PDF and print view: the same content in every language and script, and text that stays data."""

import io
import os
import socket
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pypdf
import pytest

from services.billing.adapters.pdf import HtmlPrintView, TypstRenderer, present
from services.billing.adapters.pdf.logo import MAX_BYTES, image_type
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import Party, PrintedAdjustment, PrintedDocument, PrintedLine
from services.billing.application.queries.print_documents import computed_of
from services.billing.domain.amounts import Line
from services.billing.domain.content import write
from tests.support import printed

ALL = [printed.estimate(), printed.invoice(), printed.receipt(), printed.statement()]
HOSTILE = (
    '#import "/etc/passwd": x',
    '#read("/etc/passwd")',
    '#image("http://127.0.0.1:1/a.svg")',
    "$x^2$ *bold* _it_ `raw` @ref <label> \\",
    "{{ 7*7 }}{% include '/etc/passwd' %}",
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
    "https://127.0.0.1:1/x file:///etc/passwd",
    "a\x00b\x1bc\u202ed\u2028e\ufffef",
)


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages)


def squeezed(text: str) -> str:
    return "".join(text.split())


def links_of(pdf: bytes) -> set[str]:
    pages = pypdf.PdfReader(io.BytesIO(pdf)).pages
    return {note.get_object()["/A"]["/URI"] for page in pages for note in page.get("/Annots", [])}


@pytest.mark.parametrize("document", ALL, ids=lambda one: type(one).__name__)
def test_same_document_same_bytes(document: PrintedDocument) -> None:
    """A document printed twice is byte for byte the same file, dated by the document and not by the clock."""
    first = render_now(document)

    assert first == render_now(document)
    assert pypdf.PdfReader(io.BytesIO(first)).metadata["/CreationDate"].startswith("D:20260309")  # type: ignore[index]


@pytest.mark.parametrize("document", ALL, ids=lambda one: type(one).__name__)
def test_both_formats_show_every_string(document: PrintedDocument) -> None:
    """Every amount, label and name of the page is in the PDF and in the print view."""
    page = present(document)
    pdf, html = squeezed(text_of(render_now(document))), squeezed(HtmlPrintView().page(document))
    cells = [cell.text for row in page.lines.rows for cell in row]
    expected = [page.title, page.number, page.sender.name, page.recipient.name, page.footer, *cells]
    expected += [fact.value for fact in page.facts] + [total.value for total in page.totals]

    for text in expected:
        assert squeezed(text) in pdf, text
        assert squeezed(text) in html, text


@pytest.mark.parametrize(
    ("language", "title", "total"),
    [
        ("en", "Invoice", "€345.10"),
        ("de", "Rechnung", "345,10 €"),
        ("fr-CA", "Facture", "345,10 €"),
        ("es", "Factura", "345,10 €"),
        ("ja", "請求書", "€345.10"),
        ("cs", "Invoice", "345,10 €"),
        ("no-such-tag!", "Invoice", "€345.10"),
    ],
)
def test_words_and_numbers_follow_the_reader(language: str, title: str, total: str) -> None:
    """Labels are in the reader's language where translated, English otherwise; numbers always follow the locale."""
    page = present(printed.invoice(letter=printed.letter(language=language)))

    assert (page.title, next(one.value.replace("\xa0", " ") for one in page.totals if one.strong)) == (title, total)


@pytest.mark.parametrize(("currency", "shown"), [("JPY", "¥1,190"), ("KWD", "KWD\xa01,190.000"), ("EUR", "€1,190.00")])
def test_amounts_have_the_currency_s_digits(currency: str, shown: str) -> None:
    """An amount is printed with as many digits as its currency has."""
    document = printed.receipt(letter=printed.letter(currency=currency), amount=Decimal(1190))

    assert present(document).totals[0].value == shown


def test_unit_prices_and_quantities_keep_all_digits() -> None:
    """A unit price of a tenth of a cent is not rounded on paper, a large quantity not written in powers of ten."""
    line = PrintedLine(name="x", quantity=Decimal("1000"), unit_price=Decimal("0.0015"), amount=Decimal("1.50"))
    amounts = replace(printed.computed(), lines=(line,))

    _, quantity, price, _, _ = present(printed.invoice(computed=amounts)).lines.rows[0]

    assert (quantity.text, price.text) == ("1,000", "€0.0015")


@pytest.mark.parametrize(
    ("quantity", "price", "per", "shown"),
    [
        ("3000000", "2", "3000000", "€2.00 / 3,000,000 pcs"),
        ("3", "1", "3", "€1.00 / 3 pcs"),
        ("12500", "7.95", "1000", "€7.95 / 1,000 pcs"),
        ("250", "0.0449", "1000", "€0.0449 / 1,000 pcs"),
        ("100000", "0.000001", "10", "€0.000001 / 10 pcs"),
        ("1", "-4.2", "0.5", "-€4.20 / 0.5 pcs"),
        ("2", "99999.999999", "7.000001", "€99,999.999999 / 7.000001 pcs"),
        ("2", "3", "1.000000", "€3.00"),
    ],
)
def test_a_price_of_several_units_is_printed_as_it_was_written(quantity: str, price: str, per: str, shown: str) -> None:
    """EN 16931 BT-146 and BT-149: divided and rounded, 3,000,000 pieces at 0.000001 would not be the 2.00 beside."""
    written = Line(
        description="x",
        quantity=Decimal(quantity),
        unit="pcs",
        unit_price=Decimal(price),
        price_base_quantity=Decimal(per),
    )

    document = printed.invoice(computed=computed_of(write(currency="EUR", lines=[written])))

    assert present(document).lines.rows[0][2].text == shown


@pytest.mark.parametrize(
    ("currency", "shown"), [("JPY", "¥85,000"), ("EUR", "€85,000.00"), ("KWD", "KWD\xa085,000.000")]
)
def test_unit_prices_have_the_currency_s_digits_at_least(currency: str, shown: str) -> None:
    """A whole unit price is printed with the currency's own number of digits."""
    line = PrintedLine(name="x", quantity=Decimal(3), unit_price=Decimal("85000.00"), amount=Decimal(255000))
    amounts = replace(printed.computed(), lines=(line,))

    document = printed.invoice(computed=amounts, letter=printed.letter(currency=currency))

    assert present(document).lines.rows[0][2].text == shown


@pytest.mark.parametrize(("language", "country"), [("en", "Germany"), ("de", "Deutschland"), ("ja", "ドイツ")])
def test_countries_have_names(language: str, country: str) -> None:
    """The country of an address is printed by its name in the reader's language, nothing that looks like a code is."""
    party = Party(name="DE", address=("QQ", "D5", "DE"), country="DE")

    block = present(printed.receipt(letter=printed.letter(sender=party, language=language))).sender

    assert (block.name, block.lines) == ("DE", ("QQ", "D5", "DE", country))


def test_long_documents_number_their_pages() -> None:
    """An invoice of 60 lines repeats its table head and says which page of how many each is."""
    pages = pypdf.PdfReader(io.BytesIO(render_now(printed.invoice(computed=printed.computed(60))))).pages
    texts = [page.extract_text() for page in pages]

    assert len(texts) > 2
    assert all(f"{number} / {len(texts)}" in text for number, text in enumerate(texts, 1))
    assert all("Unit price" in text for text in texts[:-1])


@pytest.mark.parametrize(
    "text",
    [
        "日本語の見積書",
        "中文說明",
        "한국어설명",
        "Ελληνικά",
        "Кириллица",
        "ภาษาไทย",
        "ქართული",
        "አማርኛ",
        "₹₴₿✓",
    ],
)
def test_every_script_has_glyphs(text: str) -> None:
    """No script prints as empty boxes: every character reads back from the PDF."""
    document = printed.receipt(letter=printed.letter(recipient=Party(name=text)))

    assert squeezed(text) in squeezed(text_of(render_now(document)))


@pytest.mark.parametrize(("text", "font"), [("مرحبا", "Arabic"), ("שלום", "Hebrew"), ("हिन्दी", "Devanagari")])
def test_scripts_that_are_reordered_have_glyphs(text: str, font: str) -> None:
    """Arabic, Hebrew and Devanagari are set from their own fonts, by which their letters join and change places."""
    pdf = render_now(printed.receipt(letter=printed.letter(recipient=Party(name=text))))
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"]["/Font"].values()  # type: ignore[index]

    assert any(font in str(one["/BaseFont"]) for one in fonts)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_data(text: str) -> None:
    """Template syntax, file names and SVG in names and notes are printed as they were typed, and lead nowhere.

    Only a web address in what the business wrote is a link, to exactly what is shown.
    """
    letter = printed.letter(sender=Party(name=text), recipient=Party(name=text), notes=text)
    document = printed.invoice(letter=letter, terms=text, reference=text)

    pdf, html = render_now(document), HtmlPrintView().page(document)

    words = text_of(pdf)
    assert all(link.startswith(("http://", "https://")) and link in text for link in links_of(pdf))
    assert not links_of(render_now(printed.receipt(letter=replace(letter, notes=""), card=text)))
    assert "root:" not in words + html
    assert "<script" not in html
    assert "<svg" not in html
    assert "<img src=x" not in html
    assert ("7*7" in text) == ("7*7" in squeezed(html)) == ("7*7" in squeezed(words))
    assert not any(character in html for character in "\x00\x1b\u2028\ufffe")


def test_nothing_is_fetched() -> None:
    """Addresses of a listening server in every text and in an SVG logo: it never hears of them."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        address = f"http://127.0.0.1:{listening.getsockname()[1]}/x.png"
        texts = (address, f'#image("{address}")', f"<img src={address}>", f'<link rel=stylesheet href="{address}">')
        logo = f"<svg xmlns='http://www.w3.org/2000/svg'><image href='{address}'/></svg>".encode()
        for text in texts:
            party = Party(name=text, address=(text,), email=text)
            letter = printed.letter(sender=party, recipient=party, notes=text, logo=logo)
            for document in (printed.invoice(letter=letter, terms=text), printed.estimate(letter=letter, terms=text)):
                render_now(document)
                HtmlPrintView().page(document)

        with pytest.raises(BlockingIOError):
            listening.accept()


@pytest.mark.parametrize(
    "logo",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><image href='file:///etc/passwd'/></svg>",
        b"\x89PNG\r\n\x1a\n" + os.urandom(200),
        printed.png(5000, 1),
        printed.png()[:-30],
        b"\xff\xd8\xff\xe0\x00\x10",
        b"\xff\xd8\xff\xe0\x00\x00" + b"\xff" * 50,
        b"x" * (MAX_BYTES + 1),
        b"",
    ],
)
def test_a_bad_logo_is_left_out(logo: bytes) -> None:
    """A logo that is no sane PNG or JPEG never stops a document, and SVG is never read."""
    document = printed.invoice(letter=printed.letter(logo=logo))

    assert render_now(document).startswith(b"%PDF-")
    assert "<svg" not in HtmlPrintView().page(document)


def test_logo_kinds() -> None:
    """PNG and JPEG are told by their first bytes, and by the size their header states."""
    frame = b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0\x00\x11\x08\x00\x20\x00\x40" + b"\x00" * 20

    assert [image_type(printed.png()), image_type(frame), image_type(None)] == ["png", "jpeg", None]


async def test_rendering_leaves_the_loop_free() -> None:
    """The renderer works in its own bounded threads and gives the same file as a direct call."""
    renderer = TypstRenderer(threads=1)
    try:
        assert await renderer.render(printed.invoice()) == render_now(printed.invoice())
    finally:
        renderer.close()


def test_adjustments_without_a_name_are_worded() -> None:
    """Discounts, charges, prepayments and rounding that nobody named are called so in the reader's language."""
    kinds = ("discount", "charge", "prepaid", "rounding")
    unnamed = tuple(PrintedAdjustment(kind=kind, amount=Decimal(1)) for kind in kinds)
    document = printed.invoice(
        letter=printed.letter(language="de"), computed=replace(printed.computed(), adjustments=unnamed)
    )

    shown = [total.label for total in present(document).totals]

    assert {"Rabatt", "Zuschlag", "Anzahlung", "Rundung"} <= set(shown)


@pytest.mark.parametrize("document", [printed.estimate, printed.invoice], ids=["estimate", "invoice"])
def test_where_goods_go_is_printed(document: Callable[..., PrintedDocument]) -> None:
    """A delivery address of its own stands on estimates and invoices, its country by name."""
    recipient = replace(printed.RECIPIENT, delivery=("Dock 5", "10115 Berlin"), delivery_country="DE")

    page = present(document(letter=printed.letter(recipient=recipient)))

    assert [fact.value for fact in page.facts if fact.label == "Deliver to"] == ["Dock 5, 10115 Berlin, Germany"]


def test_unknown_modes_are_shown_as_they_are() -> None:
    """A payment mode without a label of its own is printed by its name."""
    facts = present(printed.receipt(mode="Klarna", card="", letter=printed.letter(dated=date(2026, 1, 2)))).facts

    assert "Klarna" in [fact.value for fact in facts]
