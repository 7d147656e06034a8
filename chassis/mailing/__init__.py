"""The one way of mails from being decided to being settled, for every service that mails.

Doors: `Posted`, what an aggregate that is mailed knows of its way (`posted.py`); `Deliver`, the loop that claims and
sends (`delivering.py`); `Breaker`, which asks one dependency less while it is away (`breaker.py`). Knows no SMTP and no
database: a `Courier` brings a mail away, a `Queue` keeps it.
"""

from chassis.mailing.breaker import Breaker
from chassis.mailing.delivering import CLAIM, Courier, Deliver, Queue, Queued
from chassis.mailing.outcomes import Away, NoLongerTrue, OutcomeUnknown, TryLater, Undeliverable
from chassis.mailing.posted import Posted, Status

__all__ = [
    "CLAIM",
    "Away",
    "Breaker",
    "Courier",
    "Deliver",
    "NoLongerTrue",
    "OutcomeUnknown",
    "Posted",
    "Queue",
    "Queued",
    "Status",
    "TryLater",
    "Undeliverable",
]
