"""What people type: cleaned and bounded, with nothing in it that breaks a line, a header, a log or the card rules."""

import unicodedata
from collections.abc import Generator
from contextlib import contextmanager

from chassis.email_addresses import NotAnAddress, plain_address
from chassis.email_domains import ascii_domain
from chassis.kernel import InvalidInput
from chassis.text import free_text, identifier
from services.identity.domain.errors import InvalidEmail

LINE = 200
PARAGRAPH = 2000

_BLANK = " \t\r\n\u00a0\u2007\u202f\u3000"


@contextmanager
def inside(field: str) -> Generator[None]:
    """Name the object that a wrong field is part of: `line1` becomes `billingAddress.line1`."""
    try:
        yield
    except InvalidInput as error:
        for one in error.all:
            one.field = (field, *one.field)
        raise


def line(value: str | None, field: str, *, limit: int = LINE) -> str:
    """Return one trimmed line that is not empty.

    Raises:
        TextRequired, TextTooLong, ControlCharacters, LooksLikeCardNumber: naming `field`, never echoing the value.
    """
    return free_text(value or "", limit, field, required=True)


def optional_line(value: str | None, field: str, *, limit: int = LINE) -> str | None:
    """Return one trimmed line, or None for nothing; otherwise as `line`."""
    return free_text(value or "", limit, field) or None


def optional_identifier(value: str | None, field: str, *, limit: int = LINE) -> str | None:
    """Return a number or code by which others know something, or None for nothing: no place to look for cards.

    Raises:
        TextTooLong, ControlCharacters: naming `field`, never echoing the value.
    """
    return identifier(value or "", limit, field) or None


def optional_paragraph(value: str | None, field: str, *, limit: int = PARAGRAPH) -> str | None:
    """Return trimmed text that may have several lines, or None for nothing; otherwise as `line`."""
    return free_text(value or "", limit, field, multiline=True) or None


def email_address(value: str | None, field: str = "email") -> str:
    """Return the address as typed, trimmed, its domain in small letters (international ones in their ASCII form).

    Raises:
        InvalidEmail: for anything but one plain address of at most 254 characters (RFC 5321 without quoted parts).
    """
    try:
        return plain_address(_as_meant(value or ""))
    except NotAnAddress:
        raise InvalidEmail(field) from None


def without_marks(value: str, *, within: str = "") -> str:
    """Return a text without the invisible marks that pages and address books put around it, trimmed.

    Those of `within` stay where they stand between other characters.
    """
    return "".join(char for char in value if char in within or unicodedata.category(char) != "Cf").strip(
        within + _BLANK
    )


def _as_meant(email: str) -> str:
    """Return an address without marks around it, its wide characters (U+FF01 to U+FF5E) as the plain ones they are.

    Within a domain the joiners of words have a meaning (IDNA 2008).
    """
    plain = without_marks(email, within="\u200c\u200d")
    return "".join(chr(ord(char) - 0xFEE0) if "\uff01" <= char <= "\uff5e" else char for char in plain)


def email_key(email: str) -> str:
    """Return the form in which two spellings of one address are equal: small letters, and the domain in ASCII."""
    email = _as_meant(email)
    local, at, domain = email.rpartition("@")
    try:
        domain = ascii_domain(domain)
    except ValueError:
        return email.lower()
    return f"{local}{at}{domain}".lower()


def optional_email(value: str | None, field: str = "email") -> str | None:
    """Return the address, or None for nothing."""
    return email_address(value, field) if value and value.strip() else None
