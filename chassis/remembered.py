"""A cache that is bounded in bytes, not only in entries: what strangers send can be any size."""

from collections import OrderedDict
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Keeps what was used last, at most `most_bytes` in all and `most_entries`; sizes are told by whoever puts.

    What is larger than a quarter of all is not kept, so that nobody empties it with a few requests.
    """

    def __init__(self, most_bytes: int, most_entries: int) -> None:
        self.bytes = 0
        self._most_bytes, self._most_entries = most_bytes, most_entries
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._kept)

    def get(self, key: K) -> V | None:
        """Return what was put under a key, None when it is not kept (any more)."""
        found = self._kept.get(key)
        if found is None:
            return None
        self._kept.move_to_end(key)
        return found[0]

    def items(self) -> list[tuple[K, V]]:
        """Return everything that is kept, what was used last at the end."""
        return [(key, value) for key, (value, _) in self._kept.items()]

    def put(self, key: K, value: V, size: int) -> None:
        """Keep a value that fills `size` bytes, and forget what was not used for longest."""
        self.bytes -= self._kept.pop(key, (None, 0))[1]
        if size > self._most_bytes // 4:
            return
        self._kept[key] = (value, size)
        self.bytes += size
        while self.bytes > self._most_bytes or len(self._kept) > self._most_entries:
            self.bytes -= self._kept.popitem(last=False)[1][1]
