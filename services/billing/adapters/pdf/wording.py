"""Turns values into the reader's language: labels, amounts, quantities, rates, dates."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from string import Formatter

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from chassis import instants
from chassis.directions import runs_against
from chassis.world import amounts, countries
from services.billing.adapters.pdf.labels import LABELS, STAMPED, stamp_key
from services.billing.adapters.pdf.page import Composed
from services.billing.application.printing import PrintKind

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words and formats of one language, for one currency; `days` is how days are written."""

    locale: Locale
    currency: str
    days: Locale

    @classmethod
    def of(cls, language: str, currency: str, place: str = "") -> "Wording":
        """Return the wording for a BCP 47 tag; English for a tag that is none.

        Days are written as in the tag's own country, else in that of `place`, the business's locale: who reads English
        and gets papers from London reads 9 Mar 2026.
        """
        locale = _locale(language)
        return cls(locale, currency, _days(language, locale.language, place))

    @property
    def language(self) -> str:
        """The language of the words, as a BCP 47 primary tag; numbers and dates follow the locale in any case."""
        return self.locale.language if self.locale.language in LABELS else "en"

    @property
    def rtl(self) -> bool:
        """Whether a page in these words is read from right to left."""
        return runs_against(LABELS[self.language]["invoice"])

    def label(self, key: str) -> str:
        """Return the label; a key without one (a provider's own payment mode) is shown as it is."""
        return LABELS[self.language].get(key, key.partition("_")[2] if key.startswith(("mode_", "row_")) else key)

    def labelled(self, label: str, value: str) -> str:
        """Return a label and its value with a colon between, as the language sets it."""
        return self.filled(LABELS[self.language]["labelled"], label=label, value=value)

    def joined(self, separator: str, *parts: str) -> str:
        """Return the parts that there are with the separator between, each by itself."""
        there = [part for part in parts if part]
        if len(there) == 1:
            return there[0]
        between = [(separator, False)] * len(there)
        return self._composed(
            [one for pair in zip(between, ((part, True) for part in there), strict=True) for one in pair][1:]
        )

    def filled(self, template: str, **parts: str) -> str:
        """Return a template with its parts, each by itself."""
        found = list[tuple[str, bool]]()
        for before, name, _, _ in Formatter().parse(template):
            found += [(before, False), (parts[name], True)] if name else [(before, False)]
        return self._composed([one for one in found if one[0]])

    def _composed(self, parts: list[tuple[str, bool]]) -> str:
        """Say of the parts that they stand by themselves, where one of them may run against the others."""
        if self.rtl or any(runs_against(text) for text, _ in parts):
            return Composed.of(tuple(parts))
        return "".join(text for text, _ in parts)

    def stamp(self, kind: PrintKind, status: str) -> str:
        """Return the word for how a document of this kind stands; nothing for a state that tells the reader nothing."""
        return LABELS[self.language][stamp_key(kind, status)] if status in STAMPED else ""

    def money(self, amount: Decimal) -> str:
        """Return the amount with its currency and the currency's number of digits."""
        return amounts.money(amount, self.currency, self.locale)

    def price(self, amount: Decimal) -> str:
        """Return a unit price: with the currency's digits, or with more where it has more."""
        return amounts.price(amount, self.currency, self.locale)

    def quantity(self, amount: Decimal) -> str:
        """Return a quantity with all its digits."""
        return amounts.number(amount, self.locale)

    def rate(self, percent: Decimal) -> str:
        """Return a rate given in percent, with all its digits, as the reader's language writes it."""
        return amounts.percent(percent, self.locale)

    def country(self, code: str) -> str:
        """Return the name of a country for its ISO 3166-1 code; only a field that holds such codes may ask."""
        return countries.name(code, self.locale)

    def day(self, day: date | None) -> str:
        """Return the day in the medium format; nothing for none."""
        return format_date(day, format="medium", locale=self.days) if day else ""


def clean(text: str) -> str:
    """Return the text without control characters, lines ended by a line feed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")).strip()


@lru_cache(maxsize=256)
def _days(reader: str, language: str, place: str) -> Locale:
    return instants.writing(language, reader, place)


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")
