"""New comments, from the bus to whoever listens in this process. Nothing is kept; a slow listener is let go."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator

from services.chassis.bus import Bus
from services.chassis.cloudevents import CloudEvent
from services.collaboration.messaging.published import CommentAddedV1

LONGEST_QUEUE = 100


class LiveComments:
    """Implements `CommentFeed`."""

    def __init__(self) -> None:
        self._queues: defaultdict[str, set[asyncio.Queue[str | None]]] = defaultdict(set)

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([CommentAddedV1.event_type], self.hear)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on."""
        for queue in list(self._queues.get(event.data["documentId"], ())):
            if queue.qsize() >= LONGEST_QUEUE - 1:
                self._queues[event.data["documentId"]].discard(queue)
                queue.put_nowait(None)
            else:
                queue.put_nowait(event.data["commentId"])

    def listening(self, document_id: str) -> int:
        """Return how many follow this document."""
        return len(self._queues.get(document_id, ()))

    async def comment_ids(self, document_id: str) -> AsyncIterator[str]:
        """Yield the id of each comment that is added to the document from now on."""
        queue: asyncio.Queue[str | None] = asyncio.Queue(LONGEST_QUEUE)
        self._queues[document_id].add(queue)
        try:
            while (comment_id := await queue.get()) is not None:
                yield comment_id
        finally:
            self._queues[document_id].discard(queue)
            if not self._queues[document_id]:
                del self._queues[document_id]
