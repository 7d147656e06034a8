"""The subgraph's schema: entity look-ups that fail one by one, errors with codes that never carry internals."""

from collections.abc import Iterable, Iterator
from typing import Any, cast

import graphql
import structlog
from graphql import ExecutionResult, GraphQLError, GraphQLSchema
from strawberry.execution import optimized_is_awaitable
from strawberry.extensions import SchemaExtension
from strawberry.federation import Schema
from strawberry.federation.schema import FederationAny
from strawberry.schema.config import StrawberryConfig
from strawberry.schema.exceptions import CannotGetOperationTypeError
from strawberry.types import ExecutionContext, Info
from strawberry.types import ExecutionResult as StrawberryResult
from strawberry.types.graphql import OperationType

from chassis.auth import LogInsUnchecked, Unauthenticated
from chassis.graphql.common_request import Asked
from chassis.graphql.declared import Declared
from chassis.graphql.execution import PlainFieldsFirst
from chassis.graphql.known_documents import known_document
from chassis.graphql.lasting import while_logged_in
from chassis.graphql.scalars import SCALARS
from chassis.kernel import DomainError, Forbidden, NoAnswer
from chassis.left_out import noting
from chassis.live import StreamInterrupted
from chassis.security import SecurityEvent, notice

_LOG = structlog.stdlib.get_logger("graphql")

MOST_REPRESENTATIONS = 2_000
LEFT_OUT = "Something cannot be shown by this version of the portal at the moment, and was left out."
LEFT_OUT_CODE = "LEFT_OUT"
MOST_IDS = 20
FEDERATION_VERSION = "2.9"


class SubgraphSchema(Schema):
    """A federation subgraph of ours."""

    def __init__(
        self,
        query: type,
        mutation: type | None = None,
        subscription: type | None = None,
        types: Iterable[type] = (),
        open_mutations: Iterable[str] = (),
        declared: Declared | None = None,
    ) -> None:
        """`open_mutations` are those that strangers may ask for; nothing of another's input is built for a stranger.

        `declared` adds to each mutation's description the codes of its refusals.
        """
        self.open_mutations = frozenset(open_mutations)
        super().__init__(  # pyright: ignore[reportUnknownMemberType]
            query=query,
            mutation=mutation,
            subscription=subscription,
            types=types,
            extensions=[KnownDocuments, SaysWhatIsLeftOut],
            execution_context_class=PlainFieldsFirst,
            config=StrawberryConfig(scalar_map=SCALARS),
            federation_version=FEDERATION_VERSION,
        )
        made: GraphQLSchema = self._schema  # pyright: ignore[reportPrivateUsage]
        for name, field in made.mutation_type.fields.items() if made.mutation_type else ():
            field.resolve = _reading_anew(field.resolve)
            field.description = declared.describe(name, field.description) if declared else field.description
        for field in made.subscription_type.fields.values() if made.subscription_type else ():
            field.subscribe = while_logged_in(field.subscribe)

    async def run(self, asked: Asked, context: Any) -> StrawberryResult:
        """Run a sound operation: as `execute` does, without the hooks that this schema's extensions do not need."""
        with noting() as ids:
            try:
                found = cast(Any, graphql.execute)(
                    self._schema,  # pyright: ignore[reportPrivateUsage]
                    asked.document,
                    context_value=context,
                    variable_values=asked.variables,
                    operation_name=asked.operation_name,
                    is_awaitable=optimized_is_awaitable,
                    executor_class=PlainFieldsFirst,
                    operation_extensions=asked.extensions,
                )
                result = found if isinstance(found, ExecutionResult) else await found
            except Exception as error:
                blamed = error if isinstance(error, GraphQLError) else GraphQLError(str(error), original_error=error)
                result = ExecutionResult(None, [blamed])
        if result.errors:
            self.process_errors(result.errors)
        return StrawberryResult(data=result.data, errors=_with_what_is_left_out(result.errors, ids))

    def entities_resolver(self, info: Info, representations: list[FederationAny]) -> list[FederationAny]:
        if len(representations) > MOST_REPRESENTATIONS:
            raise GraphQLError("The request names too many entities.", extensions={"code": "TOO_MANY_REPRESENTATIONS"})
        return [self._entity(info, representation) for representation in representations]

    def _entity(self, info: Info, representation: Any) -> Any:
        try:
            given = dict(representation)
            kind = self.schema_converter.type_map[given.pop("__typename")].definition.origin  # pyright: ignore
            return kind.resolve_reference(info=info, **given)  # pyright: ignore
        except (KeyError, TypeError, ValueError, AttributeError):
            return GraphQLError("This is not a reference to a known entity.", extensions={"code": "BAD_REPRESENTATION"})
        except (DomainError, Unauthenticated, LogInsUnchecked) as error:
            return error

    def process_errors(self, errors: list[GraphQLError], execution_context: ExecutionContext | None = None) -> None:
        streaming = execution_context is not None and _is_subscription(execution_context)
        for error in errors:
            if streaming and error.path is None and _broke(error.original_error):
                interrupt(error)
            else:
                code_error(error)


def _is_subscription(context: ExecutionContext) -> bool:
    try:
        return context.operation_type is OperationType.SUBSCRIPTION
    except (RuntimeError, CannotGetOperationTypeError):
        return False


def _broke(original: BaseException | None) -> bool:
    """Tell whether a stream ended by what nobody decided: a refusal is none, nor is a document that is not run."""
    if original is None or isinstance(original, LogInsUnchecked):
        return False
    return isinstance(original, NoAnswer) or not isinstance(original, DomainError | Unauthenticated | GraphQLError)


def interrupt(error: GraphQLError) -> None:
    """Say of an error that ended a stream what to do, and log what nobody expected."""
    if not isinstance(error.original_error, StreamInterrupted | NoAnswer):
        _LOG.error("stream_failed", exc_info=error.original_error)
    interrupted = StreamInterrupted()
    error.message = interrupted.message
    error.extensions = {"code": interrupted.code}


def _reading_anew(resolve: Any) -> Any:
    """Return a mutation's resolver after which nothing is shown that was read before it.

    Mutations of one request run one after the other, each with its payload, and share the request's loaders.
    """

    def resolver(source: Any, info: Any, **given: Any) -> Any:
        info.context.forget_what_was_read()
        return resolve(source, info, **given)

    return resolver


class KnownDocuments(SchemaExtension):
    """Parses and validates a document once: the gateway sends the same texts again and again.

    Strawberry's own caches look documents up by their syntax trees, and hashing those costs more than it saves.
    """

    def on_parse(self) -> Iterator[None]:
        context = self.execution_context
        context.graphql_document, _ = known_document(context.schema._schema, context.query or "")  # pyright: ignore
        yield

    def on_validate(self) -> Iterator[None]:
        context = self.execution_context
        _, context.pre_execution_errors = known_document(context.schema._schema, context.query or "")  # pyright: ignore
        yield


class SaysWhatIsLeftOut(SchemaExtension):
    """Adds an error with a code to an answer that leaves rows out, so that nobody takes the rest for all there is."""

    def on_execute(self) -> Iterator[None]:
        with noting() as ids:
            yield
        result = self.execution_context.result
        if ids and isinstance(result, ExecutionResult):
            result.errors = _with_what_is_left_out(result.errors, ids)


def _with_what_is_left_out(errors: list[GraphQLError] | None, ids: list[str]) -> list[GraphQLError] | None:
    if not ids:
        return errors
    said = GraphQLError(LEFT_OUT, extensions={"code": LEFT_OUT_CODE, "ids": sorted({*ids})[:MOST_IDS]})
    return [*(errors or []), said]


def code_error(error: GraphQLError) -> None:
    """Give an error its stable `extensions.code`; an unexpected one loses its text and is logged by type and place."""
    original = error.original_error
    if isinstance(original, Forbidden):
        notice(SecurityEvent.FORBIDDEN, original.code)
    if isinstance(original, DomainError | Unauthenticated | LogInsUnchecked):
        error.message = original.message
        error.extensions = {"code": original.code}
        if isinstance(original, DomainError) and original.field:
            error.extensions["field"] = list(original.field)
    elif error.path is not None and original is not None and not isinstance(original, GraphQLError):
        _LOG.error("resolver_failed", exc_info=original)
        error.message = "Something went wrong on our side. Report it with the request ID."
        error.extensions = {"code": "INTERNAL"}
    else:
        error.extensions = {"code": "BAD_REQUEST", **(error.extensions or {})}
