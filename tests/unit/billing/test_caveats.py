"""What staff are warned of before an invoice goes out."""

from dataclasses import replace

import pytest

from chassis.world.tax_ids import is_doubtful
from services.billing.domain.caveats import Caveat, caveats_of
from services.billing.domain.content import Address, Party
from tests.support.billing.makers import some_content, some_line

SELLER = Party(name="Nordlicht", address=Address(country="DE"), tax_id="DE136695976")
BUYER = Party(name="Bianchi Srl", address=Address(country="IT"))
TAXED, UNTAXED, ZERO = (some_content(lines=[some_line(percent=rate)]) for rate in ("19", None, "0"))


def test_tax_without_the_sellers_number_is_told() -> None:
    """Only where tax is charged, and where an invoice must carry the number."""
    nameless = replace(SELLER, tax_id=" ")
    american = replace(nameless, address=Address(country="US"))
    told = [list(caveats_of(*case, BUYER)) for case in ((TAXED, nameless), (UNTAXED, nameless), (ZERO, nameless))]
    assert told == [[Caveat.SELLER_TAX_ID_MISSING], [], []]
    assert list(caveats_of(TAXED, american, BUYER)) == list(caveats_of(TAXED, SELLER, BUYER)) == []


def test_a_number_with_a_wrong_digit_is_told_for_both_sides() -> None:
    """The check digit of the country's own rule."""
    wrong = [replace(party, tax_id="DE136695978") for party in (SELLER, BUYER)]
    told = list(caveats_of(TAXED, *wrong))
    assert told == [Caveat.SELLER_TAX_ID_DOUBTFUL, Caveat.BUYER_TAX_ID_DOUBTFUL]


@pytest.mark.parametrize(
    "number",
    [
        *("DE 136 695 976", "FR40303265045", "ATU13585627", "IE6433435F", "EL094259216", "XI980780684"),
        *("CHE-107.787.577 IVA", "CHE107787577", "GB 980 7806 84", "NO995525828MVA", "NL4495445B01"),
        *("", "12/345/67890", "38000000000014", "94-1234567", "Deutsche Bank", "AU51824753556", "日本1234"),
    ],
)
def test_valid_and_other_numbers_are_in_no_doubt(number: str) -> None:
    """VAT numbers as people write them; what has no prefix of a country may be a number of any kind."""
    assert not is_doubtful(number)


@pytest.mark.parametrize("number", ["FR41303265045", "CHE107787578", "NO995525829MVA", "DE13669597", "gb802311781"])
def test_what_no_office_gives_out_is_in_doubt(number: str) -> None:
    """A wrong check digit, or too few digits."""
    assert is_doubtful(number)
