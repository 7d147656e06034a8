"""The bus inside one process, where it differs from a broker: it keeps nothing for those who come later."""

import pytest

from services.chassis.bus import PublishFailed
from services.chassis.bus.memory import MemoryBus
from services.chassis.cloudevents import CloudEvent

_EVENT = CloudEvent(
    id="inv_1-1",
    type="test.fact.v1",
    source="/test",
    subject="inv_1",
    sequence=1,
    time="2026-03-01T12:00:00.000Z",
    organisation_id="org_1",
    data={},
)


async def test_nothing_is_published_before_everybody_consumes() -> None:
    """An event that waits in an outbox at a start reaches those too who begin to consume last."""
    bus, taken = MemoryBus(services=("billing", "notifications")), list[str]()

    async def take(name: str) -> None:
        async def handle(body: bytes, attempt: int) -> None:
            taken.append(name)

        await bus.consume(name, [_EVENT.type], handle)

    await take("billing")
    with pytest.raises(PublishFailed, match="notifications do not consume yet"):
        await bus.publish(_EVENT)
    await take("notifications")
    await bus.publish(_EVENT)

    assert taken == ["billing", "notifications"]
