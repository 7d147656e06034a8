"""A bus on which every event arrives twice, as at-least-once delivery allows."""

from chassis.bus.memory import MemoryBus
from chassis.cloudevents import CloudEvent


class TwiceBus(MemoryBus):
    """Implements `Bus`; `published` keeps every event once."""

    def __init__(self) -> None:
        super().__init__()
        self.published: list[CloudEvent] = []

    async def publish(self, event: CloudEvent, *, mandatory: bool = True) -> None:
        self.published.append(event)
        await super().publish(event, mandatory=False)
        await super().publish(event, mandatory=False)
