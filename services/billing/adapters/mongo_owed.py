"""What is owed, kept as sums beside the invoices: per organisation and per client company, by currency and due day.

An invoice that moves a sum says so in the write that moves it: `listed.owed` is its part, `uncounted` names its
organisation while no sum has that part yet, `counted` is the part that sums have. Whoever reads the sums counts first
what waits, as long as that is little; the worker counts all the time. One row of sums is one document, replaced under
its `revision`; it keeps as `moved` which invoices it has taken up until these know it themselves, so that a crash
between the two documents is made good by whoever comes next.
The order is what makes that right: sums are read before the invoices; an invoice is marked only at the version that
was counted; and only then it is forgotten as moved, if nobody has moved it again.

A process of an older version changes an invoice and no `owed`; but it leaves its own number for the values of lists.
While an organisation has such invoices nothing here is trusted, and `read` says so: the caller adds all up. The
backfill mends them. `start_anew` makes all invoices such ones.
"""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast
from weakref import WeakValueDictionary

from chassis.mongo.client import DUPLICATE_KEY, Collection, Database, Document, update_each
from chassis.mongo.histories import LISTING, ROW, VERSION, History
from chassis.mongo.indexes import Index

COLLECTION = "owed"
AT_ONCE = 200
"""How many invoices are counted by one turn; a reader behind a longer queue adds all up."""
_LEAST, _MOST = "", "\U0010ffff"
TRIES = 5

COUNTED, UNCOUNTED = "counted", "uncounted"
_FIELDS = {"customer_id": 1, "listed.owed": 1, COUNTED: 1, VERSION: 1}


def indexes(invoices: str) -> tuple[Index, ...]:
    """Return those by which invoices are found that are not counted, and those that an older version saved."""
    return (
        Index(invoices, ((UNCOUNTED, 1),), {"sparse": True}),
        Index(invoices, (("organisation_id", 1), (LISTING, 1))),
    )


@dataclass(frozen=True, slots=True)
class Part:
    """What one invoice adds to a sum: the balance in minor units, above or below zero, and the day it is due."""

    currency: str
    balance: int
    due_on: str

    def __str__(self) -> str:
        return f"{self.currency} {self.balance} {self.due_on}"

    @classmethod
    def of(cls, text: str | None) -> "Part | None":
        """Return the part that was stored; an invoice that owes nothing has none."""
        if not text:
            return None
        currency, balance, due_on = text.split(" ")
        return cls(currency, int(balance), due_on)


@dataclass(frozen=True, slots=True)
class Sum:
    """What is owed in one currency; `due` is the part above zero by its due day."""

    balance: int
    invoices: int
    due: Mapping[str, int]

    def overdue(self, today: str) -> int:
        """Return what was due before today."""
        return sum(units for day, units in self.due.items() if day < today)


def marking(stored: Mapping[str, Any], owed: str, organisation_id: str) -> Document:
    """Return what a save adds so that a part which moves is counted; nothing where it does not move."""
    before = stored.get("listed")
    was: str = before.get("owed") or "" if isinstance(before, dict) else ""  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]
    is_known = UNCOUNTED in stored or (stored.get(COUNTED) or "") == owed
    return {} if was == owed and is_known else {UNCOUNTED: organisation_id}


class MongoOwed:
    """The sums of one database."""

    def __init__(self, database: Database, invoices: Collection, history: History) -> None:
        self._sums = database[COLLECTION]
        self._invoices = invoices
        self._older = [None, *range(history.listing)]
        self._current = history.listing
        self._turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def read(self, organisation_id: str, customer_id: str | None) -> dict[str, Sum] | None:
        """Return what is owed by currency; None when that has to be added up from the invoices themselves."""
        older = {"organisation_id": organisation_id, LISTING: {"$in": self._older}}
        if await self._invoices.find(older, {"_id": 1}).limit(1).to_list():
            return None
        for _ in range(TRIES):
            waiting = await self._waiting(organisation_id, {"_id": 1})
            if not waiting:
                row = await self._sums.find_one({"_id": _place(organisation_id, customer_id)}, {"sums": 1})
                return _sums(row["sums"]) if row else {}
            turn, is_long = self._turns.setdefault(organisation_id, asyncio.Lock()), len(waiting) > AT_ONCE
            if is_long and turn.locked():
                return None
            async with turn:  # readers that count at once undo one another's work
                await self._count(organisation_id)
            if is_long:
                return None
        return None

    async def catch_up(self) -> int:
        """Count some of what waits, of each organisation that is met; return how many invoices were counted.

        What an older version saved last waits for the backfill.
        """
        anything = {UNCOUNTED: {"$gte": _LEAST, "$lt": _MOST}, LISTING: self._current}
        found, counted = await self._invoices.find(anything, {UNCOUNTED: 1}).limit(AT_ONCE).to_list(), 0
        for organisation_id in dict.fromkeys(one[UNCOUNTED] for one in found):
            async with self._turns.setdefault(organisation_id, asyncio.Lock()):
                counted += await self._count(organisation_id)
        return counted

    async def _waiting(self, organisation_id: str, fields: Mapping[str, int]) -> list[Document]:
        return await self._invoices.find({UNCOUNTED: organisation_id}, fields).limit(AT_ONCE + 1).to_list()

    async def _count(self, organisation_id: str) -> int:
        """Count what waits, and return how many invoices know it. May be done by many at once, and end anywhere."""
        named = [one["customer_id"] for one in await self._waiting(organisation_id, {"customer_id": 1})]
        if not named:
            return 0
        scopes = [None, *dict.fromkeys(named)]
        rows = {scope: await self._row(organisation_id, scope) for scope in scopes}
        waiting = [one for one in await self._waiting(organisation_id, _FIELDS) if one["customer_id"] in rows]
        for scope, row in rows.items():
            mine = [one for one in waiting if scope in {None, one["customer_id"]}]
            if not await self._take_up(row, mine):
                return 0
        marked = await self._mark(waiting)
        for scope in scopes:
            await self._forget(organisation_id, scope, [one for one in marked if scope in {None, one["customer_id"]}])
        return len(marked)

    async def _row(self, organisation_id: str, customer_id: str | None) -> Document:
        place = _place(organisation_id, customer_id)
        row = await self._sums.find_one({"_id": place})
        return row or {"_id": place, **ROW, "revision": 0, "sums": {}, "moved": {}}

    async def _take_up(self, row: Document, invoices: Sequence[Document]) -> bool:
        """Move the sums of a row by these invoices; False when somebody else changed it since it was read."""
        sums, moved = row["sums"], row["moved"]
        for one in invoices:
            known = moved.get(one["_id"])
            _add(sums, Part.of(known["owed"] if known else one.get(COUNTED)), -1)
            _add(sums, Part.of(_owed(one)), 1)
            moved[one["_id"]] = {"owed": _owed(one), "version": one[VERSION]}
        return await self._replace(row, sums, moved)

    async def _replace(self, row: Document, sums: Document, moved: Document) -> bool:
        seen, revision = row["revision"], row["revision"] + 1
        fields = {**ROW, "revision": revision, "sums": sums, "moved": moved}
        if seen == 0:
            try:
                await self._sums.insert_one({"_id": row["_id"], **fields})
            except DUPLICATE_KEY:
                return False
            return True
        done = await self._sums.update_one({"_id": row["_id"], "revision": seen}, {"$set": fields})
        return done.matched_count == 1

    async def _mark(self, invoices: Sequence[Document]) -> list[Document]:
        """Let invoices know that they are counted if they are still what was counted; return those that know it."""
        await update_each(self._invoices, [self._marking(one) for one in invoices])
        ids = {"_id": {"$in": [one["_id"] for one in invoices]}}
        stored = {one["_id"]: one for one in await self._invoices.find(ids, {COUNTED: 1, UNCOUNTED: 1}).to_list()}
        return [one for one in invoices if _knows(stored.get(one["_id"], {}), one)]

    def _marking(self, one: Document) -> tuple[Document, Document]:
        counted = {"_id": one["_id"], VERSION: one[VERSION], "listed.owed": _owed(one), LISTING: self._current}
        return counted, {"$set": {COUNTED: _owed(one)}, "$unset": {UNCOUNTED: ""}}

    async def start_anew(self) -> None:
        """Forget all sums; a pass of the backfill has to follow, and until then all is added up for each question."""
        await self._invoices.update_many({}, {"$set": {LISTING: 0}, "$unset": {COUNTED: ""}})
        await self._sums.delete_many({})

    async def _forget(self, organisation_id: str, customer_id: str | None, marked: Sequence[Document]) -> None:
        """Drop what invoices know themselves, unless it was moved again; what stays is dropped by the next one."""
        row = await self._row(organisation_id, customer_id)
        known = {one["_id"]: {"owed": _owed(one), "version": one[VERSION]} for one in marked}
        left = {key: value for key, value in row["moved"].items() if known.get(key) != value}
        if len(left) < len(row["moved"]):
            await self._replace(row, row["sums"], left)


def _place(organisation_id: str, customer_id: str | None) -> str:
    return f"{organisation_id}/{customer_id or ''}"


def _owed(one: Document) -> str:
    return str(one["listed"]["owed"])


def _knows(stored: Document, one: Document) -> bool:
    return UNCOUNTED not in stored and stored.get(COUNTED) == _owed(one)


def _add(sums: Document, part: Part | None, sign: int) -> None:
    """Add a part to the sums of its currency, or take it away; a currency in which nothing is left goes."""
    if part is None:
        return
    row = sums.setdefault(part.currency, {"balance": 0, "invoices": 0, "due": []})
    due = dict(cast("list[tuple[str, int]]", row["due"]))
    due[part.due_on] = due.get(part.due_on, 0) + sign * max(part.balance, 0)
    row["due"] = sorted([day, units] for day, units in due.items() if units)
    row["balance"] += sign * part.balance
    row["invoices"] += sign
    if not row["invoices"]:
        del sums[part.currency]


def _sums(stored: Document) -> dict[str, Sum]:
    return {
        currency: Sum(row["balance"], row["invoices"], dict(cast("list[tuple[str, int]]", row["due"])))
        for currency, row in sorted(stored.items())
    }
