"""Changed documents, from the bus to whoever listens in this process."""

from collections.abc import AsyncIterator

from chassis.bus import Bus
from chassis.cloudevents import CloudEvent
from chassis.live import LiveFeed
from services.billing.messaging.published import PUBLISHED


class LiveDocuments(LiveFeed):
    """Implements `DocumentFeed`: an organisation is the topic."""

    async def start(self, bus: Bus) -> None:
        """Begin to hear the bus."""
        await bus.listen([published.event_type for published in PUBLISHED], self.hear, self.hearing)

    async def hear(self, event: CloudEvent) -> None:
        """Pass one event on: by its subject, or a payment's by its invoice."""
        changed: str = event.subject if event.subject.startswith(("est_", "inv_")) else event.data["invoiceId"]
        self.tell(event.organisation_id, changed)

    def changed_ids(self, organisation_id: str) -> AsyncIterator[str]:
        """Yield the id of each document about which something is told from now on; see `follow`."""
        return self.follow(organisation_id)
