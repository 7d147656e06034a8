"""Whether the log-ins behind open streams still count, asked of identity itself: ended sessions are told by the bus,
and a stream may outlive the bus, or a worker that does not hear it.

Doors: `look`, for each stream every second, and `watch`, the loop that asks. A stream of whose session identity has
said nothing for `LONGEST_UNSURE` ends with `StreamUnchecked`, whatever the reason.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import structlog

from chassis.auth import LONGEST_UNSURE, EndedSessions, LogInsUnchecked
from chassis.down import blame
from chassis.kernel import Clock, Principal

ASK_SECONDS = 15.0
FORGOTTEN_SECONDS = 10.0
"""How long after its last look a stream's session is still asked about."""
PATH = "/sessions"

_LOG = structlog.stdlib.get_logger("sessions")


class StreamUnchecked(LogInsUnchecked):
    """Nobody can tell any more whether the log-in behind a stream counts."""

    def __init__(self) -> None:
        super().__init__()
        self.message = "Whether you are still logged in cannot be checked right now. Subscribe again in a moment."
        self.args = (self.message,)


class Asked(Protocol):
    """Identity, as `chassis.owners.Owner` asks it."""

    async def ask_about(self, path: str, organisation_id: str, ids: Sequence[str]) -> list[Any]:
        """Return `{"id": …}` of each of these sessions that counts. Raises OwnerAway."""
        ...


@dataclass(slots=True)
class _Session:
    by: Principal
    sure_at: float
    looked_at: float


class LongLogIns:
    """The sessions behind the streams of one process. Times are monotonic seconds."""

    def __init__(
        self, identity: Asked, ended: EndedSessions, clock: Clock, *, seconds: Callable[[], float] = time.monotonic
    ) -> None:
        self._identity = identity
        self._ended = ended
        self._clock = clock
        self._seconds = seconds
        self._sessions: dict[str, _Session] = {}

    def look(self, by: Principal) -> None:
        """Say that a stream of this log-in, whose token was just verified, goes on.

        Raises:
            StreamUnchecked: when identity has not said for a minute that it counts.
        """
        if by.session_id is None:
            return
        now = self._seconds()
        session = self._sessions.setdefault(by.session_id, _Session(by, now, now))
        session.looked_at = now
        if now - session.sure_at > LONGEST_UNSURE.total_seconds():
            raise StreamUnchecked

    async def watch(self) -> None:
        """Ask again and again until cancelled."""
        while True:
            await asyncio.sleep(ASK_SECONDS)
            await self.ask()

    async def ask(self) -> None:
        """Ask about all sessions behind streams, once; those that do not count have ended."""
        now, of_organisation = self._seconds(), defaultdict[str, list[str]](list)
        self._sessions = {key: one for key, one in self._sessions.items() if now - one.looked_at <= FORGOTTEN_SECONDS}
        for key, one in self._sessions.items():
            of_organisation[one.by.organisation_id].append(key)
        await asyncio.gather(*(self._ask(organisation, ids, now) for organisation, ids in of_organisation.items()))

    async def _ask(self, organisation_id: str, ids: list[str], asked_at: float) -> None:
        try:
            counting = {row["id"] for row in await self._identity.ask_about(PATH, organisation_id, ids)}
        except Exception as error:
            _LOG.warning("long_log_ins_wait", reason=blame(error))
            return
        for key in ids:
            if key in counting:
                self._sessions[key].sure_at = asked_at
            else:
                self._ended.end(self._sessions[key].by.id, [key], self._clock.now())
