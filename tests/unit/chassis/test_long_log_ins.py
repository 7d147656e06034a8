"""Streams whose log-in nobody vouches for any more end, whatever became of the bus."""

from collections.abc import Sequence
from typing import Any

import pytest

from chassis.auth import EndedSessions
from chassis.kernel import Principal, Role
from chassis.long_log_ins import LongLogIns, StreamUnchecked
from chassis.owners import OwnerAway
from tests.support.clock import FakeClock


class Identity:
    """Vouches for `counting`, unless it is away; `asked` are its questions."""

    def __init__(self, *counting: str) -> None:
        self.counting = set(counting)
        self.away = False
        self.asked: list[tuple[str, str, tuple[str, ...]]] = []

    async def ask_about(self, path: str, organisation_id: str, ids: Sequence[str]) -> list[Any]:
        self.asked.append((path, organisation_id, tuple(ids)))
        if self.away:
            raise OwnerAway("identity")
        return [{"id": one} for one in ids if one in self.counting]


class Process:
    """The log-ins of one process, on a clock that tests move."""

    def __init__(self, identity: Identity) -> None:
        self.now = 100.0
        self.ended = EndedSessions()
        self.log_ins = LongLogIns(identity, self.ended, FakeClock(), seconds=lambda: self.now)


def somebody(session: str, organisation: str = "org_1") -> Principal:
    return Principal(id=f"stf_{session}", organisation_id=organisation, role=Role.OWNER, session_id=session)


async def test_a_session_that_identity_ended_ends_here_though_nobody_told() -> None:
    """Identity is asked, by organisation, about the sessions behind streams; those it does not name have ended."""
    identity = Identity("s1", "s3")
    process = Process(identity)
    people = [somebody("s1"), somebody("s2"), somebody("s3", "org_2")]
    for one in people:
        process.log_ins.look(one)
    await process.log_ins.ask()
    assert identity.asked == [("/sessions", "org_1", ("s1", "s2")), ("/sessions", "org_2", ("s3",))]
    assert [process.ended.has_ended(one, FakeClock().now()) for one in people] == [False, True, False]


async def test_a_stream_ends_within_a_minute_of_silence() -> None:
    """While identity does not answer, a stream goes on for a minute and no longer; the error says to come again."""
    identity = Identity("s1")
    process = Process(identity)
    process.log_ins.look(somebody("s1"))
    identity.away = True
    for _ in range(12):
        process.now += 5
        process.log_ins.look(somebody("s1"))
        await process.log_ins.ask()
    process.now += 1
    with pytest.raises(StreamUnchecked, match=r"Subscribe again") as refused:
        process.log_ins.look(somebody("s1"))
    assert refused.value.code == "LOG_INS_UNCHECKED"


async def test_a_stream_goes_on_while_identity_vouches_for_it() -> None:
    """Ten minutes of answers end nothing."""
    process = Process(Identity("s1"))
    for _ in range(120):
        process.log_ins.look(somebody("s1"))
        await process.log_ins.ask()
        process.now += 5
    process.log_ins.look(somebody("s1"))


async def test_nobody_asks_about_streams_that_are_closed() -> None:
    """A session that no stream looked at for a while is forgotten, and begins anew with its next stream."""
    identity = Identity()
    process = Process(identity)
    process.log_ins.look(somebody("s1"))
    process.now += 90
    await process.log_ins.ask()
    assert identity.asked == []
    process.log_ins.look(somebody("s1"))
