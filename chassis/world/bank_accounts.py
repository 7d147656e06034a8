"""Bank accounts in what people write: IBANs (ISO 13616), with the lengths and forms that SWIFT registered."""

import re
from collections.abc import Iterator

from stdnum import iban

_START = re.compile(r"(?<![A-Z0-9])(?=[A-Z]{2}[0-9]{2})", re.IGNORECASE)
_WRITTEN = re.compile(r"[A-Z0-9]+(?:[ \xa0\u202f-][A-Z0-9]+)*", re.IGNORECASE)
_LONGEST = 34
_BLANKS = re.compile(r"[ \xa0\u202f-]")


def ibans_in(text: str) -> dict[str, str]:
    """Return the IBANs of a text as they are written, by their numbers: capitals, without blanks.

    Words that follow are no part of one, however they look: each country's have one length.
    """
    return {plain(written): written for start in _START.finditer(text) if (written := _iban_at(text, start.start()))}


def plain(written: str) -> str:
    """Return an IBAN in capitals and without what people put between its characters."""
    return _BLANKS.sub("", written).upper()


def _iban_at(text: str, place: int) -> str | None:
    return next((one for one in _beginnings(text, place) if iban.is_valid(plain(one), check_country=False)), None)


def _beginnings(text: str, place: int) -> Iterator[str]:
    """Yield what stands at a place, word by word, as long as an IBAN can be."""
    whole = _WRITTEN.match(text, place, place + 2 * _LONGEST)
    for end in re.finditer(r"(?![A-Z0-9])", whole.group() if whole else "", re.IGNORECASE):
        yield text[place : place + end.start()]
