"""What staff write: checked with the path of the field, computed once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.card_numbers import looks_like_card_number
from chassis.kernel import DomainError, InvalidInput
from chassis.text import ControlCharacters, LooksLikeCardNumber, TextRequired, TextTooLong, free_text
from services.billing.domain import content, errors
from services.billing.domain.amounts import Adjustment, AdjustmentKind, DocumentAdjustment, Tax
from services.billing.domain.content import write
from tests.support.billing.makers import some_content, some_line

D = Decimal
VAT = Tax(name="VAT", percent=D(19))
DISCOUNT = AdjustmentKind.DISCOUNT


def line(**changes: Any) -> Any:
    return replace(some_line(), **changes)


def off(**size: Any) -> Any:
    return DocumentAdjustment(kind=DISCOUNT, **size)


def tax(percent: str) -> Tax:
    return replace(VAT, percent=D(percent))


CASES: list[tuple[type[DomainError], tuple[str, ...], dict[str, Any]]] = [
    (errors.UnknownCurrency, ("currency",), {"currency": "EURO"}),
    (errors.NoLines, ("lines",), {"lines": []}),
    (errors.TooManyEntries, ("lines",), {"lines": [line()] * (content.MAX_LINES + 1)}),
    (errors.NumberOutOfRange, ("lines", "0", "quantity"), {"lines": [line(quantity=D("NaN"))]}),
    (errors.NumberOutOfRange, ("lines", "0", "quantity"), {"lines": [line(quantity=D("1e999999"))]}),
    (errors.TooManyDigits, ("lines", "0", "quantity"), {"lines": [line(quantity=D("1e-999999"))]}),
    (errors.NumberOutOfRange, ("lines", "0", "priceBaseQuantity"), {"lines": [line(price_base_quantity=D(0))]}),
    (TextRequired, ("lines", "1", "description"), {"lines": [line(), line(description="\n\t ")]}),
    (TextTooLong, ("lines", "0", "unit"), {"lines": [line(unit="x" * 31)]}),
    (errors.TooManyEntries, ("lines", "0", "taxes"), {"lines": [line(taxes=(VAT,) * 11)]}),
    (errors.DuplicateTax, ("lines", "0", "taxes"), {"lines": [line(taxes=(VAT, replace(VAT, percent=D("19.0"))))]}),
    (TextRequired, ("lines", "0", "taxes", "0", "name"), {"lines": [line(taxes=(replace(VAT, name=""),))]}),
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
    (TextTooLong, ("notes",), {"notes": "x" * 5001}),
    (ControlCharacters, ("terms",), {"terms": "a\x7fb"}),
    (ControlCharacters, ("subject",), {"subject": "two\nlines"}),
    (LooksLikeCardNumber, ("subject",), {"subject": "4111-1111-1111-1111"}),
    (errors.CurrencyEnded, ("currency",), {"currency": "BGN"}),
    (errors.NumberOutOfRange, ("lines", "0", "unitPrice"), {"lines": [line(unit_price=D("1e14"))]}),
    (errors.NumberOutOfRange, ("lines", "0"), {"lines": [line(quantity=D(10), unit_price=D("9e13"))]}),
    (errors.NumberOutOfRange, ("lines",), {"lines": [line(quantity=D(1), unit_price=D("9e13"))] * 2}),
    (errors.NumberOutOfRange, ("lines", "0", "taxes", "0", "percent"), {"lines": [line(taxes=(tax("sNaN"),) * 2)]}),
    *(
        (errors.AdjustmentNegative, (*path, "adjustments", "0", "amount"), change)
        for kind in AdjustmentKind
        for path, change in (
            (("lines", "0"), {"lines": [line(adjustments=(Adjustment(kind=kind, amount=D(-10)),))]}),
            ((), {"adjustments": [DocumentAdjustment(kind=kind, amount=D("-0.01"))]}),
        )
    ),
    (errors.NumberOutOfRange, ("adjustments", "0", "amount"), {"adjustments": [off(amount=D("NaN"))]}),
    (errors.NumberOutOfRange, ("adjustments", "0", "percent"), {"adjustments": [off(percent=D(-1))]}),
    (
        errors.DiscountTooLarge,
        ("lines", "0", "adjustments", "1"),
        {"lines": [line(unit_price=D(100), quantity=D(1), adjustments=(off(percent=D(60)),) * 2)]},
    ),
    (errors.DiscountTooLarge, ("adjustments", "0"), {"adjustments": [off(amount=D("100.01"))]}),
    (
        errors.DiscountTooLarge,
        ("adjustments", "1"),
        {"adjustments": [off(amount=D(50)), off(amount=D("50.01")), off(amount=D(1))]},
    ),
    (errors.PrepaidSign, ("prepaid",), {"prepaid": D("-0.01")}),
    (errors.PrepaidSign, ("prepaid",), {"prepaid": D(1), "lines": [line(quantity=D(-1))]}),
    (errors.NumberOutOfRange, ("rounding",), {"rounding": D("1.01")}),
    (errors.NumberOutOfRange, ("rounding",), {"rounding": D(-50)}),
]


@pytest.mark.parametrize(("refusal", "path", "change"), CASES)
def test_bad_content_is_named_by_error_and_path(
    refusal: type[DomainError], path: tuple[str, ...], change: dict[str, Any]
) -> None:
    """Each bad value is refused by name, with the path that the input has for it."""
    with pytest.raises(refusal) as caught:
        write(**{"currency": "EUR", "lines": [line()], **change})
    assert caught.value.field == path


@pytest.mark.parametrize(
    "change",
    [
        {"currency": "IDR", "lines": [line(unit_price=D(15_000_000_000))]},
        {"currency": "VND", "lines": [line(unit_price=D(25_000_000_000))]},
        {"currency": "IRR", "lines": [line(quantity=D(1), unit_price=D("99999999999999.99"))]},
        {"currency": "JPY", "lines": [line(quantity=D(1), unit_price=D("9999999999999999"))]},
        {"adjustments": [off(amount=D("100.00"))]},
        {"adjustments": [off(amount=D("500.00"), taxes=(VAT,))]},
        {"lines": [line(unit_price=D(100), quantity=D(-1))], "adjustments": [off(percent=D(10))], "prepaid": D(-20)},
        {"lines": [line(quantity=D(-1), adjustments=(off(amount=D(-10)),))], "adjustments": [off(amount=D(-5))]},
        {"prepaid": D(250)},
        {"rounding": D("-1.00")},
    ],
    ids=str,
)
def test_what_is_ordinary_somewhere_is_accepted(change: dict[str, Any]) -> None:
    """Prices where money is small, discounts of everything, credits, prepayments of more than the total."""
    written = write(**{"currency": "EUR", "lines": [line(quantity=D(1), unit_price=D(100))], **change})
    assert written.amounts.spread == "charged"


def test_all_that_is_wrong_is_told_at_once() -> None:
    """Independent errors of one input come together, in the order of its fields; the first one is raised."""
    with pytest.raises(errors.NumberOutOfRange) as caught:
        write(
            currency="EUR",
            lines=[line(quantity=D("1e11"), description=""), line(taxes=(tax("-1"),))],
            adjustments=[off(amount=D(-1), label="x" * 101)],
            prepaid=D("0.001"),
            subject="x" * 201,
            notes="4111 1111 1111 1111",
        )
    assert [(type(one).__name__, one.field) for one in caught.value.all] == [
        ("NumberOutOfRange", ("lines", "0", "quantity")),
        ("TextRequired", ("lines", "0", "description")),
        ("NumberOutOfRange", ("lines", "1", "taxes", "0", "percent")),
        ("AdjustmentNegative", ("adjustments", "0", "amount")),
        ("TextTooLong", ("adjustments", "0", "label")),
        ("TooManyDigits", ("prepaid",)),
        ("TextTooLong", ("subject",)),
        ("LooksLikeCardNumber", ("notes",)),
    ]


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"description": "", "quantity": D(-1)}, [("lines", "0", "description")]),
        ({"quantity": D("NaN")}, [("lines", "0", "quantity")]),
        ({"unit_price": D("-1e-999999")}, [("lines", "0", "unitPrice")]),
        ({"price_base_quantity": D(0), "quantity": D(-1)}, [("lines", "0", "priceBaseQuantity")]),
        ({"description": ""}, [("lines", "0", "description"), ("adjustments", "0", "amount")]),
    ],
)
def test_what_else_is_wrong_makes_no_sign_wrong(changes: dict[str, Any], told: list[tuple[str, ...]]) -> None:
    """The discount of a correction is below zero like its lines, also when something else is refused."""
    with pytest.raises(DomainError) as caught:
        write(currency="EUR", lines=[line(**changes)], adjustments=[off(amount=D(-1))])
    assert [error.field for error in caught.value.all] == told


def test_sizes_that_are_wrong_are_told_at_once() -> None:
    """Amounts that do not fit what they change are named together."""
    with pytest.raises(errors.DiscountTooLarge) as discounts:
        write(currency="EUR", lines=[line()], adjustments=[off(amount=D(200))], rounding=D(-50))
    with pytest.raises(errors.PrepaidSign) as sums:
        write(currency="EUR", lines=[line()], prepaid=D(-1), rounding=D(-50))
    assert [one.field for one in discounts.value.all] == [("adjustments", "0"), ("rounding",)]
    assert [one.field for one in sums.value.all] == [("prepaid",), ("rounding",)]


def test_the_longest_document_is_accepted() -> None:
    """1,000 lines are computed at once."""
    written = write(currency="EUR", lines=[line(taxes=(VAT,))] * content.MAX_LINES)
    assert written.total.amount == D("119000.00")


def test_texts_are_kept_as_written_apart_from_the_edges() -> None:
    """Every script, emoji and line break survives; Windows line ends become plain ones."""
    text = " Ünïcödé 日本語 العربية 👩‍🚀\r\n\tsecond "
    assert free_text(text, 100, "notes", multiline=True) == "Ünïcödé 日本語 العربية 👩‍🚀\n\tsecond"


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
        kept = free_text(text, 100, "notes", multiline=True)
    except InvalidInput:
        return
    assert len(kept) <= 100
    assert "\x00" not in kept


@pytest.mark.parametrize("reference", ["4242424242424242", "6893854339140227", "4030118053878", "38000000000014"])
def test_a_reference_is_no_place_to_look_for_cards(reference: str) -> None:
    """A payment reference has a card's check digit: taken as the reference, and in notes after its name."""
    taken = some_content(reference=reference, notes=f"Betal med KID: {reference}")
    assert (taken.reference, taken.notes) == (reference, f"Betal med KID: {reference}")
