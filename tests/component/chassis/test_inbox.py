"""Promise 6: messages that can never be handled, on a real RabbitMQ."""

from uuid import uuid4

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from chassis.bus import EXCHANGE, Park
from chassis.bus.rabbitmq import ATTEMPT_HEADER, REASON_HEADER, RabbitBus, queue_name
from chassis.cloudevents import CloudEvent
from chassis.inbox import Inbox, Narrow, Reaction, Received
from tests.support.waiting import eventually, eventually_answered

GOOD, OF_EACH_KIND = 500, 10


class Fact(Narrow):
    """What the reaction reads."""

    n: int


class Reacting:
    """Counts effects by event id; refuses negative numbers until it is mended."""

    def __init__(self) -> None:
        self.done: list[str] = []
        self.mended = False

    async def __call__(self, received: Received[Fact]) -> None:
        if received.data.n < 0 and not self.mended:
            raise Park("negative")
        self.done.append(received.id)


def an_event(event_type: str, number: int, n: object) -> bytes:
    return CloudEvent(
        id=f"fact_{number}-1", type=event_type, source="/test", subject=f"fact_{number}", sequence=1,
        time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={"n": n},
    ).to_json()  # fmt: skip


def poisons(event_type: str, number: int) -> list[bytes]:
    """Return one of each kind: no JSON, deep, large, another shape, and one that the reaction refuses."""
    return [
        b"{no json",
        b"[" * 100_000,
        b"x" * 1_000_000,
        an_event(event_type, 10_000 + number, "many"),
        an_event(event_type, 20_000 + number, -1),
    ]


async def parked(channel: AbstractChannel, service: str) -> int:
    queue = await channel.declare_queue(f"{queue_name(service)}.parked", passive=True)
    return queue.declaration_result.message_count or 0


async def look_at_parked(channel: AbstractChannel, service: str) -> list[AbstractIncomingMessage]:
    """Return the parked messages, which stay parked."""
    queue = await channel.get_queue(f"{queue_name(service)}.parked")
    found: list[AbstractIncomingMessage] = []
    while message := await queue.get(fail=False):
        found.append(message)
    for message in found:
        await message.nack(requeue=True)
    return found


async def test_poison_is_parked_and_harms_nobody(amqp_url: str) -> None:
    """50 poisons among 500 events: 50 parked with reason and attempt; a replay after a repair has each effect once."""
    service, event_type, reacting, bus = uuid4().hex, f"test.fact_{uuid4().hex}.v1", Reacting(), RabbitBus(amqp_url)
    await Inbox(service, {event_type: Reaction(Fact, reacting)}).start(bus)
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        for number in range(GOOD):
            bodies = [an_event(event_type, number, number)]
            bodies += poisons(event_type, number) if number % (GOOD // OF_EACH_KIND) == 0 else []
            for body in bodies:
                await exchange.publish(aio_pika.Message(body, type=event_type), event_type)

        async def fifty() -> bool:
            return await parked(channel, service) == 5 * OF_EACH_KIND

        await eventually(lambda: len(reacting.done) == GOOD, "every good event")
        await eventually_answered(fifty, "every poison in its place")
        kept = await look_at_parked(channel, service)
        assert [message for message in kept if not message.headers[REASON_HEADER]] == []
        assert [message for message in kept if message.headers[ATTEMPT_HEADER] != 1] == []

        reacting.mended = True
        await eventually_answered(fifty, "every poison put back")
        replayed: list[int] = []

        async def repaired() -> bool:
            replayed.append(await bus.replay(service))
            return len(reacting.done) == GOOD + OF_EACH_KIND

        await eventually_answered(repaired, "the repaired ones")
        assert 0 < max(replayed) <= 5 * OF_EACH_KIND
        assert await eventually_answered(lambda: bus.replay(service), "the others, parked again")
    assert len(set(reacting.done)) == len(reacting.done) == GOOD + OF_EACH_KIND
    await bus.close()
