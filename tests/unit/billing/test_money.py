"""Currencies, digits and the one rounding rule."""

from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.world.currencies import DIGITS
from services.billing.domain.errors import CurrencyEnded, NumberOutOfRange, TooManyDigits, UnknownCurrency
from services.billing.domain.money import Money, largest_amount, require_living, rounded, with_digits


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


@pytest.mark.parametrize("amount", ["0.001", "NaN", "Infinity", "1e-999999"])
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


@pytest.mark.parametrize(("code", "successor"), [("BGN", "EUR"), ("HRK", "EUR"), ("ANG", "XCG"), ("ZWL", "ZWG")])
def test_nothing_new_is_written_in_a_currency_of_the_past(code: str, successor: str) -> None:
    """A currency that has ended is refused, and the refusal says what is paid instead."""
    with pytest.raises(CurrencyEnded) as refused:
        require_living(code)
    assert (refused.value.code, refused.value.field) == ("CURRENCY_ENDED", ("currency",))
    assert code in refused.value.message
    assert successor in refused.value.message


def test_a_currency_lives_until_its_last_day() -> None:
    """An end is a day: an invoice of 31 December 2025 is in leva, one of the next day is not."""
    require_living("BGN", date(2025, 12, 31))
    with pytest.raises(CurrencyEnded):
        require_living("BGN", date(2026, 1, 1))


def test_what_is_owed_in_a_currency_of_the_past_can_be_paid() -> None:
    """Amounts in leva are read, rounded and shown as before."""
    assert (Money.of("12.50", "BGN").amount, rounded(Decimal("1.005"), "BGN")) == (Decimal("12.50"), Decimal("1.01"))


@pytest.mark.parametrize(
    ("amount", "currency"), [("1e999999", "EUR"), ("-1e14", "EUR"), ("1e16", "JPY"), ("1e13", "KWD")]
)
def test_money_has_a_bound_in_digits_of_the_minor_unit(amount: str, currency: str) -> None:
    """Sixteen digits in every currency, not a number of units: one more is refused as too large."""
    largest = largest_amount(currency)
    assert Money.of(largest, currency).amount == largest
    with pytest.raises(NumberOutOfRange):
        Money.of(amount, currency)
