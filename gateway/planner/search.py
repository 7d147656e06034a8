"""What a search for sources passes down and hands back."""

from dataclasses import dataclass

from gateway.planner.selection import Selection

Guard = frozenset[object]
NOTHING: frozenset[str] = frozenset()


@dataclass(slots=True)
class Limit:
    """Whether a search stopped somewhere only because it was not allowed to go further."""

    reached: bool = False


@dataclass(frozen=True, slots=True)
class Search:
    """How far one search may go: `hops` entries after one another, never by way of what `guard` names.

    `banned` are subgraphs whose copy of the field has been used already.
    """

    hops: int
    limit: Limit
    guard: Guard = frozenset()
    banned: frozenset[str] = NOTHING


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a field went: its assignments, and what of it found no source."""

    assignments: tuple[int, ...] = ()
    leftover: tuple[Selection, ...] = ()

    def __add__(self, other: "Placed") -> "Placed":
        return Placed(self.assignments + other.assignments, self.leftover + other.leftover)
