"""A database as files, and back: `COLLECTION.bson.gz` with the documents as they are stored, and `manifest.json`.

The files are those of `mongodump --gzip` (documents in BSON, one after the other), so `mongorestore` reads them too.
Documents keep everything: ids, versions, and the events in their outboxes, so that what is sent again after a restore
goes under its old id. Indexes are no part of it: each version makes its own.
"""

import gzip
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from bson import CodecOptions
from bson.raw_bson import RawBSONDocument
from pymongo.errors import ConfigurationError, OperationFailure

from chassis.mongo.client import Database

MANIFEST = "manifest.json"
BATCH = 500
"""Documents that are written at once."""
_LENGTH_BYTES, _SHORTEST = 4, 5
_RAW: CodecOptions[RawBSONDocument] = CodecOptions(document_class=RawBSONDocument, tz_aware=True)


class DumpRefused(Exception):
    """The files are not whole, or the database that they would go to is not empty; the message says which."""


@dataclass(frozen=True, slots=True)
class Dumped:
    """One collection as it was written: `digest` is the SHA-256 of the file."""

    collection: str
    documents: int
    digest: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to a dump. `is_snapshot` tells whether all collections are of the same moment."""

    database: str
    is_snapshot: bool
    collections: list[Dumped]

    @property
    def documents(self) -> int:
        """How many documents there are in all collections."""
        return sum(one.documents for one in self.collections)


async def dump(database: Database, folder: Path) -> Manifest:
    """Write every collection into an empty folder, of one moment where the server has snapshots."""
    names = await database.collections()
    async with _moment(database, names) as session:
        written = [await _dump_one(database, name, folder, session) for name in names]
    made = Manifest(database.name, session is not None, written)
    (folder / MANIFEST).write_text(json.dumps(asdict(made), indent=1) + "\n")
    return made


@asynccontextmanager
async def _moment(database: Database, names: list[str]) -> AsyncGenerator[Any]:
    """Hold one moment of the database for the block; None where the server cannot."""
    try:
        session = await database.snapshot()
        if names:
            await database.raw(names[0], _RAW).find_one({}, session=session)
    except (ConfigurationError, OperationFailure):
        yield None
        return
    async with session:
        yield session


async def _dump_one(database: Database, name: str, folder: Path, session: Any) -> Dumped:
    file, count = folder / f"{name}.bson.gz", 0
    # `mtime` would make files with equal contents differ.
    with file.open("wb") as opened, gzip.GzipFile("", "wb", 6, opened, mtime=0) as packed:
        async for document in database.raw(name, _RAW).find({}, session=session).batch_size(BATCH):
            packed.write(document.raw)
            count += 1
    return Dumped(name, count, digest_of(file))


def read_manifest(folder: Path) -> Manifest:
    """Return what belongs to a dump, after comparing every file with it.

    Raises:
        DumpRefused: when the manifest or a file is missing, or a file is not as it was written.
    """
    try:
        told = json.loads((folder / MANIFEST).read_text())
        made = Manifest(told["database"], told["is_snapshot"], [Dumped(**one) for one in told["collections"]])
    except (OSError, ValueError, KeyError, TypeError) as wrong:
        raise DumpRefused(f"{folder} cannot be read as a backup: {type(wrong).__name__} in {MANIFEST}.") from None
    for one in made.collections:
        file = folder / f"{one.collection}.bson.gz"
        if not file.exists() or digest_of(file) != one.digest:
            raise DumpRefused(f"{file} is missing or damaged: its SHA-256 is not the one of the manifest.")
    return made


async def restore(database: Database, folder: Path) -> Manifest:
    """Fill an empty database with a dump; nothing is written unless every file is whole.

    Raises:
        DumpRefused: see `read_manifest`; and when the database holds documents already.
    """
    made = read_manifest(folder)
    for name in await database.collections():
        if await database[name].find_one({}, {"_id": 1}) is not None:
            raise DumpRefused(f"The database {database.name} is not empty ({name}); restore into an empty one.")
    for one in made.collections:
        collection = database.raw(one.collection, _RAW)
        for batch in _batches(folder / f"{one.collection}.bson.gz"):
            await collection.insert_many(batch, ordered=True)
    return made


def _batches(file: Path) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    for document in _documents(file):
        batch.append(document)
        if len(batch) == BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _documents(file: Path) -> Iterator[RawBSONDocument]:
    with gzip.open(file) as packed:
        while head := packed.read(_LENGTH_BYTES):
            length = int.from_bytes(head, "little")
            rest = packed.read(max(0, length - _LENGTH_BYTES))
            if length < _SHORTEST or len(rest) != length - _LENGTH_BYTES:
                raise DumpRefused(f"{file} ends in the middle of a document.")
            yield RawBSONDocument(head + rest, _RAW)


def digest_of(file: Path) -> str:
    """Return the SHA-256 of a file as the manifest has it."""
    with file.open("rb") as opened:
        read = sha256()
        while block := opened.read(1 << 20):
            read.update(block)
    return read.hexdigest()
