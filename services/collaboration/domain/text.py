"""Texts that people type: how long, without control characters, and never a card number."""

from chassis.card_numbers import looks_like_card_number
from chassis.email_addresses import NotAnAddress, plain_address
from chassis.text import has_control_characters, is_blank
from services.collaboration.domain.errors import (
    ControlCharacters,
    InvalidEmail,
    LooksLikeCardNumber,
    TextRequired,
    TextTooLong,
)


def checked_text(value: str, limit: int, field: str, *, required: bool = False, multiline: bool = False) -> str:
    """Return the text without surrounding blanks.

    Raises:
        TextRequired, TextTooLong, ControlCharacters, LooksLikeCardNumber: naming the field.
    """
    if len(value) > limit:
        raise TextTooLong(limit, field)
    text = value.replace("\r\n", "\n").strip()
    if has_control_characters(text, multiline=multiline):
        raise ControlCharacters(field)
    if required and is_blank(text):
        raise TextRequired(field)
    if looks_like_card_number(text):
        raise LooksLikeCardNumber(field)
    return text


def checked_email(value: str, field: str) -> str:
    """Return an address that a mail header can carry as it is, by the rule of all services.

    International domains are kept in their ASCII form, in small letters, as every part of the portal keeps them.

    Raises:
        InvalidEmail: naming the field.
    """
    try:
        return plain_address(value.strip(" "))
    except NotAnAddress:
        raise InvalidEmail(field) from None


def excerpt(text: str, limit: int = 200) -> str:
    """Return the beginning of a text on one line, for a notification."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"
