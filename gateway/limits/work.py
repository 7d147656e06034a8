"""How much CPU an operation may cost gateway and services together, predicted from weights that were measured.

A page of a list costs a question to a database, an object its look-up and its resolvers, a leaf its serialisation;
whatever is inside a list counts as often as the list is long. `benchmarks/costs.py` shows prediction beside
measurement.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from graphql import (
    DocumentNode,
    FieldNode,
    GraphQLArgument,
    GraphQLError,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    IntValueNode,
    OperationDefinitionNode,
    ValueNode,
    VariableNode,
)

from gateway.limits.amounts import Limits
from gateway.limits.fold import Fold, Inside
from gateway.limits.sizes import SIZES, State, literal, narrowed, result_of
from gateway.limits.subject import MANY, Subject, largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Weights:
    """Microseconds of CPU, as measured over our own schema."""

    root: int = 2_000
    """A field at the top, besides what it is."""
    page: int = 2_000
    """A list that is asked for in pages: a field that takes `first` or `last`."""
    object: int = 50
    """Any other field with fields of its own."""
    leaf: int = 8
    """A field without."""
    listed: int = 4
    """How many there are, not microseconds, in a list that is not asked for in pages, such as lines and their taxes."""


MEASURED = Weights()


def work(subject: Subject) -> GraphQLError | None:
    """Refuse what would cost too much with its literal sizes; a size in a variable counts once here."""
    return too_much_work(largest(subject, lambda operation: Work(subject, operation, {}).predict()), subject.limits)


def too_much_work(microseconds: int, limits: Limits) -> GraphQLError | None:
    """Return the refusal of what costs more than `limits.work_ms`."""
    ms = -(-microseconds // 1_000)
    if ms <= limits.work_ms:
        return None
    told = "more than a second" if ms > 10_000 else f"{ms:,} ms"
    text = (
        f"The operation would take too much computing time ({told}; the limit is {limits.work_ms:,} ms). "
        "Ask for shorter lists, or for lists inside of lists in operations of their own."
    )
    return GraphQLError(text, extensions={"code": "TOO_EXPENSIVE", "limit": limits.work_ms})


def predicted_work(schema: GraphQLSchema, document: DocumentNode, limits: Limits, weights: Weights = MEASURED) -> int:
    """Return the microseconds of a document's most expensive operation, by its literal sizes."""
    subject = Subject(schema, document, limits)
    return largest(subject, lambda operation: Work(subject, operation, {}, weights).predict())


def work_of(schema: GraphQLSchema, document: DocumentNode, operation: OperationDefinitionNode, limits: Limits) -> int:
    """Return the microseconds of one operation, by its literal sizes."""
    return Work(Subject(schema, document, limits), operation, {}).predict()


def _default(argument: GraphQLArgument) -> int:
    """Return the default of an argument as the schema writes it, 0 for none."""
    written = argument.default.literal if argument.default else None
    return literal(written, 0) if isinstance(written, IntValueNode) else 0


class Work:
    """Predicts for one operation, with `sizes` for its variables.

    `variables` are those that were asked for, each with what it counts when a request leaves it out: the default of the
    argument that it is given to.
    The state on the way down is the type's name, and whether the field above was a page, whose size is counted already.
    """

    def __init__(
        self,
        subject: Subject,
        operation: OperationDefinitionNode,
        sizes: Mapping[str, int],
        weights: Weights = MEASURED,
    ) -> None:
        self.variables: dict[str, int] = {}
        self._schema, self._limits, self._weights = subject.schema, subject.limits, weights
        self._operation, self._sizes = operation, sizes
        root = subject.schema.get_root_type(operation.operation)
        self._root = root.name if root else None
        self._fold = Fold[State](subject.document, self._field, narrow=narrowed)

    def predict(self) -> int:
        """Return microseconds, at most `MANY`."""
        return self._fold.measure(self._operation.selection_set, (self._root, False))

    def _field(self, field: FieldNode, state: State, inside: Inside) -> int:
        parent, counted = state
        if parent == self._root:
            return min(self._weights.root + self._below(field, parent, counted, inside), MANY)
        return self._below(field, parent, counted, inside)

    def _below(self, field: FieldNode, parent: str | None, counted: bool, inside: Inside) -> int:
        if field.selection_set is None or field.name.value.startswith("__"):  # the rule of introspection judges that
            return self._weights.leaf
        name, is_list = result_of(self._schema, parent, field.name.value)
        size = self._page_size(field, parent)
        if size is not None:
            return min(self._weights.page + size * inside((name, not is_list)), MANY)
        times = self._weights.listed if is_list and not counted else 1
        return min(times * (self._weights.object + inside((name, False))), MANY)

    def _page_size(self, field: FieldNode, parent: str | None) -> int | None:
        """Return how much a field may hold that is asked for in pages, None for every other field."""
        kind = self._schema.get_type(parent) if parent else None
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType) or field.name.value not in kind.fields:
            return None
        takes = {name: argument for name, argument in kind.fields[field.name.value].args.items() if name in SIZES}
        given = [
            self._size(arg.value, _default(takes[arg.name.value]))
            for arg in field.arguments or ()
            if arg.name.value in takes
        ]
        by_default = [size for argument in takes.values() if (size := _default(argument))]
        return max(given or by_default or [self._limits.page_size]) if takes else None

    def _size(self, value: ValueNode, by_default: int) -> int:
        if isinstance(value, VariableNode):
            name, left_out = value.name.value, by_default or self._limits.page_size
            self.variables[name] = max(self.variables.get(name, 0), left_out)
            return self._sizes.get(value.name.value, 1)
        return literal(value if isinstance(value, IntValueNode) else None, self._limits.page_size)
