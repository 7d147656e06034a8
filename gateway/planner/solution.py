"""What the walker decides, as data: for the objects at one place of the operation, which source answers which field."""

from collections.abc import Iterator
from dataclasses import dataclass

from gateway.planner.graph import Given, Node, Types
from gateway.planner.selection import Condition, Defers, Selection, leaves

HOP = 1000
"""Cost of one more fetch."""
FIELD = 1
"""Cost of one more field."""
MOVED = 100
"""Cost of objects that are had of another subgraph than the one that told what they belong to."""
LATER = 10
"""Cost of each wave that a fetch has to wait."""


@dataclass(frozen=True, slots=True)
class Represented:
    """What a representation of objects of `types` holds; `typename` as in the plan's `Requires`.

    `selections` are a key, `required` what the fields named `fields` require.
    """

    types: Types
    typename: str | None
    selections: tuple[Selection, ...]
    required: tuple[Selection, ...] = ()
    fields: frozenset[str] = frozenset()

    @property
    def everything(self) -> tuple[Selection, ...]:
        """All that it holds besides its type."""
        return self.selections + self.required


@dataclass(frozen=True, slots=True)
class Entry:
    """How a source is entered: with which representations, supplied by which assignments; neither for a root type.

    `knowing` is the source that tells the run-time types of the objects, if one does.
    """

    represented: tuple[Represented, ...] = ()
    supplies: tuple[int, ...] = ()
    knowing: int | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A subgraph from which fields of the objects can be had; without `entry` it is the fetch that found them.

    `defers` are the deferred fragments that it was entered for, none where the first answer needs it.
    """

    node: Node
    types: Types
    conditions: frozenset[Condition] = frozenset()
    given: Given = frozenset()
    entry: Entry | None = None
    depth: int = 0
    defers: Defers = frozenset()

    def serves(self, selection: Selection) -> bool:
        """Tell whether it answers when the selection is due: a deferred one has to wait for its own fetch alone."""
        return selection.defers <= self.defers


@dataclass(frozen=True, slots=True)
class Assignment:
    """One field, asked of one source for objects of `types`."""

    source: int
    selection: Selection
    types: Types
    conditions: frozenset[Condition]
    child: "Solution | None" = None


@dataclass(frozen=True, eq=False, slots=True)
class Solution:
    """All decisions for objects of `types`; `leftover` is what no source reaches, for the parent to try elsewhere.

    `lost` counts the fields of object types that the subgraph does not know there. Sources are in an order in which
    each is supplied only by earlier ones.
    """

    types: Types
    sources: tuple[Source, ...]
    assignments: tuple[Assignment, ...]
    cost: int
    leftover: tuple[Selection, ...]
    lost: int = 0

    @property
    def rank(self) -> tuple[int, int, int]:
        """Sorts the better solution first: what reaches more, then what knows more, then what costs less."""
        return leaves(self.leftover), self.lost, self.cost

    @property
    def price(self) -> tuple[int, int]:
        """Sorts first what reaches more and costs less, whatever it knows: for objects that are there already."""
        return leaves(self.leftover), self.cost


def render(solution: Solution, indent: str = "") -> Iterator[str]:
    """Yield the lines of a readable form."""
    for number, source in enumerate(solution.sources):
        how = "" if source.entry is None else " entered by " + _entry(source.entry)
        yield f"{indent}[{number}] {source.node}{how}"
        for assignment in solution.assignments:
            if assignment.source == number:
                key = assignment.selection.key or "(planner)"
                yield f"{indent}  {key}: {assignment.selection.name} on {'|'.join(sorted(assignment.types))}"
                if assignment.child:
                    yield from render(assignment.child, indent + "    ")


def _entry(entry: Entry) -> str:
    keys = (
        ",".join(s.name for s in r.everything) + (f" as {r.typename}" if r.typename else "") for r in entry.represented
    )
    return "; ".join(keys) or "root"
