"""What the rules look at: a document, walked once for all of them."""

from collections.abc import Callable
from functools import cache, cached_property

from graphql import DocumentNode, GraphQLError, GraphQLSchema, Node, OperationDefinitionNode

from gateway.limits.amounts import Limits

MANY = 1_000_000_000


class Subject:
    """A document with the schema it asks and the limits it must keep."""

    def __init__(self, schema: GraphQLSchema, document: DocumentNode, limits: Limits) -> None:
        self.schema, self.document, self.limits = schema, document, limits

    @cached_property
    def operations(self) -> list[OperationDefinitionNode]:
        """The operations."""
        return [node for node in self.document.definitions if isinstance(node, OperationDefinitionNode)]

    @cached_property
    def nodes(self) -> list[Node]:
        """Every node, each once, in no particular order."""
        nodes: list[Node] = []
        waiting: list[object] = [self.document]
        while waiting:
            value = waiting.pop()
            if isinstance(value, Node):
                nodes.append(value)
                waiting.extend([getattr(value, key, None) for key in _parts(value.__class__)])
            elif isinstance(value, list | tuple):
                waiting.extend(value)  # pyright: ignore[reportUnknownArgumentType]
        return nodes


@cache
def _parts(kind: type[Node]) -> tuple[str, ...]:
    """Return the attributes of a kind of node that may hold nodes."""
    return tuple(key for key in kind.keys if key != "loc")


Rule = Callable[[Subject], GraphQLError | None]


def refuse_above(amount: int, limit: int, code: str, too: str) -> GraphQLError | None:
    """Return the refusal of an amount over its limit; `too` completes “The document has too …”."""
    if amount <= limit:
        return None
    text = f"The document has too {too}; the limit is {limit:,}."
    return GraphQLError(text, extensions={"code": code, "limit": limit})


def largest(subject: Subject, measure: Callable[[OperationDefinitionNode], int]) -> int:
    """Return the largest measure of an operation; `MANY` where it is nested beyond counting."""
    try:
        return max(map(measure, subject.operations), default=0)
    except RecursionError:
        return MANY
