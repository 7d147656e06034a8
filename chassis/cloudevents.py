"""Integration events on the wire: CloudEvents 1.0 in structured JSON mode, and the language a service publishes.

Sources: CloudEvents 1.0.2 (§3 context attributes, JSON event format §3), its extensions "Distributed Tracing"
(`traceparent`) and "Sequence" (`sequence`: a string that orders the events of one `subject`).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import ModuleType
from typing import Any, ClassVar

import orjson
from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel

from chassis.kernel import AggregateRoot, DomainEvent
from chassis.wire import Currency, DecimalText, OrganisationId, instant

SEQUENCE_DIGITS = 10
ENTRY_SCHEMA = 1
"""The number of the form of an outbox entry. A newer version's process may have written it, or an older one's: what is
read of it is there in all forms, and what is told is its `data` as it is, whoever relays it."""
INTERNAL = "internal"
"""The first word of a type that is for our own processes only: `internal.context.fact.v1`. Four words: what is bound
to types of three, or to those of one service, never gets it."""
_PREFIX = "cloudEvents_"
CONTENT_TYPE = "application/cloudevents+json"
"""Without a parameter: JSON has no charset (RFC 8259), and many clients look their decoder up by the whole text."""


class Wire(BaseModel):
    """A frozen model with camelCase names on the wire."""

    model_config = ConfigDict(frozen=True, alias_generator=to_camel, populate_by_name=True, extra="forbid")


class Amount(Wire):
    """An amount of money: a decimal string and an ISO 4217 code."""

    amount: DecimalText
    currency: Currency


class Published(Wire):
    """The data of one type of event that a service publishes: part of its contract with other systems.

    Subclasses set `event_type` (`context.fact.v1`, or `internal.context.fact.v1`), and `about`: the field that holds
    the subject's id, or the fields of which one does. `added` names the fields that older events of this type lack.
    `mandatory` says that one of our own services consumes it, so that an event without a route is an error and waits
    in the outbox; a contract test keeps it true.
    """

    event_type: ClassVar[str]
    about: ClassVar[tuple[str, ...]]
    added: ClassVar[frozenset[str]] = frozenset()
    mandatory: ClassVar[bool] = True

    organisation_id: OrganisationId

    @classmethod
    def is_internal(cls) -> bool:
        """Return whether only our own processes may read it."""
        return cls.event_type.startswith(f"{INTERNAL}.")

    @classmethod
    def context(cls) -> str:
        """Return the service that publishes it."""
        return cls.event_type.removeprefix(f"{INTERNAL}.").split(".")[0]

    def data(self) -> dict[str, Any]:
        """Return the event's `data` as JSON types."""
        return self.model_dump(mode="json", by_alias=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class CloudEvent:
    """One event as it travels. `id` is stable per business fact, so a redelivery carries the same id."""

    id: str
    type: str
    source: str
    subject: str
    sequence: int
    time: str
    organisation_id: str
    data: dict[str, Any]
    traceparent: str | None = None

    def to_json(self) -> bytes:
        """Return the structured-mode JSON (`application/cloudevents+json`)."""
        event: dict[str, Any] = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "sequence": format(self.sequence, f"0{SEQUENCE_DIGITS}d"),
            "time": self.time,
            "organisationid": self.organisation_id,
            "datacontenttype": "application/json",
            "data": self.data,
        }
        if self.traceparent:
            event["traceparent"] = self.traceparent
        return orjson.dumps(event)

    def headers(self) -> dict[str, str]:
        """Return what a broker can choose by: our three short names, and CloudEvents' own.

        A message in structured mode may have the attributes that one in binary mode has. Of the two prefixes it is the
        one that should be preferred, since JMS takes it (CloudEvents AMQP protocol binding, working draft of 1.0.3,
        sections 3.1.3.1 and 3.2.3); the first text of 1.0.2 knew `cloudEvents:` alone.
        """
        attributes = {
            "specversion": "1.0",
            "id": self.id,
            "type": self.type,
            "source": self.source,
            "subject": self.subject,
            "time": self.time,
            "sequence": format(self.sequence, f"0{SEQUENCE_DIGITS}d"),
            "organisationid": self.organisation_id,
        }
        short = {"organisation": self.organisation_id, "subject": self.subject, "type": self.type}
        return short | {f"{_PREFIX}{name}": value for name, value in attributes.items()}

    @classmethod
    def from_json(cls, body: bytes) -> "CloudEvent":
        """Read a structured-mode JSON event.

        Raises:
            MalformedEvent: when it is no CloudEvent of ours; the text says what is wrong.
        """
        try:
            raw: Any = orjson.loads(body)
            return cls(
                id=_text(raw, "id"),
                type=_text(raw, "type"),
                source=_text(raw, "source"),
                subject=_text(raw, "subject"),
                sequence=int(_text(raw, "sequence")),
                time=_text(raw, "time"),
                organisation_id=_text(raw, "organisationid"),
                data=_mapping(raw["data"]),
                traceparent=raw.get("traceparent"),
            )
        except (KeyError, TypeError, ValueError, RecursionError) as error:
            raise MalformedEvent(f"{type(error).__name__}: {error}"[:300]) from None


def is_header(name: str) -> bool:
    """Return whether an event's `headers` have one of this name."""
    return name.startswith(_PREFIX) or name in {"organisation", "subject", "type"}


class MalformedEvent(ValueError):
    """The bytes are no CloudEvent that we can read."""


def _text(raw: Any, key: str) -> str:
    value = raw[key]
    if not isinstance(value, str) or not value:
        raise TypeError(f"{key} must be a non-empty string")
    return value


def _mapping(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("data must be an object")
    return value  # pyright: ignore[reportUnknownVariableType]


Translation = Callable[[Any], Published | Sequence[Published]]


def _facts_of(module: ModuleType) -> list[type[DomainEvent]]:
    """Return the events that a module defines, but for those that others are derived from."""
    kinds = [kind for kind in vars(module).values() if isinstance(kind, type) and issubclass(kind, DomainEvent)]
    return [kind for kind in kinds if kind.__module__ == module.__name__ and not kind.__subclasses__()]


class PublishedLanguage:
    """How a service's domain events become integration events.

    `translations` maps every domain event class of the service to a function that returns the published model (or
    several: an old and a new version side by side), or to None for a fact that stays inside. `facts` are the modules
    of the domain that define them.

    Raises:
        LookupError: when a fact of these modules has no translation, so that the service does not even start.
    """

    def __init__(
        self,
        source: str,
        translations: Mapping[type[DomainEvent], Translation | None],
        *,
        facts: Iterable[ModuleType] = (),
    ) -> None:
        self.source = source
        self._translations = dict(translations)
        if untold := [kind.__name__ for module in facts for kind in _facts_of(module) if kind not in translations]:
            raise LookupError(
                f"{source} does not say what it publishes of {', '.join(untold)}: add a row to the table in "
                f"services/{source}/messaging/published.py (None for a fact that stays inside)"
            )

    def entries(
        self, aggregate: AggregateRoot, events: Iterable[DomainEvent], traceparent: str | None
    ) -> list[dict[str, Any]]:
        """Return the outbox entries for an aggregate's recorded events, in order.

        The id is `<aggregate id>-<sequence>`: the version check of the save makes it belong to one fact only.

        Raises:
            KeyError: for a domain event that the service forgot to list.
        """
        entries: list[dict[str, Any]] = []
        for event in events:
            for published in self._publish(event):
                sequence = aggregate.event_sequence + len(entries) + 1
                entries.append(
                    {
                        "schema": ENTRY_SCHEMA,
                        "id": f"{aggregate.id}-{sequence}",
                        "type": published.event_type,
                        "sequence": sequence,
                        "time": instant(event.occurred_at),
                        "organisation_id": published.organisation_id,
                        "data": published.data(),
                        "traceparent": traceparent,
                        "mandatory": published.mandatory,
                    }
                )
        return entries

    def cloud_event(self, subject: str, entry: Mapping[str, Any]) -> CloudEvent:
        """Return the event of one stored outbox entry."""
        return CloudEvent(
            id=entry["id"],
            type=entry["type"],
            source=f"/{self.source}",
            subject=subject,
            sequence=entry["sequence"],
            time=entry["time"],
            organisation_id=entry["organisation_id"],
            data=entry["data"],
            traceparent=entry["traceparent"],
        )

    def told(self, aggregate: AggregateRoot, traceparent: str | None = None) -> list[CloudEvent]:
        """Return the events of what an aggregate recorded, and move it on as a save would: for examples and tests."""
        entries = self.entries(aggregate, aggregate.recorded, traceparent)
        aggregate.event_sequence += len(entries)
        aggregate.forget_recorded()
        return [self.cloud_event(aggregate.id, entry) for entry in entries]

    def _publish(self, event: DomainEvent) -> Sequence[Published]:
        kind = type(event)
        if kind not in self._translations:
            where = f"services/{self.source}/messaging/published.py"
            raise KeyError(f"{kind.__name__} has no translation: add it to LANGUAGE in {where}")
        translate = self._translations[kind]
        if translate is None:
            return ()
        published = translate(event)
        return (published,) if isinstance(published, Published) else published
