"""What has no business in a text that people type: card numbers, and characters that cannot be printed.

How both are recognised; each service refuses them in its own words. What is found is never returned or echoed.
"""

import re
import unicodedata
from collections.abc import Iterator
from itertools import accumulate

_RUN = re.compile(r"(?<!\d)\d+(?:[ \-.]{1,2}\d+)*")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_ISSUED = re.compile(
    r"4\d{12}|3[0689]\d{12}|(?:3[47]\d{2}|1800|2131)\d{11}|(?:[3-6]\d|2[2-7]|8[12]|97)\d{14}|[3-68]\d{16,18}"
)
"""The first digits and the lengths with which card schemes issue numbers (ISO/IEC 7812)."""

_SHORTEST, _LONGEST = 13, 19
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, beyond the name or subject that they stand in."""


def has_control_characters(text: str, *, multiline: bool = False) -> bool:
    """Tell whether a character of the text cannot be printed, or would change what is printed around it.

    Line feeds, tabs and marks of direction may be in a text of several lines.
    """
    allowed = "\n\t" if multiline else ""
    if not multiline and not _OVERRIDES.isdisjoint(text):
        return True
    return any(unicodedata.category(char) in _UNPRINTABLE and char not in allowed for char in text)


def looks_like_card_number(text: str) -> bool:
    """Tell whether 13 to 19 digits of the text begin as cards do and pass the Luhn check, as every card's number does.

    Groups of digits may be parted by blanks, dashes or dots, and followed by others (a security code, say). Digits of
    any script count. A valid IBAN (ISO 13616) is none, and most company numbers with the same check (SIRET) are none.
    """
    plain = _IBAN.sub(_without_iban, unicodedata.normalize("NFKC", text))
    plain = "".join(str(unicodedata.decimal(char)) if char.isdecimal() else char for char in plain)
    found = (digits for run in _RUN.findall(plain) for digits in _candidates(run))
    return any(_ISSUED.fullmatch(digits) and _passes_luhn(digits) for digits in found)


def _candidates(run: str) -> Iterator[str]:
    """Every sequence of whole groups that has as many digits as a card."""
    groups = re.findall(r"\d+", run)
    for start in range(len(groups)):
        for digits in accumulate(groups[start:]):
            if len(digits) > _LONGEST:
                break
            if len(digits) >= _SHORTEST:
                yield digits


def _passes_luhn(digits: str) -> bool:
    places = [int(digit) for digit in reversed(digits)]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(places)]
    return sum(doubled) % 10 == 0 and any(places)


def _without_iban(found: re.Match[str]) -> str:
    """Leave out a text that passes the IBAN's own check (remainder 1 by 97); anything else stays as it is."""
    whole = found.group().replace(" ", "")
    number = "".join(str(int(char, 36)) for char in whole[4:] + whole[:4])
    return " " if int(number) % 97 == 1 else found.group()
