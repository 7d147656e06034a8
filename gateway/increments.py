"""How an answer in parts is written: the incremental delivery proposal, readable for clients of its first version too.

Today's clients find a fragment by `id` in what `pending` announced, and its object by `subPath` from there; those of
2022 (`deferSpec=20220824`) know neither, but read `path` and `label` beside the data. One answer serves both, except
where a fragment failed as a whole: the proposal says so in `completed`, the format of 2022 by an item whose data is
null. Who asks for `incrementalSpec` gets the first only, everybody else both.
"""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from functools import lru_cache
from typing import Any

from graphql.execution import (
    CompletedResult,
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


def next_part(
    result: SubsequentIncrementalExecutionResult, known: Known, accept: bytes = b""
) -> tuple[dict[str, Any], Known]:
    """Return the JSON of a later part, and what is announced after it; `accept` is the client's header."""
    open_ = {**known, **{one.id: one for one in result.pending or ()}}
    written: dict[str, Any] = dict(result.formatted)
    brought = [one for one in result.incremental or () if isinstance(one, IncrementalDeferResult)]
    items = [_brought(one, open_[one.id]) for one in brought]
    if not _reads_completed(accept):
        items += [_failed(one, open_[one.id]) for one in result.completed or () if one.errors]
    if items:
        written["incremental"] = items
    for one in result.completed or ():
        del open_[one.id]
    return written, open_


@lru_cache(maxsize=256)
def _reads_completed(accept: bytes) -> bool:
    """Return whether a client of deferred fragments asks for the proposal's format (`incrementalSpec`) alone."""
    pieces = accept.decode("latin-1").lower().replace(",", ";").split(";")
    parameters = {piece.strip().split("=")[0] for piece in pieces}
    return "incrementalspec" in parameters and "deferspec" not in parameters


def _brought(one: IncrementalDeferResult, fragment: PendingResult) -> dict[str, Any]:
    return {**one.formatted, "path": [*fragment.path, *(one.sub_path or ())], **_label(fragment)}


def _failed(one: CompletedResult, fragment: PendingResult) -> dict[str, Any]:
    errors = [error.formatted for error in one.errors or ()]
    return {"data": None, "path": list(fragment.path), "errors": errors, **_label(fragment)}


def _label(fragment: PendingResult) -> dict[str, str]:
    return {} if fragment.label is None else {"label": fragment.label}
