"""How many objects an answer could have: lists multiply."""

from collections.abc import Mapping

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

from gateway.limits.amounts import Limits
from gateway.limits.fold import Fold, Inside
from gateway.limits.subject import MANY, Subject, largest, refuse_above

_SIZES = ("first", "last")
_State = tuple[str | None, bool]


def cost(subject: Subject) -> GraphQLError | None:
    """Add up the objects of an answer, `first` or `last` (or an assumption) times for a list or a connection."""
    amount = largest(subject, lambda operation: _Objects(subject, operation).count())
    return refuse_above(amount, subject.limits.cost, "TOO_EXPENSIVE", "large an answer")


class _Objects:
    """Counts for one operation.

    The state on the way down is the type's name, and whether the field above was a connection whose size is already
    counted, so that its `edges` and `nodes` do not count it again.
    """

    def __init__(self, subject: Subject, operation: OperationDefinitionNode) -> None:
        self._schema, self._limits = subject.schema, subject.limits
        self._operation = operation
        self._sizes = _variable_sizes(operation, subject.limits)
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
        assumed = self._limits.list_size if is_list and not counted else 1
        return min(max(given, default=assumed) * (1 + inside((name, bool(given) and not is_list))), MANY)

    def _size(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            return self._sizes.get(value.name.value, self._limits.page_size)
        return _literal(value, self._limits.list_size)


def _literal(value: ValueNode | None, otherwise: int) -> int:
    return min(max(int(value.value[:12]), 1), MANY) if isinstance(value, IntValueNode) else otherwise


def _variable_sizes(operation: OperationDefinitionNode, limits: Limits) -> Mapping[str, int]:
    """Return what each variable may stand for: a page, or its default value when that is more."""
    return {
        node.variable.name.value: max(_literal(node.default_value, 0), limits.page_size)
        for node in operation.variable_definitions or ()
    }


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
