"""What was typed into an address is printed; only its country is a code that is put into words."""

from dataclasses import replace

import pycountry
import pytest

from chassis.world import countries
from services.billing.adapters.pdf import HtmlPrintView, present
from services.billing.adapters.pdf.wording import Wording
from services.billing.application.printing import PrintedDocument
from services.billing.application.queries.print_documents import party_of
from services.billing.domain.content import Address, Party
from tests.support import printed

LANGUAGES = ("en", "de", "fr", "ja", "ar")
LOOKS_LIKE_A_COUNTRY = {
    ("US", "CA"): "San Francisco",
    ("US", "MA"): "Springfield",
    ("US", "IN"): "Gary",
    ("CA", "NL"): "St. John's",
    ("IT", "BO"): "Bologna",
    ("AU", "SA"): "Adelaide",
    ("BR", "PA"): "Belém",
    ("IN", "MH"): "Mumbai",
}


def subdivisions() -> list[tuple[str, str]]:
    """Return the country and the short code of every state, province or territory of ISO 3166-2."""
    return sorted({tuple(place.code.split("-", 1)) for place in pycountry.subdivisions})  # pyright: ignore[reportReturnType]


def printed_lines(address: Address, language: str, *, delivery: Address | None = None) -> list[tuple[str, ...]]:
    """Return the seller's, the buyer's and the delivery address as they stand on each kind of document."""
    party = party_of(Party(name="Mill GmbH", address=address, shipping_address=delivery))
    letter = printed.letter(sender=party, recipient=party, language=language)
    documents: list[PrintedDocument] = [
        one(letter=letter) for one in (printed.invoice, printed.estimate, printed.receipt, printed.statement)
    ]
    pages = [present(document) for document in documents]
    found = [block.lines for page in pages for block in (page.sender, page.recipient)]
    if delivery:
        found += [tuple(fact.value.split(", ")) for page in pages for fact in page.facts if "Dock" in fact.value]
    return found


@pytest.mark.parametrize(("country", "region"), LOOKS_LIKE_A_COUNTRY, ids="-".join)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_state_is_not_a_country(country: str, region: str, language: str) -> None:
    """On every document, for seller, buyer and delivery, the state stays and only the country has its name."""
    city = LOOKS_LIKE_A_COUNTRY[country, region]
    address = Address(line1="12 Mill Road", city=city, region=region, postal_code="01101", country=country)
    elsewhere = replace(address, line1="Dock 5")

    shown = printed_lines(address, language, delivery=elsewhere)

    names = {countries.name(country, Wording.of(language, "EUR").locale)}
    assert len(shown) == 10
    for lines in shown:
        assert region in " ".join(lines).split()
        assert names == {lines[-1]}
        assert countries.name(region, Wording.of(language, "EUR").locale) not in lines


def test_no_region_of_the_world_is_put_into_words() -> None:
    """All states, provinces and territories of ISO 3166-2, most of them short codes that are countries' as well."""
    known = subdivisions()
    alike = [(country, region) for country, region in known if region in countries.CODES and region != country]
    assert len(known) > 5000
    assert {("US", "CA"), ("CA", "NL"), ("IT", "BO"), ("AU", "SA"), ("BR", "PA"), ("IN", "MH")} <= set(known)
    assert len(alike) > 500
    for country, region in alike:
        address = Address(line1="1", city="X", region=region, country=country)
        party = party_of(Party(name="Mill GmbH", address=address))
        lines = present(printed.receipt(letter=printed.letter(recipient=party))).recipient.lines
        assert region in " ".join(lines[1:-1]).replace(",", " ").split(), (country, region)
        assert lines[-1] == countries.name(country, Wording.of("en", "EUR").locale)


@pytest.mark.parametrize("text", ["BE", "MA", "IN", "us", "CH"])
def test_any_line_that_looks_like_a_country_stays(text: str) -> None:
    """Two letters in the second line, as the city or as the postal code are what somebody typed."""
    address = Address(line1=text, line2=text, city=text, postal_code=text, region=text, country="BE")

    for lines in printed_lines(address, "de"):
        assert lines == (text, text, f"{text} {text}", text, "Belgien")


@pytest.mark.parametrize(
    ("address", "lines"),
    [
        (Address(line1="1 Main Street", city="Dublin", country="IE"), ("1 Main Street", "Dublin", "Ireland")),
        (
            Address(line1="2 Queen's Road", city="Central", country="HK"),
            ("2 Queen's Road", "Central", "Hong Kong SAR China"),
        ),
        (Address(line1="PO Box 7", city="Dubai", country="AE"), ("PO Box 7", "Dubai", "United Arab Emirates")),
        (Address(line1="1 Rue", city="X"), ("1 Rue", "X")),
        (Address(), ()),
    ],
)
def test_what_an_address_lacks_leaves_no_gap(address: Address, lines: tuple[str, ...]) -> None:
    """Ireland, Hong Kong and the Emirates know addresses without region and postal code; some have no country."""
    assert printed_lines(address, "en") == [lines] * 8


def test_the_print_view_says_the_same() -> None:
    """The page that browsers print has the state and not another country."""
    address = Address(line1="1 Market St", city="San Francisco", region="CA", postal_code="94105", country="US")
    letter = printed.letter(recipient=party_of(Party(name="Bay Inc.", address=address)))

    page = HtmlPrintView().page(printed.invoice(letter=letter))

    assert "United States" in page
    assert "Canada" not in page
