"""What every fetch of a plan has in common: its body is written from constant bytes, its answer read with suspicion."""

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from typing import Any, Protocol

import orjson

from gateway.executor.failures import MOST_ERRORS, Cause, ErrorReader, ResponsePath, client_path, raw_path
from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTransport, SubgraphUnavailable
from gateway.executor.variables import Variables
from gateway.plan import OperationKind

Json = Any
Tree = dict[str, Any]


class Request:
    """One client request under way: its tree, and the errors that cost no value."""

    __slots__ = ("forwarded", "loose", "transport", "tree", "variables")

    def __init__(self, variables: Variables, transport: SubgraphTransport, forwarded: Forwarded) -> None:
        self.variables = variables
        self.transport = transport
        self.forwarded = forwarded
        self.tree: Tree = {}
        self.loose: list[tuple[Cause, ResponsePath]] = []


class Landing(Protocol):
    """A fetch, as far as its answer is concerned; `waiting` is what it noted when it wrote the request."""

    def land(self, request: Request, waiting: Any, body: bytes) -> None:
        """Put the answer into the tree.

        Raises:
            SubgraphUnavailable: it is no GraphQL answer.
        """
        ...

    def fail(self, request: Request, waiting: Any, error: SubgraphError) -> None:
        """Put the absence of an answer into the tree."""
        ...


class Pending:
    """A fetch that was written and is not answered."""

    __slots__ = ("answer", "fetch", "request", "waiting")

    def __init__(self, answer: Awaitable[bytes], fetch: Landing, request: Request, waiting: Any) -> None:
        self.answer = answer
        self.fetch = fetch
        self.request = request
        self.waiting = waiting

    async def settle(self) -> None:
        """Wait for the answer and put it, or its absence, into the tree."""
        try:
            self.fetch.land(self.request, self.waiting, await self.answer)
        except SubgraphError as error:
            self.request.forwarded.losing().blame(error.subgraph, error.reason)
            self.fetch.fail(self.request, self.waiting, error)

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

    def body(self, variables: Mapping[str, bytes], more: Sequence[bytes] = ()) -> bytes:
        """Return the JSON of the request; `more` are variables that are not the client's, with their names."""
        if self._variables:
            more = [*more, *(head + variables[name] for name, head in self._variables if name in variables)]
        return b"%b%b}}" % (self._head, b",".join(more))

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

    def causes(
        self, request: Request, errors: list[Json], aliases: Mapping[str, str], skip: int = 0
    ) -> list[tuple[ResponsePath, Cause]]:
        """Return each error's path in the answer with what the client may know of it, paths without their start."""
        read: list[tuple[ResponsePath, Cause]] = []
        losses = request.forwarded.losing()
        for error in errors[:MOST_ERRORS]:
            path = raw_path(error)
            cause = self.reader.cause(self.subgraph, error, client_path(path[skip:], aliases))
            losses.blame(self.subgraph, f"error {cause.extensions['code']}")
            read.append((path, cause))
        return read
