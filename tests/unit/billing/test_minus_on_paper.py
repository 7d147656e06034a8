"""On paper the minus stands to the left of its digits, in every direction of writing: seen on pictures of the PDF."""

from dataclasses import replace
from decimal import Decimal

import pypdfium2
import pytest
from pypdfium2 import raw

from services.billing.adapters.pdf import present
from services.billing.adapters.pdf.typst_renderer import render_now
from services.billing.application.printing import PrintedAdjustment
from tests.support import printed

SCALE = 4
MARGIN = 25 * SCALE
AMOUNT = Decimal("-73.00")


def amount_on(language: str, currency: str) -> tuple[list[list[bool]], int, int]:
    """Return the ink of the paid total's line as rows of pixels, and where the digits begin and end in it."""
    document = pypdfium2.PdfDocument(
        render_now(printed.invoice(letter=printed.letter(language=language, currency=currency), paid=-AMOUNT))
    )
    page = document[0]
    text = page.get_textpage()
    characters = [chr(raw.FPDFText_GetUnicode(text, place)) for place in range(text.count_chars())]
    start = "".join(characters).index("73")
    boxes = [text.get_charbox(place) for place in range(start, start + 5)]
    left, right = min(box[0] for box in boxes), max(box[2] for box in boxes)
    bottom, top = min(box[1] for box in boxes), max(box[3] for box in boxes)
    picture = page.render(scale=SCALE, grayscale=True)
    pixels, stride, height = bytes(picture.buffer), picture.stride, page.get_height()
    first, end = round(left * SCALE), round(right * SCALE)
    begin = first - MARGIN
    rows = range(round((height - top) * SCALE), round((height - bottom) * SCALE))
    ink = [[pixel < 128 for pixel in pixels[row * stride + begin : row * stride + end + MARGIN]] for row in rows]
    return ink, first - begin, end - begin


def marks(ink: list[list[bool]]) -> list[tuple[int, int, int]]:
    """Return each mark between blank columns: where it begins and ends, and in how many rows it has ink."""
    found: list[tuple[int, int, int]] = []
    begin: int | None = None
    for column in range(len(ink[0]) + 1):
        inked = column < len(ink[0]) and any(row[column] for row in ink)
        if inked and begin is None:
            begin = column
        elif not inked and begin is not None:
            found.append((begin, column, sum(any(row[begin:column]) for row in ink)))
            begin = None
    return found


def dashes(ink: list[list[bool]]) -> list[int]:
    """Return where marks begin that are wide and low, as a minus is and neither digit nor sign of a currency."""
    return [begin for begin, end, rows in marks(ink) if end - begin > 2 * rows]


@pytest.mark.parametrize(
    ("language", "currency"),
    [
        *(("ar", "EUR"), ("ar", "AED"), ("ar-EG", "EGP"), ("ar-MA", "MAD"), ("he", "EUR"), ("he", "ILS")),
        *(("fa", "EUR"), ("fa", "IRR"), ("ur", "PKR"), ("en", "EUR"), ("de", "EUR"), ("sv", "SEK"), ("nb", "NOK")),
        ("de-CH", "CHF"),
    ],
)
def test_the_minus_is_left_of_the_digits(language: str, currency: str) -> None:
    """What was paid is printed with a dash before the first digit and with none behind the last."""
    ink, left, right = amount_on(language, currency)
    found = dashes(ink)
    assert len(found) == 1
    assert found[0] < left < right


def test_a_discount_has_its_minus_in_front_as_well() -> None:
    """Amounts of lines and adjustments are written by the same hand."""
    discount = PrintedAdjustment(kind="discount", amount=AMOUNT)
    document = printed.invoice(
        letter=printed.letter(language="ar"), computed=replace(printed.computed(), adjustments=(discount,))
    )
    assert "\u200f\u200e-73.00\xa0€" in [total.value for total in present(document).totals]
