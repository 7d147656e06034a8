"""New entries of feeds, from the bus to whoever listens in this process. Nothing is kept; slow listeners are let go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

from services.chassis.bus import Bus
from services.chassis.cloudevents import CloudEvent
from services.notifications.messaging.published import NotificationSentV1

LONGEST_QUEUE = 100


class LiveFeed:
    """Implements `Feed`."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([NotificationSentV1.event_type], self.hear)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on."""
        recipient = event.data["recipientId"]
        if event.data["channel"] != "in_app":
            return
        for queue in list(self._queues.get(recipient, ())):
            if queue.qsize() >= LONGEST_QUEUE - 1:
                self._queues[recipient].discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(event.data["notificationId"])

    def listening(self, recipient_id: str) -> int:
        """Return how many follow this feed."""
        return len(self._queues.get(recipient_id, ()))

    async def notification_ids(self, recipient_id: str) -> AsyncIterator[str]:
        """Yield the id of each notification that reaches this person's feed from now on."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)
        self._queues[recipient_id].add(queue)
        try:
            while (notification_id := await queue.get()) is not None:
                yield notification_id
        finally:
            self._queues[recipient_id].discard(queue)
            if not self._queues[recipient_id]:
                del self._queues[recipient_id]
