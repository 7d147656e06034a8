"""A service that is killed again and again while it saves and relays, each time at another point.

`python -m tests.support.dying_service MONGO_URL DATABASE AMQP_URL DEATHS COMMANDS`: each life is a process of its own,
forked from one that has everything imported. It ends by SIGKILL, after as many steps as its number says: saves, leases,
publishes, and settlings, before and after each. The last life relays what is left. Prints how many lives were killed.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from chassis.bus.rabbitmq import RabbitBus
from chassis.mongo.client import Database, connect
from chassis.mongo.outboxes import LEASE, WAITING, Outboxes
from chassis.mongo.repository import MongoRepository
from chassis.outbox import Relay
from chassis.waking import Signal
from chassis.web import background
from tests.support.chassis import LANGUAGE, STAFF, Parcel

PARCELS = 8
STEPS: tuple[tuple[type[Any], str], ...] = (
    (MongoRepository, "update"),
    (Outboxes, "lease"),
    (RabbitBus, "publish"),
    (Outboxes, "settle"),
)


def parcel_id(number: int) -> str:
    """Return the id of one of the parcels that are weighed in turns."""
    return f"inv_{number % PARCELS:02}"


class Later:
    """The time of a life: the leases of those that died before have ended."""

    def __init__(self, life: int) -> None:
        self._ahead = (LEASE + timedelta(seconds=1)) * life

    def now(self) -> datetime:
        return datetime.now(UTC) + self._ahead


def _stepping(kind: type[Any], name: str, step: Callable[[], None]) -> None:
    method = getattr(kind, name)

    async def stepped(*given: Any, **more: Any) -> Any:
        step()
        done = await method(*given, **more)
        step()
        return done

    setattr(kind, name, stepped)


def _dying_after(steps: int) -> Callable[[], None]:
    left = iter(range(steps, -1, -1))

    def step() -> None:
        if next(left) == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    return step


async def weighed(database: Database) -> int:
    """Return how many commands had their effect."""
    rows = await database["parcels"].find({}, {"weights": 1}).to_list()
    return sum(len(row["weights"]) for row in rows)


async def _live(mongo_url: str, name: str, amqp_url: str, life: int, commands: int) -> None:
    """Save until so many commands had their effect, and relay until nothing waits."""
    database, bus, saved, clock = connect(mongo_url, name), RabbitBus(amqp_url), Signal(), Later(life)
    parcels = MongoRepository(database["parcels"], Parcel, LANGUAGE, what="parcel", committed=saved)
    relay = Relay(LANGUAGE, [database["parcels"]], bus, clock, saved)
    async with background(relay.run):
        for number in range(await weighed(database), commands):
            await parcels.update(
                STAFF, parcel_id(number), lambda it, number=number: it.weigh(number % 1000, clock.now())
            )
        while await database["parcels"].count_documents(WAITING):
            await asyncio.sleep(0.02)
    await bus.close()
    await database.close()


def main(mongo_url: str, name: str, amqp_url: str, deaths: str, commands: str) -> None:
    """Live and die; the last life is not killed."""
    killed, share = 0, int(commands) // int(deaths)
    for life in range(int(deaths) + 1):
        is_last = life == int(deaths)
        child = os.fork()
        if child == 0:
            if not is_last:
                step = _dying_after(1 + life * 7919 % (8 * share))
                for kind, method in STEPS:
                    _stepping(kind, method, step)
            asyncio.run(_live(mongo_url, name, amqp_url, life, int(commands) if is_last else share * (life + 1)))
            os.kill(os.getpid(), signal.SIGTERM if is_last else signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        killed += os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    print(killed)


if __name__ == "__main__":
    main(*sys.argv[1:])
