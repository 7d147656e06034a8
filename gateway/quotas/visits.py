"""Who asks, what they have open and what they have used up; whatever is too much is refused before it is begun.

Each thing counts for the person (or for the strangers of the address), then for the whole address, whose roof is wide:
an office behind one address is many people. Strangers use up what strangers have, never what people have.
"""

import math
import time
from collections.abc import Callable
from functools import lru_cache

import structlog

from chassis.addresses import one_client
from chassis.remembered import Remembered
from chassis.security import SecurityEvent, notice
from gateway.observe import QUOTA_REFUSED
from gateway.quotas.amounts import Quotas
from gateway.quotas.counters import MINUTE, Budgets, Key, Open
from gateway.quotas.persons import STRANGER, Person, Persons
from gateway.requests import Refused

PER_REQUEST, PER_SOCKET, PER_CHARACTER = 500, 2_000, 10
"""Microseconds of CPU: of every request and every socket, refused ones included, and of each character of a document
that is new."""
VISIT = "portal.visit"
"""Under which name an ASGI scope has the visit."""
_TOLD_BYTES, _LINE_SECONDS, _OPEN_SECONDS = 200, 60.0, 5
_WHOSE = {"person": "you", "stranger": "people who are not logged in at your address", "address": "your address"}
_THINGS = {"requests": "open requests", "sockets": "open WebSockets", "subscriptions": "running subscriptions"}


class Visits:
    """The counters of one process."""

    def __init__(
        self,
        quotas: Quotas | None = None,
        persons: Persons | None = None,
        *,
        seconds: Callable[[], float] = time.monotonic,
    ) -> None:
        """Without `quotas` nothing is counted and nothing refused."""
        self.is_counting, self.quotas, self.seconds = quotas is not None, quotas or Quotas(), seconds
        self._persons = persons or Persons()
        self.budgets = Budgets(self.quotas.counters_bytes)
        self.open = {kind: Open() for kind in _THINGS}
        self._told: Remembered[tuple[str, str], float] = Remembered(self.quotas.counters_bytes // 10, 10_000)

    async def person(self, authorization: object) -> Person:
        """Return whose a token is."""
        return await self._persons.of(authorization) if self.is_counting else STRANGER

    async def visit(self, authorization: object, address: str) -> "Visit":
        """Return the visit of who asks with this header, from this client's address; somebody has to `leave` it."""
        return Visit(self, _client(address), await self.person(authorization))

    def most(self, whose: str, what: str) -> int:
        """Return a quota's number."""
        return getattr(self.quotas, f"{whose}_{what}")

    def refuse(self, key: Key, what: str, seconds: float, visit: "Visit") -> Refused:
        """Count a refusal, note the first of a minute as a security event, and return it."""
        quota, most = f"{key[0]}_{what}", self.most(key[0], what)
        QUOTA_REFUSED.labels(quota).inc()
        self._notice(key, quota, visit)
        after = max(1, math.ceil(seconds))
        text = _text(key[0], what, most, after)
        return Refused("QUOTA_EXCEEDED", text, quota=quota, limit=most, retryAfterSeconds=after)

    def _notice(self, key: Key, quota: str, visit: "Visit") -> None:
        now, told = self.seconds(), self._told.get((quota, key[1]))
        if told is not None and now - told < _LINE_SECONDS:
            return
        self._told.put((quota, key[1]), now, _TOLD_BYTES)
        with structlog.contextvars.bound_contextvars(address=visit.address):
            notice(SecurityEvent.QUOTA_EXCEEDED, quota, visit.person or None)


class Visit:
    """One request or one socket, and what it holds open."""

    __slots__ = ("_held", "_visits", "address", "person")

    def __init__(self, visits: Visits, address: str, person: Person) -> None:
        self._visits, self.address, self.person = visits, address, person
        self._held: list[tuple[str, Key]] = []

    def begin(self, what: str) -> None:
        """Open one of `what`: `requests`, `sockets` or `subscriptions`.

        Raises:
            Refused: with `QUOTA_EXCEEDED`; nothing is opened then.
        """
        opened = self._visits.open[what]
        for key in self._keys():
            if opened.count(key) >= self._visits.most(key[0], what):
                raise self._visits.refuse(key, what, _OPEN_SECONDS, self)
        for key in self._keys():
            opened.add(key)
            self._held.append((what, key))

    def end(self, what: str) -> None:
        """Close one of `what` that this visit has opened, if it has."""
        for key in self._keys():
            if (what, key) in self._held:
                self._held.remove((what, key))
                self._visits.open[what].remove(key)

    def leave(self) -> None:
        """Close all that is open; may be repeated."""
        while self._held:
            what, key = self._held.pop()
            self._visits.open[what].remove(key)

    def pay(self, microseconds: float) -> None:
        """Use up work.

        Raises:
            Refused: with `QUOTA_EXCEEDED`; nothing is used up then.
        """
        budgets, now, paid = self._visits.budgets, self._visits.seconds(), list[tuple[Key, float]]()
        for key in self._keys():
            whole = self._visits.most(key[0], "work_ms") * 1_000.0
            if wait := budgets.take(key, microseconds, whole, now):
                for earlier, its_whole in paid:
                    budgets.give_back(earlier, microseconds, its_whole, now)
                raise self._visits.refuse(key, "work_ms", wait, self)
            paid.append((key, whole))

    def owe(self, microseconds: float) -> None:
        """Use up work that is done whether or not there is anything left for it: an event that others caused."""
        budgets, now = self._visits.budgets, self._visits.seconds()
        for key in self._keys():
            whole = self._visits.most(key[0], "work_ms") * 1_000.0
            budgets.take(key, min(microseconds, budgets.left(key, whole, now)), whole, now)

    async def identify(self, authorization: object) -> None:
        """Learn who a socket's first message says it is, and let the socket count for that person.

        Raises:
            Refused: the person has too many; it goes on counting as before.
        """
        known = Visit(self._visits, self.address, await self._visits.person(authorization))
        if known.person == self.person:
            return
        self.end("sockets")
        try:
            known.begin("sockets")
        except Refused:
            self.begin("sockets")
            raise
        self.person, self._held = known.person, known._held

    def remaining_ms(self) -> tuple[int, int] | None:
        """Return the person's quota of work and what is left of it, None for strangers: others share theirs."""
        if not self.person or not self._visits.is_counting:
            return None
        most = self._visits.quotas.person_work_ms
        left = self._visits.budgets.left(("person", self.person), most * 1_000.0, self._visits.seconds())
        return most, int(left // 1_000)

    def _keys(self) -> list[Key]:
        if not self._visits.is_counting:
            return []
        whole_address = ("address", self.address)
        if self.person:
            return [("person", self.person), whole_address]
        return [("stranger", self.address), whole_address] if self.person == STRANGER else [whole_address]


@lru_cache(maxsize=4096)
def _client(address: str) -> str:
    return one_client(address)


def _text(whose: str, what: str, most: int, after: int) -> str:
    again = f"Try again in {after} s."
    if what == "work_ms":
        minute = f"{MINUTE:.0f} seconds"
        return (
            f"Too much was asked for: within {minute}, {_WHOSE[whose]} may use {most:,} ms of computing time. {again}"
        )
    return f"There are too many {_THINGS[what]}: {_WHOSE[whose]} may have {most:,} at once. {again}"
