"""From an operation to what of it a caller may see, by the rules of a supergraph.

As https://www.apollographql.com/docs/graphos/routing/security/authorization has it: a field is denied by its own
requirement, by that of the type it is asked of, and by that of the type it returns. An interface's own fields are
denied where any of its object types is; then the field that returns the interface is denied, once. What is asked of
one object type by a fragment is decided by that type alone. `__typename` and introspection are nobody's secret, and
what a plan needs for itself (keys, `@requires`) is not asked here.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from graphql import (
    BooleanValueNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLList,
    GraphQLNonNull,
    GraphQLSchema,
    InlineFragmentNode,
    NameNode,
    OperationDefinitionNode,
    SelectionNode,
    SelectionSetNode,
    get_named_type,
    is_abstract_type,
    is_interface_type,
)

from gateway.executor.shape import Denials
from gateway.supergraph import Granted, Requirement, Rules

Allows = Callable[[Requirement], bool]
Places = tuple[tuple[str, ...], ...]
_TYPENAME = FieldNode(name=NameNode(value="__typename"))


@dataclass(frozen=True, slots=True)
class Demands:
    """What an operation demands of whoever asks it: the scopes that make a difference, and whether a log-in does."""

    scopes: frozenset[str]

    def relevant(self, granted: Granted) -> Granted:
        """Return what of a caller's rights makes a difference to this operation."""
        return Granted(granted.authenticated, granted.scopes & self.scopes)


@dataclass(frozen=True, slots=True)
class Left:
    """What is left of an operation: a document to plan, and what is denied; `is_empty` where nothing is left."""

    document: DocumentNode
    denied: Denials
    is_empty: bool


@dataclass(slots=True)
class _Inside:
    """What became of a selection set; `lost` are the places of what is denied, `maybe` tells whether by conditions."""

    kept: list[SelectionNode] = field(default_factory=list[SelectionNode])
    lost: dict[tuple[str, ...], None] = field(default_factory=dict[tuple[str, ...], None])
    maybe: bool = False


def demands(
    schema: GraphQLSchema, rules: Rules, document: DocumentNode, operation: OperationDefinitionNode
) -> Demands | None:
    """Return what a valid operation demands, None where everybody may see all of it."""
    met: list[Requirement] = []

    def note(requirement: Requirement) -> bool:
        if requirement != Requirement():
            met.append(requirement)
        return True

    _Filter(schema, rules, document, note).operation(operation)
    return Demands(frozenset(scope for one in met for scope in one.scopes)) if met else None


def without_denied(
    schema: GraphQLSchema, rules: Rules, document: DocumentNode, operation: OperationDefinitionNode, granted: Granted
) -> Left:
    """Return what is left of a valid operation for a caller."""
    return _Filter(schema, rules, document, lambda requirement: requirement.is_met(granted)).operation(operation)


class _Filter:
    def __init__(self, schema: GraphQLSchema, rules: Rules, document: DocumentNode, allows: Allows) -> None:
        self._schema, self._rules, self._allows = schema, rules, allows
        self._fragments: Mapping[str, FragmentDefinitionNode] = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._spread: dict[str, _Inside] = {}
        self._direct: dict[str, bool] = {}
        self._nodes: set[int] = set()
        self._emptied: dict[int, Places] = {}

    def operation(self, node: OperationDefinitionNode) -> Left:
        root: Any = self._schema.get_root_type(node.operation)
        inside = self._inside(node.selection_set, root)
        left = replace(node, selection_set=_set(inside.kept or [_TYPENAME]))
        fragments = [
            replace(self._fragments[name], selection_set=_set(one.kept))
            for name, one in self._spread.items()
            if one.kept
        ]
        denied = Denials(frozenset(self._nodes), self._emptied)
        return Left(DocumentNode(definitions=(left, *fragments)), denied, not inside.kept)

    def _inside(self, selections: SelectionSetNode, parent: Any) -> _Inside:
        inside = _Inside()
        for one in selections.selections:
            if _is_left_out(one):
                inside.kept.append(one)
            elif isinstance(one, FieldNode):
                self._field(one, parent, inside)
            elif isinstance(one, InlineFragmentNode):
                self._inline(one, parent, inside)
            elif isinstance(one, FragmentSpreadNode):
                self._put(one, self._fragment(one.name.value), inside, one)
        if inside.kept and is_abstract_type(parent):
            # The answer is told apart by type where the operation does, even if what is left of it does not.
            inside.kept.append(_TYPENAME)
        return inside

    def _field(self, node: FieldNode, parent: Any, into: _Inside) -> None:
        name, key = node.name.value, node.alias.value if node.alias else node.name.value
        if name.startswith("__"):
            into.kept.append(node)
            return
        type_ = parent.fields[name].type
        if not self._may_ask(node, parent, get_named_type(type_)):
            self._nodes.add(id(node))
            into.lost[key,] = None
            into.maybe = into.maybe or _is_conditional(node)
        elif node.selection_set is None:
            into.kept.append(node)
        else:
            self._object(node, key, type_, into)

    def _object(self, node: FieldNode, key: str, type_: Any, into: _Inside) -> None:
        """Put a field with what is left below it; without anything below, it has gone too."""
        assert node.selection_set is not None  # noqa: S101 - the caller looked
        inside = self._inside(node.selection_set, get_named_type(type_))
        if inside.kept or inside.maybe or not inside.lost:
            into.kept.append(replace(node, selection_set=_set(inside.kept or [_TYPENAME])))
            return
        places = ((),) if _is_list(type_) else tuple(inside.lost)
        self._emptied[id(node)] = places
        into.lost |= {(key, *place): None for place in places}
        into.maybe = into.maybe or _is_conditional(node)

    def _inline(self, node: InlineFragmentNode, parent: Any, into: _Inside) -> None:
        condition = self._schema.get_type(node.type_condition.name.value) if node.type_condition else parent
        inside = self._inside(node.selection_set, condition)
        self._put(replace(node, selection_set=_set(inside.kept)), inside, into, node)

    def _put(self, node: SelectionNode, inside: _Inside, into: _Inside, asked: Any) -> None:
        if inside.kept:
            into.kept.append(node)
        into.lost |= inside.lost
        into.maybe = into.maybe or inside.maybe or (bool(inside.lost) and _is_conditional(asked))

    def _fragment(self, name: str) -> _Inside:
        """Return what is left of a named fragment: the same wherever it is spread."""
        if name not in self._spread:
            definition = self._fragments[name]
            condition = self._schema.get_type(definition.type_condition.name.value)
            self._spread[name] = self._inside(definition.selection_set, condition)
        return self._spread[name]

    def _may_ask(self, node: FieldNode, parent: Any, returned: Any) -> bool:
        rules, allows = self._rules, self._allows
        asked_of = rules.of_objects(parent.name) & rules.of_field(parent.name, node.name.value)
        if not (allows(asked_of) and allows(rules.of_type(returned.name))):
            return False
        together = rules.together.get(returned.name)
        return together is None or not self._asks_directly(node.selection_set, returned) or allows(together)

    def _asks_directly(self, selections: SelectionSetNode | None, interface: Any) -> bool:
        """Tell whether fields of an interface are asked, other than by fragments on object types."""
        return any(self._is_direct(one, interface) for one in (selections.selections if selections else ()))

    def _is_direct(self, node: SelectionNode, interface: Any) -> bool:
        if isinstance(node, FieldNode):
            return not node.name.value.startswith("__")
        if isinstance(node, InlineFragmentNode):
            condition = self._schema.get_type(node.type_condition.name.value) if node.type_condition else interface
            return is_interface_type(condition) and self._asks_directly(node.selection_set, condition)
        assert isinstance(node, FragmentSpreadNode)  # noqa: S101 - there are three kinds
        name = node.name.value
        if name not in self._direct:
            definition = self._fragments[name]
            condition = self._schema.get_type(definition.type_condition.name.value)
            direct = is_interface_type(condition) and self._asks_directly(definition.selection_set, condition)
            self._direct[name] = direct
        return self._direct[name]


def _set(selections: list[SelectionNode]) -> SelectionSetNode:
    return SelectionSetNode(selections=tuple(selections))


def _is_list(type_: Any) -> bool:
    inner: Any = cast(Any, type_).of_type if isinstance(type_, GraphQLNonNull) else type_
    return isinstance(inner, GraphQLList)


def _is_conditional(node: Any) -> bool:
    """Tell whether a variable decides if a selection is asked at all."""
    return any(not isinstance(value, BooleanValueNode) for value in _conditions(node))


def _is_left_out(node: Any) -> bool:
    """Tell whether a selection says itself that it is never asked."""
    for directive in node.directives or ():
        wanted = {"include": True, "skip": False}.get(directive.name.value)
        value = directive.arguments[0].value if wanted is not None else None
        if isinstance(value, BooleanValueNode) and value.value is not wanted:
            return True
    return False


def _conditions(node: Any) -> Iterator[Any]:
    for directive in node.directives or ():
        if directive.name.value in ("skip", "include"):
            yield directive.arguments[0].value
