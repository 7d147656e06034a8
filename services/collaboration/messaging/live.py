"""New comments, from the bus to whoever listens in this process."""

from collections.abc import AsyncIterator

from chassis.bus import Bus
from chassis.cloudevents import CloudEvent
from chassis.live import LiveFeed, Missed
from services.collaboration.messaging.published import CommentAddedV1, InternalCommentAddedV1


class LiveComments(LiveFeed):
    """Implements `CommentFeed`: a document is the topic."""

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([CommentAddedV1.event_type, InternalCommentAddedV1.event_type], self.hear, self.hearing)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on."""
        self.tell(event.data["documentId"], event.data["commentId"])

    def comment_ids(self, document_id: str, missed: Missed | None = None) -> AsyncIterator[str]:
        """Yield the id of each comment that is added to the document from now on; see `follow`."""
        return self.follow(document_id, missed)
