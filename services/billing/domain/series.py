"""Number series: which number the next sent document of an organisation takes."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Series(StrEnum):
    """What is numbered apart from each other within an organisation."""

    ESTIMATE = "estimate"
    INVOICE = "invoice"

    def label(self, place: int) -> str:
        """Return the printed number for a place in the series, counted from 1."""
        return f"{'EST' if self is Series.ESTIMATE else 'INV'}-{place:06d}"

    def place(self, number: str) -> int | None:
        """Return the place of a printed number; None where it is none of this series."""
        found = re.fullmatch(rf"{self.label(1)[:4]}([0-9]{{6,}})", number)
        return int(found[1]) if found else None


@dataclass(frozen=True, kw_only=True)
class HeldNumber:
    """A number that a document has taken, of which nobody has looked yet whether it was sent."""

    organisation_id: str
    series: Series
    document_id: str


@dataclass(frozen=True, kw_only=True)
class Proof:
    """What a series of one organisation comes to: every place from 1 to the last one, once.

    `waiting` are places that were given back, which the next documents take, or that a draft holds until it is sent.
    """

    last: int
    gaps: tuple[int, ...]
    duplicates: tuple[int, ...]
    waiting: tuple[int, ...]

    @property
    def is_sound(self) -> bool:
        return not self.gaps and not self.duplicates


def prove(sent: Mapping[int, int], waiting: Collection[int], taken: Collection[int] = ()) -> Proof:
    """Return what is wrong with a series.

    Args:
        sent: how many documents carry each place.
        waiting: places without a document that will get one.
        taken: all other places that exist: what no document carries, and none will, is a gap.
    """
    last = max((*sent, *waiting, *taken), default=0)
    known = {*sent, *waiting}
    return Proof(
        last=last,
        gaps=tuple(place for place in range(1, last + 1) if place not in known),
        duplicates=tuple(sorted(place for place, times in sent.items() if times > 1)),
        waiting=tuple(sorted(place for place in waiting if place not in sent)),
    )
