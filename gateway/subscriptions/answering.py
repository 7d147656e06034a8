"""What Strawberry's view asks of a schema: from a query's text to its answers, of requests and sockets alike."""

from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import aclosing, contextmanager
from typing import Any, cast

from graphql import GraphQLError
from graphql.execution import InitialIncrementalExecutionResult
from strawberry.schema.base import BaseSchema
from strawberry.schema.config import StrawberryConfig
from strawberry.types import ExecutionResult
from strawberry.types.execution import PreExecutionError

from chassis.farewell import Farewell, StreamCut
from gateway.executor.answer import Answer, InvalidVariables
from gateway.executor.incremental import Increments
from gateway.executor.ports import MISSED, SubscriptionBroken
from gateway.grants import Grants, NoGrants
from gateway.increments import Part, parts_of
from gateway.limits.hints import without_hint
from gateway.observe import Observer, Record, Transport
from gateway.pipeline import Guarded, Labels, Pipeline, Prepared
from gateway.preparing import Preparing
from gateway.quotas.visits import PER_CHARACTER, PER_REQUEST
from gateway.requests import GraphQLRequest, Reader, Refused
from gateway.subgraphs.headers import HeaderRules, Travelling
from gateway.subscriptions.caller import Caller

Current = Callable[[], tuple[Pipeline, Labels]]


class FederatedSchema(BaseSchema):
    """What Strawberry's view asks of a schema: `stream`, from a query's text to its answers."""

    schema_converter: Any = None
    query: Any = None
    mutation: Any = None
    subscription: Any = None
    schema_directives: Any = ()
    exception_handlers: Any = ()

    def __init__(
        self,
        current: Current,
        transport: Transport,
        reader: Reader,
        headers: HeaderRules,
        observer: Observer,
        farewell: Farewell | None = None,
        preparing: Preparing | None = None,
        grants: Grants | None = None,
    ) -> None:
        self._grants = grants or NoGrants()
        self.config = StrawberryConfig()
        self._preparing = preparing or Preparing()
        self.farewell = farewell or Farewell()
        self._current, self._transport, self.reader = current, transport, reader
        self._headers, self._observer = headers, observer

    async def stream(
        self,
        query: str | None,
        variable_values: dict[str, Any] | None = None,
        context_value: Any | None = None,
        root_value: Any | None = None,
        operation_name: str | None = None,
        operation_extensions: dict[str, Any] | None = None,
        allowed_operation_types: Any | None = None,
    ) -> AsyncGenerator[Any, None]:
        """Return the answers of one operation of any kind; a request error comes as `PreExecutionError`."""
        asked: dict[str, Any] = {"query": query, "variables": variable_values, "operationName": operation_name}
        if operation_extensions is not None:
            asked["extensions"] = operation_extensions
        return self._answers(asked, cast(Caller, context_value))

    async def _answers(self, asked: dict[str, Any], caller: Caller) -> AsyncGenerator[Any, None]:
        travelling = caller.travelling(self._headers)
        with self._observer.request(travelling) as record:
            try:
                request = self.reader.read(asked)
                async for answer in self._run(request, record, travelling, caller):
                    if isinstance(answer, Answer) and answer.ends_stream:
                        yield _interrupt(record, answer.errors)
                        return
                    is_whole = isinstance(answer, Answer)
                    yield ExecutionResult(data=answer.data, errors=answer.errors or None) if is_whole else answer
                record.status = 200
            except StreamCut:
                yield _interrupt(record, [GraphQLError(MISSED, extensions={"code": SubscriptionBroken.code})])
            except Refused as refused:
                yield _refuse(record, [refused.error])
            except InvalidVariables as invalid:
                yield _refuse(record, self._quiet(invalid.errors))
            except _NotPrepared as errors:
                yield _refuse(record, errors.errors)
            finally:
                if travelling.losses is not None:
                    record.lose(travelling.losses)

    async def _run(
        self, request: GraphQLRequest, record: Record, travelling: Travelling, caller: Caller
    ) -> AsyncGenerator[Answer | Part, None]:
        prepared = await self._prepared(request, caller)
        record.operation, record.kind = prepared.name or "", prepared.kind
        with _admitted(prepared, request, caller):
            async with aclosing(self._run_admitted(prepared, request, record, travelling, caller)) as answers:
                async for answer in answers:
                    yield answer

    async def _run_admitted(
        self, prepared: Prepared, request: GraphQLRequest, record: Record, travelling: Travelling, caller: Caller
    ) -> AsyncGenerator[Answer | Part, None]:
        transport = self._observer.fetches(self._transport, record, travelling)
        if prepared.kind != "subscription":
            execute = prepared.execute_incrementally if caller.reads_parts else prepared.execute
            async with aclosing(parts_of(await execute(request.variables, transport, travelling))) as parts:
                async for part in parts:
                    yield part
            return
        events = self.farewell.until(prepared.subscribe(request.variables, transport, travelling))
        work = PER_REQUEST + prepared.work(request.variables)
        async with aclosing(cast(AsyncGenerator[Answer, None], events)) as answers:
            async for answer in answers:
                caller.visit.owe(work)
                yield answer

    async def _prepared(self, request: GraphQLRequest, caller: Caller) -> Prepared:
        pipeline, labels = self._current()
        asked = request.query, request.operation_name, labels
        prepared = pipeline.known(*asked)
        if prepared is None:
            if caller.pays:
                caller.visit.pay(PER_CHARACTER * len(request.query))
            prepared = await self._preparing.prepare(pipeline, *asked)
        if isinstance(prepared, Guarded):
            granted = await self._grants.of(caller.heard(self._headers))
            prepared = await self._preparing.for_caller(pipeline, prepared, *asked, granted)
        if not isinstance(prepared, Prepared):
            raise _NotPrepared(self._quiet(prepared))
        return prepared

    def _quiet(self, errors: Sequence[GraphQLError]) -> list[GraphQLError]:
        return list(errors) if self.reader.limits.introspection else [without_hint(error) for error in errors]

    async def execute(self, *args: Any, **kwargs: Any) -> Any:
        """Return the answer, or its first part with those to come: multipart responses that are no subscriptions."""
        answers = await self.stream(*args, **kwargs)
        first = await anext(answers)
        if isinstance(first, InitialIncrementalExecutionResult):
            return Increments(first, answers)
        await answers.aclose()
        return first

    async def subscribe(self, *args: Any, **kwargs: Any) -> Any:
        """Same as `stream`."""
        return await self.stream(*args, **kwargs)

    def execute_sync(self, *args: Any, **kwargs: Any) -> Any:
        """Refuse: fetches are asynchronous."""
        raise NotImplementedError

    def get_type_by_name(self, name: str) -> None:
        """Return nothing: there are no Strawberry types."""

    def get_directive_by_name(self, graphql_name: str) -> None:
        """Return nothing: there are no Strawberry directives."""

    def as_str(self) -> str:
        """Return nothing: `python -m gateway schema` prints the schema."""
        return ""


@contextmanager
def _admitted(prepared: Prepared, request: GraphQLRequest, caller: Caller) -> Generator[None]:
    """Let an operation of a socket use up its work, and count while it runs; that of a request did so before.

    Raises:
        Refused: a quota is used up.
        InvalidVariables: it is more than any operation may cost.
    """
    if not caller.pays:
        yield
        return
    caller.visit.pay(PER_REQUEST + prepared.work(request.variables))
    what = "subscriptions" if prepared.kind == "subscription" else "requests"
    caller.visit.begin(what)
    try:
        yield
    finally:
        caller.visit.end(what)


class _NotPrepared(Exception):
    def __init__(self, errors: list[GraphQLError]) -> None:
        super().__init__()
        self.errors = errors


def _refuse(record: Record, errors: list[GraphQLError]) -> PreExecutionError:
    record.status, record.outcome = 400, "refused"
    record.code = str((errors[0].extensions or {}).get("code", "BAD_REQUEST"))
    return PreExecutionError(data=None, errors=errors)


def _interrupt(record: Record, errors: list[GraphQLError]) -> PreExecutionError:
    record.status, record.outcome = 200, "errors"
    record.code = str((errors[0].extensions or {}).get("code", "INTERNAL"))
    return PreExecutionError(data=None, errors=errors)
