"""Texts that people type: how long, without control characters, and never a card number."""

import re
import unicodedata

from services.billing.domain.errors import ControlCharacters, LooksLikeCardNumber, TextMissing, TextTooLong

_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:[ \-]?\d){12,18}(?!\d)")
_LINE_BREAKS = frozenset("\n\t")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})


def checked(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return the text without surrounding blanks.

    Raises:
        TextMissing, TextTooLong, ControlCharacters, LooksLikeCardNumber: with the field's path.
    """
    if len(value) > limit:
        raise TextTooLong(limit, field=field)
    text = value.replace("\r\n", "\n") if multiline else value
    allowed: frozenset[str] = _LINE_BREAKS if multiline else frozenset()
    if any(unicodedata.category(char) in _UNPRINTABLE and char not in allowed for char in text):
        raise ControlCharacters(field=field)
    text = text.strip()
    if required and not text:
        raise TextMissing(field=field)
    if looks_like_card_number(text):
        raise LooksLikeCardNumber(field=field)
    return text


def looks_like_card_number(text: str) -> bool:
    """Tell whether 13 to 19 digits in the text pass the Luhn check, as every payment card's number does."""
    return any(_passes_luhn(run.group()) for run in _DIGIT_RUN.finditer(text))


def _passes_luhn(run: str) -> bool:
    digits = [int(char) for char in reversed(run) if char.isdecimal()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0 and any(digits)
