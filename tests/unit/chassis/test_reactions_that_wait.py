"""A reaction that fails for want of somebody waits without being counted; one that fails by its own data does not."""

import aiohttp
import pymongo.errors
import pytest

from chassis.bus import LATE_PATIENCE, UNKNOWN_PATIENCE, DependencyDown, Handler, NotYet, UnknownType
from chassis.cloudevents import CloudEvent
from chassis.inbox import Inbox, Narrow, Reaction, Received
from chassis.kernel import ConcurrentUpdate, Late, NewerVersion, NotFound

EVENT = CloudEvent(
    id="fact_1-1", type="test.fact.v1", source="/test", subject="fact_1", sequence=1,
    time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={"n": 1},
).to_json()  # fmt: skip


class Fact(Narrow):
    """What the reaction reads."""

    n: int


def handler(error: Exception) -> Handler:
    async def react(_: Received[Fact]) -> None:
        raise error

    return Inbox("scales", {"test.fact.v1": Reaction(Fact, react)}).handle


AWAY: dict[str, Exception] = {
    "a full disk": pymongo.errors.OperationFailure("no space", 14031),
    "a password that was changed": pymongo.errors.OperationFailure("no", 18),
    "no connection free": pymongo.errors.WaitQueueTimeoutError("10 s"),
    "a majority that does not come": pymongo.errors.WTimeoutError("10 s", 64),
    "a time limit": pymongo.errors.ExecutionTimeout("5 s", 50),
    "another primary": pymongo.errors.NotPrimaryError("no"),
    "a lost connection": pymongo.errors.AutoReconnect("gone"),
    "another service": aiohttp.ClientPayloadError(),
    "the machine": OSError(24, "Too many open files"),
    "others who keep winning": ConcurrentUpdate(),
    "a newer version's document": NewerVersion(),
}


@pytest.mark.parametrize("error", AWAY.values(), ids=AWAY)
async def test_whoever_is_away_is_waited_for(error: Exception) -> None:
    """Eight such failures in a row must not park the message."""
    with pytest.raises(DependencyDown):
        await handler(error)(EVENT, 8)


@pytest.mark.parametrize("error", [KeyError("x"), NotFound("invoice"), pymongo.errors.WriteError("too large", 17419)])
async def test_its_own_data_is_counted(error: Exception) -> None:
    """What is wrong with the message reaches the bus as it is, which counts the attempt."""
    with pytest.raises(type(error)):
        await handler(error)(EVENT, 1)


async def test_a_type_that_this_version_does_not_know_waits() -> None:
    """The queue is bound to it, so that another version of us reads it: it is neither acknowledged nor counted."""
    with pytest.raises(UnknownType, match=r"unknown to this version: test\.fact\.v1") as raised:
        await Inbox("scales", {}).handle(EVENT, 1)
    assert raised.value.patience == UNKNOWN_PATIENCE


async def test_a_fact_that_is_late_is_waited_for() -> None:
    """What its owner does not know either may still come."""
    with pytest.raises(NotYet, match="client company cus_1") as raised:
        await handler(Late("client company cus_1 is not known yet"))(EVENT, 8)
    assert raised.value.patience == LATE_PATIENCE
