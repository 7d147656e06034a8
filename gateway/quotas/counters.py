"""Counters that strangers cannot make grow: work that refills, bounded in bytes, and what is open right now."""

from collections import Counter

from chassis.remembered import Remembered

Key = tuple[str, str]
"""Whose kind (`person`, `stranger`, `address`), and who."""
MINUTE = 60.0
_ENTRY_BYTES, _MOST_ENTRIES = 400, 1_000_000
"""An entry's key, texts and counter, measured with tracemalloc at 330 to 380 bytes."""


class _Budget:
    __slots__ = ("at", "left")

    def __init__(self, left: float, at: float) -> None:
        self.left, self.at = left, at


class Budgets:
    """Microseconds of work, refilled evenly within a minute. Who was forgotten has a whole minute's again."""

    def __init__(self, most_bytes: int) -> None:
        self._kept: Remembered[Key, _Budget] = Remembered(most_bytes, _MOST_ENTRIES)

    @property
    def bytes(self) -> int:
        """How many bytes are kept, as estimated."""
        return self._kept.bytes

    def left(self, key: Key, whole: float, now: float) -> float:
        """Return how much is left of a `whole` minute's budget."""
        return self._refilled(key, whole, now).left

    def take(self, key: Key, amount: float, whole: float, now: float) -> float:
        """Take an amount, at most all there ever is, and return 0; or take nothing and return the seconds to wait."""
        budget = self._refilled(key, whole, now)
        amount = min(amount, whole)
        if amount > budget.left:
            return (amount - budget.left) * MINUTE / whole
        budget.left -= amount
        return 0.0

    def give_back(self, key: Key, amount: float, whole: float, now: float) -> None:
        """Give back what was taken for nothing."""
        budget = self._refilled(key, whole, now)
        budget.left = min(whole, budget.left + min(amount, whole))

    def _refilled(self, key: Key, whole: float, now: float) -> _Budget:
        budget = self._kept.get(key)
        if budget is None:
            budget = _Budget(whole, now)
            self._kept.put(key, budget, _ENTRY_BYTES)
        budget.left = min(whole, budget.left + (now - budget.at) * whole / MINUTE)
        budget.at = now
        return budget


class Open:
    """What is open at once; a key that has nothing open takes no memory."""

    def __init__(self) -> None:
        self._counts: Counter[Key] = Counter()

    def __len__(self) -> int:
        return len(self._counts)

    def count(self, key: Key) -> int:
        """Return how many are open."""
        return self._counts[key]

    def add(self, key: Key) -> None:
        """Count one more."""
        self._counts[key] += 1

    def remove(self, key: Key) -> None:
        """Count one less."""
        self._counts[key] -= 1
        if not self._counts[key]:
            del self._counts[key]
