"""Postal addresses in the order of their country, as Unicode's and Google's address data give it (`libaddressinput`).

A form has the lines of the address, with `|` between. `A` is what is typed of street and house, `C` the town, `S` the
region and `Z` the postal code; everything else is printed only between two parts that are there. What a form does not
ask for is printed all the same: nothing that was typed is lost, and nothing is put into capitals.
"""

import re
import unicodedata
from collections.abc import Iterator

DEFAULT = "A|Z C|S"
_COUNTRIES = """
A|C S Z: AS AU CA CC CX FM HM MH MP NF PR PW UM VI
A|C, S Z: BB SO US
A|C|S|Z: AF AI EG FK GB GG GI GS IE IM IO JE KE LK NA PN RU SD SH SZ TC UA VG ZA
A|C Z: BH BM BN BT GU IL JO KH LB LS MT MV NP NZ SA SG VC
A|Z C S: EE ES IT LT MZ PF UY
A|Z|C: AL EC MU OM
A|C|S: AE BF HK JM MO MW NR PA SC SR TV
A|C|S Z: ID KY MN TH VN
A|C Z|S: IN NG PE
A|Z C|S: AR CL CV MY UZ
A|Z|C|S: AM
A|S|C, Z: LV
A|C - Z: BD
A|C - S|Z: BR
A|Z, C|S: BY
A|C, S, Z: CO
A|S, C|Z: CR
A|C S|Z: CU
A|Z- C: GT
A|C, S|Z: HN IQ
C|A|Z|S: HU
S|C|A|Z: IR
A|C, Z: MM
A|Z C, S: MX
A|Z S C: RO
Z|S|C|A: KZ
A|Z|C, S: NI
A|C Z S: PG
A|C|Z S: PH
A|C-Z: PK
A|Z-C|S: SV
A|Z C/S: TR
A|C, S: BS KN
A|C Z, S: VE
A|S|C: KI
"""
FORMS = {
    country: form
    for form, _, countries in (line.partition(": ") for line in _COUNTRIES.strip().splitlines())
    for country in countries.split()
}
"""The forms of countries that do not write as `DEFAULT` says."""

NATIVE = {"CN": "Z|SC|A", "TW": "Z|SC|A", "JP": "Z|SC|A", "KR": "S C|A|Z", "HK": "S|C|A", "MO": "C|A", "KP": "Z|S|C|A"}
"""From the large to the small, where an address is written in the country's own script."""
LATIN = {"CN": "A|C|S, Z", "TW": "A|C, S Z", "JP": "A|C, S|Z", "KR": "A|C|S|Z", "KP": "A|C|S, Z"}

_SIGN = re.compile("[CSZ]")
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "BOPOMOFO")


def lines(*, line1: str, line2: str, city: str, region: str, postal_code: str, country: str) -> tuple[str, ...]:
    """Return the lines of an address without its country's name. `country` is an ISO 3166-1 alpha-2 code, or empty."""
    typed = {"C": city.strip(), "S": region.strip(), "Z": postal_code.strip()}
    street = [line.strip() for line in (line1, line2) if line.strip()]
    found = list[str]()
    for line in _form(country, " ".join((*street, city, region))).split("|"):
        if line == "A":
            found += street
        elif filled := _filled(line, typed):
            found.append(filled)
    return tuple(found)


def _form(country: str, text: str) -> str:
    if country in NATIVE and any(map(_is_east_asian, text)):
        form = NATIVE[country]
    else:
        form = LATIN.get(country) or FORMS.get(country, DEFAULT)
    return form + "".join(_missing(form))


def _missing(form: str) -> Iterator[str]:
    """Yield lines for parts that the form does not ask for."""
    return (f"|{sign}" for sign in "CSZ" if sign not in form)


def _filled(form: str, typed: dict[str, str]) -> str:
    """Fill a line; what stands between two parts is printed only where there is one before and one after it."""
    text, end = "", 0
    for found in _SIGN.finditer(form):
        value = typed[found.group()]
        if value:
            text += (form[end : found.start()] if text else "") + value
        end = found.end()
    return text


def _is_east_asian(char: str) -> bool:
    return not char.isascii() and unicodedata.name(char, "").startswith(_EAST_ASIAN)
