"""Where and how: addresses, countries, currencies, time zones, locales."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Self

from babel import Locale, UnknownLocaleError, localedata
from babel.core import get_global

from chassis.kernel import Findings
from chassis.world import countries, currencies, zones
from services.identity.domain.errors import (
    CurrencyEnded,
    UnknownCountry,
    UnknownCurrency,
    UnknownLocale,
    UnknownTimeZone,
)
from services.identity.domain.text import inside, line, optional_identifier, optional_line

_NO_LANGUAGES = frozenset({"root", "und"})
"""What Unicode's data calls the locale from which all others inherit, and the tag of a language that is not known."""
_EXTENSIONS = re.compile(r"(?<=[a-z0-9])-[0-9a-z]-.*", re.IGNORECASE)
"""What follows a single letter in a tag (RFC 5646, 2.2.6): how to sort, or which digits to write."""


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    line1: str
    line2: str | None = None
    city: str
    region: str | None = None
    postal_code: str | None = None
    country: str

    def checked(self) -> Self:
        """Return it cleaned.

        Raises:
            InvalidInput: naming every part that is wrong.
        """
        found = Findings()
        checked = type(self)(
            line1=found.take(self.line1, line, "line1"),
            line2=found.take(self.line2, optional_line, "line2"),
            city=found.take(self.city, line, "city"),
            region=found.take(self.region, optional_line, "region"),
            postal_code=found.take(self.postal_code, optional_identifier, "postalCode", limit=20),
            country=found.take(self.country, country),
        )
        found.tell()
        return checked


def optional_address(address: Address | None, field: str) -> Address | None:
    """Return it cleaned; a refusal names the part as `field.part`."""
    if address is None:
        return None
    with inside(field):
        return address.checked()


def country(value: str, field: str = "country") -> str:
    """Return the ISO 3166-1 alpha-2 code in capitals."""
    code = value.strip().upper()
    if code not in countries.CODES:
        raise UnknownCountry(field)
    return code


def currency(value: str, field: str = "currency") -> str:
    """Return the ISO 4217 code in capitals, of a currency in which documents can be written."""
    code = value.strip().upper()
    if code in currencies.ENDED and code not in currencies.DIGITS:
        raise CurrencyEnded(code, currencies.ENDED[code].successor, field)
    if code not in currencies.DIGITS:
        raise UnknownCurrency(field)
    return code


def living_currency(value: str, today: date, field: str = "currency") -> str:
    """Return the code in capitals of a currency that has not ended; what was chosen while it lived may stay.

    Raises:
        UnknownCurrency, CurrencyEnded: the latter naming what is paid instead.
    """
    code = currency(value, field)
    if successor := currencies.successor(code, today):
        raise CurrencyEnded(code, successor, field)
    return code


def time_zone(value: str, field: str = "timeZone") -> str:
    """Return the IANA name."""
    if value not in zones.names():
        raise UnknownTimeZone(field)
    return value


def locale(value: str, field: str = "locale") -> str:
    """Return a BCP 47 tag that Unicode's locale data knows, such as `de` or `en-GB`, without its extensions."""
    if "@" in value:
        raise UnknownLocale(field)
    language, *rest = _EXTENSIONS.sub("", value.strip().replace("_", "-")).split("-")
    if language.lower() in _NO_LANGUAGES:
        raise UnknownLocale(field)
    try:
        return str(Locale.parse("-".join((_current(language), *rest)), sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise UnknownLocale(field) from None


def _current(language: str) -> str:
    """Return the code that is used today for a former one, such as `he` for `iw`; no country is added to it."""
    if localedata.exists(language):
        return language
    return str(get_global("language_aliases").get(language.lower(), language)).replace("_", "-")
