"""Where and how: addresses, countries, currencies, time zones, locales."""

from dataclasses import dataclass
from functools import cache
from typing import Self
from zoneinfo import available_timezones

from babel import Locale, UnknownLocaleError

from services.chassis.currencies import DIGITS
from services.identity.domain.errors import UnknownCountry, UnknownCurrency, UnknownLocale, UnknownTimeZone
from services.identity.domain.text import inside, line, optional_line

_NOT_COUNTRIES = frozenset({"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"})


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
            InvalidInput: naming the part that is wrong.
        """
        return type(self)(
            line1=line(self.line1, "line1"),
            line2=optional_line(self.line2, "line2"),
            city=line(self.city, "city"),
            region=optional_line(self.region, "region"),
            postal_code=optional_line(self.postal_code, "postalCode", limit=20),
            country=country(self.country),
        )


def optional_address(address: Address | None, field: str) -> Address | None:
    """Return it cleaned; a refusal names the part as `field.part`."""
    if address is None:
        return None
    with inside(field):
        return address.checked()


def country(value: str, field: str = "country") -> str:
    """Return the ISO 3166-1 alpha-2 code in capitals."""
    code = value.strip().upper()
    if code not in _countries():
        raise UnknownCountry(field)
    return code


def currency(value: str, field: str = "currency") -> str:
    """Return the ISO 4217 code in capitals, of a currency in which documents can be written."""
    code = value.strip().upper()
    if code not in DIGITS:
        raise UnknownCurrency(field)
    return code


def time_zone(value: str, field: str = "timeZone") -> str:
    """Return the IANA name."""
    if value not in available_timezones():
        raise UnknownTimeZone(field)
    return value


def locale(value: str, field: str = "locale") -> str:
    """Return a BCP 47 tag that Unicode's locale data knows, such as `de` or `en-GB`."""
    if "@" in value:
        raise UnknownLocale(field)
    try:
        return str(Locale.parse(value.strip().replace("_", "-"), sep="-")).replace("_", "-")
    except (ValueError, UnknownLocaleError, TypeError):
        raise UnknownLocale(field) from None


@cache
def _countries() -> frozenset[str]:
    territories: dict[str, str] = Locale("en").territories  # pyright: ignore[reportAssignmentType]
    return frozenset(code for code in territories if len(code) == 2 and code.isalpha()) - _NOT_COUNTRIES
