"""Money: a decimal amount in an ISO 4217 currency, and the one rounding rule."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Self

from chassis.world.currencies import DIGITS, PUBLISHED, successor
from services.billing.domain.errors import CurrencyEnded, NumberOutOfRange, TooManyDigits, UnknownCurrency

ZERO = Decimal(0)

MAX_DIGITS = 16
"""Digits of an amount in the minor unit of its currency: 99,999,999,999,999.99 EUR, 9,999,999,999,999,999 JPY."""

_UNITS = {code: Decimal(1).scaleb(-digits) for code, digits in DIGITS.items()}


def digits_of(currency: str, *, field: tuple[str, ...] = ("currency",)) -> int:
    """Return the digits after the decimal point of this ISO 4217 currency.

    Raises:
        UnknownCurrency: when there is no such currency.
    """
    try:
        return DIGITS[currency]
    except KeyError:
        raise UnknownCurrency(field=field) from None


def require_living(currency: str, today: date = PUBLISHED, *, field: tuple[str, ...] = ("currency",)) -> None:
    """Refuse a currency that has ended by this day: no new document is written in it.

    Raises:
        CurrencyEnded: naming what is paid instead.
    """
    if instead := successor(currency, today):
        raise CurrencyEnded(currency, instead, field=field)


def rounded(value: Decimal | Fraction, currency: str) -> Decimal:
    """Round to the currency's digits, half away from zero: the only place where an amount loses digits."""
    digits = digits_of(currency)
    exact = Fraction(value) * 10**digits
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Decimal(-units if exact < 0 else units).scaleb(-digits)


def largest_amount(currency: str) -> Decimal:
    """Return the largest amount that is stored in a currency: `MAX_DIGITS` digits of its minor unit."""
    return (Decimal(10) ** MAX_DIGITS - 1).scaleb(-digits_of(currency))


def fits(amount: Decimal, currency: str) -> bool:
    """Tell whether the amount is finite and has no more digits than the currency's minor unit."""
    return amount.is_finite() and amount == round(amount, digits_of(currency))


def with_digits(amount: Decimal, currency: str) -> Decimal:
    """Return an exact amount with as many digits as the currency has, to be shown; never changes its value.

    Raises:
        TooManyDigits: when the currency cannot express it.
    """
    shown = amount.quantize(_UNITS[currency])
    if shown != amount:
        raise TooManyDigits(DIGITS[currency], field=("amount",))
    return shown


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in a currency; amounts of different currencies never meet."""

    amount: Decimal
    currency: str

    @classmethod
    def of(cls, amount: Decimal | str | int, currency: str, *, field: tuple[str, ...] = ("amount",)) -> Self:
        """Return money with exactly the currency's digits.

        Raises:
            UnknownCurrency: when there is no such currency.
            TooManyDigits: when the amount is no number or has digits which the currency has not.
            NumberOutOfRange: when it is larger than any amount that is stored.
        """
        digits = digits_of(currency)
        value, largest = Decimal(amount), largest_amount(currency)
        if value.is_finite() and abs(value) > largest:
            raise NumberOutOfRange(-largest, largest, field=field)
        if not value.is_finite() or not fits(value, currency):
            raise TooManyDigits(digits, field=field)
        return cls(rounded(value, currency), currency)
