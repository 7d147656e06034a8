"""The words that tell how a document stands, one for every kind of document: they agree with its noun."""

from collections.abc import Iterable

from services.billing.application.printing import PrintKind

STAMPED = ("DRAFT", "ACCEPTED", "DECLINED", "EXPIRED", "PARTIALLY_PAID", "PAID", "OVERDUE", "VOID")
"""The states that tell a reader something. Nobody needs to read "sent" on what was sent to him."""


def stamps(
    kinds: Iterable[PrintKind],
    *,
    draft: str,
    accepted: str,
    declined: str,
    expired: str,
    partially_paid: str,
    paid: str,
    overdue: str,
    void: str,
) -> dict[str, str]:
    """Return the words for kinds of document whose nouns have the same gender, under their keys."""
    words = (draft, accepted, declined, expired, partially_paid, paid, overdue, void)
    return {stamp_key(kind, status): word for kind in kinds for status, word in zip(STAMPED, words, strict=True)}


def stamp_key(kind: PrintKind, status: str) -> str:
    """Return the key of the word for a state of this kind of document."""
    return f"stamp_{kind}_{status}"
