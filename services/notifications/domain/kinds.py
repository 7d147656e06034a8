"""What people are told of, whom it concerns, and by which way it reaches them."""

from dataclasses import dataclass

from chassis.words import Word


class Kind(Word):
    """What a notification is about."""

    DOCUMENT_VIEWED = "document_viewed"
    COMMENT_ADDED = "comment_added"
    ESTIMATE_ACCEPTED = "estimate_accepted"
    ESTIMATE_DECLINED = "estimate_declined"
    PAYMENT_RECEIVED = "payment_received"
    DOCUMENT_SENT = "document_sent"
    REPLY_ADDED = "reply_added"
    INVOICE_DUE_SOON = "invoice_due_soon"
    INVOICE_OVERDUE = "invoice_overdue"
    DOCUMENT_FORWARDED = "document_forwarded"
    NOBODY_REACHED = "nobody_reached"

    @classmethod
    def is_carried(cls) -> bool:
        return True


class Audience(Word):
    """On which side a recipient stands; outsiders are people without access to the portal."""

    STAFF = "staff"
    CLIENT = "client"
    OUTSIDE = "outside"


class Channel(Word):
    """How it reaches a person."""

    EMAIL = "email"
    IN_APP = "in_app"


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """Who is told of what: a row of the table. `facts` are event types; `carries` is what the mail brings along.

    `unless` says when somebody is not told, besides what holds for all: not of what they did themselves, not by a
    channel that they switched off, and not once they were shut out.
    """

    kind: Kind
    audience: Audience
    facts: tuple[str, ...]
    in_feed: bool = True
    carries: str = ""
    unless: str = ""


_SETTING = "the portal's settings leave it out"
_NO_MORE = "the invoice is void when the mail leaves"
_REMINDERS = (
    f"{_NO_MORE}, nothing is outstanding then, its due date is another one, or, unless staff asked for it, the portal "
    "is switched off"
)
_NOT_SHOWN = "; the feed and the link: only with access, and while the portal shows documents of this type"

TABLE = (
    Telling(
        kind=Kind.DOCUMENT_VIEWED,
        audience=Audience.STAFF,
        facts=("collaboration.document_viewed.v1",),
        unless=f"{_SETTING}; it is not the first look",
    ),
    Telling(
        kind=Kind.COMMENT_ADDED,
        audience=Audience.STAFF,
        facts=("collaboration.comment_added.v1",),
        unless=f"{_SETTING}; the author is not a contact",
    ),
    Telling(
        kind=Kind.ESTIMATE_ACCEPTED,
        audience=Audience.STAFF,
        facts=("billing.estimate_accepted.v1",),
        unless=_SETTING,
    ),
    Telling(
        kind=Kind.ESTIMATE_DECLINED,
        audience=Audience.STAFF,
        facts=("billing.estimate_declined.v1",),
        unless=_SETTING,
    ),
    Telling(
        kind=Kind.PAYMENT_RECEIVED,
        audience=Audience.STAFF,
        facts=("billing.payment_succeeded.v1",),
        unless=f"{_SETTING}; a member of staff recorded it",
    ),
    Telling(
        kind=Kind.NOBODY_REACHED,
        audience=Audience.STAFF,
        facts=(
            "billing.estimate_sent.v1",
            "billing.invoice_sent.v1",
            "billing.estimate_sent_again.v1",
            "billing.invoice_sent_again.v1",
            "billing.invoice_due_soon.v1",
            "billing.invoice_overdue.v1",
            "billing.invoice_reminder_due.v1",
            "collaboration.comment_added.v1",
            "notifications.notification_failed.v1",
        ),
        unless="the client company, or each contact whom staff chose, could be told, and no mail to it failed or came "
        "back",
    ),
    Telling(
        kind=Kind.DOCUMENT_SENT,
        audience=Audience.CLIENT,
        facts=(
            "billing.estimate_sent.v1",
            "billing.invoice_sent.v1",
            "billing.estimate_sent_again.v1",
            "billing.invoice_sent_again.v1",
        ),
        carries="document",
        unless=_NO_MORE + _NOT_SHOWN,
    ),
    Telling(
        kind=Kind.REPLY_ADDED,
        audience=Audience.CLIENT,
        facts=("collaboration.comment_added.v1",),
        unless="it is for staff only; a contact wrote it" + _NOT_SHOWN,
    ),
    Telling(
        kind=Kind.PAYMENT_RECEIVED,
        audience=Audience.CLIENT,
        facts=("billing.payment_succeeded.v1",),
        carries="receipt",
        unless=_NOT_SHOWN.removeprefix("; "),
    ),
    Telling(
        kind=Kind.INVOICE_DUE_SOON,
        audience=Audience.CLIENT,
        facts=("billing.invoice_due_soon.v1",),
        carries="document",
        unless=_REMINDERS + _NOT_SHOWN,
    ),
    Telling(
        kind=Kind.INVOICE_OVERDUE,
        audience=Audience.CLIENT,
        facts=("billing.invoice_overdue.v1", "billing.invoice_reminder_due.v1"),
        carries="document",
        unless="no step of the reminders falls due with the event; " + _REMINDERS + _NOT_SHOWN,
    ),
    Telling(
        kind=Kind.DOCUMENT_FORWARDED,
        audience=Audience.OUTSIDE,
        facts=("collaboration.document_forwarded.v1",),
        in_feed=False,
        carries="document",
        unless="the document does not exist any more",
    ),
)
"""Every kind of notice, by audience: the one place that says so. `docs/notifications.md` shows it."""

KINDS_OF = {
    audience: tuple(row.kind for row in TABLE if row.audience is audience)
    for audience in (Audience.STAFF, Audience.CLIENT, Audience.OUTSIDE)
}
WITH_PDF = frozenset(row.kind for row in TABLE if row.carries == "document")
WITH_RECEIPT = frozenset(row.kind for row in TABLE if row.carries == "receipt")
ALWAYS = frozenset({Kind.NOBODY_REACHED})
"""What staff are told of whatever the portal's settings say: nobody else would notice."""
REMINDERS = frozenset({Kind.INVOICE_DUE_SOON, Kind.INVOICE_OVERDUE})
"""What a client is told again of the same debt: only while that stands."""
MUST_REACH = frozenset({Kind.DOCUMENT_SENT, *REMINDERS, Kind.REPLY_ADDED})
"""What staff believe a client was told: when nobody was, or a mail failed, they are told so."""

STAFF_NOTICES = {
    "viewed": Kind.DOCUMENT_VIEWED,
    "commented": Kind.COMMENT_ADDED,
    "accepted": Kind.ESTIMATE_ACCEPTED,
    "declined": Kind.ESTIMATE_DECLINED,
    "paid": Kind.PAYMENT_RECEIVED,
}
"""Identity's names, in the portal's settings, of what staff are told of."""
