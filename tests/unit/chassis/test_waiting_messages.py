"""A message that waits for somebody who is away waits for longer each time, and is never counted or parked for it."""

from typing import Any, cast

from aio_pika import Message
from aio_pika.abc import AbstractIncomingMessage

from chassis.bus import MAX_ATTEMPTS, DependencyDown
from chassis.bus.settling import ATTEMPT_HEADER, Settling
from chassis.bus.topology import RETRY_SECONDS


class Delivery:
    """What settling needs of one delivery."""

    routing_key = type = "test.fact.v1"
    content_type = message_id = app_id = "x"
    timestamp = None
    body = b"{}"

    def __init__(self, headers: dict[str, Any]) -> None:
        self.headers = headers
        self.settled: list[str] = []

    async def ack(self) -> None:
        self.settled.append("ack")

    async def nack(self, requeue: bool = True) -> None:
        self.settled.append("nack")


class Carrier:
    """Takes every copy, and says into which queue."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, Message]] = []

    async def send(self, message: Message, queue: str) -> None:
        self.sent.append((queue, message))

    async def mend(self, service: str) -> None: ...

    async def ends_within(self, seconds: float) -> bool:
        return False


async def test_pauses_of_a_long_outage_grow_and_the_attempt_stays() -> None:
    """The first pause is short; through an outage each message asks every 30 s, not every second."""
    carrier, headers = Carrier(), dict[str, Any]()

    async def down(_body: bytes, _attempt: int) -> None:
        raise DependencyDown("OutOfDiskSpace")

    for _ in range(MAX_ATTEMPTS + 4):
        delivery = Delivery(headers)
        await Settling(carrier).attempt("scales", cast(AbstractIncomingMessage, delivery), down)
        assert delivery.settled == ["ack"]
        headers = dict(carrier.sent[-1][1].headers)
    seconds = [int(queue.rpartition(".")[2].removesuffix("s")) for queue, _ in carrier.sent]
    assert seconds[:3] == list(RETRY_SECONDS)
    assert {*seconds[3:]} == {RETRY_SECONDS[-1]}
    assert headers[ATTEMPT_HEADER] == 1
