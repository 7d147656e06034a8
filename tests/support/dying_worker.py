"""A worker that is killed as soon as it has its first message, again and again.

`python -m tests.support.dying_worker URL SERVICE TYPE DEATHS PARKED WHERE`: each life is a process of its own that ends
by SIGKILL, forked from one that has everything imported. It dies inside the handler or, with `at receipt` as WHERE,
before any code of ours sees a message. It stops when it has died DEATHS times, or when PARKED messages are parked.
"""

import asyncio
import os
import signal
import sys

import aio_pika

from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import PREFETCH, parking_name, queue_name
from tests.support.waiting import eventually_answered


async def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


async def _live(url: str, service: str, event_type: str, parked: int, where: str) -> None:
    connection = await aio_pika.connect(url)
    if where == "at receipt":
        channel = await connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        await (await channel.get_queue(queue_name(service))).consume(_die)
    else:
        await RabbitBus(url).consume(service, [event_type], _die)
    looking = await connection.channel()

    async def all_parked() -> bool:
        queue = await looking.declare_queue(parking_name(service), passive=True)
        return (queue.declaration_result.message_count or 0) >= parked

    await eventually_answered(all_parked, "every message parked, or death")


def main(url: str, service: str, event_type: str, deaths: str, parked: str, where: str) -> None:
    """Live and die; print on the last line how many lives ended by SIGKILL."""
    killed = 0
    while killed < int(deaths):
        child = os.fork()
        if child == 0:
            asyncio.run(_live(url, service, event_type, int(parked), where))
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if not os.WIFSIGNALED(status):
            break
        killed += 1
    print(killed)


if __name__ == "__main__":
    main(*sys.argv[1:])
