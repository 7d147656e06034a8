"""Placing the fields of one selection set: on trials, of which the best one is adopted."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Self

from gateway.planner.decisions import Decisions
from gateway.planner.entry import visits
from gateway.planner.graph import Node, Types
from gateway.planner.search import NOTHING, Guard, Limit, Placed, Search
from gateway.planner.selection import Selection, leaves
from gateway.planner.solution import FIELD, HOP, Assignment, Solution

Held = dict[tuple[int, Node | None], Types]
"""By source and where the field leads from there: the types for which it is had."""


class Position(Decisions):
    """Objects at one place of the operation, and how their fields find a source."""

    # --- placing a field

    def place_somehow(self, selection: Selection, need: Types, guard: Guard = frozenset()) -> Placed:
        """Place a field with as few entries after one another as it takes."""
        hops = 0
        while True:
            hops += 1
            trial, search = self.copy(), Search(hops, Limit(), guard)
            placed = trial.place(selection, need, search)
            if not placed.leftover or not search.limit.reached or hops >= self.walker.longest:
                self.adopt(trial)
                return placed

    def place(self, selection: Selection, need: Types, search: Search) -> Placed:
        """Assign a field for objects of `need` to the sources where it costs least.

        Where a present source has the field, nothing else is asked because it knows more types of object, and objects
        of several types never come from elsewhere: another subgraph may have others there.
        """
        if not need:
            return Placed()
        held = self._held(selection, need, search.banned, in_time=True)
        stays = any(target and self.walker.graph.is_abstract(target.type) for _, target in held)
        best: tuple[tuple[int, int, int], Self, Placed] | None = None
        for trial, placed in self._trials(selection, need, search, held):
            rank = (leaves(placed.leftover), 0 if held else trial.lost, trial.cost)
            if best is None or rank < best[0]:
                best = (rank, trial, placed)
            if not placed.leftover and (stays or trial.cost - self.cost < HOP):
                break
        if best is None:
            return Placed((), (replace(selection, on=need),))
        self.adopt(best[1])
        return best[2]

    def _trials(self, selection: Selection, need: Types, search: Search, held: Held) -> Iterator[tuple[Self, Placed]]:
        if held:
            trial = self.copy()
            yield trial, trial._place_held(selection, need, held, search)
        solved = False
        for visit in visits(self, selection, need, search):
            if not search.hops:
                search.limit.reached = True
                break
            trial = self.copy()
            placed = visit.pay(trial)
            if placed:
                solved = solved or not placed.leftover
                yield trial, placed
        if not held and not solved and selection.defers:
            # Without a key for a fetch of its own it comes along with what is not deferred.
            held = self._held(selection, need, search.banned, in_time=False)
            if held:
                trial = self.copy()
                yield trial, trial._place_held(selection, need, held, search)
        if not held and not solved and len(need) > 1:
            trial = self.copy()
            placed = Placed()
            for part in self._parts(need):
                placed += trial.place(selection, part, search)
            yield trial, placed

    def _parts(self, need: Types) -> Iterator[Types]:
        """Split types: by the object types of the first source, or else one by one."""
        members: Mapping[str, Types] = {}
        if self.sources:
            members = self.walker.graph.members_of(self.sources[0].node, need)
        yield from members.values() if len(members) > 1 else (frozenset({one}) for one in sorted(need))

    def _held(self, selection: Selection, need: Types, banned: Types, *, in_time: bool) -> Held:
        """Find the present sources that resolve a field, the best one for each type."""
        best: dict[str, tuple[tuple[int, int], int, Node | None]] = {}
        for index, source in enumerate(self.sources):
            if source.node.graph in banned or not source.types & need or (in_time and not source.serves(selection)):
                continue
            for target, types in self.targets(index, selection, need).items():
                rank = self._price(target, selection)
                for one in sorted(types):
                    if one not in best or rank < best[one][0]:
                        best[one] = (rank, index, target)
        held: Held = {}
        for one, (_, index, target) in best.items():
            held[index, target] = held.get((index, target), NOTHING) | {one}
        return held

    def _price(self, target: Node | None, selection: Selection) -> tuple[int, int]:
        """Sort the best target first; of objects of several types the first source's, whatever another costs."""
        if target is None:
            return 0, 0
        leftover, cost = self.walker.solve(target, selection).price
        return leftover, 0 if self.walker.graph.is_abstract(target.type) else cost

    def targets(self, index: int, selection: Selection, need: Types) -> dict[Node | None, Types]:
        source = self.sources[index]
        return self.walker.graph.targets(source.node, source.types, source.given, selection, need)

    def _place_held(self, selection: Selection, need: Types, held: Held, search: Search) -> Placed:
        placed = Placed()
        for (index, target), types in held.items():
            placed += self.assign(index, selection, types, target, search)
        return placed + self.place(selection, need - NOTHING.union(*held.values()), search)

    def assign(self, index: int, selection: Selection, types: Types, target: Node | None, search: Search) -> Placed:
        """Ask a source for a field; what its objects cannot give there, ask of another copy of the field."""
        child = self.walker.solve(target, selection) if target else None
        self.weaken(index, selection.conditions)
        placed = Placed((self._assignment(index, selection, types, child),))
        if child is None or not child.leftover:
            return placed
        rest = replace(selection, selections=child.leftover)
        return placed + self.place(
            rest, types, replace(search, banned=search.banned | {self.sources[index].node.graph})
        )

    def _assignment(self, index: int, selection: Selection, types: Types, child: Solution | None) -> int:
        if not selection.key:
            for number, made in enumerate(self.assignments):
                if made.source == index and types <= made.types and _same(made.selection, selection):
                    self.weaken_assignment(number, selection.conditions)
                    return number
        self.assignments.append(Assignment(index, selection, types, selection.conditions, child))
        self.cost += FIELD + (child.cost if child else 0)
        self.lost += child.lost if child else 0
        return len(self.assignments) - 1


def _same(made: Selection, selection: Selection) -> bool:
    return (
        not made.key
        and (made.name, made.arguments) == (selection.name, selection.arguments)
        and made.selections is selection.selections
    )
