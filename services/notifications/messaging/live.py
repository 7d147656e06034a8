"""New entries of feeds and what becomes of mails, from the bus to whoever listens in this process."""

from collections.abc import AsyncIterator

from chassis import live
from chassis.bus import Bus
from chassis.cloudevents import CloudEvent
from services.notifications.messaging.published import FeedEntryAddedV1, NotificationFailedV1, NotificationSentV1


class LiveFeed(live.LiveFeed):
    """Implements `Feed`, by whose person the topic is, and `MailFeed`, where it is an organisation."""

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus: until 1.2 of the contract, workers told of both channels by one type."""
        types = [FeedEntryAddedV1.event_type, NotificationSentV1.event_type, NotificationFailedV1.event_type]
        await bus.listen(types, self.hear, self.hearing)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on."""
        topic = event.data["recipientId"] if event.data["channel"] == "in_app" else event.data["organisationId"]
        self.tell(topic, event.data["notificationId"])

    def notification_ids(self, recipient_id: str, missed: live.Missed | None = None) -> AsyncIterator[str]:
        """Yield the id of each notification that reaches this person's feed from now on; see `follow`."""
        return self.follow(recipient_id, missed)

    def mail_ids(self, organisation_id: str, missed: live.Missed | None = None) -> AsyncIterator[str]:
        """Yield the id of each mail of this organisation that is settled from now on; see `follow`."""
        return self.follow(organisation_id, missed)
