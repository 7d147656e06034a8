"""Introspection: `__schema` and `__type` answered by graphql-core from the API schema, no subgraph asked."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    SelectionSetNode,
    execute_sync,  # pyright: ignore[reportUnknownVariableType]
)


def introspect(
    schema: GraphQLSchema,
    node: OperationDefinitionNode,
    fields: Iterable[FieldNode],
    fragments: Iterable[FragmentDefinitionNode],
    variables: Mapping[str, Any],
) -> tuple[dict[str, Any], list[GraphQLError]]:
    """Return the values of the operation's introspection fields by response key, and errors."""
    operation = OperationDefinitionNode(
        operation=node.operation,
        variable_definitions=node.variable_definitions,
        selection_set=SelectionSetNode(selections=tuple(fields)),
    )
    document = DocumentNode(definitions=(operation, *fragments))
    result = execute_sync(schema, document, variable_values=dict(variables))
    return result.data or {}, result.errors or []
