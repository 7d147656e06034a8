"""The events that notifications publishes: part of its contract. No address and no text is ever among them."""

from typing import Any, ClassVar, Literal, Self

from services.chassis.cloudevents import Published, PublishedLanguage
from services.notifications.domain.events import NotificationFailed, NotificationSent, NotificationSettled

_EXAMPLE = {
    "organisation_id": "org_01k9v0000000000000000000aa",
    "notification_id": "ntf_01k9v0000000000000000000ag",
    "recipient_id": "stf_01k9v0000000000000000000ah",
    "kind": "comment_added",
    "channel": "email",
}


class _Settled(Published):
    mandatory: ClassVar[bool] = False

    notification_id: str
    recipient_id: str
    kind: str
    channel: Literal["email", "in_app"]


class NotificationSentV1(_Settled):
    """A notification reached the feed, or the mail server took it."""

    event_type: ClassVar[str] = "notifications.notification_sent.v1"

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(_EXAMPLE)


class NotificationFailedV1(_Settled):
    """A notification will never reach its recipient."""

    event_type: ClassVar[str] = "notifications.notification_failed.v1"

    reason: str

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(_EXAMPLE | {"reason": "SMTP 550"})


PUBLISHED = (NotificationSentV1, NotificationFailedV1)


def _told(event: NotificationSettled) -> dict[str, Any]:
    return {name: getattr(event, name) for name in _EXAMPLE}


def _failed(event: NotificationFailed) -> Published:
    return NotificationFailedV1.model_validate(_told(event) | {"reason": event.reason})


LANGUAGE = PublishedLanguage(
    "notifications",
    {
        NotificationSent: lambda event: NotificationSentV1.model_validate(_told(event)),
        NotificationFailed: _failed,
    },
)
