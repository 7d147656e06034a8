"""What people type here beside free texts: addresses, and the beginnings of comments that are shown elsewhere."""

from chassis.email_addresses import NotAnAddress, plain_address
from services.collaboration.domain.errors import InvalidEmail


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
