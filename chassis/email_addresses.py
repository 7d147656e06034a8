"""What counts as an e-mail address: one rule for who types one, who is written to, and who is looked up."""

import re

from chassis.email_domains import ascii_domain

LONGEST, LONGEST_LOCAL = 254, 64
"""Characters of an address and of what is before its @ (RFC 5321 §4.5.3.1)."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_HOST = re.compile(rf"(?:{_LABEL}\.)*{_LABEL}")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+[a-z](?:[a-z0-9-]{{0,61}}[a-z0-9])")


class NotAnAddress(ValueError):
    """The text is not one plain e-mail address."""


def plain_address(address: str, *, within: bool = False) -> str:
    """Return the address as mail servers take it: as typed, its domain in small letters and in ASCII.

    `within` says that a host of one's own network will do (`root@localhost`); else the domain has a dot in it, and does
    not end in digits only.

    Raises:
        NotAnAddress: for anything but one local part of ASCII atoms without quotes, and a domain (RFC 5321).
    """
    local, at, domain = address.rpartition("@")
    try:
        domain = ascii_domain(domain)
    except ValueError:
        raise NotAnAddress from None
    is_short = len(local) <= LONGEST_LOCAL and len(local) + len(at) + len(domain) <= LONGEST
    if not is_short or not _LOCAL.fullmatch(local) or not (_HOST if within else _DOMAIN).fullmatch(domain):
        raise NotAnAddress
    return f"{local}@{domain}"
