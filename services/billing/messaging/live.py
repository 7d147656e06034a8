"""Changed documents, from the bus to whoever listens in this process. Nothing is kept; a slow listener is let go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

from services.billing.messaging.published import PUBLISHED
from services.chassis.bus import Bus
from services.chassis.cloudevents import CloudEvent

LONGEST_QUEUE = 1000


class LiveDocuments:
    """Implements `DocumentFeed`."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([published.event_type for published in PUBLISHED], self.hear)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on: by its subject, or a payment's by its invoice."""
        changed: str = event.subject if event.subject.startswith(("est_", "inv_")) else event.data["invoiceId"]
        for queue in list(self._queues.get(event.organisation_id, ())):
            if queue.qsize() >= LONGEST_QUEUE - 1:
                self._queues[event.organisation_id].discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(changed)

    def listening(self, organisation_id: str) -> int:
        """Return how many follow this organisation."""
        return len(self._queues.get(organisation_id, ()))

    async def changed_ids(self, organisation_id: str) -> AsyncIterator[str]:
        """Yield the id of each document about which something is told from now on."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)
        self._queues[organisation_id].add(queue)
        try:
            while (changed := await queue.get()) is not None:
                yield changed
        finally:
            self._queues[organisation_id].discard(queue)
            if not self._queues[organisation_id]:
                del self._queues[organisation_id]
