"""What becomes of notifications."""

from dataclasses import dataclass

from chassis.kernel import DomainEvent


@dataclass(frozen=True, kw_only=True)
class NotificationSettled(DomainEvent):
    """Where a notification is: whose, what, by which way."""

    organisation_id: str
    notification_id: str
    recipient_id: str
    kind: str
    channel: str


@dataclass(frozen=True, kw_only=True)
class NotificationSent(NotificationSettled):
    """It reached the feed, or the mail server took it."""


@dataclass(frozen=True, kw_only=True)
class NotificationFailed(NotificationSettled):
    """It will never reach its recipient, or came back."""

    reason: str
