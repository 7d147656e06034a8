"""What staff write: checked with the path of the field, computed once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain import content, errors
from services.billing.domain.amounts import Adjustment, AdjustmentKind, DocumentAdjustment, Tax
from services.billing.domain.content import write
from services.billing.domain.text import checked
from services.chassis.card_numbers import looks_like_card_number
from services.chassis.kernel import DomainError, InvalidInput
from tests.support.billing.makers import some_content, some_line

D = Decimal
VAT = Tax(name="VAT", percent=D(19))
DISCOUNT = AdjustmentKind.DISCOUNT


def line(**changes: Any) -> Any:
    return replace(some_line(), **changes)


CASES: list[tuple[type[DomainError], tuple[str, ...], dict[str, Any]]] = [
    (errors.UnknownCurrency, ("currency",), {"currency": "EURO"}),
    (errors.NoLines, ("lines",), {"lines": []}),
    (errors.TooManyEntries, ("lines",), {"lines": [line()] * (content.MAX_LINES + 1)}),
    (errors.NumberOutOfRange, ("lines", "0", "quantity"), {"lines": [line(quantity=D("NaN"))]}),
    (errors.NumberOutOfRange, ("lines", "0", "quantity"), {"lines": [line(quantity=D("1e999999"))]}),
    (errors.TooManyDigits, ("lines", "0", "quantity"), {"lines": [line(quantity=D("1e-999999"))]}),
    (errors.NumberOutOfRange, ("lines", "0", "priceBaseQuantity"), {"lines": [line(price_base_quantity=D(0))]}),
    (errors.TextRequired, ("lines", "1", "description"), {"lines": [line(), line(description="\n\t ")]}),
    (errors.TextTooLong, ("lines", "0", "unit"), {"lines": [line(unit="x" * 31)]}),
    (errors.TooManyEntries, ("lines", "0", "taxes"), {"lines": [line(taxes=(VAT,) * 11)]}),
    (errors.DuplicateTax, ("lines", "0", "taxes"), {"lines": [line(taxes=(VAT, replace(VAT, percent=D("19.0"))))]}),
    (errors.TextRequired, ("lines", "0", "taxes", "0", "name"), {"lines": [line(taxes=(replace(VAT, name=""),))]}),
    (
        errors.AmountOrPercent,
        ("lines", "0", "adjustments", "0"),
        {"lines": [line(adjustments=(Adjustment(kind=DISCOUNT, amount=D(1), percent=D(1)),))]},
    ),
    (
        errors.TooManyEntries,
        ("lines", "0", "adjustments"),
        {"lines": [line(adjustments=(Adjustment(kind=DISCOUNT, amount=D(1)),) * 6)]},
    ),
    (
        errors.TooManyDigits,
        ("adjustments", "0", "amount"),
        {"currency": "JPY", "adjustments": [DocumentAdjustment(kind=DISCOUNT, amount=D("0.5"))]},
    ),
    (
        errors.TooManyEntries,
        ("adjustments",),
        {"adjustments": [DocumentAdjustment(kind=DISCOUNT, amount=D(1))] * 21},
    ),
    (errors.TooManyDigits, ("prepaid",), {"prepaid": D("0.001")}),
    (errors.TextTooLong, ("notes",), {"notes": "x" * 5001}),
    (errors.ControlCharacters, ("terms",), {"terms": "a\x7fb"}),
    (errors.ControlCharacters, ("subject",), {"subject": "two\nlines"}),
    (errors.LooksLikeCardNumber, ("subject",), {"subject": "4111-1111-1111-1111"}),
    (errors.CurrencyEnded, ("currency",), {"currency": "BGN"}),
]


@pytest.mark.parametrize(("refusal", "path", "change"), CASES)
def test_bad_content_is_named_by_error_and_path(
    refusal: type[DomainError], path: tuple[str, ...], change: dict[str, Any]
) -> None:
    """Each bad value is refused by name, with the path that the input has for it."""
    with pytest.raises(refusal) as caught:
        write(**{"currency": "EUR", "lines": [line()], **change})
    assert caught.value.field == path


def test_the_longest_document_is_accepted() -> None:
    """1,000 lines are computed at once."""
    written = write(currency="EUR", lines=[line(taxes=(VAT,))] * content.MAX_LINES)
    assert written.total.amount == D("119000.00")


def test_texts_are_kept_as_written_apart_from_the_edges() -> None:
    """Every script, emoji and line break survives; Windows line ends become plain ones."""
    text = " Ünïcödé 日本語 العربية 👩‍🚀\r\n\tsecond "
    assert checked(text, 100, "notes", multiline=True) == "Ünïcödé 日本語 العربية 👩‍🚀\n\tsecond"


@pytest.mark.parametrize(
    ("text", "is_card"),
    [
        ("4111111111111111", True),
        ("pay with 5500 0000 0000 0004 please", True),
        ("3782-822463-10005", True),
        ("4111111111111112", False),
        ("DE89370400440532013000", False),
        ("+49 30 901820 und 2026-03-10", False),
        ("0000000000000000", False),
    ],
)
def test_card_numbers_are_told_from_other_numbers(text: str, is_card: bool) -> None:
    """What an issuer may have given out is taken for a card number; IBANs, dates and zeros are not."""
    assert looks_like_card_number(text) is is_card


@given(st.text(max_size=200))
def test_any_text_is_accepted_or_refused_by_name(text: str) -> None:
    """Nothing that people type breaks the check, and what passes can be printed."""
    try:
        kept = checked(text, 100, "notes", multiline=True)
    except InvalidInput:
        return
    assert len(kept) <= 100
    assert "\x00" not in kept


@pytest.mark.parametrize("reference", ["4242424242424242", "6893854339140227", "4030118053878", "38000000000014"])
def test_a_reference_is_no_place_to_look_for_cards(reference: str) -> None:
    """A payment reference has a card's check digit: taken as the reference, and in notes after its name."""
    taken = some_content(reference=reference, notes=f"Betal med KID: {reference}")
    assert (taken.reference, taken.notes) == (reference, f"Betal med KID: {reference}")
