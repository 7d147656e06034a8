"""Ordered stages from a query's text to an operation that is ready to run, each behind a bounded cache.

parse (length and tokens limited) → limit (linear, before anything that is not) → validate → leave out what the caller
may not see, where the supergraph has such rules → plan → compile. A
repeated operation costs one dictionary look-up, and a second one where sizes of lists come in variables. A new
concern is a new stage, never a branch in an old one.

Longer than most files, because all stages stand in one order here.
"""

from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, Self, cast

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    NoUndefinedVariablesRule,
    NoUnusedVariablesRule,
    OperationType,
    VariablesAreInputTypesRule,
    VariablesInAllowedPositionRule,
    get_operation_ast,
    parse,
    specified_rules,
    validate,
)

from chassis.remembered import Remembered
from gateway.authorization import Demands, demands, without_denied
from gateway.deferral import NOTHING_DEFERRED, Deferral, Deferrals
from gateway.executor.answer import Answer, InvalidVariables
from gateway.executor.complete import denied_error
from gateway.executor.deferring import Deferring
from gateway.executor.failures import ErrorReader
from gateway.executor.incremental import Increments
from gateway.executor.operation import Operation
from gateway.executor.ports import Forwarded, SubgraphTransport
from gateway.executor.shape import NO_DENIALS
from gateway.limits import Limits, VariableCost, first_refusal, variable_cost, work_of
from gateway.limits.hints import without_hint
from gateway.limits.memory import memory_of
from gateway.plan import OperationKind, QueryPlan
from gateway.planner import plan
from gateway.supergraph import NOBODY, Granted, Rules, Supergraph

Labels = frozenset[str]
Asked = tuple[str, str | None, Labels] | tuple[str, str | None, Labels, Granted]
"""A document's text, the name of its operation, the `@override` labels that are on; and what of the caller's rights
makes a difference, where any does."""
Planner = Callable[[DocumentNode, str | None, Labels, Deferral], QueryPlan]
NO_LABELS: Labels = frozenset()
_GUARDED_BYTES = 1_000


_OF_VARIABLES: Final = frozenset(
    {NoUndefinedVariablesRule, NoUnusedVariablesRule, VariablesAreInputTypesRule, VariablesInAllowedPositionRule}
)
"""What a document without any variable keeps; together they walk it once more, a sixth of what it costs to prepare."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PipelineOptions:
    """How much a document may cost, how much is remembered, and what errors may say."""

    rules: tuple[type[ASTValidationRule], ...] = tuple(specified_rules)
    limits: Limits = field(default_factory=Limits)
    max_validation_errors: int = 20
    cache_size: int = 1_000
    cache_bytes: int = 40_000_000
    suggestions: bool = False
    name_subgraphs: bool = False
    error_extensions: frozenset[str] = frozenset({"code"})
    rejects_unauthorized: bool = False
    """Whether a request is refused that asks for anything its caller may not see, instead of answered without."""


class Guarded:
    """An operation of which not everybody may see everything: what is run depends on the caller's rights."""

    __slots__ = ("demands", "size", "uses")

    def __init__(self, found: Demands, size: int) -> None:
        self.demands, self.size, self.uses = found, size, 0


class Prepared:
    """An operation that passed every stage; safe to run many times at once."""

    __slots__ = ("_cost", "_operation", "_work", "kind", "name", "size", "uses")

    def __init__(
        self,
        kind: OperationKind,
        name: str | None,
        operation: Operation,
        cost: VariableCost | None,
        size: int,
        work: int = 0,
    ) -> None:
        """Pipeline makes these; `size` is about how many bytes it fills, `uses` counts how often it was asked for.

        `work` is the predicted CPU in microseconds, where no variable changes it.
        """
        self.size, self.uses, self._work = size, 0, work
        self.kind = kind
        self.name = name
        self._operation, self._cost = operation, cost

    @property
    def plan(self) -> QueryPlan:
        """The query plan, for `explain` and for logs."""
        return self._operation.plan

    def work(self, variables: Mapping[str, Any] | None) -> int:
        """Return the predicted CPU of gateway and services in microseconds, for these variables.

        Raises:
            InvalidVariables: it is more than any operation may cost.
        """
        self._require_affordable(variables)
        return self._work if self._cost is None else self._cost.microseconds(variables)

    def defers(self, variables: Mapping[str, Any] | None) -> bool:
        """Tell whether a client that reads parts would get several for these variables.

        Raises:
            InvalidVariables: they are refused anyway.
        """
        if not self._operation.may_defer:
            return False
        self._require_affordable(variables)
        return self._operation.defers(variables)

    def check(self, variables: Mapping[str, Any] | None) -> None:
        """Refuse variables before a stream begins.

        Raises:
            InvalidVariables: see there.
        """
        self._require_affordable(variables)
        self._operation.check(variables)

    async def execute(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Answer:
        """Run a query or a mutation; `variables` are the client's, as decoded from JSON.

        Raises:
            InvalidVariables: before any fetch.
        """
        self._require_affordable(variables)
        return await self._operation.execute(variables, transport, forwarded)

    async def execute_incrementally(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Answer | Increments:
        """Run a query or a mutation so that deferred fragments follow, for a client that can read that.

        The complete answer comes at once where nothing is deferred. Closing the iterator of what follows (`aclose`)
        gives up its fetches.

        Raises:
            InvalidVariables: before any fetch.
        """
        self._require_affordable(variables)
        return await self._operation.execute_incrementally(variables, transport, forwarded)

    def execute_body(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Awaitable[bytes]:
        """Run a query or a mutation and return the complete response body, the cheapest way there is.

        Raises:
            InvalidVariables: before any fetch.
        """
        self._require_affordable(variables)
        return self._operation.execute_body(variables, transport, forwarded)

    def subscribe(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> AsyncGenerator[Answer, None]:
        """Run a subscription: one answer for each event, completed from the other subgraphs.

        Closing the iterator (`aclose`) ends the subscription at the subgraph. When the subgraph breaks it off, the
        last answer says so in `errors`.

        Raises:
            InvalidVariables: at once, not from the iterator.
        """
        self._require_affordable(variables)
        return self._operation.subscribe(variables, transport, forwarded)

    def _require_affordable(self, variables: Mapping[str, Any] | None) -> None:
        if self._cost is not None and (refusal := self._cost.refusal(variables)) is not None:
            self._operation.check(variables)  # a size that is no number of its type is wrong, not expensive
            raise InvalidVariables([refusal])


class Pipeline:
    """One schema's stages and their caches; a reload of the supergraph makes a new one."""

    def __init__(
        self,
        schema: GraphQLSchema,
        planner: Planner,
        options: PipelineOptions | None = None,
        rules: Rules | None = None,
    ) -> None:
        """`schema` is the API schema that clients see, `planner` plans one operation of a valid document.

        `rules` are the supergraph's requirements of its callers, None where it has none.
        """
        self.schema = schema
        self.rules = rules or None
        self._planner = planner
        self._options = options or PipelineOptions()
        self._rules_without_variables = tuple(rule for rule in self._options.rules if rule not in _OF_VARIABLES)
        self._reader = ErrorReader(self._options.error_extensions, self._options.name_subgraphs)
        self._prepared: Remembered[Asked, Prepared | Guarded] = Remembered(
            self._options.cache_bytes, self._options.cache_size
        )

    @classmethod
    def of(cls, supergraph: Supergraph, options: PipelineOptions | None = None) -> Self:
        """Return the stages for a supergraph."""
        return cls(
            supergraph.api_schema,
            lambda document, name, labels, deferral: plan(supergraph, document, name, labels=labels, deferral=deferral),
            options,
            supergraph.rules,
        )

    def prepare(
        self,
        query: str,
        operation_name: str | None = None,
        labels: Labels = NO_LABELS,
        granted: Granted = NOBODY,
    ) -> Prepared | list[GraphQLError]:
        """Return the operation ready to run, or the errors to answer with (a request error: no `data`).

        Every error has a stable `extensions.code`: GRAPHQL_PARSE_FAILED, GRAPHQL_VALIDATION_FAILED (or the code of
        the limit that refused it), OPERATION_RESOLUTION_FAILURE. `labels` are the `@override` labels that are on,
        `granted` the caller's rights.
        """
        prepared = self._prepare((query, operation_name, labels))
        if isinstance(prepared, Guarded):
            prepared = self._prepare((query, operation_name, labels, prepared.demands.relevant(granted)))
        return cast(Prepared | list[GraphQLError], prepared)

    def _prepare(self, asked: Asked) -> Prepared | Guarded | list[GraphQLError]:
        prepared = self._known(asked)
        if prepared is None:
            prepared = self.make(asked)
            self.keep(asked, prepared)
        return prepared

    def known(self, query: str, operation_name: str | None, labels: Labels) -> Prepared | Guarded | None:
        """Return the operation if it was prepared before: what most requests cost."""
        prepared = self._prepared.get((query, operation_name, labels))
        if prepared is not None:
            prepared.uses += 1
        return prepared

    def known_to(
        self, guarded: Guarded, query: str, operation_name: str | None, labels: Labels, granted: Granted
    ) -> tuple[Granted, Prepared | None]:
        """Return what of a caller's rights makes a difference, and the operation if it was prepared for them before."""
        relevant = guarded.demands.relevant(granted)
        known = self._known((query, operation_name, labels, relevant))
        return relevant, known if isinstance(known, Prepared) else None

    def _known(self, asked: Asked) -> Prepared | Guarded | None:
        prepared = self._prepared.get(asked)
        if prepared is not None:
            prepared.uses += 1
        return prepared

    def keep(self, asked: Asked, prepared: Prepared | Guarded | list[GraphQLError]) -> None:
        """Remember an operation; errors are not."""
        if not isinstance(prepared, list):
            self._prepared.put(asked, prepared, prepared.size)

    def most_used(self, most: int) -> list[Asked]:
        """Return what was asked for most often, of what is remembered."""
        used = sorted(self._prepared.items(), key=lambda item: item[1].uses, reverse=True)
        return [asked for asked, _ in used[:most]]

    def warm(self, wanted: Sequence[Asked]) -> None:
        """Prepare these, the most wanted first, before anybody asks; what this schema does not have is passed over."""
        for asked in wanted:
            self._prepare(asked)

    def make(self, asked: Asked) -> Prepared | Guarded | list[GraphQLError]:
        """Prepare an operation anew; safe in a thread, beside others.

        Where not everybody may see everything, that is all there is to tell before it is asked with a caller's rights.
        """
        query, operation_name, labels = asked[:3]
        granted = asked[3] if len(asked) == 4 else None
        document = self._parse(query)
        if isinstance(document, GraphQLError):
            return [document]
        if refusal := first_refusal(self.schema, document, self._options.limits):
            return [refusal]
        if errors := self._validate(document, has_variables="$" in query):
            return errors
        node = get_operation_ast(document, operation_name)
        if node is None:
            return [_unknown_operation(operation_name)]
        size = memory_of(self.schema, document, query)
        if self.rules and granted is None and (found := demands(self.schema, self.rules, document, node)):
            return Guarded(found, len(query) + _GUARDED_BYTES)
        left, denied = document, NO_DENIALS
        if self.rules and granted is not None:
            filtered = without_denied(self.schema, self.rules, document, node, granted)
            if filtered.is_empty and node.operation is OperationType.SUBSCRIPTION:
                return [denied_error()]
            left, denied = (filtered.document, filtered.denied) if filtered.denied else (document, NO_DENIALS)
        planned = self._planner(left, operation_name, labels, NOTHING_DEFERRED)
        deferring = None
        # Without what is denied, an answer comes as a whole.
        if (
            not denied
            and "defer" in query
            and node.operation is not OperationType.SUBSCRIPTION
            and (found := Deferrals(document))
        ):
            deferring = Deferring(found, lambda chosen: self._planner(document, operation_name, labels, chosen))
        rejects = self._options.rejects_unauthorized
        operation = Operation(self.schema, document, node, planned, self._reader, deferring, denied, rejects=rejects)
        operation.make_ahead()
        cost = variable_cost(self.schema, document, node, self._options.limits)
        work = work_of(self.schema, document, node, self._options.limits)
        return Prepared(planned.kind, node.name.value if node.name else None, operation, cost, size, work)

    def _parse(self, query: str) -> DocumentNode | GraphQLError:
        limits = self._options.limits
        if len(query) > limits.document_chars:
            text = f"The document is too long; the limit is {limits.document_chars:,} characters."
            return _coded(GraphQLError(text), "DOCUMENT_TOO_LARGE")
        try:
            return parse(query, max_tokens=limits.tokens, allow_empty_selection_sets=False)
        except GraphQLError as error:
            return _coded(error, "GRAPHQL_PARSE_FAILED")

    def _validate(self, document: DocumentNode, *, has_variables: bool) -> list[GraphQLError]:
        rules = self._options.rules if has_variables else self._rules_without_variables
        errors = validate(
            self.schema,
            document,
            rules,
            max_errors=self._options.max_validation_errors,
            hide_suggestions=not self._options.suggestions,
        )
        if not self._options.limits.introspection:
            errors = [without_hint(error) for error in errors]
        return [_coded(error, "GRAPHQL_VALIDATION_FAILED") for error in errors]


def _coded(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {"code": code, **(error.extensions or {})}
    return error


def _unknown_operation(name: str | None) -> GraphQLError:
    several = "The document has several operations, or none; set `operationName`."
    text = several if name is None else "The document does not have an operation with this `operationName`."
    return _coded(GraphQLError(text), "OPERATION_RESOLUTION_FAILURE")
