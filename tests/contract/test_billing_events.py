"""Billing's published events: every fact is told, and the examples are what is really told."""

import inspect
from datetime import date
from typing import Any, get_type_hints

import pytest

from chassis.kernel import DomainEvent
from portal_cli.event_examples import example_event
from services.billing.domain import events
from services.billing.domain.money import Money
from services.billing.domain.payment import DisputeState
from services.billing.domain.payment import events as payment_events
from services.billing.domain.payment_mode import PaymentMode
from services.billing.messaging.published import LANGUAGE, PUBLISHED
from tests.support.billing.makers import NOW, sent_invoice

GENERAL = {"EstimateEvent", "InvoiceEvent", "PaymentEvent"}
FACTS = [
    kind
    for module in (events, payment_events)
    for _, kind in inspect.getmembers(module, inspect.isclass)
    if issubclass(kind, DomainEvent) and kind.__module__ == module.__name__ and kind.__name__ not in GENERAL
]
SAMPLES: dict[Any, Any] = {
    str: "text",
    int: 1,
    bool: True,
    tuple[str, ...]: ("text",),
    str | None: None,
    date: date(2026, 3, 10),
    date | None: None,
    Money: Money.of("12.30", "EUR"),
    PaymentMode: PaymentMode.CARD,
    DisputeState: DisputeState.LOST,
}


def sample(kind: type[DomainEvent]) -> DomainEvent:
    hints = get_type_hints(kind)
    values = {name: SAMPLES[hint] for name, hint in hints.items() if name != "occurred_at"}
    return kind(occurred_at=NOW, **values)


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
def test_every_fact_is_told_with_the_fields_of_its_example(kind: type[DomainEvent]) -> None:
    """What leaves the service has exactly the fields that the contract's example shows, amounts as strings."""
    invoice = sent_invoice()
    (entry,) = LANGUAGE.entries(invoice, [sample(kind)], None)
    model = next(model for model in PUBLISHED if model.event_type == entry["type"])
    assert set(example_event(model).data) == set(entry["data"])
    money = [value for value in entry["data"].values() if isinstance(value, dict)]
    assert all(value == {"amount": "12.30", "currency": "EUR"} for value in money)


def test_no_type_is_published_twice_and_none_is_idle() -> None:
    """Every type belongs to exactly one fact."""
    assert len({model.event_type for model in PUBLISHED}) == len(PUBLISHED) == len(FACTS)
