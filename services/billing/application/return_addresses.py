"""Where a browser may be sent back to after a card form or a challenge: our own portal, and nowhere else."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlsplit, urlunsplit

from services.billing.domain.payment.errors import ReturnUrlNotAllowed

LONGEST = 2000
_TWINS = {"localhost": "127.0.0.1", "127.0.0.1": "localhost"}


@dataclass(frozen=True)
class ReturnAddresses:
    """The origins (`https://portal.example`) that belong to us, and where a payer lands who named no address.

    Nobody is sent to a bank without a way back: some providers then show a challenge that only their script can open.
    """

    origins: tuple[str, ...]
    home: str | None = None

    @classmethod
    def of(cls, portal_url: str, more: Sequence[str] = ()) -> Self:
        """Return the addresses of the portal at this address, and `more` origins.

        `localhost` and `127.0.0.1` are the same machine, so that either name of one is allowed with the other.
        """
        parts = urlsplit(portal_url)
        home = urlunsplit(parts._replace(path=parts.path or "/", fragment=""))
        own = [urlunsplit((parts.scheme, parts.netloc, "", "", "")), *(one.rstrip("/").lower() for one in more)]
        return cls(tuple(dict.fromkeys(twin for one in own for twin in _names_of(one))), home)

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


def _names_of(origin: str) -> list[str]:
    """Return an origin, and the same one by the other name of this machine."""
    parts = urlsplit(origin)
    other = _TWINS.get(parts.hostname or "")
    port = f":{parts.port}" if parts.port else ""
    return [origin, f"{parts.scheme}://{other}{port}"] if other else [origin]
