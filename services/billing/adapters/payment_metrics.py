"""Gauges of payments that are not settled: how many in each state, and the age of the oldest one that nobody knows."""

from collections import Counter
from datetime import datetime

from prometheus_client import Gauge

from chassis.mongo.client import Collection
from chassis.mongo.indexes import EVER
from services.billing.domain.payment import PaymentState

WAITING = Gauge("portal_payments_unsettled", "Payments with something left to do, by state.", ["state"])
OTHER = "other"
"""The label of states that this version does not know."""
OLDEST_UNKNOWN = Gauge("portal_payments_oldest_unknown_seconds", "Age of the oldest payment of unknown outcome.")


async def measure(payments: Collection, now: datetime) -> None:
    """Set the gauges from what is stored; settled payments have no `check_at` and cost nothing here."""
    fields = {"state": 1, "created_at": 1}
    rows = [row async for row in payments.find({"check_at": EVER}, fields)]
    counted = Counter(str(row.get("state")) for row in rows)
    for state in PaymentState:
        WAITING.labels(state.value).set(counted.pop(state.value, 0))
    WAITING.labels(OTHER).set(counted.total())
    unknown = [row.get("created_at") for row in rows if row.get("state") == PaymentState.UNKNOWN.value]
    ages = [(now - since).total_seconds() for since in unknown if isinstance(since, datetime)]
    OLDEST_UNKNOWN.set(max(ages, default=0))
