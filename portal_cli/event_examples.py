"""One whole event of each published type, made by the code that publishes: `services/*/messaging/examples.py`."""

from functools import cache
from importlib import import_module

from chassis.cloudevents import CloudEvent, Published
from portal_cli.paths import SERVICES


def example_event(model: type[Published]) -> CloudEvent:
    """Return the first event of this type that happens in the examples of its service.

    Raises:
        KeyError: when nothing in them makes one.
    """
    return _by_type()[model.event_type]


@cache
def all_examples() -> tuple[CloudEvent, ...]:
    """Return everything that happens in the examples, service by service, each life in its order."""
    return tuple(
        event for service in SERVICES for event in import_module(f"services.{service}.messaging.examples").examples()
    )


@cache
def _by_type() -> dict[str, CloudEvent]:
    return {event.type: event for event in reversed(all_examples())}
