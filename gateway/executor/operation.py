"""One operation with everything derived from its plan, ready to run for many requests at once."""

from collections import OrderedDict
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

import orjson
from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    VariableNode,
)

from gateway.executor.answer import Answer, InvalidVariables
from gateway.executor.complete import complete, denied_places
from gateway.executor.deferring import Deferring
from gateway.executor.failures import Cause, ErrorReader, raw_path
from gateway.executor.fetch import Request
from gateway.executor.incremental import Increments
from gateway.executor.introspection import introspect
from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTransport
from gateway.executor.project import SURPRISES, Unusual, compile_projection
from gateway.executor.root_fetch import RootFetch
from gateway.executor.run import compile_node
from gateway.executor.shape import INTROSPECTION, NO_DENIALS, Denials, Object, ShapeMaker
from gateway.executor.sharing import Sharing
from gateway.executor.variables import VariableReader, Variables
from gateway.plan import QueryPlan, Subscription

MOST_VARIANTS = 16
Tree = dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Variant:
    """What the answer looks like for one choice of the conditions' variables."""

    shape: Object
    project: Callable[[Tree], Tree]
    introspection: tuple[FieldNode, ...]
    is_denied: bool = False
    """Whether something is asked that the caller may not see."""


class Operation:
    """A plan, compiled."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        plan: QueryPlan,
        reader: ErrorReader | None = None,
        deferring: Deferring | None = None,
        denied: Denials = NO_DENIALS,
        *,
        rejects: bool = False,
    ) -> None:
        """Compile `plan`, which answers the operation `node` of a valid `document`, all at once.

        With `deferring` it can be answered in parts, too. `denied` is what the plan leaves out, since the caller may
        not see it; with `rejects` nothing is run where anything of it is asked.
        """
        self._denied, self._rejects = denied, rejects
        self.plan = plan
        self._schema = schema
        self._node = node
        self._fragments = {
            one.name.value: one for one in document.definitions if isinstance(one, FragmentDefinitionNode)
        }
        self._variables = VariableReader(schema, node)
        declared = {one.variable.name.value for one in node.variable_definitions or ()}
        self._read = self._read_or_reject if self._rejects else self._variables.read
        self._conditions = tuple(sorted(_condition_variables(document) & declared))
        self._variants: OrderedDict[tuple[bool, ...], _Variant] = OrderedDict()
        self._deferring = deferring
        self._reader = reader = reader or ErrorReader()
        self._events: RootFetch | None = None
        top = plan.node
        if isinstance(top, Subscription):
            self._events = RootFetch(top.primary, (), reader, Sharing(None))
            top = top.rest
        self._run = compile_node(top, reader) if top else None
        self._folded = Sharing(top).folded

    @property
    def may_defer(self) -> bool:
        """Tell whether anything is deferred for some variables."""
        return self._deferring is not None

    def make_ahead(self) -> None:
        """Make what most requests need besides, so that the first one does not make it on the event loop."""
        if not self._conditions:
            self._variants[()] = self._make_variant({})
        if self._deferring is not None:
            self._deferring.compiled({}, self._reader)

    def defers(self, variables: Mapping[str, Any] | None) -> bool:
        """Tell whether anything is deferred for these variables.

        Raises:
            InvalidVariables: they do not fit.
        """
        if self._deferring is None:
            return False
        return self._deferring.compiled(self._read(variables).values, self._reader) is not None

    def check(self, variables: Mapping[str, Any] | None) -> None:
        """Refuse what would be refused before any fetch.

        Raises:
            InvalidVariables: they do not fit.
        """
        self._read(variables)

    async def execute(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Answer:
        """Run it.

        Raises:
            InvalidVariables: before any fetch.
        """
        request = Request(self._read(variables), transport, forwarded)
        if self._run:
            await self._run(request)
        return self._answer(request)

    async def execute_incrementally(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Answer | Increments:
        """Run it so that deferred fragments follow; the complete answer where this request defers nothing.

        Raises:
            InvalidVariables: before any fetch.
        """
        read = self._read(variables)
        incremental = self._deferring.compiled(read.values, self._reader) if self._deferring else None
        if self._deferring is None or incremental is None:
            return await self.execute(variables, transport, forwarded)
        conditions = dict(zip(self._conditions, self._chosen(read), strict=True))
        shape = self._deferring.shape(read.values, conditions, self._schema, self._node, self._fragments)
        return await incremental.execute(Request(read, transport, forwarded), shape, self._introspect)

    async def execute_body(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> bytes:
        """Run it to the bytes of the response body.

        Raises:
            InvalidVariables: before any fetch.
        """
        request = Request(self._read(variables), transport, forwarded)
        if self._run:
            await self._run(request)
        return self._answer(request).body()

    def subscribe(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> AsyncGenerator[Answer, None]:
        """Run a subscription: one answer for each event.

        Raises:
            InvalidVariables: at once.
        """
        if self._events is None:
            raise TypeError("only a subscription can be subscribed to")
        return self._stream(self._events, self._read(variables), transport, forwarded)

    async def _stream(
        self, events: RootFetch, variables: Variables, transport: SubgraphTransport, forwarded: Forwarded
    ) -> AsyncGenerator[Answer, None]:
        payload = orjson.loads(events.request.body(variables.encoded))
        source: Any = transport.subscribe(events.request.subgraph, payload, forwarded)
        try:
            async with aclosing(source):
                async for event in source:
                    request = Request(variables, transport, forwarded)
                    answer = events.request.checked(event)
                    if _ends_the_stream(answer):
                        causes = events.request.causes(request, answer["errors"], {})
                        yield _end([cause for _, cause in causes])
                        return
                    events.put(request, answer)
                    if self._run:
                        await self._run(request)
                    yield self._answer(request)
        except SubgraphError as error:
            forwarded.losing().blame(error.subgraph, error.reason)
            forwarded.losing().count([error.code])
            yield _end([events.request.reader.outage(error)])

    def _read_or_reject(self, variables: Mapping[str, Any] | None) -> Variables:
        read = self._variables.read(variables)
        variant = self._variant(read)
        if variant.is_denied:
            raise InvalidVariables(denied_places(variant.shape))
        return read

    def _answer(self, request: Request) -> Answer:
        answer = self._made(request)
        if answer.errors:
            codes = [str((error.extensions or {}).get("code", "")) for error in answer.errors]
            request.forwarded.losing().count(codes)
        return answer

    def _made(self, request: Request) -> Answer:
        variant = self._variant(request.variables)
        if variant.introspection and (errors := self._introspect(request)):
            return Answer(None, errors)
        if not request.loose:
            try:
                return Answer(variant.project(request.tree))
            except SURPRISES:
                pass
        data, errors = complete(variant.shape, request.tree, request.loose)
        return Answer(data, errors)

    def _introspect(self, request: Request) -> list[GraphQLError]:
        """Put the introspection fields' values into the tree; return errors."""
        fields = self._variant(request.variables).introspection
        if not fields:
            return []
        ready, errors = introspect(self._schema, self._node, fields, self._fragments.values(), request.variables.values)
        request.tree |= ready
        return errors

    def _variant(self, variables: Variables) -> _Variant:
        chosen = self._chosen(variables)
        variant = self._variants.get(chosen)
        if variant is None:
            variant = self._variants[chosen] = self._make_variant(dict(zip(self._conditions, chosen, strict=True)))
            if len(self._variants) > MOST_VARIANTS:
                self._variants.popitem(last=False)
        return variant

    def _chosen(self, variables: Variables) -> tuple[bool, ...]:
        return tuple(bool(variables.values.get(name)) for name in self._conditions)

    def _make_variant(self, conditions: Mapping[str, bool]) -> _Variant:
        type_ = self._schema.get_root_type(self._node.operation)
        if type_ is None:
            raise TypeError("a valid operation has a root type")
        maker = ShapeMaker(self._schema, self._fragments, conditions, self._denied)
        shape = maker.root(type_, self._node.selection_set)
        fields = maker.root_fields(type_, self._node.selection_set)
        meta = tuple(node for nodes in fields.values() for node in nodes if node.name.value in INTROSPECTION)
        project = _never if maker.met else compile_projection(shape, self._folded)
        return _Variant(shape, project, meta, maker.met)


def _never(_: Tree) -> Tree:
    """Leave an answer that misses something to the careful projection, which says so at every place."""
    raise Unusual


def _ends_the_stream(answer: Tree) -> bool:
    """Tell whether this is no event: a subscription that was refused or broke has no data, and no field is blamed."""
    return answer.get("data") is None and all(raw_path(error) == () for error in answer["errors"])


def _end(causes: Iterable[Cause]) -> Answer:
    errors = [GraphQLError(cause.message, extensions=dict(cause.extensions)) for cause in causes]
    return Answer(None, errors, ends_stream=True)


def _condition_variables(document: DocumentNode) -> set[str]:
    """Return the variables of @skip and @include; graphql-core's visitor takes ten times as long."""
    found: set[str] = set()
    waiting: list[Any] = list(document.definitions)
    while waiting:
        node = waiting.pop()
        for directive in node.directives or ():
            if directive.name.value in ("skip", "include") and isinstance(
                value := directive.arguments[0].value, VariableNode
            ):
                found.add(value.name.value)
        if (inside := getattr(node, "selection_set", None)) is not None:
            waiting += inside.selections
    return found
