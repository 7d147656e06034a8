"""What programs read from a paper is what was stored: text by PDFium, links by pypdf."""

import io
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pypdf
import pypdfium2
import pytest

from services.billing.adapters.pdf import HtmlPrintView
from services.billing.adapters.pdf.links import addresses, target_of
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import Party, PrintedDocument, PrintedLine
from services.billing.application.queries.print_documents import computed_of
from services.billing.domain.amounts import Line, Tax
from services.billing.domain.content import write
from tests.support import printed

EMAIL = "accounts.receivable@northern-harbour-services.example"
LONG_EMAIL = f"{'a' * 40}.{'b' * 20}@{'c' * 30}.example"
PAY_LINK = "https://pay.northern-harbour.example/i/8f2b1c04-6d1e-4c3a-9b7f-0a1b2c3d4e5f?order=4500012345&lang=de_DE#top"
REFERENCE = "4500012345-4500012346-4500012347-4500012348"
COMPOUND = "Donaudampfschifffahrtsgesellschaftskapitänsmützenfabrikantenverein"
WORDS = (
    EMAIL,
    PAY_LINK,
    REFERENCE,
    "MT84MALT011000012345MTLCAST001S",
    "AT611904300234573201",
    "สวัสดีชาวโลก",
    "株式会社山田製作所",
    "東京ABC株式会社123",
    "Müller-Lüdenscheidt-Schmidt-Wagner",
    "SKU/2026/11-A:B;C",
    "office-affluent-fjord",
    "ffi-ffl_fi",
    "a--b---c",
    '"quoted"',
    "'it''s'",
    "l’échéance",
    "snake_case_name",
    "#4711",
    "$100",
    "*bold*",
    "`raw`",
    "<label>",
    "@ref",
    "//comment",
    "\\n",
    "Zoë😀Smith",
    "👩‍👩‍👧",
    "𠮷野家",
    "10\xa0000\xa0kg",
    "co\xadop\xadera\xadtion",
    "Ünïcödé-Straße",
)
INVISIBLE = "\u200b\u200c\u2060\ufeff\ufffe\x02"


def read_by_pdfium(pdf: bytes) -> str:
    document = pypdfium2.PdfDocument(pdf)
    return "\n".join(page.get_textpage().get_text_range() for page in document)


def links_of(pdf: bytes) -> list[str]:
    notes = (note.get_object() for page in pypdf.PdfReader(io.BytesIO(pdf)).pages for note in page.get("/Annots", []))
    return [note["/A"]["/URI"] for note in notes]


def as_reference(text: str) -> PrintedDocument:
    return printed.invoice(reference=text)


def as_name(text: str) -> PrintedDocument:
    return printed.receipt(letter=printed.letter(recipient=Party(name=text)))


def as_note(text: str) -> PrintedDocument:
    return printed.estimate(letter=printed.letter(notes=f"A sentence of words before {text} and words after."))


def as_line(text: str) -> PrintedDocument:
    line = PrintedLine(name=text, quantity=Decimal(1), unit_price=Decimal(1), amount=Decimal(1))
    return printed.invoice(computed=replace(printed.computed(), lines=(line,)))


@pytest.mark.parametrize("place", [as_reference, as_name, as_note, as_line])
def test_words_are_found_whole(place: Callable[[str], PrintedDocument]) -> None:
    """A stored word is one word in what PDFium reads, wherever it stands, though a line could end inside it."""
    wide = {PAY_LINK} if place is not as_note else set[str]()

    missing = [word for word in WORDS if word not in wide and word not in read_by_pdfium(render_now(place(word)))]

    assert missing == []


@pytest.mark.parametrize("word", [LONG_EMAIL, PAY_LINK, COMPOUND * 3, "1234567890-" * 20 + "1", "x" * 500])
def test_what_fits_no_column_is_broken_and_nothing_is_added(word: str) -> None:
    """A word wider than its column goes on in the next line; no character and no line's hyphen comes in between."""
    for place in (as_reference, as_name, as_line):
        read = read_by_pdfium(render_now(place(word)))

        assert word in read.replace("\r\n", "")
        assert not set(INVISIBLE) & set(read)


def test_a_word_that_fits_is_not_broken_in_the_middle_of_a_line() -> None:
    """In a sentence the whole address moves to the next line."""
    text = f"Please send all of the questions that you may have about this to {EMAIL} or to {REFERENCE}."

    read = read_by_pdfium(render_now(printed.invoice(terms=text)))

    assert (EMAIL in read, f"{REFERENCE}." in read) == (True, True)


def test_addresses_are_links() -> None:
    """E-mail addresses, the web site and addresses in what the business wrote lead where they say, broken or not."""
    sender = replace(printed.SENDER, email=EMAIL, website="https://northern-harbour.example/über?a=b")
    letter = printed.letter(sender=sender, recipient=replace(printed.RECIPIENT, email=LONG_EMAIL))
    document = printed.invoice(
        letter=letter, payment_instructions=f"Pay here: {PAY_LINK}.", terms=f"(see https://x.example/a_(b)), {EMAIL}!"
    )

    found = links_of(render_now(document))

    expected = {
        f"mailto:{EMAIL}",
        f"mailto:{LONG_EMAIL}",
        "https://northern-harbour.example/%C3%BCber?a=b",
        PAY_LINK,
        "https://x.example/a_(b)",
    }
    assert set(found) == expected
    html = HtmlPrintView().page(document)
    assert all(f'href="{link.replace("&", "&amp;")}"' in html for link in expected)


@pytest.mark.parametrize(
    ("shown", "host"),
    [
        ("straße", "xn--strae-oqa"),
        ("faß", "xn--fa-hia"),
        ("βόλος", "xn--nxasmm1c"),
        ("نامه\u200cای", "xn--mgba3gch31f060k"),
        ("ශ්\u200dරී", "xn--10cl1a0b660p"),
        ("MÜLLER", "xn--mller-kva"),
        ("İstanbul", "xn--istanbul-o0e"),
        ("mu\u0308ller", "xn--mller-kva"),
        ("例え", "xn--r8jz45g"),
        ("xn--strae-oqa", "xn--strae-oqa"),
    ],
)
def test_a_link_leads_to_the_host_that_is_written(shown: str, host: str) -> None:
    """Examples of UTS 46 of which IDNA 2003 makes another name: a link to strasse.example is somebody else's."""
    assert target_of(f"https://{shown}.example:8443/a") == f"https://{host}.example:8443/a"
    assert list(addresses(f"See https://{shown}.example/a.")) == [
        ("See ", ""),
        (f"https://{shown}.example/a", f"https://{host}.example/a"),
        (".", ""),
    ]


def test_a_host_that_is_no_name_leads_nowhere() -> None:
    """Signs that no name may hold (RFC 5892) are printed as typed."""
    assert target_of("https://☃.example/a") == ""


@pytest.mark.parametrize("text", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", "ftp://x.example/a"])
def test_nothing_else_is_a_link(text: str) -> None:
    """Only http, https and mail lead anywhere, also where an e-mail address or a web site should stand."""
    sender = Party(name="x", email=text, website=text)

    document = printed.invoice(letter=printed.letter(sender=sender, recipient=sender, notes=text), terms=text)

    assert links_of(render_now(document)) == []
    assert "href" not in HtmlPrintView().page(document)


def test_the_print_view_adds_nothing_either() -> None:
    """What is copied from the page in a browser has no character that was not stored."""
    html = HtmlPrintView().page(printed.invoice(reference=LONG_EMAIL, terms=" ".join((PAY_LINK, COMPOUND))))

    assert (LONG_EMAIL in html, f">{PAY_LINK.replace('&', '&amp;')}<" in html, COMPOUND in html) == (True, True, True)
    assert not set(INVISIBLE + "\xad") & set(html)


@pytest.mark.parametrize(
    ("currency", "language", "quantity", "price", "shown"),
    [
        (
            "IDR",
            "de",
            "1234.123456",
            "15000000000.123456",
            ("15.000.000.000,123456\xa0IDR", "18.511.851.840.152,36\xa0IDR"),
        ),
        ("IRR", "en", "12", "2500000000.00", ("IRR\xa02,500,000,000.00", "IRR\xa030,000,000,000.00")),
        (
            "VND",
            "fr",
            "1200.5",
            "25000000000",
            ("25\u202f000\u202f000\u202f000\xa0₫", "30\u202f012\u202f500\u202f000\u202f000\xa0₫"),
        ),
    ],
)
def test_no_amount_is_broken_in_the_middle(
    currency: str, language: str, quantity: str, price: str, shown: tuple[str, str]
) -> None:
    """Where money is small its columns are wide; half of a number at the end of a line would be read as another."""
    taxes = (Tax(name="PPN", percent=Decimal(11)), Tax(name="PPh", percent=Decimal("9.975")))
    line = Line(
        description="Sewa gedung kantor pusat",
        quantity=Decimal(quantity),
        unit="Kubikmeter",
        unit_price=Decimal(price),
        taxes=taxes,
    )
    computed = computed_of(write(currency=currency, lines=[line]))

    read = read_by_pdfium(
        render_now(printed.invoice(computed=computed, letter=printed.letter(currency=currency, language=language)))
    )

    in_line_subtotal_and_taxes = 1 + 1 + len(taxes)
    assert (read.count(shown[0]), read.count(shown[1])) == (1, in_line_subtotal_and_taxes)
