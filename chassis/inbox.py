"""What a service does with events: a table from event type to a narrow model and a reaction.

An event of an unknown type waits for a version of us that knows it, one that needs a fact which is late waits for that;
one that cannot be parsed is parked with the reason. A reaction returns after its effect is stored, and has one effect
however often the same event comes.
"""

import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog
from opentelemetry.trace import SpanKind
from pydantic import BaseModel, ConfigDict, ValidationError
from pydantic.alias_generators import to_camel

from chassis.bus import EXCHANGE, Bus, DependencyDown, NotYet, Park, UnknownType
from chassis.cloudevents import CloudEvent, MalformedEvent
from chassis.down import is_down
from chassis.kernel import Late, Principal
from chassis.telemetry import MESSAGES, UNKNOWN_EVENTS, message_attributes, span
from chassis.troubles import Trouble

_LOG = structlog.stdlib.get_logger("inbox")


class Narrow(BaseModel):
    """What we read of another service's event: only these fields, whatever else it carries."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="ignore")


M = TypeVar("M", bound=Narrow)


@dataclass(frozen=True, slots=True)
class Received(Generic[M]):
    """An event as a reaction gets it: `time` is when the fact happened, `by` our principal for its organisation."""

    id: str
    type: str
    subject: str
    sequence: int
    time: datetime
    by: Principal
    data: M


@dataclass(frozen=True, slots=True)
class Reaction(Generic[M]):
    """One row of the table."""

    model: type[M]
    react: Callable[[Received[M]], Awaitable[Any]]


def answered(
    service: str,
    consumed: Mapping[str, type[Narrow]],
    reactions: Mapping[type[Narrow], Callable[[Received[Any]], Awaitable[Any]]],
) -> dict[str, Reaction[Any]]:
    """Return a service's table: what it reads of each type, and what it then does.

    Raises:
        LookupError: when a type is read without a reaction, or a reaction waits for what nothing reads.
    """
    where = f"services/{service}/messaging"
    told = [
        f"{service} reads {kind} as {model.__name__}, to which there is no reaction: add one in {where}"
        for kind, model in consumed.items()
        if model not in reactions
    ]
    told += [
        f"{service} has a reaction to {model.__name__}, which no type is read as: add it to CONSUMED in "
        f"{where}/consumed.py"
        for model in reactions
        if model not in consumed.values()
    ]
    if told:
        raise LookupError("; ".join(told))
    return {kind: Reaction(model, reactions[model]) for kind, model in consumed.items()}


class Inbox:
    """Gives the events of the table's types to their reactions."""

    def __init__(self, service: str, table: Mapping[str, Reaction[Any]]) -> None:
        self.service = service
        self.table = dict(table)
        self._system = "rabbitmq"
        self._bus: Bus | None = None
        self._failed: Exception | None = None

    async def start(self, bus: Bus) -> None:
        """Begin to consume."""
        self._system = bus.system
        try:
            await bus.consume(self.service, sorted(self.table), self.handle)
        except Exception as error:
            self._failed = error
            raise
        self._bus, self._failed = bus, None

    async def works(self) -> None:
        """Return when events come here and can be published; raises what stands against it."""
        if self._failed is not None:
            raise self._failed
        if self._bus is None:
            raise Trouble("The worker does not consume yet: it waits for what else is missing.")
        await self._bus.works(self.service)

    async def handle(self, body: bytes, attempt: int) -> None:
        """Handle one message.

        Raises:
            Park: when it can never be handled.
            UnknownType: when this version has no row for it, as another has: else our queue were not bound to it.
            NotYet: when it needs a fact that is late.
            DependencyDown: when somebody is away who is needed for it, whoever that is (`down.py`).
        """
        try:
            event = CloudEvent.from_json(body)
        except MalformedEvent as error:
            raise Park(f"no readable CloudEvent: {error}") from None
        row = self.table.get(event.type)
        if row is None:
            UNKNOWN_EVENTS.labels(self.service).inc()
            raise UnknownType(event.type)
        attributes = self._attributes(event)
        again = {"portal.link": "delivered again"} if attempt > 1 else None
        with span(
            f"process {event.type}",
            SpanKind.CONSUMER,
            traceparent=event.traceparent,
            attributes={**attributes, "portal.attempt": attempt},
            link=again,
        ):
            await self._react(row, event, attempt)

    def _attributes(self, event: CloudEvent) -> dict[str, str]:
        return message_attributes(
            self._system,
            "process",
            "process",
            destination=f"{EXCHANGE}:{event.type}:{self.service}.events",
            routing_key=event.type,
            message_id=event.id,
        )

    async def _react(self, row: Reaction[Any], event: CloudEvent, attempt: int) -> None:
        started = time.perf_counter()
        outcome = "failed"
        try:
            await row.react(_received(row, event))
            outcome = "done"
        except Park:
            outcome = "parked"
            raise
        except Late as error:
            outcome = "late"
            raise NotYet(str(error)) from error
        except Exception as error:
            if not is_down(error):
                raise
            outcome = "dependency_down"
            raise DependencyDown(type(error).__name__) from error
        finally:
            duration = time.perf_counter() - started
            MESSAGES.labels(self.service, event.type, outcome).observe(duration)
            _LOG.info(
                "message",
                service=self.service,
                event_type=event.type,
                event_id=event.id,
                organisation=event.organisation_id,
                attempt=attempt,
                outcome=outcome,
                duration_ms=round(duration * 1000, 2),
            )


def _received(row: Reaction[Any], event: CloudEvent) -> Received[Any]:
    try:
        data = row.model.model_validate(event.data)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        raise Park(f"data does not fit: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    try:
        happened_at = datetime.fromisoformat(event.time).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Park("no readable time") from None
    return Received(
        id=event.id,
        type=event.type,
        subject=event.subject,
        sequence=event.sequence,
        time=happened_at,
        by=Principal.for_service(event.organisation_id),
        data=data,
    )
