"""How an answer in parts is written: the incremental delivery proposal, readable for clients of its first version too.

Today's clients find a fragment by `id` in what `pending` announced, and its object by `subPath` from there; those of
2022 (`deferSpec=20220824`) know neither, but read `path` and `label` beside the data.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from typing import Any

from graphql.execution import (
    IncrementalDeferResult,
    InitialIncrementalExecutionResult,
    PendingResult,
    SubsequentIncrementalExecutionResult,
)

from gateway.executor.answer import Answer
from gateway.executor.incremental import Increments

Part = InitialIncrementalExecutionResult | SubsequentIncrementalExecutionResult
Known = Mapping[str, PendingResult]
"""What was announced, by id."""


async def parts_of(result: Answer | Increments) -> AsyncGenerator[Answer | Part, None]:
    """Yield a whole answer, or its parts; closing the iterator ends it."""
    if isinstance(result, Answer):
        yield result
        return
    yield result.initial_result
    async with aclosing(result.subsequent_results) as rest:
        async for part in rest:
            yield part


def first_part(result: InitialIncrementalExecutionResult) -> tuple[dict[str, Any], Known]:
    """Return the JSON of the first part, and what it announces."""
    return dict(result.formatted), {one.id: one for one in result.pending}


def next_part(result: SubsequentIncrementalExecutionResult, known: Known) -> tuple[dict[str, Any], Known]:
    """Return the JSON of a later part, and what is announced after it."""
    open_ = {**known, **{one.id: one for one in result.pending or ()}}
    written: dict[str, Any] = dict(result.formatted)
    brought = [one for one in result.incremental or () if isinstance(one, IncrementalDeferResult)]
    if brought:
        written["incremental"] = [_brought(one, open_[one.id]) for one in brought]
    for one in result.completed or ():
        del open_[one.id]
    return written, open_


def _brought(one: IncrementalDeferResult, fragment: PendingResult) -> dict[str, Any]:
    label = {} if fragment.label is None else {"label": fragment.label}
    return {**one.formatted, "path": [*fragment.path, *(one.sub_path or ())], **label}
