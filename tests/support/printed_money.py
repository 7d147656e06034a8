"""Writes amounts as the portal prints them and reads them back, with nothing installed but Babel.

`python -m tests.support.printed_money` prints one JSON object: the releases, how many amounts were written, and what
did not read back; it is run under every release of Babel that is allowed. The reader knows the signs of a locale and
how amounts look, and nothing of how we write them.
"""

import json
import re
import sys
from collections.abc import Iterable, Iterator
from decimal import Decimal

from babel import Locale
from babel.localedata import locale_identifiers
from babel.numbers import get_currency_symbol, get_minus_sign_symbol

from chassis.world import amounts
from chassis.world.currencies import DIGITS
from chassis.world.releases import releases

OFFERED = """
    en en_GB en_US en_CA en_IN en_ZA en_CH de de_AT de_CH de_LI fr fr_CA fr_CH fr_BE es es_MX es_AR es_CL it
    it_CH nl nl_BE pt pt_BR pt_PT pl cs da sv nb fi et lt lv hu ro bg el tr uk ru hr sl sk sr ja zh zh_TW ko th
    vi id ms hi bn ta ar ar_EG ar_MA ar_SA he fa ur ca eu gl ga cy is mt sq mk ka hy az kk rm gsw
""".split()  # noqa: SIM905 - one word a language reads better than ninety quoted ones
"""Languages in which documents and mails are written, and regions whose signs differ."""

THEIR_OWN_WAY = {
    "en_US_POSIX": "not grouped",
    "fy": "a minus behind the digits",
    "fy_NL": "a minus behind the digits",
}
"""Locales whose own pattern has no groups, or has the minus at the end."""

_MARKS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_NUMBER = re.compile(r"[0-9](?:[^\w]?[0-9])*")


def samples(digits: int) -> Iterator[Decimal]:
    """Return amounts with all the digits of a currency: large, small, with and without a sign."""
    unit = Decimal(1).scaleb(-digits)
    large = Decimal("1234567890.1234567").quantize(unit)
    for amount in (large, Decimal(1000).quantize(unit), unit, Decimal(0).quantize(unit), Decimal(100).quantize(unit)):
        yield amount
        yield -amount


def fault(shown: str, amount: Decimal, currency: str, locale: Locale) -> str:
    """Return what is wrong with a printed amount, or nothing."""
    digits, symbol = DIGITS[currency], get_currency_symbol(currency, locale)
    minus = get_minus_sign_symbol(locale)
    if shown.count(symbol) != 1:
        return "no currency"
    plain = _MARKS.sub("", shown.replace(symbol, ""))
    found = _NUMBER.search(plain)
    if found is None or len(_NUMBER.findall(plain)) != 1:
        return "no number"
    if (minus in shown) != (amount < 0) or plain.count(_MARKS.sub("", minus)) != int(amount < 0):
        return "no minus of this locale"
    if amount < 0 and plain.index(_MARKS.sub("", minus)) > found.start():
        return "a minus behind the digits"
    return _number_fault(found.group(), abs(amount), digits)


def _number_fault(number: str, amount: Decimal, digits: int) -> str:
    fraction = re.search(rf"[^0-9]([0-9]{{{digits}}})$", number) if digits else None
    whole = number[: fraction.start()] if fraction else number
    if digits and fraction is None:
        return f"not {digits} digits"
    groups = re.split(r"[^0-9]", whole)
    if Decimal("".join(groups) + (fraction[1] if fraction else "")).scaleb(-digits) != amount:
        return "another amount"
    separators = set(re.findall(r"[^0-9]", whole))
    if amount > 10**7 and (len(groups) < 4 or len(separators) != 1 or {len(group) for group in groups[1:]} - {2, 3}):
        return "not grouped"
    return ""


def faults(languages: Iterable[str], currencies: Iterable[str]) -> tuple[int, list[str]]:
    """Return how many amounts were written and read, and what was wrong with which."""
    count, wrong = 0, list[str]()
    for language in languages:
        locale = Locale.parse(language)
        for currency in currencies:
            for amount in samples(DIGITS[currency]):
                shown = amounts.money(amount, currency, locale)
                count += 1
                what = fault(shown, amount, currency, locale)
                if what and what != THEIR_OWN_WAY.get(language):
                    wrong.append(f"{language} {currency} {amount}: {shown!a}: {what}")
    return count, wrong


def main() -> None:
    """Check every currency in the languages above, and a currency of each number of digits in all languages."""
    known = set(locale_identifiers())
    offered, wrong = faults([name for name in OFFERED if name in known], DIGITS)
    everywhere, others = faults(sorted(known), ("EUR", "JPY", "KWD", "CLF"))
    said = {"releases": releases(), "languages": len(known), "written": offered + everywhere, "wrong": wrong + others}
    json.dump(said, sys.stdout)


if __name__ == "__main__":
    main()
