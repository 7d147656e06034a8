"""The events that notifications publishes: part of its contract. No address and no text is ever among them."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chassis.cloudevents import Published, PublishedLanguage
from chassis.wire import KNOWN, id_of, text, word
from services.notifications.domain import events
from services.notifications.domain.events import NotificationFailed, NotificationSent, NotificationSettled
from services.notifications.domain.kinds import Kind

Channel = Literal["email", "in_app"]


def _by(told: str) -> Any:
    """Describe the channel, which is `told` in whatever we publish by this type today."""
    description = "The channel. A closed list: another value would be a new version of the event."
    return Field(title="Channel", description=description, json_schema_extra={KNOWN: [told]})


class _Settled(Published):
    mandatory: ClassVar[bool] = False

    about: ClassVar[tuple[str, ...]] = ("notification_id",)

    notification_id: Annotated[str, id_of("The ID of the notification: one event, one recipient, one channel.", "ntf")]
    recipient_id: Annotated[
        str,
        id_of("The ID of a person, or of the forward for recipients who are not in the portal.", "con", "stf", "fwd"),
    ]
    kind: Annotated[str, word("The kind of notification.", Kind)]
    channel: Annotated[Channel, _by("email")]


class NotificationSentV1(_Settled):
    """The mail server took a notification.

    Versions before 1.2 of this contract told of entries in the feed as well: in older events `channel` may be `in_app`.
    """

    event_type: ClassVar[str] = "notifications.notification_sent.v1"


class FeedEntryAddedV1(_Settled):
    """A notification reached a person's feed, and whoever has it open hears of it."""

    event_type: ClassVar[str] = "internal.notifications.feed_entry_added.v1"

    channel: Annotated[Channel, _by("in_app")]


class NotificationFailedV1(_Settled):
    """A notification will never reach its recipient."""

    mandatory: ClassVar[bool] = True

    event_type: ClassVar[str] = "notifications.notification_failed.v1"

    reason: Annotated[str, text("The reason why the e-mail could not be delivered, as the mail server wrote it.", 200)]


PUBLISHED = (NotificationSentV1, FeedEntryAddedV1, NotificationFailedV1)


def _told(event: NotificationSettled) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _Settled.model_fields}


def _sent(event: NotificationSent) -> Published:
    model = FeedEntryAddedV1 if event.channel == "in_app" else NotificationSentV1
    return model.model_validate(_told(event))


def _failed(event: NotificationFailed) -> Published:
    return NotificationFailedV1.model_validate(_told(event) | {"reason": event.reason})


LANGUAGE = PublishedLanguage(
    "notifications",
    {
        NotificationSent: _sent,
        NotificationFailed: _failed,
    },
    facts=[events],
)
