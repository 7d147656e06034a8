"""Passwords hashed with argon2id (RFC 9106; OWASP's 19 MiB, two passes, one lane) in a few threads of their own."""

import asyncio
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from services.identity.domain.errors import TooBusy

T = TypeVar("T")


def argon2id(*, memory_kib: int = 19 * 1024, passes: int = 2) -> PasswordHasher:
    """Return a hasher of this cost with one lane."""
    return PasswordHasher(time_cost=passes, memory_cost=memory_kib, parallelism=1)


class Argon2Passwords:
    """Never blocks the event loop: at most `threads` hashes run, and at most `waiting` wait."""

    def __init__(self, hasher: PasswordHasher, *, threads: int = 2, waiting: int = 500) -> None:
        self._hasher = hasher
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="argon2")
        self._room = threads + waiting
        self._nobody = hasher.hash(os.urandom(16).hex())

    async def hash(self, password: str) -> str:
        return await self._run(lambda: self._hasher.hash(password))

    async def verify(self, password_hash: str | None, password: str) -> bool:
        """Check it; without a hash the same work is done on nobody's, and the answer is no."""
        matches = await self._run(lambda: self._matches(password_hash or self._nobody, password))
        return matches and password_hash is not None

    def is_outdated(self, password_hash: str) -> bool:
        return self._hasher.check_needs_rehash(password_hash)

    def close(self) -> None:
        """End the threads."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _matches(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password)
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if not self._room:
            raise TooBusy
        self._room -= 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._room += 1
