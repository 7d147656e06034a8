"""The one owner of the driver: motor, or PyMongo's asynchronous API where `PORTAL_MONGO_DRIVER=pymongo` asks for it.

The two have the same methods; where they differ (`aggregate` and `close` are coroutines in PyMongo), the difference
ends here. See docs/dependencies.md for when to change the default.
"""

import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from inspect import isawaitable
from typing import Any, Protocol, cast
from urllib.parse import parse_qsl, urlsplit

import pymongo
from motor.motor_asyncio import AsyncIOMotorClient
from pymongo import AsyncMongoClient
from pymongo.errors import DuplicateKeyError, OperationFailure

Document = dict[str, Any]

DRIVERS: Mapping[str, Callable[..., Any]] = {"motor": AsyncIOMotorClient, "pymongo": AsyncMongoClient}
DRIVER = os.environ.get("PORTAL_MONGO_DRIVER") or "motor"
"""Which of them `connect` takes, for all processes of an installation."""
if DRIVER not in DRIVERS:
    raise SystemExit(f"PORTAL_MONGO_DRIVER is {DRIVER!r}: give {' or '.join(DRIVERS)}, or leave it out for motor.")

DUPLICATE_KEY = DuplicateKeyError
REFUSED = OperationFailure
"""The server understood a command and does not do it."""

_ALWAYS: Document = {"tz_aware": True, "w": "majority", "journal": True}
"""What our promises rest on, whatever the address says. A majority that does not come ends by the socket's time-out:
`wTimeoutMS` would answer that a write failed which stands."""
_UNLESS_NAMED: Document = {
    "readPreference": "primary",
    "readConcernLevel": "majority",
    "retryWrites": True,
    "retryReads": True,
    "maxPoolSize": 100,
}
"""What the driver would choose for itself, or the server; an address may choose otherwise (`retryWrites=false` for a
server without it). Reads show nothing that a failover could take back: what a reaction builds upon stays true. A write
is repeated once after a lost connection, under the same number, which the server applies once."""


_PROBE = "readiness"


class Updated(Protocol):
    """What an update reports."""

    matched_count: int
    modified_count: int
    upserted_id: Any


class Deleted(Protocol):
    """What a deletion reports."""

    deleted_count: int


class Cursor(Protocol):
    """The documents of a query."""

    def sort(self, key_or_list: Any, direction: int = ..., /) -> "Cursor": ...
    def limit(self, limit: int, /) -> "Cursor": ...
    def batch_size(self, batch_size: int, /) -> "Cursor": ...
    def __aiter__(self) -> AsyncIterator[Document]: ...
    async def to_list(self, length: int | None = None) -> list[Document]: ...
    async def close(self) -> None: ...


class Collection(Protocol):
    """The part of a MongoDB collection that we use; all filters and updates must be right on MongoDB and SecantusDB."""

    name: str

    async def insert_one(self, document: Document) -> Any: ...
    async def insert_many(self, documents: Sequence[Document], ordered: bool = True) -> Any: ...
    async def find_one(
        self, match: Mapping[str, Any], /, projection: Mapping[str, int] | None = None
    ) -> Document | None: ...
    def find(self, match: Mapping[str, Any], /, projection: Mapping[str, int] | None = None) -> Cursor: ...
    async def update_one(
        self, match: Mapping[str, Any], /, update: Mapping[str, Any], upsert: bool = False
    ) -> Updated: ...
    async def update_many(self, match: Mapping[str, Any], /, update: Mapping[str, Any]) -> Updated: ...
    async def delete_one(self, match: Mapping[str, Any], /) -> Deleted: ...
    async def delete_many(self, match: Mapping[str, Any], /) -> Deleted: ...
    async def count_documents(self, match: Mapping[str, Any], /) -> int: ...
    async def create_index(self, keys: Any, **options: Any) -> str: ...
    async def drop_index(self, name: str, /) -> None: ...
    async def index_information(self) -> Mapping[str, Mapping[str, Any]]: ...
    async def estimated_document_count(self) -> int: ...


async def aggregated(collection: Collection, pipeline: Sequence[Mapping[str, Any]]) -> AsyncIterator[Document]:
    """Yield what a pipeline makes of a collection's documents."""
    cursor = cast(Any, collection).aggregate(pipeline)
    async for row in await cursor if isawaitable(cursor) else cursor:
        yield row


async def update_each(collection: Collection, updates: Sequence[tuple[Document, Document]]) -> None:
    """Make many updates by one command, each a filter and what is to be done; which of them matched is not told."""
    if updates:
        asked = [pymongo.UpdateOne(match, update) for match, update in updates]
        await cast(Any, collection).bulk_write(asked, ordered=False)


class Database:
    """One service's database. Made by `connect`; close it when the process ends."""

    def __init__(self, client: Any, name: str) -> None:
        self._client = client
        self._database = client[name]
        self.name = name

    def __getitem__(self, collection: str) -> Collection:
        return cast(Collection, self._database[collection])

    async def ping(self) -> None:
        """Ask the server; raises what `down.is_down` knows when it does not answer."""
        await self._client.admin.command("ping")

    async def works(self) -> None:
        """Read and write one document of this database; raises what stands against it, such as a full disk."""
        now = {"$set": {"at": datetime.now(UTC)}}
        await self._database[_PROBE].update_one({"_id": _PROBE}, now, upsert=True)

    async def command(self, command: Mapping[str, Any]) -> Mapping[str, Any]:
        """Run an administrative command on this database."""
        return await self._database.command(command)

    async def collections(self) -> list[str]:
        """Return the names of the collections that hold something of ours: not the server's, nor the probe's."""
        names: list[str] = await self._database.list_collection_names()
        return sorted(name for name in names if not name.startswith("system.") and name != _PROBE)

    def raw(self, collection: str, options: Any) -> Any:
        """Return a collection whose documents are read and written as these codec options say."""
        return self._database.get_collection(collection, codec_options=options)

    async def snapshot(self) -> Any:
        """Return a session that reads one moment; servers without it refuse its first command, if not this."""
        session = self._client.start_session(snapshot=True)
        return await session if isawaitable(session) else session

    async def drop(self) -> None:
        """Remove the whole database (tests, `./portal up --fresh`)."""
        await self._client.drop_database(self.name)

    async def close(self) -> None:
        """Close the connections."""
        closed: Awaitable[None] | None = self._client.close()
        if closed is not None:
            await closed


def within(seconds: float) -> AbstractContextManager[None]:
    """Let every command of this context end in time, at the server too, which the driver tells by `maxTimeMS`."""
    return cast(Any, pymongo).timeout(seconds)


def connect(url: str, name: str, *, timeout_ms: int = 5_000, command_ms: int | None = None) -> Database:
    """Return a database; connecting happens with the first command.

    Writes wait for a majority with the journal, instants come back aware in UTC, and no command waits for a server
    longer than `timeout_ms` milliseconds, nor for an answer longer than `command_ms` (twice as long, where not given).
    """
    options = _UNLESS_NAMED | {"waitQueueTimeoutMS": timeout_ms * 2}
    named = {key.lower() for key, _ in parse_qsl(urlsplit(url).query)}
    client = DRIVERS[DRIVER](
        url,
        serverSelectionTimeoutMS=timeout_ms,
        connectTimeoutMS=timeout_ms,
        socketTimeoutMS=command_ms or timeout_ms * 2,
        **_ALWAYS,
        **{key: value for key, value in options.items() if key.lower() not in named},
    )
    return Database(client, name)
