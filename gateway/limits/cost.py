"""How many objects an answer could have: lists multiply.

A document is judged once, by its literal sizes. Where sizes come in variables, `VariableCost` judges every request by
their values.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from graphql import (
    FieldNode,
    GraphQLError,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from gateway.limits.fold import Fold, Inside
from gateway.limits.sizes import SIZES, State, literal, narrowed, result_of
from gateway.limits.subject import MANY, Subject, largest, refuse_above
from gateway.limits.work import Work, too_much_work

_REMEMBERED = 100


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
        objects, work = _Objects(subject, operation, {}), Work(subject, operation, {})
        objects.count()
        work.predict()
        self.defaults = {
            name: literal(node.default_value, work.variables.get(name, subject.limits.page_size))
            for node in operation.variable_definitions or ()
            if (name := node.variable.name.value) in objects.variables | work.variables.keys()
        }
        self._count = lru_cache(_REMEMBERED)(self._count_anew)

    def refusal(self, variables: Mapping[str, Any] | None) -> GraphQLError | None:
        """Return why these variables are refused.

        A missing one has its own default, or that of the argument; null is a whole page.
        """
        objects, microseconds = self._count(self._sizes(variables))
        return _refuse(objects, self._subject) or too_much_work(microseconds, self._subject.limits)

    def microseconds(self, variables: Mapping[str, Any] | None) -> int:
        """Return the predicted work with these variables."""
        return self._count(self._sizes(variables))[1]

    def _sizes(self, variables: Mapping[str, Any] | None) -> tuple[int, ...]:
        given = variables or {}
        most = self._subject.limits.page_size
        return tuple(_size(given[name], most) if name in given else size for name, size in self.defaults.items())

    def _count_anew(self, sizes: Sequence[int]) -> tuple[int, int]:
        given = dict(zip(self.defaults, sizes, strict=True))
        objects = _Objects(self._subject, self._operation, given).count()
        return objects, Work(self._subject, self._operation, given).predict()


class _Objects:
    """Counts for one operation, with `sizes` for its variables; `variables` names those that were asked for.

    The state on the way down is the type's name, and whether the field above was a connection whose size is already
    counted, so that its `edges` and `nodes` do not count it again.
    """

    def __init__(self, subject: Subject, operation: OperationDefinitionNode, sizes: Mapping[str, int]) -> None:
        self.variables: set[str] = set()
        self._schema, self._list_size = subject.schema, subject.limits.list_size
        self._operation, self._sizes = operation, sizes
        self._fold = Fold[State](subject.document, self._field, narrow=narrowed)

    def count(self) -> int:
        root = self._schema.get_root_type(self._operation.operation)
        return self._fold.measure(self._operation.selection_set, (root.name if root else None, False))

    def _field(self, field: FieldNode, state: State, inside: Inside) -> int:
        if field.selection_set is None:
            return 0
        parent, counted = state
        given = [self._size(arg.value) for arg in field.arguments or () if arg.name.value in SIZES]
        name, is_list = result_of(self._schema, parent, field.name.value)
        assumed = self._list_size if is_list and not counted else 1
        return min(max(given, default=assumed) * (1 + inside((name, bool(given) and not is_list))), MANY)

    def _size(self, value: ValueNode) -> int:
        if isinstance(value, VariableNode):
            self.variables.add(value.name.value)
            return self._sizes.get(value.name.value, 1)
        return literal(value, self._list_size)


def _refuse(amount: int, subject: Subject) -> GraphQLError | None:
    return refuse_above(amount, subject.limits.cost, "TOO_EXPENSIVE", "many possible objects in its response")


def _size(value: object, otherwise: int) -> int:
    """Return a variable's value as a size; what is no number is refused later, when the variables are read."""
    return int(min(max(value, 1), MANY)) if isinstance(value, int | float) else otherwise
