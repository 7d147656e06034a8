"""Texts that people type: how long, without control characters, and never a card number."""

import unicodedata

from services.billing.domain.card_numbers import looks_like_card_number
from services.billing.domain.errors import ControlCharacters, LooksLikeCardNumber, TextMissing, TextTooLong

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
