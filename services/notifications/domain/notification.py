"""A notification: one fact, one recipient, one channel. `QUEUED → SENT | FAILED | DROPPED`; in the feed also
read or not.

Its id derives from these three, so an event that arrives twice meets its own notification.
"""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Self

from chassis.kernel import derived_bits, id_from_bits
from chassis.mailing.posted import GIVEN_UP_AFTER, PAUSE_AFTER_AN_HOUR, Posted, Status
from services.notifications.domain.events import NotificationFailed, NotificationSent
from services.notifications.domain.kinds import Audience, Channel, Kind

__all__ = ["GIVEN_UP_AFTER", "PAUSE_AFTER_AN_HOUR", "SHUT_OUT", "News", "Notification", "Recipient", "Status"]

SHUT_OUT = "the recipient has no access any more"
"""Why a mail is dropped whose recipient may be told nothing any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """Somebody to tell. `id` is a person's, or for outsiders that of the fact that named them.

    `shut_out` is who may be told nothing any more; `access_since` when the present access began, where that is known.
    """

    id: str
    audience: Audience
    name: str
    email: str
    language: str = "en"
    has_access: bool = True
    shut_out: bool = False
    access_since: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """A fact as notifications tell it. `facts` are plain texts that the wording uses; `receipt_id` is a payment.

    `chosen` are the contacts whom staff want to have told, and nobody else; none where the rule decides.
    Notifications stored before `happened_at` was kept have none; it only gives new ones their ids.
    """

    event_id: str
    organisation_id: str
    kind: Kind
    customer_id: str
    document_id: str
    document_type: str
    document_number: str | None = None
    actor_id: str | None = None
    receipt_id: str | None = None
    facts: dict[str, str] = field(default_factory=dict[str, str])
    happened_at: datetime = datetime(1970, 1, 1, tzinfo=UTC)
    chosen: tuple[str, ...] = ()


@dataclass(kw_only=True, eq=False)
class Notification(Posted):
    """What one person is told by one channel."""

    recipient: Recipient
    recipient_id: str
    channel: Channel
    news: News
    read_at: datetime | None = None

    @classmethod
    def id_of(cls, news: News, recipient_id: str, channel: Channel) -> str:
        """Return the id of the one notification of this event to this recipient by this channel."""
        return id_from_bits("ntf", derived_bits(f"{news.event_id}\n{recipient_id}\n{channel}", news.happened_at))

    @classmethod
    def tell(cls, news: News, recipient: Recipient, channel: Channel, now: datetime) -> Self:
        """Return a new notification: a mail waits to be sent, the feed has its entry at once."""
        notification = cls(
            id=cls.id_of(news, recipient.id, channel),
            organisation_id=news.organisation_id,
            recipient=recipient,
            recipient_id=recipient.id,
            channel=channel,
            news=news,
            status=Status.QUEUED,
            created_at=now,
            next_attempt_at=now,
        )
        if channel is Channel.IN_APP:
            notification.sent(now)
        return notification

    def read(self, now: datetime) -> None:
        """The recipient has seen it; the first time counts."""
        self.read_at = self.read_at or now

    def tell_sent(self, now: datetime) -> None:
        self.record(NotificationSent(occurred_at=now, **self._told()))

    def tell_failed(self, reason: str, now: datetime) -> None:
        self.record(NotificationFailed(occurred_at=now, reason=reason, **self._told()))

    def _told(self) -> dict[str, str]:
        return {
            "organisation_id": self.organisation_id,
            "notification_id": self.id,
            "recipient_id": self.recipient_id,
            "kind": self.news.kind.value,
            "channel": self.channel.value,
        }
