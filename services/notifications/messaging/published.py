"""The events that notifications publishes: part of its contract. No address and no text is ever among them."""

from typing import Annotated, Any, ClassVar, Literal

from pydantic import Field

from chassis.cloudevents import Published, PublishedLanguage
from chassis.wire import id_of, text, word
from services.notifications.domain import events
from services.notifications.domain.events import NotificationFailed, NotificationSent, NotificationSettled
from services.notifications.domain.kinds import Kind


class _Settled(Published):
    mandatory: ClassVar[bool] = False

    about: ClassVar[tuple[str, ...]] = ("notification_id",)

    notification_id: Annotated[str, id_of("The ID of the notification: one event, one recipient, one channel.", "ntf")]
    recipient_id: Annotated[
        str,
        id_of("The ID of a person, or of the forward for recipients who are not in the portal.", "con", "stf", "fwd"),
    ]
    kind: Annotated[str, word("The kind of notification.", Kind)]
    channel: Annotated[
        Literal["email", "in_app"],
        Field(
            title="Channel",
            description="The channel. A closed list: another value would be a new version of the event.",
        ),
    ]


class NotificationSentV1(_Settled):
    """A notification reached the feed, or the mail server took it."""

    event_type: ClassVar[str] = "notifications.notification_sent.v1"


class NotificationFailedV1(_Settled):
    """A notification will never reach its recipient."""

    mandatory: ClassVar[bool] = True

    event_type: ClassVar[str] = "notifications.notification_failed.v1"

    reason: Annotated[str, text("The reason why the e-mail could not be delivered.", 200)]


PUBLISHED = (NotificationSentV1, NotificationFailedV1)


def _told(event: NotificationSettled) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _Settled.model_fields}


def _failed(event: NotificationFailed) -> Published:
    return NotificationFailedV1.model_validate(_told(event) | {"reason": event.reason})


LANGUAGE = PublishedLanguage(
    "notifications",
    {
        NotificationSent: lambda event: NotificationSentV1.model_validate(_told(event)),
        NotificationFailed: _failed,
    },
    facts=[events],
)
