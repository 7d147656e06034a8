"""One operation with deferred fragments: a plan and a shape for each choice of the variables that decide on them."""

from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from graphql import FragmentDefinitionNode, GraphQLSchema, OperationDefinitionNode

from gateway.deferral import Deferral, Deferrals
from gateway.executor.failures import ErrorReader
from gateway.executor.incremental import Incremental
from gateway.executor.parted_shape import PartedObject, PartedShapeMaker
from gateway.plan import Defer, QueryPlan

MOST_CHOICES = 16
Plan = Callable[[Deferral], QueryPlan]


class Deferring:
    """Made for an operation that may defer anything; plans are made when they are needed first."""

    def __init__(self, deferrals: Deferrals, plan: Plan) -> None:
        """`plan` plans the operation for what is deferred."""
        self._deferrals = deferrals
        self._plan = plan
        self._compiled: OrderedDict[tuple[bool, ...], Incremental | None] = OrderedDict()
        self._shapes: OrderedDict[tuple[tuple[bool, ...], tuple[bool, ...]], PartedObject] = OrderedDict()

    def compiled(self, values: Mapping[str, Any], reader: ErrorReader) -> Incremental | None:
        """Return the plan for a request's variables, None where they defer nothing."""
        chosen = self._deferrals.choose(values)
        if chosen not in self._compiled:
            node = self._plan(self._deferrals.under(chosen)).node
            self._compiled[chosen] = Incremental(node, reader) if isinstance(node, Defer) else None
            if len(self._compiled) > MOST_CHOICES:
                self._compiled.popitem(last=False)
        return self._compiled[chosen]

    def shape(
        self,
        values: Mapping[str, Any],
        conditions: Mapping[str, bool],
        schema: GraphQLSchema,
        node: OperationDefinitionNode,
        fragments: Mapping[str, FragmentDefinitionNode],
    ) -> PartedObject:
        """Return the shape of the answer for a request's variables; `conditions` are those of @skip and @include."""
        chosen = self._deferrals.choose(values)
        identity = (chosen, tuple(conditions.values()))
        shape = self._shapes.get(identity)
        if shape is None:
            type_ = schema.get_root_type(node.operation)
            assert type_ is not None  # noqa: S101 - a valid operation has a root type
            maker = PartedShapeMaker(schema, fragments, conditions, self._deferrals.under(chosen))
            shape = self._shapes[identity] = maker.root(type_, node.selection_set)
            if len(self._shapes) > MOST_CHOICES:
                self._shapes.popitem(last=False)
        return shape
