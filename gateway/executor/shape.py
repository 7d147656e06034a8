"""What the answer to an operation must look like: its client's keys, types and nullability, as data.

Made once per operation and choice of its `@skip`/`@include` variables, so that a shape has no conditions in it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from graphql import (
    BooleanValueNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLEnumType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNamedType,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLScalarType,
    GraphQLSchema,
    InlineFragmentNode,
    SelectionSetNode,
    is_abstract_type,
)
from graphql.type import is_specified_scalar_type

Builtin = Literal["Int", "Float", "String", "Boolean", "ID"]
INTROSPECTION = ("__schema", "__type")


@dataclass(frozen=True, slots=True, eq=False)
class Scalar:
    """A value of a built-in scalar; `name` None is a custom one, whose values pass as they are."""

    name: Builtin | None


@dataclass(frozen=True, slots=True, eq=False)
class Enum:
    """One of the names that the API schema knows."""

    name: str
    values: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class Typename:
    """`__typename`, which no subgraph needs to tell: the object's type is known by then."""

    name: str


@dataclass(frozen=True, slots=True, eq=False)
class Ready:
    """A part of the answer that is complete already: introspection."""


@dataclass(frozen=True, slots=True, eq=False)
class Denied:
    """What the caller may not see: null, and an error at the field or at each of `places` below it."""

    places: tuple[tuple[str, ...], ...] = ((),)


@dataclass(frozen=True, slots=True)
class Denials:
    """The fields of an operation that its caller may not see, by the ids of their nodes.

    Nothing is left of a field that was `emptied`, since nothing that is asked below it may be seen: it is not fetched
    either, unless it is asked elsewhere too. `places` are the keys below it where something was denied; none below a
    list, whose length nobody knows.
    """

    nodes: frozenset[int] = frozenset()
    emptied: Mapping[int, tuple[tuple[str, ...], ...]] = field(default_factory=dict[int, tuple[tuple[str, ...], ...]])

    def __bool__(self) -> bool:
        return bool(self.nodes or self.emptied)

    def of(self, nodes: Sequence[FieldNode]) -> Denied | None:
        """Return what stands for a field that is asked by these nodes, None where it may be seen."""
        if any(id(node) in self.nodes for node in nodes):
            return Denied()
        if not all(id(node) in self.emptied for node in nodes):
            return None
        return Denied(tuple({place: None for node in nodes for place in self.emptied[id(node)]}))


NO_DENIALS = Denials()


@dataclass(frozen=True, slots=True, eq=False)
class NonNull:
    """Never null; otherwise the parent is."""

    of: "Shape"


@dataclass(frozen=True, slots=True, eq=False)
class ListOf:
    """A list."""

    of: "Shape"


@dataclass(slots=True, eq=False)
class Object:
    """An object of one type; its fields in the order of the answer."""

    name: str
    fields: "tuple[Field, ...]" = ()

    def every_field(self) -> "Iterator[Field]":
        """Yield all that is asked of the object."""
        yield from self.fields


@dataclass(frozen=True, slots=True, eq=False)
class Abstract:
    """An object of one of the possible types of an interface or union, told by `__typename`.

    `untyped` is the shape where the selection is the same for every type, and nobody needs to tell which it is.
    """

    name: str
    types: Mapping[str, Object]
    untyped: Object | None = None


Shape = Scalar | Enum | Typename | Ready | Denied | NonNull | ListOf | Object | Abstract


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """One field of an object: the client's key, the schema's coordinate (`User.name`) and its shape."""

    key: str
    coordinate: str
    shape: Shape


@dataclass(slots=True)
class ShapeMaker:
    """Makes the shape of one operation; equal selections of a type share one shape.

    `denied` is what the caller may not see, `met` whether any of it was met.
    """

    schema: GraphQLSchema
    fragments: Mapping[str, FragmentDefinitionNode]
    conditions: Mapping[str, bool]
    denied: Denials = NO_DENIALS
    met: bool = False
    _made: dict[tuple[str, tuple[int, ...]], Shape] = field(default_factory=dict[tuple[str, tuple[int, ...]], Any])

    def root(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> Object:
        """Return the shape of the operation's data."""
        return Object(type_.name, tuple(self._fields(type_, [selections])))

    def root_fields(self, type_: GraphQLObjectType, selections: SelectionSetNode) -> dict[str, list[FieldNode]]:
        """Return the root fields that are included, by response key."""
        return self._nodes(type_, [selections])

    def _fields(
        self, type_: GraphQLObjectType | GraphQLInterfaceType, selections: list[SelectionSetNode]
    ) -> Iterator[Field]:
        for key, nodes in self._nodes(type_, selections).items():
            name = nodes[0].name.value
            coordinate = f"{type_.name}.{name}"
            if name == "__typename":
                yield Field(key, coordinate, Typename(type_.name))
            elif name in INTROSPECTION:
                yield Field(key, coordinate, Ready())
            elif self.denied and (denied := self.denied.of(nodes)):
                self.met = True
                yield Field(key, coordinate, _nullable(type_.fields[name].type, denied))
            else:
                yield Field(key, coordinate, self.shape_of(type_.fields[name].type, nodes))

    def _nodes(self, type_: GraphQLNamedType, selections: list[SelectionSetNode]) -> dict[str, list[FieldNode]]:
        found: dict[str, list[FieldNode]] = {}
        seen: set[str] = set()
        for one in selections:
            self._collect(type_, one, found, seen)
        return found

    def shape_of(self, type_: Any, nodes: list[FieldNode]) -> Shape:
        if isinstance(type_, GraphQLNonNull):
            return NonNull(self.shape_of(_inner(type_), nodes))
        if isinstance(type_, GraphQLList):
            return ListOf(self.shape_of(_inner(type_), nodes))
        if isinstance(type_, GraphQLScalarType):
            name: Any = type_.name if is_specified_scalar_type(type_) else None
            return Scalar(name)
        if isinstance(type_, GraphQLEnumType):
            return Enum(type_.name, frozenset(type_.values))
        return self.composite(type_, nodes)

    def composite(self, type_: Any, nodes: list[FieldNode]) -> Shape:
        identity = (type_.name, tuple(id(node) for node in nodes))
        made = self._made.get(identity)
        if made is None:
            selections = [node.selection_set for node in nodes if node.selection_set]
            if is_abstract_type(type_):
                types = {one.name: self._object(one, selections) for one in self.schema.get_possible_types(type_)}
                made = Abstract(type_.name, types, self._untyped(type_, selections))
            else:
                made = self._object(type_, selections)
            self._made[identity] = made
        return made

    def _untyped(self, type_: Any, selections: list[SelectionSetNode]) -> Object | None:
        first, *others = possible_types(self.schema, type_)
        plain = self._nodes(first, selections)
        names = {node.name.value for nodes in plain.values() for node in nodes}
        if "__typename" in names or any(self._nodes(one, selections) != plain for one in others):
            return None
        known = isinstance(type_, GraphQLInterfaceType) and names <= type_.fields.keys()
        return self._object(type_ if others and known else first, selections)

    def _object(self, type_: GraphQLObjectType | GraphQLInterfaceType, selections: list[SelectionSetNode]) -> Object:
        return Object(type_.name, tuple(self._fields(type_, selections)))

    def _collect(
        self,
        type_: GraphQLNamedType,
        selections: SelectionSetNode,
        found: dict[str, list[FieldNode]],
        seen: set[str],
    ) -> None:
        for selection in selections.selections:
            if not self.included(selection):
                continue
            if isinstance(selection, FieldNode):
                key = selection.alias.value if selection.alias else selection.name.value
                found.setdefault(key, []).append(selection)
            elif isinstance(selection, InlineFragmentNode):
                if self.applies(selection.type_condition, type_):
                    self._collect(type_, selection.selection_set, found, seen)
            elif isinstance(selection, FragmentSpreadNode) and (name := selection.name.value) not in seen:
                seen.add(name)
                fragment = self.fragments[name]
                if self.applies(fragment.type_condition, type_):
                    self._collect(type_, fragment.selection_set, found, seen)

    def applies(self, condition: Any, type_: Any) -> bool:
        if condition is None or condition.name.value == type_.name:
            return True
        named: Any = self.schema.get_type(condition.name.value)
        return is_abstract_type(named) and self.schema.is_sub_type(named, type_)

    def included(self, selection: Any) -> bool:
        for directive in selection.directives or ():
            wanted = {"include": True, "skip": False}.get(directive.name.value)
            if wanted is not None and self._value(directive.arguments[0].value) is not wanted:
                return False
        return True

    def _value(self, node: Any) -> bool:
        return node.value if isinstance(node, BooleanValueNode) else self.conditions[node.name.value]


def known_path(root: "Object", path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    """Return a path in the answer as far as the client asked for it: fields that only the planner needs end it."""
    here: list[Shape] = [root]
    for depth, step in enumerate(path):
        here = list({id(below): below for one in here for below in _steps(one, step)}.values())
        if not here:
            return path[:depth]
    return path


def _steps(shape: Shape, step: str | int) -> Iterator[Shape]:
    match shape:
        case NonNull(of):
            yield from _steps(of, step)
        case ListOf(of) if isinstance(step, int):
            yield of
        case Abstract(_, types, untyped):
            for one in (*types.values(), *([untyped] if untyped else ())):
                yield from _steps(one, step)
        case Object():
            yield from (one.shape for one in shape.every_field() if one.key == step)
        case _:
            return


def possible_types(schema: GraphQLSchema, type_: Any) -> Sequence[Any]:
    """Return the object types of an abstract type; itself where clients know none, so that it stands for all."""
    return schema.get_possible_types(type_) or (type_,)


def _nullable(type_: Any, denied: Denied) -> Shape:
    return NonNull(denied) if isinstance(type_, GraphQLNonNull) else denied


def _inner(type_: Any) -> Any:
    return type_.of_type
