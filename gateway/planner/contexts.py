"""Stage 1b: tie contextual arguments (`@fromContext`) to the nearest objects around them that carry their contexts.

An argument's value comes from fields of an object further up, wherever that lies in the answer: those fields are
selected there, as the planner's own, and the field with the argument waits for them. What lies between is parted by
the types of the objects where some of them carry a context and others do not. A supergraph without contexts never
comes here.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from gateway.planner.directives import Head
from gateway.planner.normalize import Operation, normalize_field_set
from gateway.planner.selection import Bound, Condition, Defers, Selection
from gateway.supergraph import ContextArgument, Supergraph


def bind(supergraph: Supergraph, operation: Operation) -> Operation:
    """Return the operation with its contextual arguments tied."""
    if not supergraph.contexts:
        return operation
    binder = _Binder(supergraph, operation.head)
    root = _Level(supergraph.roots[operation.kind])
    selections = binder.below(operation.selections, root, ())
    return replace(operation, selections=selections, head=replace(operation.head, declared=binder.declared))


@dataclass(slots=True)
class _Supply:
    """A field that makes values: the conditions under which anybody needs it, and the fragments that it is for."""

    selection: Selection
    conditions: frozenset[Condition]
    defers: Defers

    def add(self, conditions: frozenset[Condition], defers: Defers) -> None:
        self.conditions &= conditions
        self.defers = self.defers if self.defers == defers else frozenset()


@dataclass(slots=True)
class _Level:
    """The objects at one place: their static type, and what is selected of them for arguments further down."""

    type: str
    supplies: dict[tuple[str, str], list[_Supply]] = field(default_factory=dict[tuple[str, str], list[_Supply]])


Around = tuple[tuple[_Level, Selection], ...]
"""The objects around a field, the outermost first, each with the field of it that leads on."""


class _Binder:
    def __init__(self, supergraph: Supergraph, head: Head) -> None:
        self._supergraph = supergraph
        self._variables: dict[tuple[int, str, str, tuple[int, ...]], str] = {}
        self.declared = dict(head.declared)

    def below(self, selections: tuple[Selection, ...], level: _Level, around: Around) -> tuple[Selection, ...]:
        """Return what is selected of the objects at a level, their part for contexts included."""
        done = [self._tied(part, level, around) for one in selections for part in self._parts(one)]
        supplied = [s for supplies in level.supplies.values() for s in supplies]
        own = [replace(s.selection, conditions=s.conditions, defers=s.defers) for s in supplied]
        return (*done, *own)

    def _tied(self, selection: Selection, level: _Level, around: Around) -> Selection:
        contexts = tuple(self._bounds(selection, around))
        children = selection.selections
        if children:
            name = next(iter(sorted(selection.on)))
            inner = self._supergraph.types[name].fields[selection.name].type.name
            children = self.below(children, _Level(inner), (*around, (level, selection)))
        return replace(selection, contexts=contexts, selections=children)

    def _parts(self, selection: Selection) -> Iterator[Selection]:
        """Part a field by its objects' types, where they carry different contexts or have other arguments."""
        if not self._is_touched(selection):
            yield selection
            return
        groups: dict[object, set[str]] = {}
        for name in sorted(selection.on):
            own = name if self._contextual(selection, name) else ""
            groups.setdefault((self._supergraph.carried.get(name), own), set()).add(name)
        for names in groups.values():
            yield replace(selection, on=frozenset(names))

    def _is_touched(self, selection: Selection) -> bool:
        own = any(self._contextual(selection, name) for name in selection.on)
        return own or any(map(self._is_touched, selection.selections))

    def _contextual(self, selection: Selection, type_name: str) -> bool:
        known = self._supergraph.types[type_name].fields.get(selection.name)
        return known is not None and any(join.contexts for join in known.joins.values())

    # --- one argument

    def _bounds(self, selection: Selection, around: Around) -> Iterator[Bound]:
        for name in sorted(selection.on):
            known = self._supergraph.types[name].fields.get(selection.name)
            for graph, join in known.joins.items() if known else ():
                for argument in join.contexts:
                    if bound := self._bound(selection, graph, argument, around):
                        yield bound

    def _bound(self, selection: Selection, graph: str, argument: ContextArgument, around: Around) -> Bound | None:
        """Tie an argument to the nearest object that carries its context; None where there is none."""
        conditions = selection.conditions
        for levels, (level, step) in reversed(list(enumerate(around))):
            conditions |= step.conditions
            if all(argument.context in self._supergraph.carried.get(name, ()) for name in step.on):
                supplies = self._supplies(level, argument.selection, step.on, conditions, selection.defers)
                variable = self._variable(levels, argument, supplies)
                typed = len(self._supergraph.runtime_types(level.type)) > 1
                return Bound(graph, argument.name, variable, argument.type, levels, supplies, typed)
        return None

    def _supplies(
        self, level: _Level, text: str, types: frozenset[str], conditions: frozenset[Condition], defers: Defers
    ) -> tuple[Selection, ...]:
        found: list[Selection] = []
        for name in sorted(types):
            if (text, name) not in level.supplies:
                selections = normalize_field_set(self._supergraph, text, name)
                level.supplies[text, name] = [_Supply(one, conditions, defers) for one in selections]
            for supply in level.supplies[text, name]:
                supply.add(conditions, defers)
                found.append(supply.selection)
        return tuple(found)

    def _variable(self, levels: int, argument: ContextArgument, supplies: tuple[Selection, ...]) -> str:
        identity = (levels, argument.context, argument.type, tuple(map(id, supplies)))
        if identity not in self._variables:
            number = len(self._variables)
            while f"contextualArgument_{number}" in self.declared:
                number += 1
            name = self._variables[identity] = f"contextualArgument_{number}"
            self.declared[name] = f"${name}:{argument.type}"
        return self._variables[identity]
