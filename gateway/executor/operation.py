"""One operation with everything derived from its plan, ready to run for many requests at once."""

from collections.abc import AsyncGenerator, Mapping
from typing import Any

from graphql import DocumentNode, GraphQLSchema, OperationDefinitionNode

from gateway.executor.answer import Answer
from gateway.executor.ports import Forwarded, SubgraphTransport
from gateway.plan import QueryPlan


class Operation:
    """A plan, compiled."""

    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        node: OperationDefinitionNode,
        plan: QueryPlan,
        *,
        name_subgraphs: bool = False,
    ) -> None:
        """Compile `plan`, which answers the operation `node` of a valid `document`."""
        self.plan = plan

    async def execute(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> Answer:
        """Run it."""
        raise NotImplementedError

    async def execute_body(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> bytes:
        """Run it to the bytes of the response body."""
        raise NotImplementedError

    def subscribe(
        self, variables: Mapping[str, Any] | None, transport: SubgraphTransport, forwarded: Forwarded
    ) -> AsyncGenerator[Answer, None]:
        """Run a subscription."""
        raise NotImplementedError
