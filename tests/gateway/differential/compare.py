"""One world, many operations: what the gateway answers against what the merged schema answers."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from graphql import GraphQLError, parse, validate

from gateway.executor.ports import Forwarded
from gateway.limits import Limits
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from gateway.plan import render
from gateway.supergraph import Supergraph
from tests.gateway.differential.operations import Operation, OperationMaker
from tests.gateway.differential.rows import Rows
from tests.gateway.differential.sdl import supergraph_sdl
from tests.gateway.differential.sides import Reference, SplitSubgraph
from tests.gateway.differential.world import LABEL, Maker, World
from tests.support.memory_subgraphs import MemoryTransport

# The reference has no limits; these are far beyond what a generated operation is.
UNLIMITED = Limits(cost=10**12, root_fields=10**6, fields=10**6, directives=10**6, work_ms=10**9)


@dataclass
class Difference:
    """An operation that the two sides answer differently."""

    seed: int
    operation: Operation
    expected: Any
    actual: Any
    plan: str


class Arena:
    """Both sides of one world."""

    def __init__(self, seed: int) -> None:
        """Make the world of a seed."""
        self.seed = seed
        random = Random(seed)
        self.world: World = Maker(random).make()
        rows = Rows(self.world, random)
        self.reference = Reference(self.world, rows)
        self.subgraphs = [SplitSubgraph(name, self.world, rows) for name in self.world.subgraphs]
        self.transport = MemoryTransport.of(*self.subgraphs)
        supergraph = Supergraph.from_sdl(supergraph_sdl(self.world))
        self.pipeline = Pipeline.of(supergraph, PipelineOptions(limits=UNLIMITED))
        self.random = random

    def operations(self, count: int, marks: float = 0) -> Iterator[Operation]:
        """Return random valid operations; `marks` is how likely each element is to carry directives."""
        while count:
            operation = OperationMaker(self.reference.schema, self.random, marks=marks).make()
            if not validate(self.reference.schema, parse(operation.query)):
                count -= 1
                operation.labels = frozenset({LABEL}) if self.random.random() < 0.5 else frozenset[str]()
                yield operation

    async def difference(self, operation: Operation) -> Difference | None:
        """Run an operation on both sides."""
        document = parse(operation.query)
        result = self.reference.execute(document, operation.variables)
        expected = (result.data, effects(result.data, result.errors or []))
        prepared = self.pipeline.prepare(operation.query, labels=operation.labels)
        if not isinstance(prepared, Prepared):
            return Difference(self.seed, operation, expected, prepared, "")
        for subgraph in self.subgraphs:
            subgraph.labels = operation.labels
        answer = await prepared.execute(operation.variables, self.transport, Forwarded())
        actual = (answer.data, effects(answer.data, answer.errors))
        if expected == actual and _ordered(result.data) == _ordered(answer.data):
            return None
        return Difference(self.seed, operation, expected, (*actual, answer.errors), render(prepared.plan))


def effects(data: Any, errors: list[GraphQLError]) -> set[tuple[str | int, ...]]:
    """Return the places of the nulls that the errors explain, whichever of several errors was first."""
    return {_effect(data, tuple(error.path or ())) for error in errors}


def _effect(data: Any, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    here = data
    for depth, step in enumerate(path):
        if here is None:
            return path[:depth]
        here = here[step]
    return path


def _ordered(value: Any) -> Any:
    if isinstance(value, dict):
        return [(key, _ordered(one)) for key, one in value.items()]
    return [_ordered(one) for one in value] if isinstance(value, list) else value
