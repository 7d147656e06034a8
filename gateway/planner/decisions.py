"""The decisions for one selection set while they are made: sources found so far, and fields assigned to them."""

from abc import ABC, abstractmethod
from dataclasses import replace
from typing import Protocol, Self

from gateway.planner.graph import Graph, Node, Types
from gateway.planner.search import Guard, Placed, Search
from gateway.planner.selection import Condition, Selection
from gateway.planner.solution import Assignment, Solution, Source


class Solver(Protocol):
    """Who decides for what lies below; `longest` is how many entries can follow one another."""

    graph: Graph
    longest: int

    def solve(self, node: Node, selection: Selection) -> Solution:
        """Decide for what is selected of the objects that a field leads to."""
        ...


class Decisions(ABC):
    """State of one place of the operation. Trials are made on copies; the best one is adopted.

    How a field is placed is left open, so that entering a subgraph can have its keys placed in turn.
    """

    def __init__(self, walker: Solver, types: Types, sources: list[Source], assignments: list[Assignment]) -> None:
        self.walker = walker
        self.types = types
        self.sources = sources
        self.assignments = assignments
        self.cost: int = 0
        self.lost: int = 0

    def copy(self) -> Self:
        """Return a copy for a trial."""
        other = type(self)(self.walker, self.types, self.sources.copy(), self.assignments.copy())
        other.cost, other.lost = self.cost, self.lost
        return other

    def adopt(self, trial: Self) -> None:
        """Take over what a trial decided."""
        self.sources, self.assignments = trial.sources, trial.assignments
        self.cost, self.lost = trial.cost, trial.lost

    # --- placing

    @abstractmethod
    def place_somehow(self, selection: Selection, need: Types, guard: Guard = frozenset()) -> Placed:
        """Place a field with as few entries after one another as it takes."""

    @abstractmethod
    def place(self, selection: Selection, need: Types, search: Search) -> Placed:
        """Assign a field for objects of `need` to the sources where it costs least."""

    @abstractmethod
    def targets(self, index: int, selection: Selection, need: Types) -> dict[Node | None, Types]:
        """Map the nodes to which a field of a source leads to the types for which it does."""

    @abstractmethod
    def assign(self, index: int, selection: Selection, types: Types, target: Node | None, search: Search) -> Placed:
        """Ask a source for a field; what its objects cannot give there, ask of another copy of the field."""

    # --- conditions: a source, and all that supplies it, is needed under the conditions of every field it answers

    def weaken(self, index: int, conditions: frozenset[Condition]) -> None:
        source = self.sources[index]
        if source.conditions <= conditions:
            return
        self.sources[index] = replace(source, conditions=source.conditions & conditions)
        for number in source.entry.supplies if source.entry else ():
            self.weaken_assignment(number, source.conditions & conditions)

    def weaken_assignment(self, number: int, conditions: frozenset[Condition]) -> None:
        made = self.assignments[number]
        if not made.conditions <= conditions:
            self.assignments[number] = replace(made, conditions=made.conditions & conditions)
            self.weaken(made.source, made.conditions & conditions)
