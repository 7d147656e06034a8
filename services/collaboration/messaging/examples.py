"""What collaboration tells, by example: a contact reads an estimate, asks, and sends it on; every fact is published.

The domain decides and `LANGUAGE` translates, as in production, so no example can say what never happens.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from chassis.cloudevents import CloudEvent
from chassis.kernel import Principal, Role, derived_bits, id_from_bits
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.document import DocumentType, KnownDocument
from services.collaboration.domain.forward import Forward, Recipient
from services.collaboration.domain.view import View
from services.collaboration.messaging.published import LANGUAGE

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def examples() -> Iterator[CloudEvent]:
    """Yield the events of one conversation; every published type is among them."""
    document, contact = _document(), _contact()
    comment = Comment.write(
        _id("com"), document, "Could we start in May?", by=contact, display_in_portal=True, now=_later(hours=2)
    )
    note = Comment.write(
        _id("com", "note"), document, "Let us offer 3 %.", by=_staff(), display_in_portal=False, now=_later(hours=3)
    )
    view = View.open(document, by=contact, now=_later(hours=1))
    view.again(document, now=_later(hours=3))
    recipient = Recipient(name="Ada Byron", email="ada@krause.example", message="Please have a look.")
    forward = Forward.send(_id("fwd"), document, recipient, by=contact, allowed=True, now=_later(hours=4))
    for aggregate in (comment, note, view, forward):
        yield from LANGUAGE.told(aggregate, _TRACE)


def _document() -> KnownDocument:
    return KnownDocument(
        id=_id("est", "accepted"),
        organisation_id=_id("org"),
        customer_id=_id("cus"),
        type=DocumentType.ESTIMATE,
        number="EST-000042",
        sent=True,
    )


def _contact() -> Principal:
    return Principal(id=_id("con"), organisation_id=_id("org"), role=Role.CONTACT, customer_id=_id("cus"))


def _staff() -> Principal:
    return Principal(id=_id("stf"), organisation_id=_id("org"), role=Role.ACCOUNTANT, customer_id=None)


def _id(kind: str, name: str = "") -> str:
    return id_from_bits(kind, derived_bits(f"example {kind} {name}", _NOW))


def _later(**distance: float) -> datetime:
    return _NOW + timedelta(**distance)
