"""How many objects an answer could have: lists multiply.

A document is judged once, by its literal sizes. Where sizes come in variables, `VariableCost` judges every request by
their values.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
    get_named_type,
)

from gateway.limits.fold import Fold, Inside
from gateway.limits.subject import MANY, Subject, largest, refuse_above

_SIZES = ("first", "last")
_REMEMBERED = 100
_State = tuple[str | None, bool]


def cost(subject: Subject) -> GraphQLError | None:
    """Add up the objects of an answer, `first` or `last` (or an assumption) times for a list or a connection.

    A size in a variable counts once: what is refused here is refused whatever the variables are.
    """
    return _refuse(largest(subject, lambda operation: _Objects(subject, operation, {}).count()), subject)


class VariableCost:
    """The cost of one operation for the variables of each request, remembered for the sizes that came last.

    `defaults` has the variables that are sizes, with what each counts when a request does not have it.
    """

    def __init__(self, subject: Subject, operation: OperationDefinitionNode) -> None:
        self._subject, self._operation = subject, operation
        objects = _Objects(subject, operation, {})
        objects.count()
        self.defaults = {
            name: _literal(node.default_value, subject.limits.page_size)
            for node in operation.variable_definitions or ()
            if (name := node.variable.name.value) in objects.variables
        }
        self._count = lru_cache(_REMEMBERED)(self._count_anew)

    def refusal(self, variables: Mapping[str, Any] | None) -> GraphQLError | None:
        """Return why these variables are refused: a missing one has its default, null or nothing is a whole page."""
        given = variables or {}
        most = self._subject.limits.page_size
        sizes = [_size(given[name], most) if name in given else size for name, size in self.defaults.items()]
        return _refuse(self._count(tuple(sizes)), self._subject)

    def _count_anew(self, sizes: Sequence[int]) -> int:
        return _Objects(self._subject, self._operation, dict(zip(self.defaults, sizes, strict=True))).count()


class _Objects:
    """Counts for one operation, with `sizes` for its variables; `variables` names those that were asked for.

    The state on the way down is the type's name, and whether the field above was a connection whose size is already
    counted, so that its `edges` and `nodes` do not count it again.
    """

    def __init__(self, subject: Subject, operation: OperationDefinitionNode, sizes: Mapping[str, int]) -> None:
        self.variables: set[str] = set()
        self._schema, self._list_size = subject.schema, subject.limits.list_size
        self._operation, self._sizes = operation, sizes
        self._fold = Fold[_State](subject.document, self._field, narrow=_narrow)

    def count(self) -> int:
        root = self._schema.get_root_type(self._operation.operation)
        return self._fold.measure(self._operation.selection_set, (root.name if root else None, False))

    def _field(self, field: FieldNode, state: _State, inside: Inside) -> int:
        if field.selection_set is None:
            return 0
        parent, counted = state
        given = [self._size(arg.value) for arg in field.arguments or () if arg.name.value in _SIZES]
        name, is_list = _result(self._schema, parent, field.name.value)
        assumed = self._list_size if is_list and not counted else 1
        return min(max(given, default=assumed) * (1 + inside((name, bool(given) and not is_list))), MANY)

    def _size(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            self.variables.add(value.name.value)
            return self._sizes.get(value.name.value, 1)
        return _literal(value, self._list_size)


def _refuse(amount: int, subject: Subject) -> GraphQLError | None:
    return refuse_above(amount, subject.limits.cost, "TOO_EXPENSIVE", "many possible objects in its response")


def _literal(value: ValueNode | None, otherwise: int) -> int:
    return min(max(int(value.value[:12]), 1), MANY) if isinstance(value, IntValueNode) else otherwise


def _size(value: object, otherwise: int) -> int:
    """Return a variable's value as a size; what is no number is refused later, when the variables are read."""
    return int(min(max(value, 1), MANY)) if isinstance(value, int | float) else otherwise


def _narrow(fragment: FragmentDefinitionNode | InlineFragmentNode, state: _State) -> _State:
    condition = fragment.type_condition
    return (condition.name.value, state[1]) if condition else state


def _result(schema: GraphQLSchema, parent: str | None, field: str) -> tuple[str | None, bool]:
    """Return the named type of a field's result, and whether it is a list."""
    kind = schema.get_type(parent) if parent else None
    if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or field not in kind.fields:
        return None, False
    result = kind.fields[field].type
    named = str(get_named_type(result))  # pyright: ignore[reportUnknownArgumentType]
    return named, str(result).startswith("[")
