"""Aggregates as documents, by msgspec: decimals and dates as strings, instants as BSON dates, enums by value.

Words that a newer version stored are read and written back as they are (`words.py`).

Reading brings a document forward to the form of this version first; fields that it does not know are passed over.
"""

from dataclasses import fields
from datetime import datetime
from typing import Any, TypeVar

import msgspec

from chassis.kernel import AggregateRoot, Unreadable
from chassis.mongo.client import Document
from chassis.mongo.histories import history_of
from chassis.words import tolerant

A = TypeVar("A", bound=AggregateRoot)
_SHAPE = (msgspec.ValidationError, ValueError, KeyError, TypeError, AttributeError, IndexError)
"""What the steps of a history and msgspec raise over a document of another shape."""


def to_document(aggregate: AggregateRoot) -> Document:
    """Return the aggregate's state, every field of it; the outbox is no part of it.

    What a document lacked when the aggregate was read is a default of its class, which msgspec does not write.
    """
    state: Document = msgspec.to_builtins(aggregate, builtin_types=(datetime,))
    for one in fields(aggregate):
        if one.name not in state:
            state[one.name] = from_value(getattr(aggregate, one.name))
    state["_id"] = state.pop("id")
    return state


def to_aggregate(kind: type[A], document: Document) -> A:
    """Return the aggregate stored in a document, in whatever form it was saved.

    Raises:
        Unreadable: when the document is not of this kind.
    """
    try:
        state = dict(history_of(kind).forward(document))
        state["id"] = state.pop("_id")
        with tolerant() as strange:
            aggregate = msgspec.convert(state, kind, builtin_types=(datetime,))
    except _SHAPE as error:
        raise Unreadable from error
    aggregate.strange = tuple(word for word in strange if not word.is_carried())
    return aggregate


def to_value(kind: Any, value: Any) -> Any:
    """Return a value object stored as plain data (part of a projection, say), in whatever form it was saved."""
    if isinstance(value, dict):
        value = history_of(kind).forward(value)  # pyright: ignore[reportUnknownArgumentType]
    with tolerant():
        return msgspec.convert(value, kind, builtin_types=(datetime,))


def from_value(value: Any) -> Any:
    """Return a value object as plain data."""
    return msgspec.to_builtins(value, builtin_types=(datetime,))
