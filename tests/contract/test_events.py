"""The event contract between services: what is published can be read, and what is read is published."""

import importlib
import re
from collections.abc import Iterator
from typing import Any

import pytest

from chassis.cloudevents import CloudEvent, Published, PublishedLanguage
from chassis.inbox import Narrow
from chassis.kernel import AggregateRoot, DomainEvent
from portal_cli.event_examples import example_event
from portal_cli.paths import SERVICES
from tests.support.clock import NOON

TYPE = re.compile(rf"(internal\.)?({'|'.join(SERVICES)})\.[a-z]+(_[a-z]+)*\.v[1-9]")

PUBLISHED: dict[str, type[Published]] = {
    model.event_type: model
    for service in SERVICES
    for model in importlib.import_module(f"services.{service}.messaging.published").PUBLISHED
}
CONSUMED: list[tuple[str, str, type[Narrow]]] = [
    (service, event_type, model)
    for service in SERVICES
    for event_type, model in importlib.import_module(f"services.{service}.messaging.consumed").CONSUMED.items()
]
FACTS = [
    "identity.organisation_registered",
    "identity.portal_enabled",
    "identity.customer_created",
    "identity.customer_updated",
    "identity.contact_added",
    "identity.contact_invited",
    "identity.contact_accepted",
    "identity.contact_disabled",
    "billing.estimate_sent",
    "billing.estimate_revised",
    "billing.estimate_accepted",
    "billing.estimate_declined",
    "billing.estimate_expired",
    "billing.estimate_invoiced",
    "billing.invoice_sent",
    "billing.invoice_partially_paid",
    "billing.invoice_paid",
    "billing.invoice_overdue",
    "billing.invoice_voided",
    "billing.invoice_written_off",
    "billing.payment_succeeded",
    "billing.payment_failed",
    "billing.payment_refunded",
    "billing.payment_refund_failed",
    "billing.payment_disputed",
    "billing.payment_dispute_closed",
    "billing.invoice_refund_reversed",
    "collaboration.comment_added",
    "collaboration.document_viewed",
    "collaboration.document_forwarded",
    "notifications.notification_sent",
    "notifications.notification_failed",
]


@pytest.mark.parametrize("fact", FACTS)
def test_every_fact_of_the_product_is_published(fact: str) -> None:
    """Each fact that the product promises to other systems has a published type."""
    assert f"{fact}.v1" in PUBLISHED


@pytest.mark.parametrize("event_type", sorted(PUBLISHED))
def test_a_published_type_has_a_name_and_an_example(event_type: str) -> None:
    """Its name is `context.fact.vN`, its example says that type's data, and survives the wire."""
    model = PUBLISHED[event_type]
    assert TYPE.fullmatch(event_type)
    assert (model.__doc__ or "").strip()
    data = example_event(model).data
    assert model.model_validate(data).data() == data


@pytest.mark.parametrize(("service", "event_type", "model"), CONSUMED, ids=[f"{s}:{t}" for s, t, _ in CONSUMED])
def test_a_consumer_can_read_what_is_published(service: str, event_type: str, model: type[Narrow]) -> None:
    """A type that a service reads is published by somebody, and the example fits the reader's narrow model."""
    assert event_type in PUBLISHED, f"{service} reads {event_type}, which nobody publishes"
    model.model_validate(example_event(PUBLISHED[event_type]).data)


def domain_events(kind: type[DomainEvent] = DomainEvent) -> Iterator[type[DomainEvent]]:
    """Yield the events that the services record: those of which nothing is derived."""
    for derived in kind.__subclasses__():
        yield from domain_events(derived) if derived.__subclasses__() else (derived,)


@pytest.mark.parametrize("service", SERVICES)
def test_every_domain_event_has_a_translation(service: str) -> None:
    """One that the language does not list would stop the save that records it; one that stays inside maps to None."""
    language = importlib.import_module(f"services.{service}.messaging.published").LANGUAGE
    missing = [
        f"{kind.__name__} ({kind.__module__}) has no translation: add it to LANGUAGE in "
        f"services/{service}/messaging/published.py"
        for kind in domain_events()
        if kind.__module__.startswith(f"services.{service}.") and kind not in language._translations
    ]
    if missing:
        pytest.fail("\n".join(missing), pytrace=False)


def test_a_fact_without_a_translation_says_where_it_belongs() -> None:
    """Whoever meets it in an example or in a log reads what to do, not only a class."""
    event = DomainEvent(occurred_at=NOON)
    with pytest.raises(KeyError, match=r"no translation: add it to LANGUAGE in services/pears/messaging/published\.py"):
        PublishedLanguage("pears", {}).entries(AggregateRoot(id="pea_1", organisation_id="org_1"), [event], None)


@pytest.mark.parametrize("event_type", sorted(PUBLISHED))
def test_a_type_is_mandatory_exactly_when_we_read_it(event_type: str) -> None:
    """An event that one of our services reads must have a route; one that none reads need not."""
    readers = [service for service, read, _ in CONSUMED if read == event_type]
    if told := told_of_route(event_type, readers):
        pytest.fail(told, pytrace=False)


def told_of_route(event_type: str, readers: list[str]) -> str:
    """Return what to change where a model says something else of its route than the tables of readers; "" else."""
    model = PUBLISHED[event_type]
    if model.mandatory is bool(readers):
        return ""
    name, file = model.__name__, f"services/{event_type.partition('.')[0]}/messaging/published.py"
    if readers:
        tables = ", ".join(f"services/{service}/messaging/consumed.py" for service in readers)
        return f"{event_type} is read ({tables}): take `mandatory = False` out of {name} in {file}"
    return (
        f"no service reads {event_type}: give {name} in {file} `mandatory: ClassVar[bool] = False`, "
        "or add it to CONSUMED of the service that should read it (messaging/consumed.py)"
    )


@pytest.mark.parametrize("event_type", sorted(PUBLISHED))
def test_an_event_carries_no_secret(event_type: str) -> None:
    """No field of a published type could hold a password, a token, a link or a card number."""
    forbidden = re.compile(r"password|secret|token|(^|_)link($|_)|card_number|cvv|iban", re.IGNORECASE)
    assert [name for name in PUBLISHED[event_type].model_fields if forbidden.search(name)] == []


@pytest.mark.parametrize(("service", "event_type", "model"), CONSUMED, ids=[f"{s}:{t}" for s, t, _ in CONSUMED])
def test_a_reader_ignores_what_it_does_not_know(service: str, event_type: str, model: type[Narrow]) -> None:
    """A field that a later version adds does not disturb a reader."""
    data: dict[str, Any] = {**example_event(PUBLISHED[event_type]).data, "addedLater": {"x": 1}}
    model.model_validate(data)


def test_an_event_survives_the_wire() -> None:
    """A CloudEvent read back from its JSON is the same event."""
    event = CloudEvent(
        id="inv_1-7",
        type="billing.invoice_sent.v1",
        source="/billing",
        subject="inv_1",
        sequence=7,
        time="2026-03-01T12:00:00.000Z",
        organisation_id="org_1",
        data={"number": "INV-1"},
        traceparent="00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
    )
    assert CloudEvent.from_json(event.to_json()) == event
