"""The composition root: settings in, a whole service out. Connects to nothing by itself."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from services.chassis.auth import EndedSessions, TokenVerifier
from services.chassis.bus import Bus
from services.chassis.bus.memory import MemoryBus
from services.chassis.bus.rabbitmq import RabbitBus
from services.chassis.graphql import idempotency
from services.chassis.graphql.idempotency import Idempotency
from services.chassis.graphql.view import subgraph_app
from services.chassis.inbox import Inbox
from services.chassis.kernel import Clock, SystemClock
from services.chassis.mail import Mailer
from services.chassis.mongo import ended_sessions, set_aside
from services.chassis.mongo.client import Database, connect
from services.chassis.mongo.ended_sessions import MongoEndedSessions
from services.chassis.mongo.indexes import ensure_indexes
from services.chassis.mongo.set_aside import MongoAside
from services.chassis.outbox import Relay, Signal
from services.chassis.web import Readiness, RequireKey, background
from services.identity.adapters import mongo_access, mongo_people
from services.identity.adapters.links import HmacLinkTokens
from services.identity.adapters.mails.letters import TemplateMails
from services.identity.adapters.mongo_access import (
    MongoOrganisations,
    MongoPasswordResets,
    MongoSessions,
    MongoThrottle,
)
from services.identity.adapters.mongo_people import MongoContacts, MongoCustomers, MongoStaffMembers
from services.identity.adapters.passwords import Argon2Passwords, argon2id
from services.identity.adapters.tokens import JwtAccessTokens, SigningKeys, metadata
from services.identity.api.door import Door
from services.identity.api.schema import SCHEMA
from services.identity.application import Commands, Queries, Reactions
from services.identity.application.ports import Ports
from services.identity.messaging.consumers import reactions
from services.identity.messaging.internal import internal_routes
from services.identity.messaging.published import LANGUAGE
from services.identity.settings import IdentitySettings

INDEXES = (
    *mongo_access.INDEXES,
    *mongo_people.INDEXES,
    *idempotency.INDEXES,
    *ended_sessions.INDEXES,
    *set_aside.INDEXES,
)
COLLECTIONS = (
    mongo_access.ORGANISATIONS,
    mongo_access.SESSIONS,
    mongo_access.RESETS,
    mongo_people.STAFF,
    mongo_people.CUSTOMERS,
    mongo_people.CONTACTS,
)
KEY_CHECK = timedelta(hours=1)


@dataclass(slots=True)
class Identity:
    """The service, assembled. `web()` and `worker()` are what its processes run while they live."""

    database: Database
    bus: Bus
    ports: Ports
    passwords: Argon2Passwords
    keys: SigningKeys
    routes: list[BaseRoute]
    readiness: Readiness
    inbox: Inbox
    relay: Relay
    sessions: MongoEndedSessions

    @asynccontextmanager
    async def web(self) -> AsyncGenerator[None]:
        """Serve requests: follow ended sessions; never wait for the broker."""
        async with background(self._prepare, self.sessions.watch):
            yield

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """Do the work behind: relay events out, react to events, renew the signing key."""
        async with background(self._consume, self.relay.run, self._renew_keys, first=self._prepare):
            yield

    async def close(self) -> None:
        """Disconnect."""
        await self.bus.close()
        self.passwords.close()
        self.database.close()

    async def _prepare(self) -> None:
        await ensure_indexes(self.database, INDEXES)
        self.readiness.awaited.discard("indexes")

    async def _consume(self) -> None:
        await self.inbox.start(self.bus)

    async def _renew_keys(self) -> None:
        while True:
            await self.keys.rotate_if_due()
            await asyncio.sleep(KEY_CHECK.total_seconds())


def assemble(
    settings: IdentitySettings, *, bus: Bus | None = None, clock: Clock | None = None, mailer: Mailer | None = None
) -> Identity:
    """Return the service. What is given replaces what the settings would choose (embedded mode, tests)."""
    clock = clock or SystemClock()
    bus = bus or (RabbitBus(settings.amqp_url) if settings.amqp_url else MemoryBus())
    database = connect(settings.mongo_url, f"{settings.database_prefix}identity")
    signal, ended = Signal(), EndedSessions()
    secret = settings.identity_secret.get_secret_value().encode()
    keys = SigningKeys(database, secret, clock, life=timedelta(days=settings.signing_key_days))
    hasher = argon2id(memory_kib=settings.argon2_memory_kib, passes=settings.argon2_passes)
    passwords = Argon2Passwords(hasher, threads=settings.argon2_threads)
    ports = _ports(settings, database, signal, clock, keys, passwords, mailer or settings.mailer())
    sessions = MongoEndedSessions(database[ended_sessions.COLLECTION], ended, clock)
    relay = Relay(
        LANGUAGE,
        [database[name] for name in COLLECTIONS],
        bus,
        clock,
        signal,
        poll_seconds=settings.outbox_poll_seconds,
        aside=MongoAside(database, "identity", clock),
    )
    return Identity(
        database=database,
        bus=bus,
        ports=ports,
        passwords=passwords,
        keys=keys,
        routes=_routes(settings, ports, keys, TokenVerifier(keys, settings.issuer, clock, ended), database),
        readiness=Readiness({"database": database.ping}, awaited={"indexes"}),
        inbox=Inbox("identity", reactions(Reactions(ports), sessions)),
        relay=relay,
        sessions=sessions,
    )


def _ports(
    settings: IdentitySettings,
    database: Database,
    signal: Signal,
    clock: Clock,
    keys: SigningKeys,
    passwords: Argon2Passwords,
    mailer: Mailer,
) -> Ports:
    return Ports(
        organisations=MongoOrganisations(database, LANGUAGE, signal),
        staff=MongoStaffMembers(database, LANGUAGE, signal),
        customers=MongoCustomers(database, LANGUAGE, signal),
        contacts=MongoContacts(database, LANGUAGE, signal),
        sessions=MongoSessions(database, LANGUAGE, signal),
        resets=MongoPasswordResets(database, LANGUAGE, signal),
        passwords=passwords,
        links=HmacLinkTokens(settings.identity_secret.get_secret_value().encode()),
        access_tokens=JwtAccessTokens(keys, settings.issuer, header_type=settings.access_token_type),
        throttle=MongoThrottle(database),
        mails=TemplateMails(mailer, settings.portal_url, settings.mail_from),
        clock=clock,
        policy=settings.policy(),
    )


def _routes(
    settings: IdentitySettings, ports: Ports, keys: SigningKeys, verifier: TokenVerifier, database: Database
) -> list[BaseRoute]:
    queries = Queries(ports)
    door = Door(Commands(ports), queries, secure_cookies=settings.portal_url.startswith("https://"))
    once = Idempotency(database[idempotency.COLLECTION], ports.clock)
    graphql = subgraph_app(SCHEMA, door, verifier.verify, once, settings.gateway_key, RequireKey)

    async def jwks(_: Request) -> Response:
        return JSONResponse(await keys.published(), headers={"cache-control": "public, max-age=60"})

    async def server(_: Request) -> Response:
        return JSONResponse(
            metadata(settings.issuer, settings.jwks_url), headers={"cache-control": "public, max-age=60"}
        )

    return [
        Route("/graphql", graphql),
        Route("/.well-known/jwks.json", jwks),
        Route("/.well-known/oauth-authorization-server", server),
        *internal_routes(queries, settings.service_key),
    ]
