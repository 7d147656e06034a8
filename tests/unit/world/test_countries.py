"""Countries are those of ISO 3166-1, and every language that documents are printed in has a name for each."""

import pycountry
import pytest
from babel import Locale

from chassis.world import countries
from services.billing.adapters.pdf.labels import LABELS


def test_the_list_is_iso_3166_1() -> None:
    """The same codes as in Debian's iso-codes, and Kosovo's."""
    assert {country.alpha_2 for country in pycountry.countries} | {"XK"} == countries.CODES


@pytest.mark.parametrize("language", ["en", *LABELS])
def test_every_country_has_a_name(language: str) -> None:
    """No code is printed where a name belongs."""
    locale = Locale.parse(language.replace("-", "_"))
    assert {code for code in countries.CODES if countries.name(code, locale) == code} == set()


@pytest.mark.parametrize("text", ["", "EU", "UN", "XX", "de", "Deutschland", "MA "])
def test_what_is_no_code_stays_as_it_is(text: str) -> None:
    """A union, an unknown code and a name are printed as they are stored."""
    assert countries.name(text, Locale("en")) == text
