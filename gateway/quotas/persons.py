"""Whose quota a token counts for: the person that identity signed it for, and nobody for every other token.

Nothing is decided by it but what is counted where; services verify each token themselves. Nobody waits for identity:
while its keys cannot be had, a token counts for its address alone.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joserfc.jwk import ECKey

    from chassis.auth import KeySource, TokenVerifier

STRANGER, UNSURE = "", None
Person = str | None
"""A person's id, `STRANGER`, or `UNSURE` while nobody can tell."""


class Persons:
    """Tells persons by their tokens; what verifies them is made, in a thread, when the first one comes."""

    def __init__(self, make: "Callable[[], TokenVerifier] | None" = None) -> None:
        """Without `make`, every token is `UNSURE`."""
        self._make = make
        self._verifier: TokenVerifier | None = None
        self._making = asyncio.Lock()

    async def of(self, authorization: object) -> Person:
        """Return whose the value of an `authorization` header (or of a socket's first message) is."""
        token = _token(authorization)
        if not token:
            return STRANGER
        if self._make is None:
            return UNSURE
        verifier = self._verifier or await self._made(self._make)
        from chassis.auth import LogInsUnchecked, Unauthenticated

        try:
            return (await verifier.verify(token)).id
        except Unauthenticated:
            return STRANGER
        except LogInsUnchecked:
            return UNSURE

    async def _made(self, make: "Callable[[], TokenVerifier]") -> "TokenVerifier":
        async with self._making:
            if self._verifier is None:
                self._verifier = await asyncio.to_thread(make)
        return self._verifier


class AtOnce:
    """A source of keys that makes nobody wait: a key that is not known yet is asked for beside."""

    def __init__(self, keys: "KeySource") -> None:
        self._keys = keys
        self._known: dict[str, ECKey] = {}
        self._asking: asyncio.Task[Any] | None = None

    @property
    def ahead(self) -> timedelta:
        """See `KnowsTheTime`."""
        return getattr(self._keys, "ahead", timedelta())

    def look_again(self) -> None:
        """See `KnowsTheTime`."""

    async def key(self, key_id: str) -> "ECKey | None":
        """Return a key, or None where there is none.

        Raises:
            LogInsUnchecked: that is not known yet.
        """
        from chassis.auth import LogInsUnchecked

        if key_id in self._known:
            return self._known[key_id]
        if self._asking is not None and not self._asking.done():
            raise LogInsUnchecked
        self._asking = asyncio.ensure_future(self._ask(key_id))
        await asyncio.wait({self._asking}, timeout=0)
        if not self._asking.done():
            raise LogInsUnchecked
        return self._asking.result()

    async def _ask(self, key_id: str) -> "ECKey | None":
        key = await self._keys.key(key_id)
        if key is not None:
            self._known[key_id] = key
        return key


def _token(authorization: object) -> str:
    """Return the token of a bearer's header, empty for anything else."""
    if isinstance(authorization, bytes):
        authorization = authorization.decode("latin-1")
    if not isinstance(authorization, str):
        return ""
    scheme, _, token = authorization.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""
