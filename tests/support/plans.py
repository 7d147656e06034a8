"""Query plans in few words, for tests that do not need a planner."""

import re
from typing import Any

from graphql import build_schema

from gateway.executor.answer import Answer
from gateway.executor.ports import Forwarded
from gateway.pipeline import Pipeline, PipelineOptions, Prepared
from gateway.plan import (
    Fetch,
    Flatten,
    Items,
    Key,
    Node,
    OnTypes,
    OperationKind,
    Path,
    QueryPlan,
    RequiredField,
    RequiredSelection,
    Requires,
    Rewrite,
    Step,
)


def path(text: str) -> Path:
    """Return the path written as `users.@.pet.|[Cat|Dog]`."""
    return tuple(_step(part) for part in text.split(".") if part)


def _step(part: str) -> Step:
    if part == "@":
        return Items()
    types = re.fullmatch(r"\|\[(.*)\]", part)
    return OnTypes(tuple(types[1].split("|"))) if types else Key(part)


def fetch(
    subgraph: str,
    operation: str,
    *variables: str,
    kind: OperationKind = "query",
    rewrites: tuple[Rewrite, ...] = (),
) -> Fetch:
    """Return a fetch of root fields."""
    return Fetch(subgraph, kind, operation, variables, (), rewrites)


def entities(
    subgraph: str,
    at: str,
    selection: str,
    *keys: str | RequiredSelection,
    on: str = "User",
    typename: str | None = None,
    rewrites: tuple[Rewrite, ...] = (),
    variables: tuple[str, ...] = (),
) -> Flatten:
    """Return an entity fetch for the objects at a path, by `id` unless other keys are given."""
    required = tuple(RequiredField(one, one) if isinstance(one, str) else one for one in keys or ("id",))
    operation = (
        f"query($representations: [_Any!]!) {{ _entities(representations: $representations) {{ {selection} }} }}"
    )
    requires = Requires(tuple(on.split("|")) if on else (), typename, required)
    return Flatten(path(at), Fetch(subgraph, "query", operation, variables, (requires,), rewrites))


def prepare(schema: str, node: Node | None, query: str, kind: OperationKind = "query", **options: Any) -> Prepared:
    """Return the operation with the plan at hand."""
    plan = QueryPlan(kind, node)
    pipeline = Pipeline(build_schema(schema), lambda *_: plan, PipelineOptions(**options))
    prepared = pipeline.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    return prepared


async def run(
    schema: str, node: Node | None, query: str, transport: Any, variables: dict[str, Any] | None = None, **options: Any
) -> Answer:
    """Run a query with the plan at hand."""
    return await prepare(schema, node, query, **options).execute(variables, transport, Forwarded())


def told(answer: Answer) -> list[tuple[str, str]]:
    """Return the errors as pairs of dotted path and code."""
    return [(".".join(map(str, error.path or ())), (error.extensions or {}).get("code", "")) for error in answer.errors]
