"""The bus inside one process loses nothing: with a full parking place, dying in a replay, for who consumes late."""

import pytest

from chassis.bus import Park, PublishFailed
from chassis.bus.memory import MemoryBus
from chassis.cloudevents import CloudEvent

EVENT = CloudEvent(
    id="fact_1-1", type="test.fact.v1", source="/test", subject="fact_1", sequence=1,
    time="2026-03-01T12:00:00.000Z", organisation_id="org_1", data={},
)  # fmt: skip


class Parking:
    """A parking place that can be full, or fail when something is forgotten."""

    def __init__(self) -> None:
        self.full = False
        self.kept: dict[str, bytes] = {}

    async def park(self, service: str, body: bytes, reason: str, attempts: int) -> None:
        if self.full:
            raise OSError(28, "No space left on device")
        self.kept[f"{len(self.kept)}"] = body

    async def waiting(self, service: str) -> list[tuple[str, bytes]]:
        return list(self.kept.items())

    async def forget(self, service: str, key: str) -> None:
        del self.kept[key]


class Handler:
    """Parks everything until it is mended."""

    def __init__(self) -> None:
        self.calls = 0
        self.failure: BaseException | None = Park("unreadable")

    async def __call__(self, body: bytes, attempt: int) -> None:
        self.calls += 1
        if self.failure:
            raise self.failure


async def started() -> tuple[MemoryBus, Parking, Handler]:
    parking, handler = Parking(), Handler()
    bus = MemoryBus(parking)
    await bus.consume("billing", [EVENT.type], handler)
    return bus, parking, handler


async def test_an_event_that_cannot_be_parked_stays_in_the_outbox() -> None:
    """Each publish calls the handler once and says that it failed, so the relay waits longer each time."""
    bus, parking, handler = await started()
    parking.full = True
    for _ in range(3):
        with pytest.raises(PublishFailed, match="billing could not handle"):
            await bus.publish(EVENT)
    assert (handler.calls, parking.kept) == (3, {})

    parking.full = False
    await bus.publish(EVENT)
    assert list(parking.kept.values()) == [EVENT.to_json()]


async def test_a_message_is_forgotten_after_it_was_handled() -> None:
    """A process that dies in the middle of a replay finds the message again."""
    bus, parking, handler = await started()
    await bus.publish(EVENT)
    handler.failure = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        await bus.replay("billing")
    assert list(parking.kept.values()) == [EVENT.to_json()]

    handler.failure = None
    assert await bus.replay("billing") == 1
    assert (handler.calls, parking.kept) == (3, {})


async def test_nothing_is_published_before_everybody_consumes() -> None:
    """An event that waits in an outbox at a start reaches those too who begin to consume last."""
    bus, taken = MemoryBus(services=("billing", "notifications")), list[str]()

    async def take(name: str) -> None:
        async def handle(body: bytes, attempt: int) -> None:
            taken.append(name)

        await bus.consume(name, [EVENT.type], handle)

    await take("billing")
    with pytest.raises(PublishFailed, match="notifications do not consume yet"):
        await bus.publish(EVENT)
    await take("notifications")
    await bus.publish(EVENT)

    assert taken == ["billing", "notifications"]
