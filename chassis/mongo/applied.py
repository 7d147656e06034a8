"""Which requests had their effect on a document, remembered by the same write as the effect.

An idempotency key's row and the document that its request changes are two documents, and a process may die between the
two writes. So every document keeps, beside its outbox, a ring of the keys whose decision it carries: whoever works on a
key again finds there that it was decided, and leaves the document as it has become since.

Only the decision of whoever asked is noted and looked for. What our own service does because of it (a reservation, a
booking, the end of a session) is idempotent by ids of its own, and has to go on where it stopped.
"""

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

from chassis.kernel import Principal, Role
from chassis.mongo.client import DUPLICATE_KEY, Collection, Document

FIELD = "applied"
KEPT = 32
"""How many keys a document remembers: so many decisions may follow one whose answer was lost."""
STATE_ONLY: Document = {"outbox": 0, FIELD: 0}
"""The projection of whoever reads the state: what is managed beside it may be long, and concerns nobody else."""


@dataclass(frozen=True, slots=True)
class Request:
    """A request with an idempotency key that is being worked on; `written` names what this run has decided upon."""

    key: str
    written: set[tuple[str, str]] = field(default_factory=set[tuple[str, str]])


_CURRENT: ContextVar[Request | None] = ContextVar("request", default=None)


@contextmanager
def working_on(key: str) -> Generator[Request]:
    """Note every decision that is saved inside as one of the request with this key."""
    request = Request(key)
    token = _CURRENT.set(request)
    try:
        yield request
    finally:
        _CURRENT.reset(token)


def request_of(by: Principal | None = None) -> Request | None:
    """Return the request for which a decision is made now: none for the steps of our own service."""
    return None if by is not None and by.role is Role.SERVICE else _CURRENT.get()


def was_decided(document: Mapping[str, Any], collection: Collection, request: Request | None) -> bool:
    """Tell whether an earlier run of the request decided upon this document, which was read with its ring."""
    if request is None or (collection.name, document["_id"]) in request.written:
        return False
    return any(entry["key"] == request.key for entry in document.get(FIELD, ()))


def entry(request: Request) -> Document:
    """Return what the ring of a document keeps of a request."""
    return {"key": request.key}


def noting(update: Document, request: Request | None) -> Document:
    """Return the update with the request noted in the ring, the oldest one forgotten."""
    if request is None:
        return update
    ring = {FIELD: {"$each": [entry(request)], "$slice": -KEPT}}
    return {**update, "$push": {**update.get("$push", {}), **ring}}


def has_written(collection: Collection, document_id: str, request: Request | None) -> None:
    """Say that this run has decided upon a document, which it may read and change again."""
    if request is not None:
        request.written.add((collection.name, document_id))


async def put_once(collection: Collection, document_id: str, update: Document, where: Document | None = None) -> bool:
    """Update a document that is no aggregate, or make it; once per request, whatever became of it since.

    Returns whether it stands, now or from an earlier run; False when there is a document that is not as in `where`.
    """
    request = request_of()
    place, match = {"_id": document_id}, {"_id": document_id, **(where or {})}
    ring = {f"{FIELD}.key": request.key} if request else {}
    unless = {f"{FIELD}.key": {"$ne": request.key}} if request else {}
    try:
        await collection.update_one({**match, **unless}, noting(update, request), upsert=True)
    except DUPLICATE_KEY:  # it is there: decided upon before, made by somebody else just now, or not as in `where`
        if ring and await collection.find_one({**place, **ring}, {"_id": 1}):
            return True
        again = await collection.update_one({**match, **unless}, noting(update, request))
        return again.matched_count == 1
    return True
