"""The composition root: settings in, a whole service out. Connects to nothing by itself.

Longer than most files, because all wiring is in one place.
"""

import asyncio
import hmac
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from chassis.auth import EndedSessions, TokenVerifier
from chassis.bells import Bells
from chassis.bus import Bus
from chassis.bus.memory import MemoryBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import OWN_READERS
from chassis.forgetting import Forgetting
from chassis.graphql import idempotency
from chassis.graphql.fingerprints import Seal
from chassis.graphql.idempotency import Idempotency
from chassis.graphql.view import subgraph_app
from chassis.inbox import Inbox
from chassis.kernel import Clock, SystemClock
from chassis.keyring import keyring
from chassis.mail import Mailer
from chassis.mailing import Deliver
from chassis.mongo import ended_sessions, erased, set_aside
from chassis.mongo.client import Database, connect
from chassis.mongo.ended_sessions import MongoEndedSessions
from chassis.mongo.erased import MongoErased
from chassis.mongo.set_aside import MongoAside
from chassis.mongo.upkeep import PENDING, Storage, Upkeep
from chassis.outbox import Relay, Signal
from chassis.security import notice
from chassis.telemetry import MailSpans
from chassis.web import Readiness, RequireKey, background
from services.identity.adapters import mongo_access, mongo_outgoing, mongo_people, mongo_personal
from services.identity.adapters.links import HmacLinkTokens
from services.identity.adapters.mails.courier import LetterCourier
from services.identity.adapters.mails.letters import TemplateMails
from services.identity.adapters.mongo_access import (
    MongoOrganisations,
    MongoPasswordResets,
    MongoSessions,
    MongoThrottle,
)
from services.identity.adapters.mongo_outgoing import MongoOutgoing
from services.identity.adapters.mongo_people import MongoContacts, MongoCustomers, MongoStaffMembers
from services.identity.adapters.mongo_personal import MongoPersonal
from services.identity.adapters.one_time_codes import TotpCodes
from services.identity.adapters.passwords import Argon2Passwords, argon2id
from services.identity.adapters.sealing import JweSealing
from services.identity.adapters.tokens import JwtAccessTokens, SigningKeys, metadata
from services.identity.adapters.webauthn_passkeys import WebauthnPasskeys
from services.identity.api.door import Door
from services.identity.api.schema import SCHEMA
from services.identity.application import commands_of, queries_of, reactions_of
from services.identity.application.ports import Ports
from services.identity.application.second_factors import SECRETS
from services.identity.messaging.consumers import reactions
from services.identity.messaging.internal import internal_routes
from services.identity.messaging.published import LANGUAGE
from services.identity.settings import IdentitySettings

DECIDED = {
    "org": mongo_access.ORGANISATIONS,
    "stf": mongo_people.STAFF,
    "cus": mongo_people.CUSTOMERS,
    "con": mongo_people.CONTACTS,
}
"""Where the documents are that carry the decisions of requests, by the prefix of their ids."""
INDEXES = (
    *mongo_access.INDEXES,
    *mongo_people.INDEXES,
    *mongo_outgoing.INDEXES,
    *idempotency.INDEXES,
    *ended_sessions.INDEXES,
    *set_aside.INDEXES,
    *erased.INDEXES,
    *mongo_personal.INDEXES,
)
COLLECTIONS = (
    mongo_access.ORGANISATIONS,
    mongo_access.SESSIONS,
    mongo_access.RESETS,
    mongo_people.STAFF,
    mongo_people.CUSTOMERS,
    mongo_people.CONTACTS,
)


def storage(database: Database) -> Storage:
    """Return what this version wants the service's database to be like."""
    kinds = (
        MongoOrganisations,
        MongoSessions,
        MongoPasswordResets,
        MongoStaffMembers,
        MongoCustomers,
        MongoContacts,
        MongoOutgoing,
    )
    return Storage("identity", database, INDEXES, [kind(database, LANGUAGE, lambda: None) for kind in kinds])


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
    upkeep: Upkeep
    inbox: Inbox
    relay: Relay
    sessions: MongoEndedSessions
    bells: Bells
    deliver: Deliver
    sealing: JweSealing
    sealed_before: bytes | None
    """The predecessor of the secret that seals signing keys and second factors, while there is one."""

    @asynccontextmanager
    async def web(self) -> AsyncGenerator[None]:
        """Serve requests: follow ended sessions; never wait for the broker."""
        async with background(self.upkeep.watch, self.sessions.watch, *self.bells.web()):
            yield

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """Do the work behind: relay events out, react to events, send mails, renew the signing key."""
        async with background(
            self._consume,
            self.relay.run,
            self.deliver.run,
            self._renew_keys,
            *self.bells.worker(),
            self.upkeep.work,
            first=self.upkeep.prepare,
        ):
            yield

    async def close(self) -> None:
        """Disconnect."""
        await self.bus.close()
        self.passwords.close()
        await self.database.close()

    async def _consume(self) -> None:
        await self.inbox.start(self.bus)

    async def _renew_keys(self) -> None:
        while True:
            if self.sealed_before is not None:
                await self.keys.seal_again(self.sealed_before)
                people = [self.database[name] for name in (mongo_people.STAFF, mongo_people.CONTACTS)]
                await self.sealing.seal_again(people, "second_factor.secret", SECRETS)
            await self.keys.rotate_if_due()
            await asyncio.sleep(KEY_CHECK.total_seconds())


def assemble(
    settings: IdentitySettings, *, bus: Bus | None = None, clock: Clock | None = None, mailer: Mailer | None = None
) -> Identity:
    """Return the service. What is given replaces what the settings would choose (embedded mode, tests)."""
    clock = clock or SystemClock()
    bus = bus or (RabbitBus(settings.amqp_url, OWN_READERS) if settings.amqp_url else MemoryBus())
    database = connect(settings.mongo_url, f"{settings.database_prefix}identity")
    signal, wake, ended = Signal(), Signal(), EndedSessions()
    secrets = keyring(settings, "identity_secret").raw
    keys = SigningKeys(database, secrets, clock, life=timedelta(days=settings.signing_key_days))
    hasher = argon2id(memory_kib=settings.argon2_memory_kib, passes=settings.argon2_passes)
    passwords = Argon2Passwords(hasher, threads=settings.argon2_threads)
    out = mailer or settings.mailer()
    ports = _ports(settings, database, signal, clock, keys, passwords, out)
    forgetting = Forgetting("identity", MongoPersonal(database).forget, MongoErased(database), bus, clock, out)
    sessions = MongoEndedSessions(database[ended_sessions.COLLECTION], ended, clock)
    readiness = Readiness({"database": database.works, "signing keys": keys.fit}, awaited={PENDING})
    application, outgoing = reactions_of(ports), MongoOutgoing(database, LANGUAGE, queued=wake, clock=clock)
    aside = MongoAside(database, "identity", clock)
    relay = Relay(
        LANGUAGE,
        [database[name] for name in COLLECTIONS],
        bus,
        clock,
        signal,
        poll_seconds=settings.outbox_poll_seconds,
        aside=aside,
        alone=isinstance(bus, MemoryBus),
    )
    return Identity(
        database=database,
        bus=bus,
        ports=ports,
        passwords=passwords,
        keys=keys,
        routes=_routes(settings, ports, keys, TokenVerifier(keys, settings.issuer, clock, ended), database),
        readiness=readiness,
        upkeep=Upkeep(storage(database), clock, readiness.advise),
        inbox=Inbox("identity", reactions(application, sessions, outgoing.post, forgetting)),
        relay=relay,
        sessions=sessions,
        sealing=_sealing(settings),
        sealed_before=settings.identity_secret_before.get_secret_value().encode() or None,
        bells=Bells("identity", bus, signal, (sessions.stored, sessions.changed), has_worker=settings.run_worker),
        deliver=Deliver(
            outgoing,
            LetterCourier(application),
            clock,
            wake,
            aside=aside,
            collection=mongo_outgoing.OUTGOING,
            traced=MailSpans(),
        ),
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
        links=HmacLinkTokens(keyring(settings, "identity_secret").raw),
        access_tokens=JwtAccessTokens(keys, settings.issuer, header_type=settings.access_token_type),
        throttle=MongoThrottle(database),
        sealing=_sealing(settings),
        codes=TotpCodes(),
        passkeys=_passkeys(settings),
        mails=TemplateMails(mailer, settings.portal_url, settings.mail_from, settings.return_paths()),
        clock=clock,
        policy=settings.policy(),
        notice=notice,
        personal=MongoPersonal(database),
    )


def _passkeys(settings: IdentitySettings) -> WebauthnPasskeys:
    domain = settings.passkey_domain or urlsplit(settings.portal_url).hostname or ""
    return WebauthnPasskeys(domain, domain, (settings.portal_url, *settings.allowed_origins))


def _sealing(settings: IdentitySettings) -> JweSealing:
    return JweSealing(keyring(settings, "identity_secret").raw)


def _seals(settings: IdentitySettings) -> list[Seal]:
    """Return how a password is told from another one without being kept: by a digest that needs our secret."""
    return [_seal(secret) for secret in keyring(settings, "identity_secret").raw]


def _seal(secret: bytes) -> Seal:
    key = hmac.digest(secret, b"idempotency keys", "sha256")
    return lambda password: hmac.digest(key, password.encode(errors="replace"), "sha256").hex()


def _routes(
    settings: IdentitySettings, ports: Ports, keys: SigningKeys, verifier: TokenVerifier, database: Database
) -> list[BaseRoute]:
    queries = queries_of(ports)
    door = Door(
        commands_of(ports), queries, secure_cookies=settings.portal_url.startswith("https://"), seals=_seals(settings)
    )
    decided = {prefix: database[name] for prefix, name in DECIDED.items()}
    once = Idempotency(database[idempotency.COLLECTION], ports.clock, decided)
    graphql = subgraph_app(SCHEMA, door, verifier.verify, once, keyring(settings, "gateway_key"), RequireKey)

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
        *internal_routes(queries, keyring(settings, "service_key")),
    ]
