"""Texts that people type: how long, without control characters, and, where they write freely, never a card number."""

from unicodedata import normalize

from chassis.card_numbers import looks_like_card_number
from chassis.text import has_control_characters, is_blank
from services.billing.domain.errors import ControlCharacters, LooksLikeCardNumber, TextRequired, TextTooLong


def checked(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return a free text without surrounding blanks, its letters composed (NFC).

    Raises:
        TextRequired, TextTooLong, ControlCharacters, LooksLikeCardNumber: with the field's path.
    """
    text = identifier(value, limit, *field, required=required, multiline=multiline)
    if looks_like_card_number(text):
        raise LooksLikeCardNumber(field=field)
    return text


def identifier(value: str, limit: int, *field: str, required: bool = False, multiline: bool = False) -> str:
    """Return what stands in a field for numbers and names of things, such as a reference: no place to look for cards.

    Raises:
        TextRequired, TextTooLong, ControlCharacters: with the field's path.
    """
    if len(value) > limit:
        raise TextTooLong(limit, field=field)
    text = normalize("NFC", value.replace("\r\n", "\n") if multiline else value)
    if has_control_characters(text, multiline=multiline):
        raise ControlCharacters(field=field)
    text = text.strip()
    if required and is_blank(text):
        raise TextRequired(field=field)
    return text
