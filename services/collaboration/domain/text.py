"""Texts that people type: how long, without control characters, and never a card number."""

import re
import unicodedata

from services.collaboration.domain.errors import (
    ControlCharacters,
    LooksLikeCardNumber,
    NoEmailAddress,
    TextMissing,
    TextTooLong,
)

_DIGIT_RUN = re.compile(r"(?<!\d)\d(?:[ \-]?\d){12,18}(?!\d)")
_UNPRINTABLE = frozenset({"Cc", "Cs", "Zl", "Zp"})
_EMAIL = re.compile(
    r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]"
)


def checked_text(value: str, limit: int, field: str, *, required: bool = False, multiline: bool = False) -> str:
    """Return the text without surrounding blanks.

    Raises:
        TextMissing, TextTooLong, ControlCharacters, LooksLikeCardNumber: naming the field.
    """
    if len(value) > limit:
        raise TextTooLong(limit, field)
    text = value.replace("\r\n", "\n").strip()
    allowed = "\n\t" if multiline else ""
    if any(unicodedata.category(char) in _UNPRINTABLE and char not in allowed for char in text):
        raise ControlCharacters(field)
    if required and not text:
        raise TextMissing(field)
    if any(_passes_luhn(run.group()) for run in _DIGIT_RUN.finditer(text)):
        raise LooksLikeCardNumber(field)
    return text


def checked_email(value: str, field: str) -> str:
    """Return an address that a mail header can carry as it is (the HTML standard's pattern, with a dotted domain).

    Raises:
        NoEmailAddress: naming the field.
    """
    email = value.strip(" ")
    local = email.partition("@")[0]
    if len(email) > 254 or not _EMAIL.fullmatch(email) or ".." in local or local.startswith(".") or local.endswith("."):
        raise NoEmailAddress(field)
    return email


def excerpt(text: str, limit: int = 200) -> str:
    """Return the beginning of a text on one line, for a notification."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 1].rstrip()}…"


def _passes_luhn(run: str) -> bool:
    digits = [int(char) for char in reversed(run) if char.isdecimal()]
    doubled = [digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(digits)]
    return sum(doubled) % 10 == 0 and any(digits)
