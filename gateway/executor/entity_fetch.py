"""Fetches that ask `_entities`: every distinct representation once, its entity for every object that gave it."""

from typing import Any, Final, cast

from gateway.executor.failures import Cause, ErrorReader, Failure, ResponsePath, fail_keys, place
from gateway.executor.fetch import Pending, Request, SubgraphRequest
from gateway.executor.folding import Gather, compile_fold
from gateway.executor.merge import Target, compile_rewrite
from gateway.executor.paths import compile_walk, positions
from gateway.executor.ports import SubgraphError, SubgraphUnavailable
from gateway.executor.representations import Batch, Representer, needs_more
from gateway.executor.selection import Keys, aliases, operation_keys
from gateway.executor.sharing import Sharing
from gateway.plan import BatchFetch, BatchPart, Path

Json = Any
Tree = dict[str, Any]
Blame = tuple[ResponsePath, Cause]
Gathered = dict[tuple[Gather, ...], Batch]
_OBJECTS: Final = frozenset({dict, type(None)})


class Gatherings:
    """The functions that gather a plan's representations; parts of equal paths and keys have the same ones."""

    def __init__(self, sharing: Sharing) -> None:
        self.sharing = sharing
        self._known: dict[tuple[object, ...], tuple[Gather, ...]] = {}

    def of(self, part: BatchPart, asked: frozenset[str]) -> tuple[Gather, ...]:
        """Return the functions of a part, which asks for the keys `asked`, one for each path."""
        asked = asked if any(map(needs_more, part.requires)) else frozenset[str]()
        key = (part.paths, part.requires, asked)
        if key not in self._known:
            representer = Representer(part.requires, asked)
            self._known[key] = tuple(self._gather(path, representer) for path in part.paths)
        return self._known[key]

    def _gather(self, path: Path, representer: Representer) -> Gather:
        crossings = self.sharing.crossings(path)
        fold = compile_fold(path, representer, crossings) if self.sharing.folds(path) else None
        walk = compile_walk(path, crossings)
        return fold or (lambda tree, batch: representer.collect(walk([tree]), batch))


class EntityFetch:
    """One request for the entities of one or several parts."""

    def __init__(self, fetch: BatchFetch, reader: ErrorReader, gatherings: Gatherings) -> None:
        """Compile the fetch and its parts."""
        self.request = SubgraphRequest(fetch.subgraph, "query", fetch.operation, fetch.variables, reader)
        keys = operation_keys(fetch.operation)
        self._parts = [_Part(part, keys[part.alias], gatherings) for part in fetch.parts]

    def start(self, request: Request, gathered: Gathered) -> Pending | None:
        """Write the request; None where no object gives a representation.

        `gathered` are the batches of the fetches that go out at the same moment.
        """
        batches: list[Batch] = []
        variables: list[bytes] = []
        wanted = False
        for part in self._parts:
            batch = part.batch(request.tree, gathered)
            batches.append(batch)
            variables.append(part.variable(batch))
            wanted = wanted or bool(batch.representations)
        if not wanted:
            return None
        answer = self.request.post(request, self.request.body(request.variables.encoded, variables))
        return Pending(answer, self, request, batches)

    def fail(self, request: Request, waiting: list[Batch], error: SubgraphError) -> None:
        """See `Landing`."""
        cause = self.request.reader.outage(error)
        for part, batch in zip(self._parts, waiting, strict=True):
            part.fail(batch, cause)

    def land(self, request: Request, waiting: list[Batch], body: bytes) -> None:
        """See `Landing`."""
        answer = self.request.decode(body)
        data: Tree = answer.get("data") or {}
        errors: list[Json] = answer.get("errors") or []
        answers: list[list[Tree | None]] = []
        for part, batch in zip(self._parts, waiting, strict=True):
            answers.append(self._entities(data.get(part.alias), len(batch.targets), bool(errors)))
        if errors:
            self._blame(request, waiting, answers, errors)
        for part, batch, entities in zip(self._parts, waiting, answers, strict=True):
            part.land(batch, entities)

    def _entities(self, entities: Json, count: int, failed: bool) -> list[Tree | None]:
        if entities is None and failed:
            return [None] * count
        if not isinstance(entities, list) or len(cast(list[Json], entities)) != count:
            raise SubgraphUnavailable(self.request.subgraph, "the answer has not one entity for each representation")
        found = cast(list[Json], entities)
        return found if _OBJECTS.issuperset(map(type, found)) else [_object(entity) for entity in found]

    def _blame(
        self, request: Request, batches: list[Batch], answers: list[list[Tree | None]], errors: list[Json]
    ) -> None:
        """Put errors into the entities they name; those that name none are of all entities that are lost."""
        by_alias = {part.alias: at for at, part in enumerate(self._parts)}
        every = {alias: name for part in self._parts for alias, name in part.aliases.items()}
        named: dict[tuple[int, int], list[Blame]] = {}
        for path, cause in self.request.causes(request, errors, every, skip=2):
            part = by_alias.get(str(path[0])) if path else None
            index = path[1] if len(path) > 1 else None
            if part is not None and isinstance(index, int) and 0 <= index < len(answers[part]):
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


def _object(entity: Json) -> Tree | None:
    return entity if entity.__class__ is dict else None


class _Part:
    """One `_entities` of a fetch, for the objects at its paths."""

    def __init__(self, part: BatchPart, keys: Keys, gatherings: Gatherings) -> None:
        self.alias = part.alias
        self.aliases = aliases(part.output_rewrites)
        self._paths = part.paths
        self._head = b'"%b":[' % part.variable.encode()
        self._raw_keys = keys
        self._keys = {self.aliases.get(key, key): below for key, below in keys.items()}
        self._gathers = gatherings.of(part, frozenset(self._keys) - {"__typename"})
        self._target = Target(self._keys, share=gatherings.sharing.allowed(part.paths, self._keys))
        self._rewrites = [compile_rewrite(rewrite) for rewrite in part.output_rewrites]

    def batch(self, tree: Tree, gathered: Gathered) -> Batch:
        """Return the representations of the objects; those that lost what theirs needs have failed already."""
        batch = gathered.get(self._gathers)
        if batch is None:
            batch = gathered[self._gathers] = Batch()
            for gather in self._gathers:
                gather(tree, batch)
        for target, failure in batch.failed:
            self.lose(target, failure)
        return batch

    def lose(self, target: Tree, failure: Failure) -> None:
        """Fail what was to be asked for an object, by what cost its representation."""
        self._target.put([target], dict(fail_keys(self._keys, [cause.at(()) for cause in failure.causes])))

    def variable(self, batch: Batch) -> bytes:
        """Return the variable of the representations, as JSON with its name."""
        return b"%b%b]" % (self._head, b",".join(batch.representations))

    def land(self, batch: Batch, entities: list[Tree | None]) -> None:
        for rewrite in self._rewrites:
            rewrite([entity for entity in entities if entity])
        put = self._target.put
        for entity, targets in zip(entities, batch.targets.values(), strict=True):
            if entity:
                put(targets, entity)
        for target, failure, wanted_by in batch.lost:
            keys = {key: self._keys[key] for key in wanted_by if key in self._keys}
            target.update(fail_keys(keys, [cause.at(()) for cause in failure.causes]))

    def fail(self, batch: Batch, cause: Cause) -> None:
        for targets in batch.targets.values():
            self._target.put(targets, dict(fail_keys(self._keys, [cause])))

    def blame(self, request: Request, batch: Batch, index: int, entity: Tree | None, causes: list[Blame]) -> Tree:
        """Return the entity with its errors where they cost values; the rest are told at all its positions."""
        if entity is None:
            return dict(fail_keys(self._keys, [cause for _, cause in causes]))
        wanted = {id(target) for target in list(batch.targets.values())[index]}
        for path, cause in causes:
            if not path or not place(entity, path, cause, self._raw_keys):
                found = (one for way in self._paths for one in positions(request.tree, way))
                request.loose += [(cause, (*at, *cause.path)) for at, target in found if id(target) in wanted]
        return entity
