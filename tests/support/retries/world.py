"""One portal in which every mutation has something to do, put back to its beginning before each try."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import orjson
import pymongo
import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type, is_non_null_type

from chassis.kernel import Principal, Role
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.api.schema import SCHEMA as BILLING
from services.collaboration.api.schema import SCHEMA as COLLABORATION
from services.identity.api.schema import SCHEMA as IDENTITY
from services.identity.bootstrap import assemble as assemble_identity
from services.notifications.api.schema import SCHEMA as NOTIFICATIONS
from tests.support.billing.payments import FakeProvider
from tests.support.dying import READS, WRITES, deadly
from tests.support.identity.portal import Portal, make_settings
from tests.support.late import Business, Held, assembled, held_back
from tests.support.subgraph import Subgraph
from tests.support.twice import TwiceBus

SCHEMAS: dict[str, Any] = {
    "identity": IDENTITY,
    "billing": BILLING,
    "collaboration": COLLABORATION,
    "notifications": NOTIFICATIONS,
}
MUTATIONS = {name: service for service, schema in SCHEMAS.items() for name in schema._schema.mutation_type.fields}
PROVIDER_WRITES = ("create", "confirm", "cancel", "refund", "open_card_form", "save_card", "forget_card")
HIDDEN = {"secret", "uri", "recoveryCodes", "accessToken", "refreshToken", "url"}
HIDDEN |= {"fileUrl", "downloadUrl", "printUrl", "pdfUrl", "lastLogInAt"}
MASKED = {
    "password_hash",
    "secret",
    "recovery_hashes",
    "relay_lease",
    "relay_by",
    "applied",
    "traceparent",
    "check_at",
    "checks",
}
WITHOUT_MEMORY = {"idempotency", "signing_keys", "tries", "ended_sessions"}
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+(Z|\+00:00)?")

By = Principal | str | None


def takes_key(mutation: str, *, always: bool = False) -> bool:
    """Tell whether a mutation's input has an idempotency key, one that must not be left out where `always` is asked."""
    arguments = SCHEMAS[MUTATIONS[mutation]]._schema.mutation_type.fields[mutation].args
    kind: Any = get_named_type(arguments["input"].type) if "input" in arguments else None
    key = kind.fields.get("idempotencyKey") if kind is not None else None
    return key is not None and (not always or is_non_null_type(key.type))


@dataclass
class Process:
    """One process of one service."""

    service: str
    made: Any
    portal: Portal | None
    subgraph: Subgraph | None

    async def ask(self, name: str, by: By, given: dict[str, Any] | None) -> Any:
        """Return the payload of a mutation, or the codes of its errors."""
        kind = f"{name[0].upper()}{name[1:]}Input"
        taken = f"($input: {kind}!)" if given is not None else ""
        passed = "(input: $input)" if given is not None else ""
        document = f"mutation{taken} {{ {name}{passed} {{ {shown(self.service, name)} }} }}"
        variables = {} if given is None else {"input": given}
        if self.portal is not None:
            token = by if isinstance(by, str) else None
            body = orjson.loads((await self.portal.answer(document, token, **variables)).body)
        else:
            assert self.subgraph is not None
            _, body = await self.subgraph.answer(document, by if isinstance(by, Principal) else None, **variables)
        codes = [error.get("extensions", {}).get("code") or error["message"] for error in body.get("errors") or []]
        return codes or body["data"][name]


def shown(service: str, name: str) -> str:
    """Return what to show of a payload: every plain field of it and of what it holds."""
    payload: Any = get_named_type(SCHEMAS[service]._schema.mutation_type.fields[name].type)
    return " ".join(_selected(payload, deep=1))


def _selected(kind: GraphQLObjectType, deep: int) -> list[str]:
    found: list[str] = []
    for name, member in kind.fields.items():
        inner: Any = get_named_type(member.type)
        if name in HIDDEN or member.args:
            continue
        if is_leaf_type(inner):
            found.append(name)
        elif not isinstance(inner, GraphQLObjectType):
            found.append(f"{name} {{ __typename }}")
        elif deep and (fields := _selected(inner, deep - 1)):
            found.append(f"{name} {{ {' '.join(fields)} }}")
    return found or ["__typename"]


@dataclass
class Scene:
    """The world at its beginning, and the names that rows use."""

    held: Held
    business: Business
    provider: FakeProvider
    mongo_url: str
    prefix: str
    names: dict[str, Any] = field(default_factory=dict[str, Any])
    people: dict[str, By] = field(default_factory=dict[str, By])
    began: dict[str, dict[str, list[Any]]] = field(default_factory=dict[str, dict[str, list[Any]]])
    processes: dict[tuple[str, int], Process] = field(default_factory=dict[tuple[str, int], Process])
    written: dict[str, set[str]] = field(default_factory=lambda: {service: set[str]() for service in SCHEMAS})
    """The collections of each service that were written to since its beginning was put back."""

    def remember(self) -> None:
        """Take this moment as the beginning."""
        self.began_at = self.held.identity.clock.time
        self.provider_began = deepcopy(vars(self.provider))
        self.began = {service: self._dump(service) for service in SCHEMAS}

    def note(self, collection: Any) -> None:
        """Remember that something was written there."""
        database, _, name = collection.full_name.partition(".")
        self.written[database.removeprefix(f"{self.prefix}_")].add(name)

    def put_back(self, service: str) -> None:
        """Make everything as it was in the beginning."""
        self.held.identity.clock.time = self.began_at
        vars(self.provider).update(deepcopy(self.provider_began))
        database, began = self._database(service), self.began[service]
        for name in self.written[service]:
            _put_back(database[name], began.get(name, []))
        self.written[service].clear()

    def process(self, service: str, number: int = 1) -> Process:
        """Return one of the processes of a service: each is assembled for itself over the same database."""
        if (service, number) not in self.processes:
            self.processes[service, number] = self._assemble(service)
        process = self.processes[service, number]
        if service == "billing":  # what it remembers of a series that was put back
            vars(process.made.application.commands.send_invoice.numbers).get("_last", {}).clear()
        return process

    async def close(self) -> None:
        """Close all processes."""
        for process in self.processes.values():
            await process.made.close()

    def _assemble(self, service: str) -> Process:
        held, bus = self.held, TwiceBus()
        if service == "identity":
            settings = make_settings(self.mongo_url, self.prefix)
            made = assemble_identity(settings, bus=bus, clock=held.identity.clock, mailer=held.identity.mailbox)
            return Process(service, made, Portal(made, bus, held.identity.clock, held.identity.mailbox), None)
        providers = {"sandbox": self.provider, "offline": OfflineProvider()}
        made = assembled(
            service, self.mongo_url, self.prefix, held.url, held.identity, held.mailer, held.signer, providers, bus
        )
        return Process(service, made, None, Subgraph(made.routes, held.signer))

    def state(self, service: str) -> Any:
        """Return everything that is stored and that the provider did, without what may differ between two tries."""
        for payment in (dumped := self._now(service)).get("payments", []):
            payment.pop("version")  # a job that looked once more is no effect
            payment.pop("stamped", None)
        stored = {name: rows for name, rows in dumped.items() if name not in WITHOUT_MEMORY and rows}
        did = {"accounts": [vars(one) for one in self.provider.accounts.values()], "cards": list(self.provider.cards)}
        return _plain({"stored": stored, "provider": did})

    def _database(self, service: str) -> Any:
        return _client(self.mongo_url)[f"{self.prefix}_{service}"]

    def _now(self, service: str) -> dict[str, list[Any]]:
        """Return all that is stored; what nobody has written to is as it was."""
        database, kept = self._database(service), self.began[service].items()
        rows = {name: list(database[name].find().sort("_id", 1)) for name in self.written[service]}
        return {name: deepcopy(untouched) for name, untouched in kept if name not in rows} | rows

    def _dump(self, service: str) -> dict[str, list[Any]]:
        database = self._database(service)
        return {name: list(database[name].find().sort("_id", 1)) for name in sorted(database.list_collection_names())}


def _put_back(collection: Any, rows: list[Any]) -> None:
    """Make a collection as it was: only what has changed is written, all of it gone before any of it comes again."""
    now, was = ({row["_id"]: row for row in found} for found in (collection.find(), rows))
    if changed := [key for key in {*now, *was} if now.get(key) != was.get(key)]:
        collection.delete_many({"_id": {"$in": changed}})
    if again := [deepcopy(was[key]) for key in changed if key in was]:
        collection.insert_many(again)


_CLIENTS: dict[str, Any] = {}


def _client(url: str) -> Any:
    if url not in _CLIENTS:
        _CLIENTS[url] = pymongo.MongoClient(url, tz_aware=True)
    return _CLIENTS[url]


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in MASKED}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, datetime):
        return "an instant"
    if isinstance(value, str):
        return _INSTANT.sub("an instant", value)
    return value if isinstance(value, int | float | bool | None) else str(value)


def plain(answer: Any) -> Any:
    """Return an answer without its instants."""
    if isinstance(answer, dict):
        return {key: plain(item) for key, item in answer.items()}
    if isinstance(answer, list):
        return [plain(item) for item in answer]
    return _INSTANT.sub("an instant", answer) if isinstance(answer, str) else answer


@asynccontextmanager
async def scene(mongo_url: str, prefix: str, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Scene]:
    """Run all four services, with a provider in memory, until everything that rows name is there."""
    provider = FakeProvider(name="sandbox")
    async with held_back(mongo_url, prefix, {"sandbox": provider, "offline": OfflineProvider()}) as held:
        business = await held.register()
        made = Scene(held, business, provider, mongo_url, prefix)
        await _furnish(made)
        deadly(monkeypatch, type(held.services["billing"].made.database["any"]), WRITES, READS, note=made.note)
        deadly(monkeypatch, FakeProvider, PROVIDER_WRITES)
        later(made, seconds=1)
        made.remember()
        try:
            yield made
        finally:
            await made.close()


async def _furnish(made: Scene) -> None:
    from tests.support.retries.furniture import documents, money, news, people, reminders

    for step in (people, documents, reminders, money, news):
        await step(made)


def later(made: Scene, **span: float) -> None:
    """Let time pass."""
    made.held.identity.clock.time += timedelta(**span)


def contact_principal(person: str, organisation: str, customer: str) -> Principal:
    """Return a contact as the other services see it."""
    return Principal(id=person, organisation_id=organisation, role=Role.CONTACT, customer_id=customer)
