"""`portal events tail`: what is published from now on, as it is, on RabbitMQ or in the portal that runs here.

It listens as a web process does: nothing is kept for it and nothing waits for it. Beside `portal up`, who reads too
slowly misses the oldest events, without a word.
"""

import asyncio
import http.client
import os
import sys
from collections.abc import AsyncGenerator, Generator, Iterator, Sequence
from contextlib import contextmanager
from fnmatch import fnmatchcase
from pathlib import Path

from chassis.bus import Bus
from chassis.cloudevents import CloudEvent
from portal_cli.data_folder import read_running
from portal_cli.event_schemas import published_models
from portal_cli.ports import LOOPBACK
from portal_cli.refusals import Refusal

LONGEST = 1_000
"""Events that wait for one who follows, before the oldest are left out."""


def run(pattern: str, data: Path, *, organisation: str | None, count: int, whole: bool) -> int:
    """Print events until Ctrl-C, or `count` of them; return the exit code."""
    shown = 0
    try:
        for event in _events(matching(pattern), data):
            if organisation in (None, event.organisation_id):
                sys.stdout.write(f"{event.to_json().decode() if whole else told(event)}\n")
                sys.stdout.flush()
                shown += 1
                if shown == count:
                    break
    except KeyboardInterrupt:
        return 0
    return 0


def matching(pattern: str) -> list[str]:
    """Return the types that a pattern means: `billing.*`, `*.comment_added.v1`, `*`.

    Raises:
        Refusal: when it means none.
    """
    types = sorted(model.event_type for model in published_models())
    if found := [one for one in types if fnmatchcase(one, pattern)]:
        return found
    raise Refusal(f"No type of event is like {pattern}. There are, for example: {', '.join(types[::12])}; or `*`.")


def told(event: CloudEvent) -> str:
    """Return one line without what it says of people: when, which, about what, of whom."""
    return f"{event.time}  {event.type}  {event.id}  {event.organisation_id}"


class Tails:
    """Whoever follows the events of this process, each with a queue of their own that has an end."""

    def __init__(self) -> None:
        self._queues: set[asyncio.Queue[CloudEvent]] = set()

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([model.event_type for model in published_models()], self.hear)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on; the oldest give way where nobody reads."""
        for queue in self._queues:
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(event)

    @contextmanager
    def joined(self) -> Generator[asyncio.Queue[CloudEvent]]:
        """Follow until the block ends."""
        queue = asyncio.Queue[CloudEvent](LONGEST)
        self._queues.add(queue)
        try:
            yield queue
        finally:
            self._queues.discard(queue)

    async def lines(self) -> AsyncGenerator[bytes]:
        """Yield each event as a line of JSON, and an empty line at the beginning and once a second."""
        with self.joined() as queue:
            yield b"\n"
            while True:
                try:
                    async with asyncio.timeout(1):
                        event = await queue.get()
                except TimeoutError:
                    yield b"\n"
                else:
                    yield event.to_json() + b"\n"


def _events(types: Sequence[str], data: Path) -> Iterator[CloudEvent]:
    amqp_url = os.environ.get("PORTAL_AMQP_URL")
    return _of_rabbitmq(amqp_url, types) if amqp_url else _of_portal(types, data)


def _of_rabbitmq(amqp_url: str, types: Sequence[str]) -> Iterator[CloudEvent]:
    from aio_pika.exceptions import AMQPError

    from chassis.bus.rabbitmq import RabbitBus

    with asyncio.Runner() as runner:
        bus, queue = RabbitBus(amqp_url), asyncio.Queue[CloudEvent]()
        hearing = asyncio.Event()

        def heard(well: bool) -> None:
            if hearing.is_set():
                _note("The connection is back." if well else "The broker is away; what is published now is not shown.")
            else:
                hearing.set()
                _note("Listening. End with Ctrl-C.")

        try:
            runner.run(bus.listen(types, queue.put, heard))
            while True:
                yield runner.run(queue.get())
        except (AMQPError, OSError) as error:
            raise Refusal(
                f"The broker at PORTAL_AMQP_URL does not answer ({type(error).__name__}); check address, user and "
                "password, and try again."
            ) from None
        finally:
            runner.run(bus.close())


def _of_portal(types: Sequence[str], data: Path) -> Iterator[CloudEvent]:
    running = read_running(data)
    connection = http.client.HTTPConnection(LOOPBACK, running.services_port)
    try:
        connection.request("GET", "/tail", headers={"x-portal-service-key": running.service_key})
        answer = connection.getresponse()
        if answer.status != 200:
            raise Refusal(f"The portal on {data} does not answer this: {answer.status}.")
        _note("Listening. End with Ctrl-C.")
        while line := answer.readline():
            if line.strip() and (event := CloudEvent.from_json(line)).type in types:
                yield event
        _note("The portal ended.")
    except (OSError, http.client.HTTPException):
        raise Refusal(f"No running portal uses {data}, and PORTAL_AMQP_URL is not set.") from None
    finally:
        connection.close()


def _note(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()


__all__ = ["Tails", "matching", "run", "told"]
