"""Fetches that ask a root type: at the top of a plan, for each event, or where a payload leads back to the root."""

from typing import Any

from gateway.executor.failures import ErrorReader, fail_keys, place
from gateway.executor.fetch import Pending, Request, SubgraphRequest
from gateway.executor.merge import Target, compile_rewrite
from gateway.executor.paths import compile_walk, positions
from gateway.executor.ports import SubgraphError
from gateway.executor.selection import aliases, operation_keys
from gateway.executor.sharing import Sharing
from gateway.plan import Fetch, Path

Json = Any
Tree = dict[str, Any]


class RootFetch:
    """A fetch whose `data` is merged into the top of the tree, or into every object at `path`."""

    def __init__(self, fetch: Fetch, path: Path, reader: ErrorReader, sharing: Sharing) -> None:
        """Compile the fetch for the objects at `path`."""
        self.request = SubgraphRequest(fetch.subgraph, fetch.kind, fetch.operation, fetch.variables, reader)
        self._path = path
        self._walk = compile_walk(path)
        self._aliases = aliases(fetch.output_rewrites)
        self._raw_keys = operation_keys(fetch.operation)
        self._keys = {self._aliases.get(key, key): below for key, below in self._raw_keys.items()}
        self._target = Target(self._keys, share=sharing.allowed((path,), self._keys))
        self._rewrites = [compile_rewrite(rewrite) for rewrite in fetch.output_rewrites]

    def start(self, request: Request, _: object = None) -> Pending | None:
        """Write the request; None where no object needs it."""
        if self._path and not self._walk([request.tree]):
            return None
        answer = self.request.post(request, self.request.body(request.variables.encoded))
        return Pending(answer, self, request, None)

    def land(self, request: Request, waiting: None, body: bytes) -> None:
        """See `Landing`."""
        self.put(request, self.request.decode(body))

    def put(self, request: Request, answer: Tree) -> None:
        """Put the data into the tree, and its errors where they cost values."""
        data: Tree | None = answer.get("data")
        if errors := answer.get("errors"):
            data = self._blame(request, data, errors)
        for rewrite in self._rewrites:
            rewrite([data] if data else [])
        self._put(request, data or {})

    def fail(self, request: Request, waiting: None, error: SubgraphError) -> None:
        """See `Landing`."""
        self._put(request, dict(fail_keys(self._keys, [self.request.reader.outage(error)])))

    def _put(self, request: Request, data: Tree) -> None:
        if not self._path and not request.tree:
            request.tree = data
        else:
            self._target.put(self._walk([request.tree]), data)

    def _blame(self, request: Request, data: Tree | None, errors: list[Json]) -> Tree:
        causes = self.request.causes(request, errors, self._aliases)
        if data is None:
            return dict(fail_keys(self._keys, [cause for _, cause in causes]))
        for path, cause in causes:
            if not path or not place(data, path, cause, self._raw_keys):
                request.loose += [(cause, (*at, *cause.path)) for at, _ in positions(request.tree, self._path)]
        return data
