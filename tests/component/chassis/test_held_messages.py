"""What cannot be put aside is held with growing pauses, never given back in a loop: on every RabbitMQ."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from uuid import uuid4

import aio_pika
import pytest

from chassis.bus import Park
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.settling import REASON_HEADER
from chassis.bus.topology import delay_name, parking_name, queue_name
from chassis.cloudevents import CloudEvent
from tests.support.waiting import eventually, eventually_answered


@dataclass
class Failing:
    """A service on a bus, whose handler fails as told and counts."""

    bus: RabbitBus
    url: str
    failure: Exception
    name: str = field(default_factory=lambda: f"failing-{uuid4().hex[:8]}")
    type: str = field(default_factory=lambda: f"test.fact_{uuid4().hex}.v1")
    attempts: list[int] = field(default_factory=list[int])

    async def handle(self, body: bytes, attempt: int) -> None:
        self.attempts.append(attempt)
        raise self.failure

    async def start(self) -> None:
        await self.bus.consume(self.name, [self.type], self.handle)

    async def publish(self) -> None:
        await self.bus.publish(
            CloudEvent(
                id="fact_1-1", type=self.type, source="/test", subject="fact_1", sequence=1,
                time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={},
            )
        )  # fmt: skip

    async def refuse(self, queue: str) -> None:
        """Put one in the place of this queue that refuses every message, as an operator's limit does."""
        async with await aio_pika.connect(self.url) as connection:
            channel = await connection.channel()
            await channel.queue_delete(queue)
            full = {"x-max-length": 0, "x-overflow": "reject-publish"}
            await channel.declare_queue(queue, durable=True, arguments=full)

    async def delete(self, queue: str) -> None:
        async with await aio_pika.connect(self.url) as connection:
            await (await connection.channel()).queue_delete(queue)

    async def messages(self, queue: str) -> list[aio_pika.abc.AbstractIncomingMessage]:
        """Take out what is in a queue."""
        async with await aio_pika.connect(self.url) as connection:
            opened = await (await connection.channel()).get_queue(queue)
            found: list[aio_pika.abc.AbstractIncomingMessage] = []
            while message := await opened.get(fail=False, no_ack=True):
                found.append(message)
            return found

    async def assert_put_aside(self) -> None:
        """The message is parked after one attempt, or comes for the second."""
        if not isinstance(self.failure, Park):
            await eventually(lambda: len(self.attempts) > 1, "the second attempt")
            assert self.attempts[:2] == [1, 2]
            return

        async def parked() -> list[str]:
            try:
                return [str(one.headers.get(REASON_HEADER)) for one in await self.messages(parking_name(self.name))]
            except aio_pika.exceptions.AMQPError:
                return []  # not there yet, or not whole: a new queue may answer with an error of the connection

        assert await eventually_answered(parked, "the parked message") == ["unreadable"]
        assert self.attempts == [1]


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    """The pauses grow as they do, from a twentieth of a second on."""
    monkeypatch.setattr("chassis.bus.settling.FIRST_PAUSE", 0.05)


@pytest.fixture(params=[RuntimeError("broken"), Park("unreadable")], ids=["to be retried", "to be parked"])
async def failing(request: pytest.FixtureRequest, amqp_url: str) -> AsyncIterator[Failing]:
    made = Failing(RabbitBus(amqp_url), amqp_url, request.param)
    await made.start()
    yield made
    await made.bus.close()


def place(failing: Failing) -> str:
    """Return where the failed message is to be put aside."""
    return parking_name(failing.name) if isinstance(failing.failure, Park) else delay_name(failing.name, 1)


async def test_a_message_that_nobody_takes_is_held(failing: Failing, capsys: pytest.CaptureFixture[str]) -> None:
    """While the copy is refused the handler runs once; the message is put aside as soon as its place is right again."""
    await failing.refuse(place(failing))
    await failing.publish()

    def held() -> int:
        nonlocal printed
        printed += capsys.readouterr().out
        return printed.count("message_held") >= 3

    printed = ""
    await eventually(held, "three attempts to put the copy aside")
    assert failing.attempts == [1]

    await failing.delete(place(failing))
    await failing.assert_put_aside()


async def test_a_queue_that_was_deleted_is_made_again(failing: Failing) -> None:
    """The copy goes into a new queue: nothing is lost, and nothing runs in a loop."""
    await failing.delete(place(failing))
    await failing.publish()
    await failing.assert_put_aside()


async def test_a_held_message_is_given_back_when_the_process_ends(failing: Failing) -> None:
    """It is in the service's queue again, for the next process."""
    await failing.refuse(place(failing))
    await failing.publish()
    await eventually(lambda: failing.attempts, "the first attempt")
    await failing.bus.close()
    await failing.delete(place(failing))

    async def there() -> bool:
        return [one.message_id for one in await failing.messages(queue_name(failing.name))] == ["fact_1-1"]

    await eventually_answered(there, "the message in the queue")
    assert failing.attempts == [1]
