"""Entering a subgraph for a field: through which doors, by which key, and with what the field requires."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from gateway.planner.decisions import Decisions
from gateway.planner.graph import ENTITY, Doorway, Given, Graph, Node, Types
from gateway.planner.search import NOTHING, Placed, Search
from gateway.planner.selection import TYPENAME, Selection
from gateway.planner.solution import HOP, LATER, MOVED, Entry, Represented, Source

Supplied = tuple[tuple[Selection, ...], tuple[int, ...]]


def visits(position: Decisions, selection: Selection, need: Types, search: Search) -> Iterator["Visit"]:
    """Yield the visits to other subgraphs that may place a field for objects of `need`."""
    graph = position.walker.graph
    root = graph.supergraph.roots["query"]
    if position.types == frozenset({root}):
        for name in graph.supergraph.subgraphs:
            yield from _useful(position, Visit(graph, Doorway(name, None), Node(root, name), selection, need, search))
    elif knowing(position, need) is not None:
        for door in graph.doorways(need):
            node = Node(door.type or ENTITY, door.graph)
            yield from _useful(position, Visit(graph, door, node, selection, need, search))
    else:
        yield from _disguised_visits(position, selection, need, search)


def _disguised_visits(position: Decisions, selection: Selection, need: Types, search: Search) -> Iterator["Visit"]:
    """Yield the visits for objects that are known only as an interface: the door either tells their types or not."""
    graph = position.walker.graph
    interface, everything = disguise(position, need)
    for door in graph.doorways_of_interface_object(interface) if interface else ():
        visit = Visit(graph, door, Node(interface, door.graph), selection, need, search)
        if not graph.is_interface_object(interface, door.graph):
            if ("discover", door) not in search.guard:
                yield replace(visit, discovers=everything)
        elif need == everything:
            yield from _useful(position, visit)


def _useful(position: Decisions, visit: "Visit") -> Iterator["Visit"]:
    if visit.door.graph in visit.search.banned:
        return
    given = visit.requirements()
    if given is None or (visit.door, given) in visit.search.guard or (not given and visit.is_inside(position)):
        return
    yield replace(visit, given=given)


def knowing(position: Decisions, need: Types) -> int | None:
    """Return the first source that knows the run-time types, not only an interface object."""
    graph = position.walker.graph
    for index, source in enumerate(position.sources):
        members = graph.members_of(source.node, source.types)
        known = (types for member, types in members.items() if not graph.is_interface_object(member, source.node.graph))
        if need <= NOTHING.union(*known):
            return index
    return None


def disguise(position: Decisions, need: Types) -> tuple[str, Types]:
    """Return the interface by which alone a source knows these objects, and all the types that it hides."""
    graph = position.walker.graph
    for source in position.sources:
        for member, types in graph.members_of(source.node, source.types).items():
            if need <= types and graph.is_interface_object(member, source.node.graph):
                return member, types
    return "", NOTHING


def _clash(one: Entry, other: Entry) -> bool:
    """Tell whether one representation cannot carry both: a field required with different arguments."""
    pairs = ((a, b) for a in one.represented for b in other.represented if not a.types.isdisjoint(b.types))
    return any(_differ(a.everything, b.everything) for a, b in pairs)


def _differ(one: tuple[Selection, ...], other: tuple[Selection, ...]) -> bool:
    pairs = ((a, b) for a in one for b in other if a.name == b.name and not a.on.isdisjoint(b.on))
    return any(a.arguments != b.arguments or _differ(a.selections, b.selections) for a, b in pairs)


@dataclass(frozen=True, slots=True)
class Visit:
    """Entering one subgraph for one field. `discovers` are objects whose run-time types it is to tell first."""

    graph: Graph
    door: Doorway
    node: Node
    selection: Selection
    need: Types
    search: Search
    given: Given = frozenset()
    discovers: Types = NOTHING

    def requirements(self) -> Given | None:
        """Return which of the objects' types need the field's `@requires`; None if one does not resolve it at all."""
        name = self.selection.name
        if name == TYPENAME:
            return None
        given: set[tuple[str, str]] = set()
        for member in (self.node.type,) if self.node.type != ENTITY else sorted(self.need):
            join = self.graph.resolves(self.node, member, name)
            if join is None:
                return None
            if join.contexts and not all(self.selection.binds(self.door.graph, one.name) for one in join.contexts):
                return None
            if join.needs_more:
                given.add((member, name))
        return frozenset(given)

    def is_inside(self, position: Decisions) -> bool:
        """Tell whether the subgraph is a source already: entering it again gives nothing new."""
        for source in position.sources:
            if source.node.graph == self.door.graph and self.need <= source.types and source.serves(self.selection):
                # An interface object answers for all its objects or none: for some of them it is entered anew.
                whole = source.node.type == self.door.type and self.need == source.types
                if self.door.type is None or whole:
                    return True
        return False

    def pay(self, position: Decisions) -> Placed | None:
        """Enter and place the field; None where the door does not open. Changes the position in either case."""
        if self.discovers:
            return self._discover(position)
        index = self._enter(position, self.need, self.search)
        return None if index is None else self._land(position, index)

    def _discover(self, position: Decisions) -> Placed | None:
        """Enter a subgraph that knows the interface by its object types, then place the field from there."""
        inner = replace(self.search, guard=self.search.guard | {("discover", self.door)})
        if self._enter(position, self.discovers, inner) is None:
            return None
        placed = position.place(self.selection, self.need, replace(inner, hops=self.search.hops - 1))
        return None if placed.leftover else placed

    def _land(self, position: Decisions, index: int) -> Placed:
        placed, reached = Placed(), NOTHING
        if self.selection.selections and self._is_entity():
            position.cost += MOVED
        for target, types in position.targets(index, self.selection, self.need).items():
            placed += position.assign(index, self.selection, types, target, self.search)
            reached |= types
        missed = self.need - reached
        return placed + (Placed((), (replace(self.selection, on=missed),)) if missed else Placed())

    # --- the price: keys and requirements

    def _enter(self, position: Decisions, types: Types, search: Search) -> int | None:
        """Make the subgraph a source of the position; None if keys or requirements cannot be supplied."""
        mark = (self.door, self.given)
        if mark in search.guard:
            return None
        inner = replace(search, guard=search.guard | {mark}, banned=NOTHING, hops=search.hops - 1)
        entry = self._entry(position, types, inner) if self._is_entity() else Entry()
        if entry is None:
            return None
        before = [position.assignments[number].source for number in entry.supplies]
        if entry.knowing is not None:
            before.append(entry.knowing)
        extended = self._extend(position, entry, types, max(before, default=0)) if self.given else None
        if extended is not None:
            return extended
        depth = 1 + max((position.sources[index].depth for index in before), default=-1)
        conditions, defers = self.selection.conditions, self.selection.defers
        position.sources.append(Source(self.node, types, conditions, self.given, entry, depth, defers))
        position.cost += HOP + LATER * depth
        return len(position.sources) - 1

    def _is_entity(self) -> bool:
        return self.node.type != self.graph.supergraph.roots["query"]

    def _extend(self, position: Decisions, entry: Entry, types: Types, latest: int) -> int | None:
        """Bring requirements along with an entry that is made anyway, where they are there before it."""
        for index, source in enumerate(position.sources):
            if source.entry is None or source.node != self.node or source.types != types or index <= latest:
                continue
            if not source.serves(self.selection):
                continue
            if _clash(source.entry, entry):
                continue
            position.weaken(index, self.selection.conditions)
            conditions = position.sources[index].conditions
            for number in entry.supplies:
                position.weaken_assignment(number, conditions)
            made = source.entry
            merged = Entry(made.represented + entry.represented, made.supplies + entry.supplies, made.knowing)
            position.sources[index] = replace(position.sources[index], given=source.given | self.given, entry=merged)
            return index
        return None

    def _entry(self, position: Decisions, types: Types, search: Search) -> Entry | None:
        """Supply a key, and the requirements, of every type that goes through the door."""
        represented: list[Represented] = []
        supplies: tuple[int, ...] = ()
        for group, keys, requires in self._groups(types):
            key = self._cheapest_key(position, keys, group, search)
            required: Supplied | None = ((), ())
            if key and requires:
                required = self._supply(position, self._field_set(requires, group), group, search, anyhow=True)
            if key is None or required is None:
                return None
            fields = frozenset(name for _, name in self.given) if requires else NOTHING
            represented.append(Represented(group, self.door.type, key[0], required[0], fields))
            supplies += key[1] + required[1]
        return Entry(tuple(represented), supplies, knowing(position, types))

    def _groups(self, types: Types) -> Iterator[tuple[Types, tuple[str, ...], str | None]]:
        """Yield the types that go through the door in the same way, with their keys and requirements."""
        names = dict(self.given)
        groups: dict[tuple[tuple[str, ...], str | None], Types] = {}
        for member in (self.door.type,) if self.door.type else sorted(types):
            join = self.graph.join(member, names[member], self.door.graph) if member in names else None
            way = (self.graph.keys(member, self.door.graph), join.requires if join else None)
            groups[way] = groups.get(way, NOTHING) | (types if self.door.type else frozenset({member}))
        for (keys, requires), group in groups.items():
            yield group, keys, requires

    def _field_set(self, text: str, types: Types) -> tuple[Selection, ...]:
        return self.graph.field_set(text, frozenset({self.door.type}) if self.door.type else types)

    def _cheapest_key(
        self, position: Decisions, keys: tuple[str, ...], types: Types, search: Search
    ) -> Supplied | None:
        best: tuple[int, Decisions, Supplied] | None = None
        for key in keys:
            trial = position.copy()
            supplied = self._supply(trial, self._field_set(key, types), types, search)
            if supplied and (best is None or trial.cost < best[0]):
                best = (trial.cost, trial, supplied)
            if best and best[0] - position.cost < HOP:
                break
        if best is None:
            return None
        position.adopt(best[1])
        return best[2]

    def _supply(
        self,
        position: Decisions,
        selections: tuple[Selection, ...],
        types: Types,
        search: Search,
        *,
        anyhow: bool = False,
    ) -> Supplied | None:
        """Place fields that a representation needs: keys within the hops that are left, requirements anyhow."""
        supplies: tuple[int, ...] = ()
        for selection in selections:
            wanted, on = selection.under(self.selection.conditions), selection.on & types
            placed = position.place_somehow(wanted, on, search.guard) if anyhow else position.place(wanted, on, search)
            if placed.leftover:
                return None
            supplies += placed.assignments
        return selections, supplies
