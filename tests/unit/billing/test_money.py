"""Currencies, digits and the one rounding rule."""

from decimal import Decimal
from fractions import Fraction

import pytest
from babel.core import get_global
from babel.numbers import get_currency_precision, get_territory_currencies, list_currencies
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.errors import TooManyDigits, UnknownCurrency
from services.billing.domain.money import Money, rounded, with_digits
from services.chassis.currencies import DIGITS

CLDR_SHOWS_FEWER = "AFN ALL IQD IRR KPW LAK LBP MGA MMK RSD SOS SYP YER"
"""Currencies whose minor unit is out of use: CLDR shows no digits, ISO 4217 still has them."""


def test_every_currency_is_known_to_babel_with_its_digits() -> None:
    """Codes exist in CLDR, and digits are equal but for the minor units that only ISO 4217 still counts."""
    missing = {"XCG", "ZWG", "SLE", "VED"} - list_currencies()
    assert set() == set(DIGITS) - list_currencies() - missing
    differing = {code for code, digits in DIGITS.items() if digits != get_currency_precision(code)}
    assert differing <= set(CLDR_SHOWS_FEWER.split())


def test_every_currency_in_use_somewhere_is_in_the_table() -> None:
    """What CLDR calls legal tender of a territory today can be invoiced."""
    territories: dict[str, object] = get_global("territory_currencies")  # pyright: ignore[reportArgumentType]
    tender = {code for territory in territories for code in get_territory_currencies(territory)}
    assert set() == tender - set(DIGITS)


@pytest.mark.parametrize(
    ("value", "currency", "expected"),
    [
        ("1.005", "EUR", "1.01"),
        ("-1.005", "EUR", "-1.01"),
        ("1.0049999", "EUR", "1.00"),
        ("0.5", "JPY", "1"),
        ("0.0005", "KWD", "0.001"),
        ("0.00005", "CLF", "0.0001"),
        ("0", "EUR", "0.00"),
    ],
)
def test_half_is_rounded_away_from_zero(value: str, currency: str, expected: str) -> None:
    """Rounding is half up (away from zero below zero) to the currency's digits."""
    assert expected == str(rounded(Decimal(value), currency))


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=6), st.sampled_from(["EUR", "JPY", "KWD", "CLF"]))
def test_rounding_moves_by_half_a_unit_at_most_and_only_once(value: Decimal, currency: str) -> None:
    """A rounded amount is the nearest one, stays when rounded again, and mirrors its negative."""
    result = rounded(value, currency)
    assert abs(Fraction(result) - Fraction(value)) * 2 <= Fraction(1, 10 ** DIGITS[currency])
    assert result == rounded(result, currency) == -rounded(-value, currency)


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1e999999", "1e-999999", "1000000000000000"])
def test_money_has_no_more_digits_than_its_currency(amount: str) -> None:
    """An amount that the currency cannot express is refused, quickly."""
    with pytest.raises(TooManyDigits):
        Money.of(amount, "EUR")


@pytest.mark.parametrize(
    ("amount", "currency", "shown"), [("1.5", "EUR", "1.50"), ("0", "KWD", "0.000"), ("-12.00", "JPY", "-12")]
)
def test_amounts_are_shown_with_the_digits_of_their_currency(amount: str, currency: str, shown: str) -> None:
    """Showing adds or drops zeros and never rounds."""
    assert str(with_digits(Decimal(amount), currency)) == shown
    with pytest.raises(TooManyDigits):
        with_digits(Decimal(amount) + Decimal("0.0001"), currency)


@pytest.mark.parametrize("code", ["", "eur", "EURO", "XXX", "XAU", "DEM"])
def test_unknown_currencies_are_refused(code: str) -> None:
    """Only ISO 4217 codes in which something can be paid today are accepted."""
    with pytest.raises(UnknownCurrency):
        Money.of("1", code)
