"""One fetch of a plan: its body written from constant bytes, its answer put into the response tree."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

import orjson

from gateway.executor.failures import (
    MOST_ERRORS,
    Cause,
    ErrorReader,
    ResponsePath,
    client_path,
    fail_keys,
    place,
    raw_path,
)
from gateway.executor.merge import compile_rewrite, merge
from gateway.executor.paths import compile_walk, positions
from gateway.executor.ports import Forwarded, SubgraphError, SubgraphTransport, SubgraphUnavailable
from gateway.executor.representations import Batch, compile_batch
from gateway.executor.selection import aliases, fetch_keys
from gateway.executor.variables import Variables
from gateway.plan import Fetch, Path

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


class CompiledFetch:
    """What root and entity fetches have in common: subgraph, body, known keys, rewrites, errors."""

    def __init__(self, fetch: Fetch, path: Path, reader: ErrorReader, *, share: bool = True) -> None:
        """Compile a fetch for the objects at `path`; `share` lets equal objects hold one answer together."""
        self.fetch = fetch
        self.path = path
        self.reader = reader
        self.share = share
        self.walk = compile_walk(path)
        self.raw_keys = fetch_keys(fetch)
        self.aliases = aliases(fetch)
        self.keys = {self.aliases.get(key, key): below for key, below in self.raw_keys.items()}
        self.own_keys = frozenset(self.keys) - {"__typename"}
        self.rewrites = [compile_rewrite(rewrite) for rewrite in fetch.output_rewrites]
        self._head = b'{"query":%b,"variables":{' % orjson.dumps(fetch.operation)
        self._variables = [(name, b"%b:" % orjson.dumps(name)) for name in fetch.variables]

    def body(self, variables: Mapping[str, bytes], representations: bytes | None = None) -> bytes:
        """Return the JSON of the subgraph request."""
        parts = [head + variables[name] for name, head in self._variables if name in variables]
        if representations is not None:
            parts.insert(0, b'"representations":[%b]' % representations)
        return self._head + b",".join(parts) + b"}}"

    def post(self, request: Request, body: bytes) -> Awaitable[bytes]:
        """Write the request."""
        try:
            return request.transport.post(self.fetch.subgraph, body, self.fetch.kind, request.forwarded)
        except SubgraphError as error:
            refused: asyncio.Future[bytes] = asyncio.get_running_loop().create_future()
            refused.set_exception(error)
            return refused

    def cause(self, error: Json, strip: int = 0) -> tuple[ResponsePath, Cause]:
        """Return an error's path in the answer without its first steps, and what the client may know of it."""
        path = raw_path(error)[strip:]
        return path, self.reader.cause(self.fetch.subgraph, error, client_path(path, self.aliases))

    def decode(self, body: bytes) -> Tree:
        """Return the answer.

        Raises:
            SubgraphUnavailable: it is no GraphQL answer.
        """
        try:
            answer = orjson.loads(body)
        except orjson.JSONDecodeError as error:
            raise SubgraphUnavailable(self.fetch.subgraph, "the answer is not JSON") from error
        return self.checked(answer)

    def checked(self, answer: Json) -> Tree:
        """Return the answer if its parts have the types that a GraphQL answer has."""
        if answer.__class__ is not dict:
            raise SubgraphUnavailable(self.fetch.subgraph, "the answer is not an object")
        data, errors = answer.get("data"), answer.get("errors")
        if data is None and not errors:
            raise SubgraphUnavailable(self.fetch.subgraph, "the answer has neither data nor errors")
        if (data is not None and data.__class__ is not dict) or (errors is not None and errors.__class__ is not list):
            raise SubgraphUnavailable(self.fetch.subgraph, "the answer has data or errors of a wrong type")
        return answer

    def put(self, targets: list[Tree], source: Tree) -> None:
        """Merge an answer's object into those of the tree that wait for it."""
        for at, target in enumerate(targets):
            own = source if self.share or not at else deepcopy(source)
            if target.keys().isdisjoint(self.own_keys):
                target.update(own)
            else:
                merge(target, own)


class RootFetch(CompiledFetch):
    """Asks the root type, for the top of the tree or for objects that lead back to it."""

    def start(self, request: Request) -> Pending | None:
        """Write the request; None where no object needs it."""
        if self.path and not self.walk([request.tree]):
            return None
        answer = self.post(request, self.body(request.variables.encoded))
        return Pending(
            answer,
            lambda body: self.land(request, self.decode(body)),
            lambda error: self._put(request, dict(fail_keys(self.keys, [self.reader.outage(error)]))),
        )

    def land(self, request: Request, answer: Tree) -> None:
        """Put the data into the tree, its errors where they cost values."""
        data: Tree | None = answer.get("data")
        if errors := answer.get("errors"):
            data = self._blame(request, data, errors)
        for rewrite in self.rewrites:
            rewrite([data] if data else [])
        self._put(request, data or {})

    def _put(self, request: Request, data: Tree) -> None:
        if not self.path and not request.tree:
            request.tree = data
            return
        self.put(self.walk([request.tree]), data)

    def _blame(self, request: Request, data: Tree | None, errors: list[Json]) -> Tree:
        causes = [self.cause(error) for error in errors[:MOST_ERRORS]]
        if data is None:
            return dict(fail_keys(self.keys, [cause for _, cause in causes]))
        for path, cause in causes:
            if not path or not place(data, path, cause, self.raw_keys):
                request.loose += [(cause, (*at, *cause.path)) for at, _ in positions(request.tree, self.path)]
        return data


class EntityFetch(CompiledFetch):
    """Asks `_entities` for the objects at a path: every distinct representation once."""

    def __init__(self, fetch: Fetch, path: Path, reader: ErrorReader, *, share: bool = True) -> None:
        """Compile an entity fetch for the objects at `path`."""
        super().__init__(fetch, path, reader, share=share)
        self._batch = compile_batch(fetch.requires)

    def start(self, request: Request) -> Pending | None:
        """Write the request; None where no object gives a representation."""
        objects = self.walk([request.tree])
        if not objects:
            return None
        batch = self._batch(objects)
        for target, failure in batch.failed:
            self.put([target], dict(fail_keys(self.keys, [cause.at(()) for cause in failure.causes])))
        if not batch.representations:
            return None
        answer = self.post(request, self.body(request.variables.encoded, b",".join(batch.representations)))
        return Pending(
            answer,
            lambda body: self._land(request, batch, self.decode(body)),
            lambda error: self._fail(batch, error),
        )

    def _fail(self, batch: Batch, error: SubgraphError) -> None:
        cause = self.reader.outage(error)
        for targets in batch.targets:
            self.put(targets, dict(fail_keys(self.keys, [cause])))

    def _land(self, request: Request, batch: Batch, answer: Tree) -> None:
        data: Tree = answer.get("data") or {}
        entities = self._entities(data.get("_entities"), len(batch.targets), answer.get("errors"))
        if errors := answer.get("errors"):
            self._blame(request, batch, entities, errors)
        for rewrite in self.rewrites:
            rewrite([entity for entity in entities if entity])
        for entity, targets in zip(entities, batch.targets, strict=True):
            if entity:
                self.put(targets, entity)

    def _entities(self, entities: Json, count: int, errors: Json) -> list[Tree | None]:
        if entities is None and errors:
            return [None] * count
        found: list[Json] = entities or [] if entities.__class__ is list else []
        if len(found) != count:
            raise SubgraphUnavailable(self.fetch.subgraph, "the answer has not one entity for each representation")
        return [entity if entity.__class__ is dict else None for entity in found]

    def _blame(self, request: Request, batch: Batch, entities: list[Tree | None], errors: list[Json]) -> None:
        """Put the errors into the entities they name; those that name none are of all entities that are lost."""
        of_each: dict[int, list[tuple[ResponsePath, Cause]]] = {}
        for error in errors[:MOST_ERRORS]:
            path = raw_path(error)
            if len(path) > 1 and path[0] == "_entities" and isinstance(path[1], int):
                of_each.setdefault(path[1], []).append(self.cause(error, strip=2))
            else:
                self._blame_all(request, entities, self.cause(error, strip=len(path))[1], of_each)
        for at, causes in of_each.items():
            if at < len(entities):
                entities[at] = self._blame_one(request, batch.targets[at], entities[at], causes)

    def _blame_all(
        self,
        request: Request,
        entities: list[Tree | None],
        cause: Cause,
        of_each: dict[int, list[tuple[ResponsePath, Cause]]],
    ) -> None:
        lost = [at for at, entity in enumerate(entities) if entity is None]
        for at in lost:
            of_each.setdefault(at, []).append(((), cause))
        if not lost:
            request.loose.append((cause, ()))

    def _blame_one(
        self, request: Request, targets: list[Tree], entity: Tree | None, causes: list[tuple[ResponsePath, Cause]]
    ) -> Tree:
        if entity is None:
            return dict(fail_keys(self.keys, [cause for _, cause in causes]))
        for path, cause in causes:
            if not path or not place(entity, path, cause, self.raw_keys):
                wanted = {id(target) for target in targets}
                found = positions(request.tree, self.path)
                request.loose += [(cause, (*at, *cause.path)) for at, target in found if id(target) in wanted]
        return entity


def compile_fetch(fetch: Fetch, path: Path, reader: ErrorReader, *, share: bool = True) -> RootFetch | EntityFetch:
    """Return the fetch, ready to start for any request."""
    return (EntityFetch if fetch.requires else RootFetch)(fetch, path, reader, share=share)
