"""Where a browser may be sent back to after a card form or a challenge: our own portal, and nowhere else."""

from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from services.billing.domain.payment.errors import ReturnUrlNotAllowed

LONGEST = 2000


@dataclass(frozen=True)
class ReturnAddresses:
    """The origins (`https://portal.example`) that belong to us, and where a payer lands who named no address.

    Nobody is sent to a bank without a way back: some providers then show a challenge that only their script can open.
    """

    origins: tuple[str, ...]
    home: str | None = None

    @classmethod
    def of(cls, portal_url: str) -> Self:
        """Return the addresses of the portal at this address."""
        parts = urlsplit(portal_url)
        home = urlunsplit(parts._replace(path=parts.path or "/", fragment=""))
        return cls((urlunsplit((parts.scheme, parts.netloc, "", "", "")),), home)

    def checked(self, url: str | None, field: str = "returnUrl") -> str | None:
        """Return the address, given in this input field, when it lies within one of our origins.

        Raises:
            ReturnUrlNotAllowed: when it does not, or is no plain address.
        """
        if url is None:
            return None
        if len(url) > LONGEST or not url.isascii() or not url.isprintable() or set(url) & set(' "<>\\'):
            raise ReturnUrlNotAllowed(field)
        try:
            parts = urlsplit(url)
        except ValueError:
            raise ReturnUrlNotAllowed(field) from None
        if f"{parts.scheme}://{parts.netloc}" not in self.origins:
            raise ReturnUrlNotAllowed(field)
        return url
