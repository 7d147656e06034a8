"""What people are told of, whom it concerns, and by which way it reaches them."""

from services.chassis.words import Word


class Kind(Word):
    """What a notification is about."""

    DOCUMENT_VIEWED = "document_viewed"
    COMMENT_ADDED = "comment_added"
    ESTIMATE_ACCEPTED = "estimate_accepted"
    ESTIMATE_DECLINED = "estimate_declined"
    PAYMENT_RECEIVED = "payment_received"
    DOCUMENT_SENT = "document_sent"
    REPLY_ADDED = "reply_added"
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


KINDS_OF = {
    Audience.STAFF: (
        Kind.DOCUMENT_VIEWED,
        Kind.COMMENT_ADDED,
        Kind.ESTIMATE_ACCEPTED,
        Kind.ESTIMATE_DECLINED,
        Kind.PAYMENT_RECEIVED,
        Kind.NOBODY_REACHED,
    ),
    Audience.CLIENT: (Kind.DOCUMENT_SENT, Kind.REPLY_ADDED, Kind.PAYMENT_RECEIVED, Kind.INVOICE_OVERDUE),
    Audience.OUTSIDE: (Kind.DOCUMENT_FORWARDED,),
}

WITH_PDF = frozenset({Kind.DOCUMENT_SENT, Kind.DOCUMENT_FORWARDED, Kind.INVOICE_OVERDUE})
WITH_RECEIPT = frozenset({Kind.PAYMENT_RECEIVED})

ALWAYS = frozenset({Kind.NOBODY_REACHED})
"""What staff are told of whatever the portal's settings say: nobody else would notice."""
MUST_REACH = frozenset({Kind.DOCUMENT_SENT, Kind.INVOICE_OVERDUE, Kind.REPLY_ADDED})
"""What staff believe a client was told: when nobody was, or a mail failed, they are told so."""

STAFF_NOTICES = {
    "viewed": Kind.DOCUMENT_VIEWED,
    "commented": Kind.COMMENT_ADDED,
    "accepted": Kind.ESTIMATE_ACCEPTED,
    "declined": Kind.ESTIMATE_DECLINED,
    "paid": Kind.PAYMENT_RECEIVED,
}
"""Identity's names, in the portal's settings, of what staff are told of."""
