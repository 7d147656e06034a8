"""What notifications tells, by example: one reaches the feed, two are mailed, and one of these is refused.

The domain decides and `LANGUAGE` translates, as in production, so no example can say what never happens.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chassis.cloudevents import CloudEvent
from chassis.kernel import derived_bits, id_from_bits
from services.notifications.domain.kinds import Audience, Channel, Kind
from services.notifications.domain.notification import News, Notification, Recipient
from services.notifications.messaging.published import LANGUAGE

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)


def examples() -> Iterator[CloudEvent]:
    """Yield the events of three notifications; every published type is among them."""
    recipient = Recipient(id=_id("stf"), audience=Audience.STAFF, name="Ada Sommer", email="ada@nordlicht.example")
    shown = Notification.tell(_news(), recipient, Channel.IN_APP, _NOW + timedelta(seconds=1))
    refused = Notification.tell(_news(), recipient, Channel.EMAIL, _NOW + timedelta(seconds=1))
    refused.refused("550 5.1.1 User unknown", _NOW + timedelta(seconds=2))
    mailed = Notification.tell(_news(), _colleague(), Channel.EMAIL, _NOW + timedelta(seconds=1))
    mailed.sent(_NOW + timedelta(seconds=3))
    yield from LANGUAGE.told(shown)
    yield from LANGUAGE.told(refused)
    yield from LANGUAGE.told(mailed)


def _colleague() -> Recipient:
    return Recipient(id=_id("stf", "second"), audience=Audience.STAFF, name="Ben Ruf", email="ben@nordlicht.example")


def _news() -> News:
    return News(
        event_id=f"{_id('com')}-1",
        organisation_id=_id("org"),
        kind=Kind.COMMENT_ADDED,
        customer_id=_id("cus"),
        document_id=_id("est", "accepted"),
        document_type="estimate",
        happened_at=_NOW,
    )


def _id(kind: str, name: str = "") -> str:
    return id_from_bits(kind, derived_bits(f"example {kind} {name}", _NOW))
