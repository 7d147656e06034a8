"""Identity's own mails that wait, in MongoDB."""

from collections.abc import Callable, Sequence
from datetime import datetime

from chassis.cloudevents import PublishedLanguage
from chassis.kernel import AlreadyExists, Clock, SystemClock
from chassis.mailing import Queued
from chassis.mongo.client import Database, Document
from chassis.mongo.indexes import outbox_index
from chassis.mongo.mail_queue import MailQueue, mail_indexes
from chassis.mongo.repository import MongoRepository
from chassis.telemetry import traced_row
from services.identity.domain.outgoing import OutgoingMail

OUTGOING = "outgoing"
INDEXES = (outbox_index(OUTGOING), *mail_indexes(OUTGOING))


def _traced(_: OutgoingMail) -> Document:
    return {**traced_row()}


class MongoOutgoing(MongoRepository[OutgoingMail]):
    """Implements `Queue`. `queued` is called after a mail was stored."""

    def __init__(
        self,
        database: Database,
        language: PublishedLanguage,
        committed: Callable[[], None] = lambda: None,
        queued: Callable[[], None] = lambda: None,
        clock: Clock | None = None,
    ) -> None:
        super().__init__(database[OUTGOING], OutgoingMail, language, what="mail", committed=committed, listed=_traced)
        self._queued = queued
        self._clock = clock or SystemClock()
        self._mails = MailQueue(self.collection, "identity")

    async def post(self, mail: OutgoingMail) -> None:
        """Let a mail wait; the mail of an event that was met before is there already."""
        mail.wait_from(self._clock.now())
        try:
            await self.add(mail)
        except AlreadyExists:
            return
        self._queued()

    async def organisation_of(self, mail_id: str) -> str | None:
        """Return whose a mail is; None when there is none."""
        row = await self.collection.find_one({"_id": mail_id}, {"organisation_id": 1})
        return None if row is None else str(row["organisation_id"])

    async def due(self, now: datetime, limit: int, *, without: Sequence[str] = ()) -> list[Queued]:
        """Return mails that should be sent now, the longest waiting first, organisations in turns."""
        return await self._mails.due(now, limit, without=without)

    async def claim(self, queued: Queued, until: datetime) -> bool:
        """Keep others from sending this mail until then; False when somebody else was faster."""
        return await self._mails.claim(queued, until)
