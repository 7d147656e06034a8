"""New entries of feeds, from the bus to whoever listens in this process."""

from collections.abc import AsyncIterator

from chassis import live
from chassis.bus import Bus
from chassis.cloudevents import CloudEvent
from services.notifications.messaging.published import FeedEntryAddedV1, NotificationSentV1


class LiveFeed(live.LiveFeed):
    """Implements `Feed`: what a person is told is the topic."""

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus: until 1.2 of the contract, workers told of both channels by one type."""
        await bus.listen([FeedEntryAddedV1.event_type, NotificationSentV1.event_type], self.hear, self.hearing)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on."""
        if event.data["channel"] == "in_app":
            self.tell(event.data["recipientId"], event.data["notificationId"])

    def notification_ids(self, recipient_id: str, missed: live.Missed | None = None) -> AsyncIterator[str]:
        """Yield the id of each notification that reaches this person's feed from now on; see `follow`."""
        return self.follow(recipient_id, missed)
