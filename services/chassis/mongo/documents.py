"""Aggregates as documents, by msgspec: decimals and dates as strings, instants as BSON dates, enums by value.

Words that a newer version stored are read and written back as they are (`words.py`).
"""

from datetime import datetime
from typing import Any, TypeVar

import msgspec

from services.chassis.kernel import AggregateRoot, Unreadable
from services.chassis.mongo.client import Document
from services.chassis.words import tolerant

A = TypeVar("A", bound=AggregateRoot)


def to_document(aggregate: AggregateRoot) -> Document:
    """Return the aggregate's state; the outbox is no part of it."""
    state: Document = msgspec.to_builtins(aggregate, builtin_types=(datetime,))
    state["_id"] = state.pop("id")
    return state


def to_aggregate(kind: type[A], document: Document) -> A:
    """Return the aggregate stored in a document.

    Raises:
        Unreadable: when the document is not of this kind.
    """
    state = dict(document)
    state["id"] = state.pop("_id")
    try:
        with tolerant() as strange:
            aggregate = msgspec.convert(state, kind, builtin_types=(datetime,))
    except (msgspec.ValidationError, ValueError) as error:
        raise Unreadable from error
    aggregate.strange = tuple(word for word in strange if not word.is_carried())
    return aggregate


def to_value(kind: Any, value: Any) -> Any:
    """Return a value object stored as plain data (part of a projection, say)."""
    with tolerant():
        return msgspec.convert(value, kind, builtin_types=(datetime,))


def from_value(value: Any) -> Any:
    """Return a value object as plain data."""
    return msgspec.to_builtins(value, builtin_types=(datetime,))
