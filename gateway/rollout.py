"""Which labels of progressive `@override` are on: those that the operator names, `percent(N)` for N of 100 requests.

One number is drawn for a request and decides all its percentages: within one request every field of a label comes from
the same home, a subgraph that has 25 percent of one label's requests has them of a 50 percent label, too, and an
operation has at most one plan more than there are percentages.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from random import random

Labels = frozenset[str]
_PERCENT = re.compile(r"percent\((\d{1,3}(?:\.\d{1,8})?)\)")


class Rollout:
    """The labels of one supergraph."""

    def __init__(self, labels: Iterable[str], named: Iterable[str] = (), draw: Callable[[], float] = random) -> None:
        """`named` are always on; `draw` returns a number from 0 up to 1, without 1."""
        known = frozenset(labels)
        always = known & frozenset(named)
        shares = {label: share for label in known - always if 0 < (share := _share(label)) < 100}
        always |= {label for label in known if _share(label) >= 100}
        self._ends = sorted(set(shares.values()))
        self._sets = [always | {label for label, share in shares.items() if share >= end} for end in self._ends]
        self._sets.append(always)
        self._draw = draw

    def choose(self) -> Labels:
        """Return the labels that are on for one request."""
        if not self._ends:
            return self._sets[0]
        return self._sets[bisect_right(self._ends, self._draw() * 100)]


def _share(label: str) -> float:
    """Return the percentage that a label names, 0 for any other label."""
    found = _PERCENT.fullmatch(label)
    return float(found[1]) if found else 0.0
