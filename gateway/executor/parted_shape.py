"""The shape of an answer that comes in parts: which fields come first, and which with which deferred fragments.

It follows the incremental delivery proposal as graphql-core implements it (`graphql.execution.collect_fields` and
`build_execution_plan`): a field asked within several fragments comes with all of them, and one that is asked outside
of any comes first.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, cast

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    is_abstract_type,
)

from gateway.deferral import Deferral, Mark
from gateway.executor.shape import (
    INTROSPECTION,
    Abstract,
    Field,
    Object,
    Ready,
    Shape,
    ShapeMaker,
    Typename,
    possible_types,
)
from gateway.plan import Chain


@dataclass(frozen=True, slots=True, eq=False)
class Usage:
    """One deferred fragment at one place of the operation."""

    chain: Chain
    label: str | None
    parent: "Usage | None"

    def around(self) -> "Iterator[Usage]":
        """Yield the fragments that this one is nested in, the innermost first."""
        if self.parent:
            yield self.parent
            yield from self.parent.around()


Usages = frozenset[Usage]
Asked = list[tuple[FieldNode, Usage | None]]
Sets = tuple[tuple[SelectionSetNode, Usage | None], ...]
"""The selection sets of a field's objects, each with the fragment that it is asked within."""
Place = tuple[tuple[int, Usage | None], ...]
FIRST: Usages = frozenset()


@dataclass(slots=True, eq=False)
class PartedObject(Object):
    """An object; `starts` are the fragments that begin here, `later` its fields by the fragments they come with."""

    starts: tuple[Usage, ...] = ()
    later: "tuple[tuple[Usages, PartedObject], ...]" = ()

    def every_field(self) -> Iterator[Field]:
        """Yield all that is asked of the object, whenever it comes."""
        yield from self.fields
        for _, part in self.later:
            yield from part.every_field()


@dataclass(slots=True)
class _Collected:
    place: Place
    fields: dict[str, Asked] = field(default_factory=dict[str, Asked])
    starts: list[Usage] = field(default_factory=list[Usage])
    seen: set[tuple[str, int | None]] = field(default_factory=set[tuple[str, int | None]])


@dataclass(slots=True)
class PartedShapeMaker:
    """Makes the shape of one operation for one choice of the conditions."""

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, bool]
    deferral: Deferral
    _plain: ShapeMaker = field(init=False)
    _made: dict[tuple[str, Place, Usages], Shape] = field(default_factory=dict[tuple[str, Place, Usages], Any])
    _usages: dict[tuple[Place, int, Usage | None], Usage] = field(
        default_factory=dict[tuple[Place, int, Usage | None], Usage]
    )

    def __post_init__(self) -> None:
        """Leaves, wrappings and conditions are as in any answer."""
        self._plain = _Below(self.schema, self.fragments, self.conditions, parted=self)

    def root(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> PartedObject:
        """Return the shape of the operation's data."""
        return self._object(type_, ((selections, None),), FIRST)

    def composite(self, type_: Any, asked: Asked, within: Usages) -> Shape:
        """Return the shape of a field's objects, the field coming with the fragments `within`."""
        sets = tuple((node.selection_set, usage) for node, usage in asked if node.selection_set)
        identity = (type_.name, _place(sets), within)
        made = self._made.get(identity)
        if made is None:
            made = self._made[identity] = self._composite(type_, sets, within)
        return made

    def _composite(self, type_: Any, sets: Sets, within: Usages) -> Shape:
        if not is_abstract_type(type_):
            return self._object(type_, sets, within)
        possible = self.schema.get_possible_types(type_)
        types: dict[str, Object] = {one.name: self._object(one, sets, within) for one in possible}
        return Abstract(type_.name, types, self._untyped(type_, sets, within))

    def _untyped(self, type_: Any, sets: Sets, within: Usages) -> PartedObject | None:
        """Return the shape where the selection is the same for every type, and nothing of it is deferred further."""
        first, *others = possible_types(self.schema, type_)
        plain = self._collect(first, sets)
        names = {node.name.value for asked in plain.fields.values() for node, _ in asked}
        alike = (self._collect(one, sets) for one in others)
        if plain.starts or "__typename" in names or any(one.starts or one.fields != plain.fields for one in alike):
            return None
        known = isinstance(type_, GraphQLInterfaceType) and names <= type_.fields.keys()
        return self._object(type_ if others and known else first, sets, within)

    def _object(self, type_: GraphQLObjectType | GraphQLInterfaceType, sets: Sets, within: Usages) -> PartedObject:
        collected = self._collect(type_, sets)
        groups: dict[Usages, list[Field]] = {within: []}
        for key, asked in collected.fields.items():
            usages = _outermost(asked)
            groups.setdefault(usages, []).append(self._field(type_, key, asked, usages))
        first = tuple(groups.pop(within))
        later = tuple((usages, PartedObject(type_.name, tuple(fields))) for usages, fields in groups.items())
        return PartedObject(type_.name, first, tuple(collected.starts), later)

    def _field(self, type_: GraphQLObjectType | GraphQLInterfaceType, key: str, asked: Asked, usages: Usages) -> Field:
        name = asked[0][0].name.value
        coordinate = f"{type_.name}.{name}"
        if name == "__typename":
            return Field(key, coordinate, Typename(type_.name))
        if name in INTROSPECTION:
            return Field(key, coordinate, Ready())
        return Field(key, coordinate, self._plain.shape_of(type_.fields[name].type, cast(Any, (asked, usages))))

    def _collect(self, type_: Any, sets: Sets) -> _Collected:
        collected = _Collected(_place(sets))
        for selections, usage in sets:
            self._visit(type_, selections.selections, usage, collected)
        return collected

    def _visit(self, type_: Any, selections: tuple[SelectionNode, ...], usage: Usage | None, into: _Collected) -> None:
        for selection in selections:
            if not self._plain.included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                into.fields.setdefault(key, []).append((selection, usage))
            else:
                self._enter(type_, selection, usage, into)

    def _enter(self, type_: Any, selection: Any, usage: Usage | None, into: _Collected) -> None:
        """Visit what is inside a fragment, a named one once for each deferral."""
        is_named = isinstance(selection, FragmentSpreadNode)
        fragment: Any = self.fragments[selection.name.value] if is_named else cast(InlineFragmentNode, selection)
        if not self._plain.applies(fragment.type_condition, type_):
            return
        mark = self.deferral.mark(selection)
        inner = self._usage(into.place, mark, usage) if mark else usage
        if is_named:
            name = selection.name.value
            visit = (name, inner.chain[-1] if inner else None)
            if (name, None) in into.seen or visit in into.seen:
                return
            into.seen.add(visit)
        if mark and inner:
            into.starts.append(inner)
        self._visit(type_, fragment.selection_set.selections, inner, into)

    def _usage(self, place: Place, mark: Mark, parent: Usage | None) -> Usage:
        """Return one and the same for all types of object at a place."""
        made = Usage((*(parent.chain if parent else ()), mark.number), mark.label, parent)
        return self._usages.setdefault((place, mark.number, parent), made)


def _place(sets: Sets) -> Place:
    return tuple((id(selections), usage) for selections, usage in sets)


class _Below(ShapeMaker):
    """Hands objects back to the maker of parted shapes."""

    def __init__(self, *args: Any, parted: PartedShapeMaker) -> None:
        super().__init__(*args)
        self._parted = parted

    def composite(self, type_: Any, nodes: Any) -> Shape:
        asked, usages = nodes
        return self._parted.composite(type_, asked, usages)


def _outermost(asked: Asked) -> Usages:
    """Return the fragments that a field comes with: none if it is asked outside of any, else not their inner ones."""
    usages = {usage for _, usage in asked}
    found = frozenset(usage for usage in usages if usage)
    if len(found) < len(usages):
        return FIRST
    return frozenset(usage for usage in found if found.isdisjoint(usage.around()))
