"""When a failed fetch may be sent again: queries only, a bounded number of times, and never as a storm."""

import random

from gateway.plan import OperationKind

UNAVAILABLE_STATUSES = frozenset({502, 503, 504})


class RetryBudget:
    """Lets about one in ten fetches be repeated: a subgraph that is down gets little more than its normal load."""

    __slots__ = ("_tokens",)

    _FULL = 10.0
    _PER_FETCH = 0.1

    def __init__(self) -> None:
        self._tokens = self._FULL

    def earned(self) -> None:
        """Count a fetch that succeeded."""
        if self._tokens < self._FULL:
            self._tokens += self._PER_FETCH

    def allows(self, kind: OperationKind, attempt: int, retries: int) -> bool:
        """Return whether attempt number `attempt` (from 1) that failed may be followed by another, and spend for it."""
        if kind != "query" or attempt > retries or self._tokens < 1:
            return False
        self._tokens -= 1
        return True


def pause(attempt: int) -> float:
    """Return the seconds to wait before the next attempt: short, growing, spread out."""
    return 0.025 * 2 ** (attempt - 1) * (1 + random.random())  # noqa: S311 - spread, not secrecy
