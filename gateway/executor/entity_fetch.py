"""Fetches that ask `_entities`: every distinct representation once, its entity for every object that gave it."""

from typing import Any

from gateway.executor.failures import Cause, ErrorReader, ResponsePath, fail_keys, place
from gateway.executor.fetch import Pending, Request, SubgraphRequest
from gateway.executor.folding import Find, compile_fold
from gateway.executor.merge import Target, compile_rewrite
from gateway.executor.paths import compile_walk, positions
from gateway.executor.ports import SubgraphError, SubgraphUnavailable
from gateway.executor.representations import Batch, compile_batch
from gateway.executor.selection import Keys, aliases, operation_keys
from gateway.executor.sharing import Sharing
from gateway.plan import BatchFetch, BatchPart, Path

Json = Any
Tree = dict[str, Any]
Blame = tuple[ResponsePath, Cause]


class EntityFetch:
    """One request for the entities of one or several parts."""

    def __init__(self, fetch: BatchFetch, reader: ErrorReader, sharing: Sharing) -> None:
        """Compile the fetch and its parts."""
        self.request = SubgraphRequest(fetch.subgraph, "query", fetch.operation, fetch.variables, reader)
        keys = operation_keys(fetch.operation)
        self._parts = [_Part(part, keys[part.alias], sharing) for part in fetch.parts]

    def start(self, request: Request) -> Pending | None:
        """Write the request; None where no object gives a representation."""
        batches = [part.batch(request.tree) for part in self._parts]
        if not any(batch.representations for batch in batches):
            return None
        more = [part.variable(batch) for part, batch in zip(self._parts, batches, strict=True)]
        answer = self.request.post(request, self.request.body(request.variables.encoded, tuple(more)))
        return Pending(
            answer,
            lambda body: self._land(request, batches, self.request.decode(body)),
            lambda error: self._fail(batches, error),
        )

    def _fail(self, batches: list[Batch], error: SubgraphError) -> None:
        cause = self.request.reader.outage(error)
        for part, batch in zip(self._parts, batches, strict=True):
            part.fail(batch, cause)

    def _land(self, request: Request, batches: list[Batch], answer: Tree) -> None:
        data: Tree = answer.get("data") or {}
        errors: list[Json] = answer.get("errors") or []
        parts = list(zip(self._parts, batches, strict=True))
        answers = [self._entities(data.get(part.alias), batch, bool(errors)) for part, batch in parts]
        if errors:
            self._blame(request, batches, answers, errors)
        for (part, batch), entities in zip(parts, answers, strict=True):
            part.land(batch, entities)

    def _entities(self, entities: Json, batch: Batch, failed: bool) -> list[Tree | None]:
        count = len(batch.targets)
        if entities is None and failed:
            return [None] * count
        found: list[Json] = entities or [] if entities.__class__ is list else [None] * (count + 1)
        if len(found) != count:
            raise SubgraphUnavailable(self.request.subgraph, "the answer has not one entity for each representation")
        return [entity if entity.__class__ is dict else None for entity in found]

    def _blame(
        self, request: Request, batches: list[Batch], answers: list[list[Tree | None]], errors: list[Json]
    ) -> None:
        """Put errors into the entities they name; those that name none are of all entities that are lost."""
        by_alias = {part.alias: at for at, part in enumerate(self._parts)}
        every = {alias: name for part in self._parts for alias, name in part.aliases.items()}
        named: dict[tuple[int, int], list[Blame]] = {}
        for path, cause in self.request.causes(errors, every, skip=2):
            part = by_alias.get(str(path[0])) if path else None
            index = path[1] if len(path) > 1 else None
            if part is not None and isinstance(index, int) and index < len(answers[part]):
                named.setdefault((part, index), []).append((path[2:], cause))
            else:
                _blame_lost(request, answers, part, cause.at(()), named)
        for (part, index), causes in named.items():
            answers[part][index] = self._parts[part].blame(request, batches[part], index, answers[part][index], causes)


def _blame_lost(
    request: Request,
    answers: list[list[Tree | None]],
    part: int | None,
    cause: Cause,
    named: dict[tuple[int, int], list[Blame]],
) -> None:
    lost = [
        (at, index)
        for at, entities in enumerate(answers)
        for index, entity in enumerate(entities)
        if entity is None and part in (None, at)
    ]
    for place_ in lost:
        named.setdefault(place_, []).append(((), cause))
    if not lost:
        request.loose.append((cause, ()))


def _finding(path: Path, part: BatchPart, sharing: Sharing) -> Find:
    crossings = sharing.crossings(path)
    fold = compile_fold(path, part.requires, crossings) if sharing.folds(path) else None
    return fold or compile_walk(path, crossings)


class _Part:
    """One `_entities` of a fetch, for the objects at its paths."""

    def __init__(self, part: BatchPart, keys: Keys, sharing: Sharing) -> None:
        self.alias = part.alias
        self.aliases = aliases(part.output_rewrites)
        self._paths = part.paths
        self._walks = [_finding(path, part, sharing) for path in part.paths]
        self._batch = compile_batch(part.requires)
        self._head = b'"%b":[' % part.variable.encode()
        self._raw_keys = keys
        self._keys = {self.aliases.get(key, key): below for key, below in keys.items()}
        self._target = Target(self._keys, share=sharing.allowed(part.paths, self._keys))
        self._rewrites = [compile_rewrite(rewrite) for rewrite in part.output_rewrites]

    def batch(self, tree: Tree) -> Batch:
        """Return the representations of the objects; those that lost what theirs needs have failed already."""
        top = [tree]
        objects = self._walks[0](top) if len(self._walks) == 1 else [o for walk in self._walks for o in walk(top)]
        batch = self._batch(objects)
        for target, failure in batch.failed:
            self._target.put([target], dict(fail_keys(self._keys, [cause.at(()) for cause in failure.causes])))
        return batch

    def variable(self, batch: Batch) -> bytes:
        """Return the variable of the representations, as JSON with its name."""
        return self._head + b",".join(batch.representations) + b"]"

    def land(self, batch: Batch, entities: list[Tree | None]) -> None:
        for rewrite in self._rewrites:
            rewrite([entity for entity in entities if entity])
        put = self._target.put
        for entity, targets in zip(entities, batch.targets, strict=True):
            if entity:
                put(targets, entity)

    def fail(self, batch: Batch, cause: Cause) -> None:
        for targets in batch.targets:
            self._target.put(targets, dict(fail_keys(self._keys, [cause])))

    def blame(self, request: Request, batch: Batch, index: int, entity: Tree | None, causes: list[Blame]) -> Tree:
        """Return the entity with its errors where they cost values; the rest are told at all its positions."""
        if entity is None:
            return dict(fail_keys(self._keys, [cause for _, cause in causes]))
        wanted = {id(target) for target in batch.targets[index]}
        for path, cause in causes:
            if not path or not place(entity, path, cause, self._raw_keys):
                found = (one for way in self._paths for one in positions(request.tree, way))
                request.loose += [(cause, (*at, *cause.path)) for at, target in found if id(target) in wanted]
        return entity
