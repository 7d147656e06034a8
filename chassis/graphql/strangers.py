"""Refuses mutations of strangers before anything of their input is read: variables may hold a thousand lines."""

from collections.abc import Callable
from typing import Any, cast

from graphql import (
    FieldNode,
    GraphQLError,
    GraphQLNonNull,
    OperationDefinitionNode,
    OperationType,
)
from strawberry.types import ExecutionResult

from chassis.auth import LogInsUnchecked, Unauthenticated
from chassis.graphql.context import Context
from chassis.graphql.schema import SubgraphSchema


def refused_to_strangers(
    schema: SubgraphSchema, operation: OperationDefinitionNode
) -> Callable[[Context[Any]], ExecutionResult] | None:
    """Return what answers a valid mutation of somebody who is not logged in, None where it may be run.

    The answer is the one that running it would give: every field null, with its error.
    """
    fields = operation.selection_set.selections or ()
    plain = [node for node in fields if isinstance(node, FieldNode) and not node.directives]
    if operation.operation is not OperationType.MUTATION or len(plain) < len(fields):
        return None
    if any(node.name.value in schema.open_mutations or node.name.value == "__typename" for node in plain):
        return None
    keys = {(node.alias or node.name).value: _is_nullable(schema, node.name.value) for node in plain}
    return lambda context: _refusal(context, keys)


def _is_nullable(schema: SubgraphSchema, name: str) -> bool:
    kind = cast(Any, schema._schema).mutation_type  # pyright: ignore[reportPrivateUsage]
    return not isinstance(kind.fields[name].type, GraphQLNonNull)


def _refusal(context: Context[Any], keys: dict[str, bool]) -> ExecutionResult:
    try:
        context.acting()
    except (Unauthenticated, LogInsUnchecked) as refused:
        errors = [GraphQLError(refused.message, path=[key], extensions={"code": refused.code}) for key in keys]
        if all(keys.values()):
            return ExecutionResult(data=dict.fromkeys(keys), errors=errors)
        return ExecutionResult(data=None, errors=errors[:1])
    raise AssertionError("somebody acts")
