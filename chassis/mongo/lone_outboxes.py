"""The outboxes of a process beside which no other one relays, as under `portal up`: leases are kept in its memory.

A lease in the documents is a write of each, as dear as taking the event out: the embedded servers write all entries of
a document's indexes anew whatever changed. What a killed process before left leased is taken at once.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from chassis.kernel import Clock
from chassis.mongo.client import Collection, Document
from chassis.mongo.outboxes import FREE, LEASE, Leased, Outboxes, among, groups, taking_out


class LoneOutboxes(Outboxes):
    """The outboxes of one collection; two that work on the same documents would tell events twice."""

    def __init__(self, collection: Collection, clock: Clock) -> None:
        super().__init__(collection, clock)
        self._in_hand = dict[str, datetime]()
        """Until when each that was taken is whoever's took it: as in the documents, a lease ends by itself."""

    async def lease(self, subjects: Sequence[str]) -> Leased:
        """Take those that are not in hand, and return them as they are."""
        now = self._clock.now()
        leased, rows = Leased("", now + LEASE, now, [], is_held=False), dict[str, Document]()
        free = [subject for subject in subjects if self._in_hand.get(subject, now) <= now]
        self._in_hand.update(dict.fromkeys(free, leased.until))
        for group in groups(free):
            rows |= await self._read(group)
        self._let_go([subject for subject in free if subject not in rows], leased)
        there = [rows[subject] for subject in free if subject in rows]
        return replace(leased, documents=there, is_held=len(free) < len(subjects))

    async def settle(self, leased: Leased, confirmed: Sequence[str]) -> None:
        """Take out the events with these ids, and let go of the documents."""
        try:
            for group in groups(leased.documents):
                if gone := taking_out(group, confirmed):
                    await self._collection.update_many(among([row["_id"] for row in group]), {**gone, **FREE})
        finally:
            self._let_go([row["_id"] for row in leased.documents], leased)

    def _let_go(self, subjects: Sequence[str], leased: Leased) -> None:
        for subject in subjects:
            if self._in_hand.get(subject) == leased.until:
                del self._in_hand[subject]
