"""Stage 4: turn decisions into steps, each one fetch, with what it selects, represents and waits for."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gateway.plan import (
    Chain,
    ContextVariable,
    Items,
    Key,
    OnTypes,
    OperationKind,
    Path,
    RequiredField,
    RequiredOnTypes,
    RequiredSelection,
    RequiredType,
    Requires,
    render_path,
)
from gateway.planner.graph import ENTITY, Graph, Node, Types
from gateway.planner.keys import Keys, Place
from gateway.planner.representations import merge_requires
from gateway.planner.selection import TYPENAME, Around, Bound, Condition, Defers, Selection, outermost
from gateway.planner.solution import Assignment, Entry, Represented, Solution, Source


@dataclass(slots=True)
class Output:
    """What a step selects of objects at a node."""

    node: Node
    types: Types
    fields: dict[tuple[object, ...], "OutputField"] = field(default_factory=dict[tuple[object, ...], "OutputField"])

    def add(self, new: "OutputField") -> "OutputField":
        """Add a field, or what it selects to the same field that is there already."""
        form = (new.arguments, new.directives, new.around)
        identity = (new.key, new.name, form, new.conditions, new.types, new.child and new.child.node)
        present = self.fields.setdefault(identity, new)
        if present is not new and present.child and new.child:
            present.child.merge(new.child)
        return present

    def merge(self, other: "Output") -> None:
        """Add everything that another output selects."""
        self.types |= other.types
        for new in other.fields.values():
            self.add(new)


@dataclass(slots=True)
class OutputField:
    """A field in a step's selection, for objects of `types`."""

    key: str
    name: str
    arguments: str
    variables: frozenset[str]
    conditions: frozenset[Condition]
    types: Types
    child: Output | None
    directives: str = ""
    around: tuple[Around, ...] = ()


@dataclass(eq=False, slots=True)
class Step:
    """One fetch. `outputs` are by the type condition around them; `place` tells where its answer goes, by keys.

    `chains` are the deferred fragments that need it, `()` among them where the first answer does.
    """

    number: int
    graph: str
    kind: OperationKind
    path: Path
    place: Place
    conditions: frozenset[Condition]
    outputs: dict[str | None, Output]
    requires: tuple[Requires, ...] = ()
    depends: set["Step"] = field(default_factory=set["Step"])
    contexts: dict[str, ContextVariable] = field(default_factory=dict[str, ContextVariable])
    earliest: int = 0
    chains: set[Chain] = field(default_factory=set[Chain])

    @property
    def part(self) -> Defers:
        """The deferred fragments that it is for; none where the first answer needs it."""
        return outermost(self.chains)

    def before(self) -> set["Step"]:
        """Return all steps that this one waits for, directly or not."""
        found: set[Step] = set()
        waiting = list(self.depends)
        while waiting:
            step = waiting.pop()
            if step not in found:
                found.add(step)
                waiting += step.depends
        return found


@dataclass(frozen=True, slots=True)
class _Spot:
    """Where objects are: their place in the tree, the path to them, and conditions that their absence does not show."""

    place: Place = ()
    path: Path = ()
    conditions: frozenset[Condition] = frozenset()
    depths: tuple[int, ...] = (0,)
    """How many steps of the path lead to the objects around these, the outermost first, and to these themselves."""


class FetchGraph:
    """The steps of one solution."""

    def __init__(self, graph: Graph, keys: Keys, kind: OperationKind, solution: Solution) -> None:
        self._graph = graph
        self._keys = keys
        self._kind: OperationKind = kind
        self.steps: list[Step] = []
        self._own: dict[tuple[Place, str], set[Step]] = {}
        self._waiting: list[tuple[Step, Place, Bound]] = []
        self._build(solution, _Spot(), None)
        for step, place, bound in self._waiting:
            for supply in bound.supplies:
                step.depends |= self._own[place, self._keys.key(place, supply)] - {step}
        _tell_ahead(self.steps)

    def _build(self, solution: Solution, spot: _Spot, found: tuple[Step, Output] | None) -> set[Step]:
        """Build the steps below one place; return every step that was touched."""
        sources = [self._source(solution, source, spot, found) for source in solution.sources]
        touched = [self._assign(solution, made, spot, *sources[made.source]) for made in solution.assignments]
        for source, (step, _) in zip(solution.sources, sources, strict=True):
            if source.entry:
                step.depends |= {found[0]} if found else set()
                if source.entry.knowing is not None:
                    step.depends.add(sources[source.entry.knowing][0])
                for number in source.entry.supplies:
                    step.depends |= touched[number]
                step.depends.discard(step)
        return {step for steps in touched for step in steps}

    def _source(
        self, solution: Solution, source: Source, spot: _Spot, found: tuple[Step, Output] | None
    ) -> tuple[Step, Output]:
        if source.entry is None and found:
            return found
        output = Output(source.node, source.types)
        condition = source.node.type if self._is_entered_by_name(source) else None
        kind: OperationKind = self._kind if found is None else "query"
        step = Step(
            len(self.steps),
            source.node.graph,
            kind,
            spot.path,
            spot.place,
            source.conditions | spot.conditions,
            {condition: output},
        )
        if source.entry and source.entry.represented:
            entry = source.entry
            step.requires = merge_requires(
                self._requires(solution, entry, r, self._receiver(solution, source, r, spot.place))
                for r in entry.represented
            )
        self.steps.append(step)
        return step, output

    def _is_entered_by_name(self, source: Source) -> bool:
        return source.entry is not None and bool(source.entry.represented) and source.node.type != ENTITY

    def _assign(self, solution: Solution, made: Assignment, spot: _Spot, step: Step, output: Output) -> set[Step]:
        selection = made.selection
        key = self._keys.key(spot.place, selection)
        if selection.key or selection.name == TYPENAME:
            step.chains |= selection.defers or {()}
        conditions = made.conditions - step.conditions
        target = Output(made.child.sources[0].node, made.child.types) if made.child else None
        added = output.add(_output_field(key, selection, conditions, made.types, target))
        for bound in selection.contexts:
            if bound.graph == output.node.graph:
                self._bind(added, bound, spot, step)
        touched = {step}
        if made.child and added.child:
            place = (*spot.place, key)
            hidden = self._keys.unguarded(place, made.conditions) if selection.key else frozenset[Condition]()
            path = (*spot.path, *self._path(solution, made, key))
            below = _Spot(place, path, spot.conditions | hidden, (*spot.depths, len(path)))
            touched |= self._build(made.child, below, (step, added.child))
        if not selection.key:
            self._own.setdefault((spot.place, key), set()).update(touched)
        return touched

    def _bind(self, output: OutputField, bound: Bound, spot: _Spot, step: Step) -> None:
        """Give a contextual argument its variable, whose value the step takes from an object that it waits for."""
        place = spot.place[: bound.levels]
        values = tuple(self._values(bound.supplies, place, typed=bound.typed))
        step.contexts[bound.variable] = ContextVariable(bound.variable, spot.depths[bound.levels], values)
        self._waiting.append((step, place, bound))
        inside = [output.arguments[1:-1]] if output.arguments else []
        output.arguments = f"({','.join(sorted([*inside, f'{bound.argument}:${bound.variable}']))})"
        output.variables |= {bound.variable}

    def _values(self, selections: tuple[Selection, ...], place: Place, *, typed: bool) -> Iterator[Path]:
        """Yield the ways to a context's value, each for other types of object."""
        for selection in selections:
            key = self._keys.key(place, selection)
            here: Path = ((OnTypes(tuple(sorted(selection.on))),) if typed else ()) + (Key(key),)
            if not selection.selections:
                yield here
                continue
            known = self._graph.supergraph.types[min(selection.on)].fields[selection.name].type.name
            abstract = self._graph.is_abstract(known)
            below = tuple(one for one in selection.selections if one.name != TYPENAME)
            yield from (here + rest for rest in self._values(below, (*place, key), typed=abstract))

    def _path(self, solution: Solution, made: Assignment, key: str) -> Iterator[OnTypes | Key | Items]:
        if made.types != solution.types:
            yield OnTypes(tuple(sorted(made.types | self._veils(solution.sources[made.source], made.types))))
        yield Key(key)
        name = made.selection.name
        fields = (self._graph.supergraph.types[one].fields.get(name) for one in made.types)
        for _ in range(max(known.type.depth for known in fields if known)):
            yield Items()

    def _veils(self, source: Source, types: Types) -> Types:
        """Return the names under which interface objects of these types may lie in the tree until they are told."""
        members = self._graph.members_of(source.node, source.types)
        return frozenset(
            m for m in members if members[m] <= types and self._graph.is_interface_object(m, source.node.graph)
        )

    # --- representations

    def _receiver(self, solution: Solution, source: Source, represented: Represented, place: Place) -> "_Receiver":
        """Return who gets a representation, with the keys of the fields for which it holds more than a key."""
        asked = (made for made in solution.assignments if solution.sources[made.source] is source)
        keys = {self._keys.key(place, a.selection) for a in asked if a.selection.name in represented.fields}
        return _Receiver(source.node.graph, place, tuple(sorted(keys)))

    def _requires(self, solution: Solution, entry: Entry, represented: Represented, to: "_Receiver") -> Requires:
        types, key = represented.types, _Receiver(to.graph, to.place)
        selections = (
            *self._required(represented.selections, types, key),
            *self._required(represented.required, types, to),
        )
        typename = represented.typename
        everywhere = represented.types >= solution.types
        if everywhere and typename is None and len(solution.types) == 1:
            typename = next(iter(solution.types))
        names = represented.types
        if entry.knowing is None and typename:
            # Until somebody tells their types, such objects have the interface's name in the tree.
            names |= {typename}
        on = () if everywhere and typename else tuple(sorted(names))
        return Requires(on, typename, selections)

    def _required(
        self, selections: tuple[Selection, ...], types: Types, to: "_Receiver"
    ) -> Iterator[RequiredSelection]:
        for selection in selections:
            if selection.name == TYPENAME:
                continue
            key = self._keys.key(to.place, selection)
            nested: tuple[RequiredSelection, ...] = ()
            if selection.selections:
                nested = tuple(self._nested(selection, types, to.below(key)))
            required = RequiredField(selection.name, key, nested, to.wanted_by)
            if selection.on >= types:
                yield required
            elif not selection.on.isdisjoint(types):
                yield RequiredOnTypes(tuple(sorted(selection.on & types)), (required,))

    def _nested(self, selection: Selection, types: Types, to: "_Receiver") -> Iterator[RequiredSelection]:
        """Yield what is sent of an object in a representation; its type too where the receiver may need it."""
        known = self._graph.supergraph.types
        fields = (known[t].fields.get(selection.name) for t in sorted(selection.on & types))
        inner = next(f.type.name for f in fields if f)
        if self._graph.is_abstract(inner) and not self._graph.is_interface_object(inner, to.graph):
            yield RequiredField(TYPENAME, TYPENAME)
        elif self._graph.is_entity(inner) or any(one.name == TYPENAME for one in selection.selections):
            yield RequiredType(inner)
        yield from self._required(selection.selections, self._graph.supergraph.runtime_types(inner), to)


@dataclass(frozen=True, slots=True)
class _Receiver:
    """The subgraph that gets a representation of objects at a place, and the fields whose requirement this is."""

    graph: str
    place: Place
    wanted_by: tuple[str, ...] = ()

    def below(self, key: str) -> "_Receiver":
        return replace(self, place=(*self.place, key))


def _output_field(
    key: str, asked: Selection, conditions: frozenset[Condition], types: Types, child: Output | None
) -> OutputField:
    directives, around = asked.directives, asked.around
    return OutputField(key, asked.name, asked.arguments, asked.variables, conditions, types, child, directives, around)


def _tell_ahead(steps: list[Step]) -> None:
    """Tell every step what the steps that wait for it are for."""
    for step in steps:
        for other in step.before():
            other.chains |= step.chains
    for step in steps:
        if not step.chains:
            step.chains.add(())


def render(steps: list[Step]) -> Iterator[str]:
    """Yield the lines of a readable form."""
    for step in steps:
        waits = ", ".join(str(number) for number in sorted(s.number for s in step.depends))
        path = f' at "{render_path(step.path)}"' if step.path else ""
        yield f"step {step.number}: {step.graph}{path}{f' after {waits}' if waits else ''}"
        for condition, output in step.outputs.items():
            yield from _render_output(output, f"  on {condition}: " if condition else "  ")


def _render_output(output: Output, indent: str) -> Iterator[str]:
    for one in output.fields.values():
        yield f"{indent}{one.key}{'' if one.key == one.name else f': {one.name}'}{one.arguments}{one.directives}"
        if one.child:
            yield from _render_output(one.child, " " * len(indent) + "  ")
