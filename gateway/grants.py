"""What a request's caller may, for supergraphs that ask: the port, and who answers where nobody is known."""

from collections.abc import Callable, Mapping
from typing import Protocol

from gateway.supergraph import NOBODY, Granted


class Grants(Protocol):
    """Where a caller's rights are read from."""

    async def of(self, headers: Mapping[bytes, bytes]) -> Granted:
        """Return the rights of a request with these headers.

        Raises:
            Refused: it shows a token that does not count, or nobody can tell whether it does.
        """
        ...


class NoGrants:
    """Nobody is known: no keys are configured."""

    async def of(self, headers: Mapping[bytes, bytes]) -> Granted:
        """Return the rights of somebody who is not logged in."""
        return NOBODY


class LateGrants:
    """Made when the first operation needs it: what verifies tokens takes 10 MB and half a second to load."""

    def __init__(self, make: Callable[[], Grants]) -> None:
        self._make = make
        self._made: Grants | None = None

    async def of(self, headers: Mapping[bytes, bytes]) -> Granted:
        """See `Grants`."""
        if self._made is None:
            self._made = self._make()
        return await self._made.of(headers)
