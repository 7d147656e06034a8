"""Every paper is PDF/A-3a and PDF/UA-1, with its logo, whatever characters and pictures are on it."""

import io
import zlib
from collections.abc import Callable
from dataclasses import replace

import pypdfium2
import pytest
from PIL import Image
from prometheus_client import REGISTRY
from structlog.testing import capture_logs

from services.billing.adapters.pdf import typst_renderer
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import Party, PrintedDocument
from tests.support import printed

KINDS = [printed.estimate, printed.invoice, printed.receipt, printed.statement]
RARE = "Zoë 😀 𠮷野家 \ue000\U000f0001 👩‍👩‍👧 ﷽ \ufeff\ufdd0 \U0001fffe ᚠ 🏴󠁧󠁢󠁥󠁮󠁧󠁿"


def saved(mode: str, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture = Image.linear_gradient("L").resize((60, 20))
    if mode == "I;16":
        picture = Image.frombytes("I;16", (60, 20), bytes(range(240)) * 10)
    elif mode == "LA":
        picture = Image.merge("LA", (picture, picture))
    else:
        picture = picture.convert("RGB").convert(mode)
    picture.save(file, kind, **options)
    return file.getvalue()


def animated() -> bytes:
    file = io.BytesIO()
    frames = [Image.new("RGB", (60, 20), colour) for colour in ("red", "blue")]
    frames[0].save(file, "PNG", save_all=True, append_images=frames[1:])
    return file.getvalue()


def interlaced() -> bytes:
    """A PNG of 8 × 8 in Adam7 (PNG, 8.2): seven passes of grey rows, each with its filter byte."""
    passes = [(1, 1), (1, 1), (2, 1), (2, 2), (4, 2), (4, 4), (8, 4)]
    rows = b"".join((b"\x00" + b"\x80" * width) * height for width, height in passes)
    plain = printed.png(8, 8)
    head = plain[16:24] + b"\x08\x00\x00\x00\x01"

    def chunk(name: bytes, data: bytes) -> bytes:
        return len(data).to_bytes(4, "big") + name + data + zlib.crc32(name + data).to_bytes(4, "big")

    return plain[:8] + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


LOGOS = {
    "rgb": saved("RGB", "PNG"),
    "alpha": saved("RGBA", "PNG"),
    "grey": saved("L", "PNG"),
    "grey with alpha": saved("LA", "PNG"),
    "one bit": saved("1", "PNG"),
    "sixteen bits": saved("I;16", "PNG"),
    "palette": saved("P", "PNG"),
    "interlaced": interlaced(),
    "animated": animated(),
    "jpeg": saved("RGB", "JPEG"),
    "grey jpeg": saved("L", "JPEG"),
    "progressive jpeg": saved("RGB", "JPEG", progressive=True),
}
CMYK = saved("CMYK", "JPEG")


def pictures_in(pdf: bytes) -> int:
    page = pypdfium2.PdfDocument(pdf)[0]
    return len(list(page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_IMAGE], max_depth=9)))


def marks_of(pdf: bytes) -> tuple[bool, bool]:
    return b"<pdfaid:part>3</pdfaid:part>" in pdf, b"<pdfuaid:part>1</pdfuaid:part>" in pdf


def counted(outcome: str) -> float:
    return REGISTRY.get_sample_value("portal_printed_total", {"outcome": outcome}) or 0.0


@pytest.mark.parametrize("make", KINDS)
@pytest.mark.parametrize("name", LOGOS)
def test_every_logo_is_on_the_paper_and_the_paper_keeps_its_marks(
    make: Callable[..., PrintedDocument], name: str
) -> None:
    """Each kind of picture is printed by each kind of document, beside characters that no common font has."""
    party = Party(name=RARE, address=(RARE,))
    letter = printed.letter(logo=LOGOS[name], sender=party, recipient=party, notes=RARE)

    with capture_logs() as logs:
        pdf = render_now(make(letter=letter))

    assert (marks_of(pdf), pictures_in(pdf), logs) == ((True, True), 1, [])


@pytest.mark.parametrize("make", KINDS)
def test_a_stored_logo_in_cmyk_is_printed_without_the_marks_and_told(make: Callable[..., PrintedDocument]) -> None:
    """A CMYK JPEG from before they were refused is printed; that the marks are missing is logged and counted."""
    before = counted("without standards")

    with capture_logs() as logs:
        pdf = render_now(make(letter=printed.letter(logo=CMYK)))

    assert (marks_of(pdf), pictures_in(pdf)) == ((False, False), 1)
    assert [log["event"] for log in logs] == ["pdf_refused", "pdf_is_less"]
    assert counted("without standards") == before + 1


@pytest.mark.parametrize("logo", [printed.png()[:-30], b"<svg/>", b"\xff\xd8\xff\xe0\x00\x10"])
def test_a_logo_that_cannot_be_printed_is_told(logo: bytes) -> None:
    """A logo that is left out is logged and counted; the paper keeps its marks."""
    before = counted("without logo")

    with capture_logs() as logs:
        pdf = render_now(printed.invoice(letter=printed.letter(logo=logo)))

    assert (marks_of(pdf), pictures_in(pdf)) == ((True, True), 0)
    assert logs[-1] == {
        "event": "pdf_is_less",
        "log_level": "warning",
        "document": "PrintedInvoice",
        "lost": ["logo"],
    }
    assert counted("without logo") == before + 1


def test_what_is_logged_does_not_quote_the_paper(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reason of a refusal is told without the text that Typst could not set."""
    monkeypatch.setattr(typst_renderer, "typeset", lambda page: replaced(page))
    from services.billing.adapters.pdf.typesetting import typeset

    def replaced(page: object) -> dict[str, object]:
        return typeset(page) | {"title": "secret\ue000"}  # type: ignore[arg-type]

    with capture_logs() as logs:
        pdf = render_now(printed.invoice(letter=printed.letter(logo=None)))

    assert (marks_of(pdf), [log["event"] for log in logs]) == ((False, False), ["pdf_refused", "pdf_is_less"])
    assert "secret" not in str(logs)


def test_characters_without_a_glyph_can_be_seen_and_read() -> None:
    """A rare character is a box that is read as the character; a private one, which PDF/A forbids, is U+FFFD."""
    pdf = render_now(printed.receipt(letter=printed.letter(recipient=Party(name="A𠮷B\ue000C"))))

    read = pypdfium2.PdfDocument(pdf)[0].get_textpage().get_text_range()

    assert "A𠮷B\ufffdC" in read


def test_the_seller_is_the_logo_s_text() -> None:
    """Who cannot see the logo is told whose it is, in the PDF and in the print view."""
    from services.billing.adapters.pdf import HtmlPrintView

    letter = printed.letter(sender=replace(printed.SENDER, name="Nord & Süd"))
    document = printed.invoice(letter=letter)

    assert "/Alt" in str(pypdf_tree(render_now(document)))
    assert 'alt="Nord &amp; Süd"' in HtmlPrintView().page(document)


def pypdf_tree(pdf: bytes) -> list[object]:
    import pypdf

    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [reader.get_object(number) for number in range(1, len(reader.xref[0]) + 1)]
