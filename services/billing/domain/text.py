"""Texts that people type: how long, without control characters, and never a card number."""

from services.billing.domain.errors import ControlCharacters, LooksLikeCardNumber, TextMissing, TextTooLong
from services.chassis.text import has_control_characters, looks_like_card_number


def checked(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return the text without surrounding blanks.

    Raises:
        TextMissing, TextTooLong, ControlCharacters, LooksLikeCardNumber: with the field's path.
    """
    if len(value) > limit:
        raise TextTooLong(limit, field=field)
    text = value.replace("\r\n", "\n") if multiline else value
    if has_control_characters(text, multiline=multiline):
        raise ControlCharacters(field=field)
    text = text.strip()
    if required and not text:
        raise TextMissing(field=field)
    if looks_like_card_number(text):
        raise LooksLikeCardNumber(field=field)
    return text
