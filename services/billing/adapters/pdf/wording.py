"""Turns values into the reader's language: labels, amounts, quantities, rates, dates."""

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date

from services.billing.adapters.pdf.labels import LABELS, STAMPED, stamp_key
from services.billing.application.printing import PrintKind
from services.chassis.world import amounts, countries

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ufffe\uffff]")


@dataclass(frozen=True, slots=True)
class Wording:
    """The words and formats of one language, for one currency."""

    locale: Locale
    currency: str

    @classmethod
    def of(cls, language: str, currency: str) -> "Wording":
        """Return the wording for a BCP 47 tag; English for a tag that is none."""
        return cls(_locale(language), currency)

    @property
    def language(self) -> str:
        """The language of the words, as a BCP 47 primary tag; numbers and dates follow the locale in any case."""
        return self.locale.language if self.locale.language in LABELS else "en"

    def label(self, key: str) -> str:
        """Return the label; a key without one (a provider's own payment mode) is shown as it is."""
        return LABELS[self.language].get(key, key.partition("_")[2] if key.startswith(("mode_", "row_")) else key)

    def labelled(self, label: str, value: str) -> str:
        """Return a label and its value with a colon between, as the language sets it."""
        return LABELS[self.language]["labelled"].format(label=label, value=value)

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
        """Return a rate given in percent, with all its digits."""
        return f"{self.quantity(percent)} %"

    def country(self, code: str) -> str:
        """Return the name of a country for its ISO 3166-1 code; only a field that holds such codes may ask."""
        return countries.name(code, self.locale)

    def day(self, day: date | None) -> str:
        """Return the day in the medium format; nothing for none."""
        return format_date(day, format="medium", locale=self.locale) if day else ""


def clean(text: str) -> str:
    """Return the text without control characters, lines ended by a line feed."""
    return _CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n")).strip()


@lru_cache(maxsize=64)
def _locale(language: str) -> Locale:
    try:
        return Locale.parse(language.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        return Locale("en")
