"""How often staff had a document mailed, to whom, and how soon it may be mailed again by hand."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.words import Word
from services.billing.domain.errors import RemindedRecently, SentTooOften

KEPT = 50
"""Mailings that a document keeps, the latest."""
MOST_A_DAY = 5
A_DAY = timedelta(hours=24)
REMINDERS_APART = timedelta(hours=24)
"""How long after a reminder, by hand or by policy, staff may not send another."""


class MailingKind(Word):
    """Why clients were mailed."""

    SENT = "sent"
    SENT_AGAIN = "sent_again"
    REMINDED = "reminded"

    @classmethod
    def is_carried(cls) -> bool:
        return True


@dataclass(frozen=True, kw_only=True)
class Mailing:
    """One time that a document went to its client. `recipients` are the contacts that staff chose.

    Without any it went to whoever is told by rule. `by` is a member of staff; None where a policy decided.
    """

    kind: MailingKind
    at: datetime
    by: str | None = None
    recipients: tuple[str, ...] = ()


Mailings = tuple[Mailing, ...]


def noted(mailings: Mailings, one: Mailing) -> Mailings:
    """Return the mailings with this one; the oldest go when there are too many."""
    return (*mailings, one)[-KEPT:]


def require_room(mailings: Mailings, now: datetime) -> None:
    """Refuse to send a document once more when it was sent again often in a day.

    Raises:
        SentTooOften: saying when it may be sent again.
    """
    lately = [one.at for one in mailings if one.kind is MailingKind.SENT_AGAIN and one.at > now - A_DAY]
    if len(lately) >= MOST_A_DAY:
        raise SentTooOften(MOST_A_DAY, lately[-MOST_A_DAY] + A_DAY)


def require_rest(reminded_at: datetime | None, now: datetime) -> None:
    """Refuse to remind by hand soon after a reminder.

    Raises:
        RemindedRecently: saying when it is possible again.
    """
    if reminded_at is not None and now < reminded_at + REMINDERS_APART:
        raise RemindedRecently(reminded_at + REMINDERS_APART)
