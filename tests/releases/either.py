"""What both versions can be asked to do with stored documents; run by this one, and as a program by another one.

As a program it is started with another version's tree in PYTHONPATH and takes one JSON command per line: so it imports
nothing of ours but what every release has had, and nothing of the tests.

Its documents are made by the types of the aggregates: one with everything, one with nothing that may be missing, and
one for each value of each enum at each place where it can stand. They are stored by the real repositories, events by
the real relay.
"""

import asyncio
import json
import sys
import types
import typing
from collections.abc import Callable, Iterator, Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from importlib import import_module
from typing import Any, get_args, get_origin, get_type_hints

from bson import json_util

from chassis.cloudevents import CloudEvent
from chassis.kernel import Principal, SystemClock
from chassis.mongo.client import Database, Document, connect
from chassis.mongo.documents import to_document
from chassis.outbox import Relay, Signal

ORGANISATION = f"org_{'0' * 26}"
BY = Principal.for_service(ORGANISATION)
NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SERVICES = ("identity", "billing", "collaboration", "notifications")
REPOSITORIES = {
    "billing": {
        "mongo_estimates": ["MongoEstimates"],
        "mongo_invoices": ["MongoInvoices"],
        "mongo_payments": ["MongoPayments"],
        "mongo_saved_cards": ["MongoSavedCards"],
    },
    "identity": {
        "mongo_access": ["MongoOrganisations", "MongoSessions", "MongoPasswordResets"],
        "mongo_people": ["MongoStaffMembers", "MongoCustomers", "MongoContacts"],
    },
    "collaboration": {"mongo_discussion": ["MongoComments", "MongoViews", "MongoForwards"]},
    "notifications": {"mongo_notifications": ["MongoNotifications"]},
}
SAID = {
    "currency": "EUR",
    "country": "DE",
    "language": "de",
    "locale": "de-DE",
    "time_zone": "Europe/Berlin",
    "organisation_id": ORGANISATION,
}
"""Texts that must mean something."""
FIXED = {"id", "organisation_id", "version", "event_sequence", "email_key", "slug", "log_in_key", *SAID}
"""Fields that `altered` leaves alone: they are keys, or must mean something."""
Path = tuple[str, ...]


def repositories(database: Database) -> dict[str, Any]:
    """Return the repositories of one service by the names of their collections; the database's name ends with it."""
    service = next(one for one in SERVICES if database.name.endswith(one))
    language = import_module(f"services.{service}.messaging.published").LANGUAGE
    made = [
        getattr(import_module(f"services.{service}.adapters.{module}"), name)(database, language, lambda: None)
        for module, names in REPOSITORIES[service].items()
        for name in names
    ]
    return {one.collection.name: one for one in made}


def kind_of(repository: Any) -> type[Any]:
    """Return the aggregate's class."""
    return repository._kind


# --- values by type --------------------------------------------------------------------------------------------------


@dataclass
class Maker:
    """Makes a value of any type: `whole` with everything, else with nothing that may be missing.

    `wanted` says which value an enum has at a place; `places` notes where enums are met.
    """

    place: int
    whole: bool = True
    wanted: Mapping[Path, Any] | None = None

    def __post_init__(self) -> None:
        self.places: dict[Path, type[Enum]] = {}

    def make(self, kind: Any, path: Path = ()) -> Any:
        """Return a value of a type; the same place and path always give the same value."""
        kind = kind.__value__ if isinstance(kind, getattr(typing, "TypeAliasType", ())) else kind
        origin, given = get_origin(kind), get_args(kind)
        if origin in {typing.Union, types.UnionType}:
            return self.make(next(one for one in given if one is not type(None)), path)
        if origin in {tuple, list}:
            return origin(self.make(given[0], (*path, str(place))) for place in range(2 if self.whole else 0))
        if origin is dict:
            return {f"key_{place}": self.make(given[1], (*path, f"key_{place}")) for place in range(2)}
        if isinstance(kind, type) and issubclass(kind, Enum):
            self.places[path] = kind
            return (self.wanted or {}).get(path, next(iter(kind)))
        return self.dataclass(kind, path) if is_dataclass(kind) else self.scalar(kind, path)

    def dataclass(self, kind: Any, path: Path) -> Any:
        """Return an instance with every field, or with those only that have no default."""
        hints = get_type_hints(kind)
        needed = [
            one
            for one in fields(kind)
            if one.init and (self.whole or (one.default is MISSING and one.default_factory is MISSING))
        ]
        return kind(**{one.name: self.make(hints[one.name], (*path, one.name)) for one in needed})

    def scalar(self, kind: Any, path: Path) -> Any:
        """Return a plain value; texts say where they stand, unless they must mean something."""
        name = path[-1] if path else ""
        values = {
            int: self.place % 7 + 1,
            bool: True,
            Decimal: Decimal("12.30"),
            date: NOW.date(),
            datetime: NOW + timedelta(minutes=self.place),
            bytes: b"bytes",
        }
        if kind in values:
            return 1 if name in {"version", "event_sequence"} else values[kind]
        return SAID.get(name, f"{'.'.join(path)} {self.place}")


Words = Mapping[str, list[str]]
"""The values of each enum, by its name."""


def words(kind: type[Any]) -> dict[str, list[str]]:
    """Return the enums that an aggregate of a kind holds."""
    whole = Maker(0)
    whole.make(kind)
    return {enum.__name__: [value.value for value in enum] for enum in whole.places.values()}


def variants(kind: type[Any], first: int, known: Words | None = None) -> Iterator[Any]:
    """Yield aggregates of a kind that differ in what they have and in the value of one enum, of those `known`."""
    whole = Maker(first)
    whole.make(kind)
    wanted: list[tuple[bool, Mapping[Path, Any]]] = [(True, {}), (False, {})]
    firsts = {path: enum for path, enum in whole.places.items() if not {"1", "key_1"} & set(path)}
    wanted += [
        (True, {path: value})
        for path, enum in firsts.items()
        for value in enum
        if known is None or value.value in known.get(enum.__name__, [value.value])
    ]
    for place, (is_whole, values) in enumerate(wanted, first):
        aggregate = Maker(place, is_whole, values).make(kind)
        aggregate.id, aggregate.version, aggregate.event_sequence = f"doc_{place:026d}", 0, 0
        yield aggregate


def altered(value: Any, name: str = "") -> Any:
    """Return a value that differs in its texts and instants, and in those of its first parts; twice gives it back."""
    if name in FIXED or name.endswith(("_id", "_ids", "_key", "_by")) or isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return value.removesuffix("~") if value.endswith("~") else f"{value}~"
    if isinstance(value, datetime):
        return value.replace(microsecond=0 if value.microsecond else 1000)
    if isinstance(value, tuple | list) and value:
        return type(value)((altered(value[0], name), *value[1:]))  # pyright: ignore
    if isinstance(value, dict) and value:
        first = next(iter(value))  # pyright: ignore
        return {**value, first: altered(value[first], name)}  # pyright: ignore
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{one.name: altered(getattr(value, one.name), one.name) for one in fields(value)})
    return value


def alter(aggregate: Any) -> None:
    """Change an aggregate by the rule of `altered`."""
    for one in fields(aggregate):
        setattr(aggregate, one.name, altered(getattr(aggregate, one.name), one.name))


def noted(kind: Any, value: Any, note: str) -> Any:
    """Return stored data with a field of a newer version in every object of the type, at every depth."""
    origin, given = get_origin(kind), get_args(kind)
    if value is None:
        return None
    if origin in {typing.Union, types.UnionType}:
        return noted(next(one for one in given if one is not type(None)), value, note)
    if origin in {tuple, list}:
        return [noted(given[0], one, note) for one in value]
    if origin is dict:
        return {key: noted(given[1], one, note) for key, one in value.items()}
    if not is_dataclass(kind):
        return value
    hints = get_type_hints(kind)
    return {key: noted(hints[key], one, note) if key in hints else one for key, one in value.items()} | {
        note: {"by": ["a newer version"]}
    }


class Fixed:
    """A clock that stands still, so that what is written is always the same."""

    def now(self) -> datetime:
        return NOW


# --- commands --------------------------------------------------------------------------------------------------------


class Version:
    """One version at work on the databases at `url` whose names begin with `prefix`."""

    def __init__(self, url: str, prefix: str) -> None:
        self.url = url
        self.databases = {service: connect(url, f"{prefix}{service}") for service in SERVICES}

    def stores(self) -> Iterator[tuple[str, str, Any]]:
        """Yield service, collection and repository of every aggregate."""
        for service, database in self.databases.items():
            for collection, repository in repositories(database).items():
                yield service, collection, repository

    async def words(self) -> dict[str, list[str]]:
        """Return the values of every enum that an aggregate holds."""
        found: dict[str, set[str]] = {}
        for _, _, repository in self.stores():
            for name, values in words(kind_of(repository)).items():
                found.setdefault(name, set()).update(values)
        return {name: sorted(values) for name, values in found.items()}

    async def write(self, known: Words | None = None) -> int:
        """Store every variant of every aggregate, and the events of the examples in an outbox of each service.

        With `known`, only what another version has words for: one of before 2026-12 reads no others.
        """
        first, waiting = 0, {service: [entry(event) for event in examples(service)] for service in SERVICES}
        for service, _, repository in self.stores():
            made = list(variants(kind_of(repository), first, known))
            for aggregate in made:
                await repository.add(aggregate)
            first += len(made)
            told = {"$push": {"outbox": {"$each": waiting.pop(service, [])}}}
            await repository.collection.update_one({"_id": made[0].id}, told)
        return first

    async def read(self) -> dict[str, Any]:
        """Return the state of every aggregate as this version reads it."""
        found: dict[str, Any] = {}
        for service, collection, repository in self.stores():
            for one in await self.ids(repository):
                state = to_document(await repository.get(BY, one))
                found[f"{service}.{collection}.{one}"] = plain(state)
        return found

    async def facts(self) -> dict[str, Any]:
        """Return the data of the events that `write` leaves in the outboxes, by their ids."""
        return {event.id: event.data for service in SERVICES for event in examples(service)}

    async def expected(self, changes: int, known: Words | None = None) -> dict[str, Any]:
        """Return what every aggregate that `write` makes is like after so many changes, by this version's reckoning."""
        first, states = 0, dict[str, Any]()
        for service, name, repository in self.stores():
            for aggregate in variants(kind_of(repository), first, known):
                first += 1
                for _ in range(changes):
                    alter(aggregate)
                states[f"{service}.{name}.{aggregate.id}"] = plain(to_document(aggregate))
        return states

    async def ids(self, repository: Any) -> list[str]:
        """Return the ids of all aggregates that `write` makes."""
        match = {"organisation_id": ORGANISATION}
        return [row["_id"] async for row in repository.collection.find(match, {"_id": 1})]

    async def change(self) -> int:
        """Alter every aggregate and save it."""
        count = 0
        for _, _, repository in self.stores():
            for one in await self.ids(repository):
                await repository.update(BY, one, alter)
                count += 1
        return count

    async def publish(self, amqp_url: str) -> int:
        """Give what waits in the outboxes to the broker; return how many events."""
        from chassis.bus.rabbitmq import RabbitBus

        bus, count = RabbitBus(amqp_url), 0
        for service in SERVICES:
            collections = [one.collection for name, _, one in self.stores() if name == service]
            language = import_module(f"services.{service}.messaging.published").LANGUAGE
            count += await Relay(language, collections, bus, SystemClock(), Signal()).drain()
        await bus.close()
        return count

    async def react(self) -> dict[str, int]:
        """Let every service hear all examples, as its worker would; return how many it could not handle."""
        failed: dict[str, int] = {}
        heard = [event.to_json() for service in SERVICES for event in examples(service)]
        for service, database in self.databases.items():
            prefix = database.name.removesuffix(service)
            settings = getattr(import_module(f"services.{service}.settings"), f"{service.capitalize()}Settings")
            given = {"mongo_url": self.url, "database_prefix": prefix, "gateway_key": "k" * 16, "service_key": "k" * 16}
            if service == "identity":
                given["identity_secret"] = "s" * 32
            assembled = import_module(f"services.{service}.bootstrap").assemble(settings(**given), clock=Fixed())
            failed[service] = 0
            for body in heard:
                try:
                    await assembled.inbox.handle(body, 1)
                except Exception as error:
                    if type(error).__name__ in {"DependencyDown", "UnknownType"}:
                        continue  # it asks another service, and none runs here; or it waits for a version that knows it
                    print(type(error).__name__, str(error)[:100], file=sys.stderr)
                    failed[service] += 1
            await assembled.close()
        return failed

    async def note(self) -> None:
        """Store what is neither an aggregate nor told by others: numbers of documents, and answers to keys."""
        from chassis.graphql.idempotency import Idempotency
        from services.billing.adapters.mongo_numbers import MongoNumberSeries
        from services.billing.domain.series import Series

        billing = self.databases["billing"]
        numbers, once = MongoNumberSeries(billing), Idempotency(billing["idempotency"], Fixed())
        for series in Series:
            await numbers.take(ORGANISATION, series, f"doc_{series.value}")

        async def done(_seed: Any) -> str:
            return "answer"

        await once.once(BY, "operation", "key-of-a-release", {"given": 1}, done)

    async def dump(self) -> dict[str, list[Any]]:
        """Return every document of every collection as it is stored, as extended JSON."""
        return {
            f"{service}.{name}": [
                json.loads(json_util.dumps(row)) async for row in database[name].find({}).sort("_id", 1)
            ]
            for service, database in self.databases.items()
            for name in sorted(await database._database.list_collection_names())
        }

    async def understood(self, events: list[Any]) -> int:
        """Read events as every consumer of this version does; return how many readings there were."""
        count = 0
        for service in SERVICES:
            consumed = import_module(f"services.{service}.messaging.consumed").CONSUMED
            for told in events:
                event = CloudEvent.from_json(json.dumps(told).encode())
                if event.type in consumed:
                    consumed[event.type].model_validate(event.data)
                    count += 1
        return count


def examples(service: str) -> list[CloudEvent]:
    """Return what a service tells, by example."""
    return list(import_module(f"services.{service}.messaging.examples").examples())


def entry(event: CloudEvent) -> Document:
    """Return the outbox entry of an event, as every release has written it."""
    return {
        "id": event.id,
        "type": event.type,
        "sequence": event.sequence,
        "time": event.time,
        "organisation_id": event.organisation_id,
        "data": event.data,
        "traceparent": event.traceparent,
        "mandatory": False,
    }


def plain(state: Any) -> Any:
    """Return a state as JSON, without what saves count."""
    kept = {key: value for key, value in state.items() if key not in {"version", "event_sequence"}}
    return json.loads(json.dumps(kept, default=lambda value: value.isoformat()))


async def serve(url: str, prefix: str) -> None:
    """Obey the commands on standard input, one JSON list each; answer with one JSON value per line."""
    version = Version(url, prefix)
    commands: dict[str, Callable[..., Any]] = {
        "write": version.write,
        "read": version.read,
        "expected": version.expected,
        "facts": version.facts,
        "words": version.words,
        "change": version.change,
        "react": version.react,
        "note": version.note,
        "dump": version.dump,
        "publish": version.publish,
        "understood": version.understood,
    }
    answers, sys.stdout = sys.stdout, sys.stderr  # logs are no answers
    loop = asyncio.get_running_loop()
    while line := await loop.run_in_executor(None, sys.stdin.readline):
        name, *given = json.loads(line)
        print(json.dumps(await commands[name](*given)), file=answers, flush=True)


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
