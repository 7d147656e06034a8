"""Amounts and numbers as a language writes them.

The digits are ISO 4217's, never those of the locale data, which say how prices are shown and change from release to
release. Of the locale come the pattern, the separators and the minus with its marks of direction (`Babel` itself loses
those marks, and takes a Swiss separator for a quote). Digits are the Latin ones everywhere.
"""

import re
import unicodedata
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, cast

from babel import Locale
from babel.numbers import NumberPattern, get_currency_symbol

from chassis.world.currencies import DIGITS

_EXACT = Context(prec=80, rounding=ROUND_HALF_UP)
_QUOTED = re.compile(r"'([^']*)'")
_NO_BREAK = "\xa0"


def money(amount: Decimal, currency: str, locale: Locale) -> str:
    """Return the amount with its currency and exactly the digits of its minor unit, half rounded away from zero."""
    return _money(amount, currency, locale, DIGITS.get(currency, _digits(amount)))


def price(amount: Decimal, currency: str, locale: Locale) -> str:
    """Return a unit price: with the currency's digits, or with more where it has more."""
    return _money(amount, currency, locale, max(DIGITS.get(currency, 0), _digits(amount)))


def number(value: Decimal, locale: Locale) -> str:
    """Return a quantity with all its digits."""
    pattern = cast(NumberPattern, locale.decimal_formats[None])
    return _fill(pattern, value, _digits(value), locale, prefer="")


def percent(rate: Decimal, locale: Locale) -> str:
    """Return a rate given in percent (19 is 19 %) with all its digits, the sign where the locale has it."""
    pattern = cast(NumberPattern, locale.percent_formats[None])
    return _fill(pattern, rate, _digits(rate), locale, prefer="")


def _money(amount: Decimal, currency: str, locale: Locale, digits: int) -> str:
    pattern = cast(NumberPattern, locale.currency_formats["standard"])
    written = _fill(pattern, amount, digits, locale, prefer="currency")
    symbol = get_currency_symbol(currency, locale)
    before, _, after = written.partition("¤")
    return f"{before}{_gap(before[-1:], symbol[:1])}{symbol}{_gap(after[:1], symbol[-1:])}{after}"


def _fill(pattern: NumberPattern, value: Decimal, digits: int, locale: Locale, *, prefer: str) -> str:
    """Write a number into its pattern; `prefer` is the kind of separators that go before the general ones."""
    symbols = _symbols(locale)
    rounded = _EXACT.quantize(value, Decimal(1).scaleb(-digits))
    whole, _, fraction = f"{abs(rounded):f}".partition(".")
    group, point = (symbols.get(f"{prefer}{name}") or symbols[name.lower()] for name in ("Group", "Decimal"))
    figures = _grouped(whole, pattern.grouping, group) + (point + fraction if digits else "")
    sign = int(rounded < 0)
    prefix, suffix = (_affix(affixes[sign], symbols) for affixes in (pattern.prefix, pattern.suffix))
    return f"{prefix}{figures}{suffix}"


def _symbols(locale: Locale) -> Mapping[str, str]:
    """Return the separators and signs that belong to Latin digits."""
    return cast(Mapping[str, str], cast(Any, locale.number_symbols)["latn"])


def _grouped(whole: str, grouping: tuple[int, int], separator: str) -> str:
    """Set groups of digits apart: the last by the first size, those before it by the second."""
    size, groups = grouping[0], list[str]()
    while len(whole) > size:
        whole, last = whole[:-size], whole[-size:]
        groups.insert(0, last)
        size = grouping[1]
    return separator.join((whole, *groups))


def _affix(text: str, symbols: Mapping[str, str]) -> str:
    """Return what stands beside the digits: the signs as this locale writes them, quoted text without quotes."""
    signed = text.replace("-", symbols["minusSign"]).replace("%", symbols["percentSign"])
    return _QUOTED.sub(lambda quoted: quoted[1] or "'", signed)


def _gap(beside: str, edge: str) -> str:
    """Set a code or name apart from the digits that it touches; a sign such as € is not (CLDR's `currencySpacing`)."""
    return _NO_BREAK if beside.isdecimal() and unicodedata.category(edge)[0] not in "SZ" else ""


def _digits(amount: Decimal) -> int:
    """Return how many digits after the point the number needs."""
    exponent = amount.normalize(_EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0
