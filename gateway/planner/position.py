"""The decisions for one selection set while they are made: sources found so far, and fields assigned to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from gateway.planner.graph import ENTITY, Doorway, Given, Node, Types
from gateway.planner.selection import TYPENAME, Condition, Selection, leaves
from gateway.planner.solution import FIELD, HOP, LATER, Assignment, Entry, Represented, Solution, Source

if TYPE_CHECKING:
    from gateway.planner.walker import Walker

Guard = frozenset[object]
NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Placed:
    """Where a field went: its assignments, and what of it found no source."""

    assignments: tuple[int, ...] = ()
    leftover: tuple[Selection, ...] = ()

    def __add__(self, other: "Placed") -> "Placed":
        return Placed(self.assignments + other.assignments, self.leftover + other.leftover)


@dataclass(frozen=True, slots=True)
class Search:
    """How far one search may go: `hops` entries after one another, never by way of what `guard` names.

    `banned` are subgraphs whose copy of the field has been used already.
    """

    hops: int
    guard: Guard = frozenset()
    banned: Types = NOTHING


class Position:
    """Objects at one place of the operation. Trials are made on copies; the best one is adopted."""

    def __init__(self, walker: "Walker", types: Types, sources: list[Source], assignments: list[Assignment]) -> None:
        self.walker = walker
        self.types = types
        self.sources = sources
        self.assignments = assignments
        self.cost = 0

    def copy(self) -> "Position":
        """Return a copy for a trial."""
        other = Position(self.walker, self.types, self.sources.copy(), self.assignments.copy())
        other.cost = self.cost
        return other

    def adopt(self, trial: "Position") -> None:
        """Take over what a trial decided."""
        self.sources, self.assignments, self.cost = trial.sources, trial.assignments, trial.cost

    # --- placing a field

    def place_somehow(self, selection: Selection, need: Types, guard: Guard = frozenset()) -> Placed:
        """Place a field with as few entries after one another as it takes."""
        placed = Placed()
        for hops in range(1, self.walker.longest + 1):
            trial = self.copy()
            placed = trial.place(selection, need, Search(hops, guard))
            if not placed.leftover or hops == self.walker.longest:
                self.adopt(trial)
                break
        return placed

    def place(self, selection: Selection, need: Types, search: Search) -> Placed:
        """Assign a field for objects of `need` to the sources where it costs least."""
        if not need:
            return Placed()
        best: tuple[tuple[int, int], Position, Placed] | None = None
        for trial, placed in self._trials(selection, need, search):
            rank = (leaves(placed.leftover), trial.cost)
            if best is None or rank < best[0]:
                best = (rank, trial, placed)
            if not placed.leftover and trial.cost - self.cost < HOP:
                break
        if best is None:
            return Placed((), (replace(selection, on=need),))
        self.adopt(best[1])
        return best[2]

    def _trials(self, selection: Selection, need: Types, search: Search) -> Iterator[tuple["Position", Placed]]:
        held = self._held(selection, need, search.banned)
        if held:
            trial = self.copy()
            yield trial, trial._place_held(selection, need, held, search)
        solved = False
        for door in self._doors(need) if search.hops else ():
            trial = self.copy()
            placed = trial._place_through(door, selection, need, search)
            if placed:
                solved = solved or not placed.leftover
                yield trial, placed
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

    def _held(self, selection: Selection, need: Types, banned: Types) -> dict[tuple[int, Node | None], Types]:
        """Find the present sources that resolve a field, the best one for each type."""
        best: dict[str, tuple[tuple[int, int], int, Node | None]] = {}
        for index, source in enumerate(self.sources):
            if source.node.graph in banned or not source.types & need:
                continue
            for target, types in self._targets(index, selection, need).items():
                rank = self.walker.solve(target, selection).rank if target else (0, 0)
                for one in sorted(types):
                    if one not in best or rank < best[one][0]:
                        best[one] = (rank, index, target)
        held: dict[tuple[int, Node | None], Types] = {}
        for one, (_, index, target) in best.items():
            held[index, target] = held.get((index, target), NOTHING) | {one}
        return held

    def _targets(self, index: int, selection: Selection, need: Types) -> dict[Node | None, Types]:
        source = self.sources[index]
        return self.walker.graph.targets(source.node, source.types, source.given, selection, need)

    def _place_held(
        self, selection: Selection, need: Types, held: dict[tuple[int, Node | None], Types], search: Search
    ) -> Placed:
        placed = Placed()
        for (index, target), types in held.items():
            placed += self._assign(index, selection, types, target, search)
        return placed + self.place(selection, need - NOTHING.union(*held.values()), search)

    def _assign(self, index: int, selection: Selection, types: Types, target: Node | None, search: Search) -> Placed:
        """Ask a source for a field; what its objects cannot give there, ask of another copy of the field."""
        child = self.walker.solve(target, selection) if target else None
        self._weaken(index, selection.conditions)
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
                    self._weaken_assignment(number, selection.conditions)
                    return number
        self.assignments.append(Assignment(index, selection, types, selection.conditions, child))
        self.cost += FIELD + (child.cost if child else 0)
        return len(self.assignments) - 1

    # --- conditions: a source, and all that supplies it, is needed under the conditions of every field it answers

    def _weaken(self, index: int, conditions: frozenset[Condition]) -> None:
        source = self.sources[index]
        if source.conditions <= conditions:
            return
        self.sources[index] = replace(source, conditions=source.conditions & conditions)
        for number in source.entry.supplies if source.entry else ():
            self._weaken_assignment(number, source.conditions & conditions)

    def _weaken_assignment(self, number: int, conditions: frozenset[Condition]) -> None:
        made = self.assignments[number]
        if not made.conditions <= conditions:
            self.assignments[number] = replace(made, conditions=made.conditions & conditions)
            self._weaken(made.source, made.conditions & conditions)

    # --- entering another subgraph

    def _doors(self, need: Types) -> Iterator[Doorway]:
        graph = self.walker.graph
        if self.types == frozenset({graph.supergraph.roots["query"]}):
            for name in graph.supergraph.subgraphs:
                if graph.knows(graph.supergraph.roots["query"], name):
                    yield Doorway(name, None)
        elif self._knowing(need) is not None:
            yield from graph.doorways(need)
        else:
            interface, _ = self._disguise(need)
            yield from graph.doorways_of_interface_object(interface) if interface else ()

    def _knowing(self, need: Types) -> int | None:
        """Return the first source that knows the run-time types, not only an interface object."""
        for index, source in enumerate(self.sources):
            members = self.walker.graph.members_of(source.node, source.types)
            known = (t for m, t in members.items() if not self.walker.graph.is_interface_object(m, source.node.graph))
            if need <= NOTHING.union(*known):
                return index
        return None

    def _disguise(self, need: Types) -> tuple[str, Types]:
        """Return the interface by which alone a source knows these objects, and all the types that it hides."""
        for source in self.sources:
            for member, types in self.walker.graph.members_of(source.node, source.types).items():
                if need <= types and self.walker.graph.is_interface_object(member, source.node.graph):
                    return member, types
        return "", NOTHING

    def _place_through(self, door: Doorway, selection: Selection, need: Types, search: Search) -> Placed | None:
        """Enter a subgraph for a field; None where the door does not open or does not help."""
        if door.graph in search.banned:
            return None
        graph = self.walker.graph
        if door.type and self._knowing(need) is None:
            if not graph.is_interface_object(door.type, door.graph):
                return self._discover(door, selection, need, search)
            if need != self._disguise(need)[1]:
                return None
        node = Node(door.type or (ENTITY if self._is_entity() else next(iter(need))), door.graph)
        given = self._requirements(node, need, selection.name)
        if given is None or (not given and self._is_inside(door, need)):
            return None
        index = self._enter(door, node, need, given, selection.conditions, search)
        return None if index is None else self._land(index, selection, need, search)

    def _is_entity(self) -> bool:
        return self.types != frozenset({self.walker.graph.supergraph.roots["query"]})

    def _is_inside(self, door: Doorway, need: Types) -> bool:
        """Tell whether the subgraph is a source already: entering it again gives nothing new."""
        for source in self.sources:
            if source.node.graph == door.graph and need <= source.types:
                # An interface object answers for all its objects or none: for some of them it is entered anew.
                whole = source.node.type == door.type and need == source.types
                if door.type is None or whole:
                    return True
        return False

    def _discover(self, door: Doorway, selection: Selection, need: Types, search: Search) -> Placed | None:
        """Enter a subgraph that knows the interface by its object types, then place the field from there."""
        _, everything = self._disguise(need)
        node = Node(door.type or "", door.graph)
        if ("discover", door) in search.guard:
            return None
        inner = replace(search, guard=search.guard | {("discover", door)})
        if self._enter(door, node, everything, frozenset(), selection.conditions, inner) is None:
            return None
        placed = self.place(selection, need, replace(inner, hops=search.hops - 1))
        return placed if len(placed.leftover) == 0 else None

    def _requirements(self, node: Node, need: Types, name: str) -> Given | None:
        """Return which of the objects' types need the field's `@requires`; None if one does not resolve it at all."""
        if name == TYPENAME:
            return None
        given: set[tuple[str, str]] = set()
        for member in (node.type,) if node.type != ENTITY else sorted(need):
            join = self.walker.graph.resolves(node, member, name)
            if join is None:
                return None
            if join.requires:
                given.add((member, name))
        return frozenset(given)

    def _enter(
        self, door: Doorway, node: Node, need: Types, given: Given, conditions: frozenset[Condition], search: Search
    ) -> int | None:
        """Make the subgraph a source; None if its keys or the field's requirements cannot be supplied."""
        mark = (door, given)
        if mark in search.guard:
            return None
        inner = replace(search, guard=search.guard | {mark}, banned=NOTHING, hops=search.hops - 1)
        entry = Entry()
        if self._is_entity():
            found = self._supplied(door, need, given, conditions, inner)
            if found is None:
                return None
            entry = found
        extended = self._extend(door, node, need, given, entry, conditions)
        if extended is not None:
            return extended
        depth = 1 + max((self.sources[index].depth for index in self._before(entry)), default=-1)
        self.sources.append(Source(node, need, conditions, given, entry, depth))
        self.cost += HOP + LATER * depth
        return len(self.sources) - 1

    def _before(self, entry: Entry) -> list[int]:
        known = [] if entry.knowing is None else [entry.knowing]
        return [*known, *(self.assignments[number].source for number in entry.supplies)]

    def _extend(
        self, door: Doorway, node: Node, need: Types, given: Given, entry: Entry, conditions: frozenset[Condition]
    ) -> int | None:
        """Bring requirements along with an entry that is made anyway, where they are there before it."""
        latest = max(self._before(entry), default=0)
        for index, source in enumerate(self.sources):
            if not given or source.entry is None or source.node != node or source.types != need or index <= latest:
                continue
            self._weaken(index, conditions)
            source = self.sources[index]
            before = source.entry or Entry()
            for number in entry.supplies:
                self._weaken_assignment(number, source.conditions)
            merged = Entry(before.represented + entry.represented, before.supplies + entry.supplies, before.knowing)
            self.sources[index] = replace(source, given=source.given | given, entry=merged)
            return index
        return None

    def _supplied(
        self,
        door: Doorway,
        need: Types,
        given: Given,
        conditions: frozenset[Condition],
        search: Search,
    ) -> Entry | None:
        """Supply a key, and the requirements, of every type that goes through the door."""
        represented: list[Represented] = []
        supplies: list[int] = []
        for types, keys, requires in self._groups(door, need, given):
            key = self._cheapest_key(keys, door, types, conditions, search)
            if key is None:
                return None
            selections = key[0]
            supplies += key[1]
            if requires:
                required = self.walker.graph.field_set(requires, frozenset({door.type}) if door.type else types)
                found = self._supply_requirements(required, types, conditions, search.guard)
                if found is None:
                    return None
                selections += required
                supplies += found
            represented.append(Represented(types, door.type, selections))
        return Entry(tuple(represented), tuple(supplies), self._knowing(need))

    def _groups(self, door: Doorway, need: Types, given: Given) -> Iterator[tuple[Types, tuple[str, ...], str | None]]:
        """Yield the types that go through the door in the same way, with their keys and requirements."""
        graph, names = self.walker.graph, dict(given)
        groups: dict[tuple[tuple[str, ...], str | None], Types] = {}
        for member in (door.type,) if door.type else sorted(need):
            join = graph.join(member, names[member], door.graph) if member in names else None
            way = (graph.keys(member, door.graph), join.requires if join else None)
            groups[way] = groups.get(way, NOTHING) | (need if door.type else frozenset({member}))
        for (keys, requires), types in groups.items():
            yield types, keys, requires

    def _cheapest_key(
        self, keys: tuple[str, ...], door: Doorway, types: Types, conditions: frozenset[Condition], search: Search
    ) -> tuple[tuple[Selection, ...], list[int]] | None:
        best: tuple[int, Position, tuple[Selection, ...], list[int]] | None = None
        for key in keys:
            selections = self.walker.graph.field_set(key, frozenset({door.type}) if door.type else types)
            trial = self.copy()
            supplies = trial._supply(selections, types, conditions, search)
            if supplies is not None and (best is None or trial.cost < best[0]):
                best = (trial.cost, trial, selections, supplies)
            if best and best[0] - self.cost < HOP:
                break
        if best is None:
            return None
        self.adopt(best[1])
        return best[2], best[3]

    def _supply(
        self, selections: tuple[Selection, ...], types: Types, conditions: frozenset[Condition], search: Search
    ) -> list[int] | None:
        supplies: list[int] = []
        for selection in selections:
            placed = self.place(selection.under(conditions), selection.on & types, search)
            if placed.leftover:
                return None
            supplies += placed.assignments
        return supplies

    def _supply_requirements(
        self, selections: tuple[Selection, ...], types: Types, conditions: frozenset[Condition], guard: Guard
    ) -> list[int] | None:
        supplies: list[int] = []
        for selection in selections:
            placed = self.place_somehow(selection.under(conditions), selection.on & types, guard)
            if placed.leftover:
                return None
            supplies += placed.assignments
        return supplies

    def _land(self, index: int, selection: Selection, need: Types, search: Search) -> Placed:
        placed, reached = Placed(), NOTHING
        for target, types in self._targets(index, selection, need).items():
            placed += self._assign(index, selection, types, target, search)
            reached |= types
        missed = need - reached
        return placed + (Placed((), (replace(selection, on=missed),)) if missed else Placed())


def _same(made: Selection, selection: Selection) -> bool:
    return (
        not made.key
        and (made.name, made.arguments) == (selection.name, selection.arguments)
        and made.selections is selection.selections
    )
