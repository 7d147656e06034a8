"""What every fetch of a plan has in common: its body is written from constant bytes, its answer read with suspicion."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.executor.failures import MOST_ERRORS, Cause, ErrorReader, ResponsePath, client_path, raw_path
from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTransport, SubgraphUnavailable
from gateway.executor.variables import Variables
from gateway.plan import OperationKind

Json = Any
Tree = dict[str, Any]


@dataclass(slots=True)
class Request:
    """One client request under way: its tree, and the errors that cost no value."""

    variables: Variables
    transport: SubgraphTransport
    forwarded: Forwarded
    tree: Tree = field(default_factory=dict[str, Any])
    loose: list[tuple[Cause, ResponsePath]] = field(default_factory=list[tuple[Cause, ResponsePath]])


@dataclass(slots=True)
class Pending:
    """A fetch that was written; `land` puts what comes of it into the tree."""

    answer: Awaitable[bytes]
    land: Callable[[bytes], None]
    fail: Callable[[SubgraphError], None]

    async def settle(self) -> None:
        """Wait for the answer and put it, or its absence, into the tree."""
        try:
            self.land(await self.answer)
        except SubgraphError as error:
            self.fail(error)

    def cancel(self) -> None:
        """Give up the answer."""
        if isinstance(self.answer, asyncio.Future):
            self.answer.cancel()


class SubgraphRequest:
    """One GraphQL operation for one subgraph, with the variables of the client that it uses."""

    def __init__(
        self, subgraph: str, kind: OperationKind, operation: str, variables: tuple[str, ...], reader: ErrorReader
    ) -> None:
        """Prepare the constant bytes."""
        self.subgraph = subgraph
        self.reader = reader
        self._kind: OperationKind = kind
        self._head = b'{"query":%b,"variables":{' % orjson.dumps(operation)
        self._variables = [(name, b"%b:" % orjson.dumps(name)) for name in variables]

    def body(self, variables: Mapping[str, bytes], more: tuple[bytes, ...] = ()) -> bytes:
        """Return the JSON of the request; `more` are variables that are not the client's, with their names."""
        own = [head + variables[name] for name, head in self._variables if name in variables]
        return self._head + b",".join((*more, *own)) + b"}}"

    def post(self, request: Request, body: bytes) -> Awaitable[bytes]:
        """Write the request."""
        try:
            return request.transport.post(self.subgraph, body, self._kind, request.forwarded)
        except SubgraphError as error:
            refused: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            refused.set_exception(error)
            return refused

    def decode(self, body: bytes) -> Tree:
        """Return the answer.

        Raises:
            SubgraphUnavailable: it is no GraphQL answer.
        """
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise SubgraphUnavailable(self.subgraph, "the answer is not JSON") from error
        return self.checked(answer)

    def checked(self, answer: Json) -> Tree:
        """Return the answer if its parts have the types that a GraphQL answer has."""
        if answer.__class__ is not dict:
            raise SubgraphUnavailable(self.subgraph, "the answer is not an object")
        data, errors = answer.get("data"), answer.get("errors")
        if data is None and not errors:
            raise SubgraphUnavailable(self.subgraph, "the answer has neither data nor errors")
        if (data is not None and data.__class__ is not dict) or (errors is not None and errors.__class__ is not list):
            raise SubgraphUnavailable(self.subgraph, "the answer has data or errors of a wrong type")
        return answer

    def causes(self, errors: list[Json], aliases: Mapping[str, str], skip: int = 0) -> list[tuple[ResponsePath, Cause]]:
        """Return each error's path in the answer with what the client may know of it, paths without their start."""
        read: list[tuple[ResponsePath, Cause]] = []
        for error in errors[:MOST_ERRORS]:
            path = raw_path(error)
            read.append((path, self.reader.cause(self.subgraph, error, client_path(path[skip:], aliases))))
        return read
