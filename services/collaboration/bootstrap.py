"""The composition root: settings in, a whole service out. Connects to nothing by itself."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.routing import BaseRoute, Route, WebSocketRoute

from chassis.auth import EndedSessions, JwksKeys, KeySource, TokenVerifier
from chassis.bells import Bells
from chassis.bus import Bus
from chassis.bus.memory import MemoryBus
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import OWN_READERS
from chassis.forgetting import Forgetting
from chassis.graphql import idempotency
from chassis.graphql.idempotency import Idempotency
from chassis.graphql.view import subgraph_app
from chassis.inbox import Inbox
from chassis.kernel import Clock, SystemClock
from chassis.keyring import keyring
from chassis.long_log_ins import LongLogIns
from chassis.mongo import ended_sessions, erased, set_aside
from chassis.mongo.client import Database, connect
from chassis.mongo.ended_sessions import MongoEndedSessions
from chassis.mongo.erased import MongoErased
from chassis.mongo.projections import Projection
from chassis.mongo.set_aside import MongoAside
from chassis.mongo.upkeep import PENDING, Storage, Upkeep
from chassis.outbox import Relay, Signal
from chassis.owners import Owner
from chassis.web import Readiness, RequireKey, background
from services.collaboration.adapters import mongo_discussion, mongo_personal, mongo_projections
from services.collaboration.adapters.http_owners import BillingDocuments, IdentityPortals
from services.collaboration.adapters.mongo_discussion import MongoComments, MongoForwards, MongoViews
from services.collaboration.adapters.mongo_personal import MongoPersonal
from services.collaboration.adapters.mongo_projections import MongoAllowance, MongoDocumentStore, MongoPortalStore
from services.collaboration.api.schema import SCHEMA
from services.collaboration.application import Application, Commands, Queries, Reactions
from services.collaboration.application.commands.add_comment import AddCommentHandler
from services.collaboration.application.commands.forward_document import ForwardDocumentHandler
from services.collaboration.application.commands.record_document_view import RecordDocumentViewHandler
from services.collaboration.application.documents import Documents, Portals
from services.collaboration.application.ports import DocumentSource, PortalSource
from services.collaboration.application.queries.new_comments import NewComments
from services.collaboration.application.queries.show_discussion import ShowDiscussion
from services.collaboration.application.queries.show_personal_data import ShowPersonalData
from services.collaboration.application.reactions.keep_projections import KeepProjections
from services.collaboration.domain.document import KnownDocument, PortalRules
from services.collaboration.messaging.consumed import PortalSet
from services.collaboration.messaging.consumers import inbox
from services.collaboration.messaging.live import LiveComments
from services.collaboration.messaging.published import LANGUAGE
from services.collaboration.settings import CollaborationSettings

INDEXES = (
    *mongo_discussion.INDEXES,
    *mongo_projections.INDEXES,
    *idempotency.INDEXES,
    *ended_sessions.INDEXES,
    *set_aside.INDEXES,
    *erased.INDEXES,
    *mongo_personal.INDEXES,
)


def storage(database: Database) -> Storage:
    """Return what this version wants the service's database to be like."""
    aggregates = (MongoComments(database, LANGUAGE), MongoViews(database, LANGUAGE), MongoForwards(database, LANGUAGE))
    told = {mongo_projections.DOCUMENTS: KnownDocument, mongo_projections.PORTALS: PortalRules}
    projections = [Projection(database[name], kind) for name, kind in told.items()]
    return Storage("collaboration", database, INDEXES, [*aggregates, *projections])


@dataclass(slots=True)
class Collaboration:
    """The service, assembled. `web()` and `worker()` are what its processes run while they live."""

    database: Database
    bus: Bus
    application: Application
    routes: list[BaseRoute]
    readiness: Readiness
    upkeep: Upkeep
    inbox: Inbox
    relay: Relay
    live: LiveComments
    sessions: MongoEndedSessions
    bells: Bells
    long_log_ins: LongLogIns
    owners: tuple[Owner, ...]

    @asynccontextmanager
    async def web(self) -> AsyncGenerator[None]:
        """Serve requests: follow ended sessions and new comments; never wait for the broker."""
        async with background(
            self.upkeep.watch, self.sessions.watch, self.long_log_ins.watch, self._listen, *self.bells.web()
        ):
            yield

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """Do the work behind: relay events out, react to events."""
        async with background(
            *(self._consume, self.relay.run, self.upkeep.work), *self.bells.worker(), first=self.upkeep.prepare
        ):
            yield

    async def close(self) -> None:
        """Disconnect."""
        await self.bus.close()
        for owner in self.owners:
            await owner.close()
        await self.database.close()

    async def _listen(self) -> None:
        await self.live.start(self.bus)

    async def _consume(self) -> None:
        await self.inbox.start(self.bus)


def assemble(
    settings: CollaborationSettings,
    *,
    bus: Bus | None = None,
    clock: Clock | None = None,
    keys: KeySource | None = None,
    documents: DocumentSource | None = None,
    portals: PortalSource | None = None,
) -> Collaboration:
    """Return the service. What is given replaces what the settings would choose (embedded mode, tests)."""
    clock = clock or SystemClock()
    bus = bus or (RabbitBus(settings.amqp_url, OWN_READERS) if settings.amqp_url else MemoryBus())
    database = connect(settings.mongo_url, f"{settings.database_prefix}collaboration")
    billing = Owner("billing", settings.billing_url, settings.service_key, seconds=settings.owner_seconds)
    identity = Owner("identity", settings.identity_url, settings.service_key, seconds=settings.owner_seconds)
    signal, live, ended = Signal(), LiveComments(), EndedSessions()
    comments, views, forwards = (
        MongoComments(database, LANGUAGE, signal),
        MongoViews(database, LANGUAGE, signal),
        MongoForwards(database, LANGUAGE, signal),
    )
    store, kept, allowance = MongoDocumentStore(database), MongoPortalStore(database), MongoAllowance(database)
    personal, gone = MongoPersonal(database), MongoErased(database)
    rules = Portals(kept, portals or IdentityPortals(identity, lambda told: PortalSet.model_validate(told).rules()))
    known = Documents(store, documents or BillingDocuments(billing), rules)
    application = Application(
        commands=Commands(
            add_comment=AddCommentHandler(comments, known, allowance, clock),
            record_document_view=RecordDocumentViewHandler(views, known, clock),
            forward_document=ForwardDocumentHandler(forwards, known, allowance, clock),
        ),
        queries=Queries(
            discussion=ShowDiscussion(comments, views, forwards, known),
            new_comments=NewComments(comments, known, live, ended, clock),
            personal_data=ShowPersonalData(personal, gone),
        ),
        reactions=Reactions(projections=KeepProjections(store, kept)),
    )
    verifier = TokenVerifier(keys or JwksKeys(settings.jwks_url), settings.issuer, clock, ended)
    sessions = MongoEndedSessions(database[ended_sessions.COLLECTION], ended, clock)
    lasting = LongLogIns(identity, ended, clock)
    decided = {"com": comments.collection, "fwd": forwards.collection}
    once = Idempotency(database[idempotency.COLLECTION], clock, decided)
    graphql = subgraph_app(
        SCHEMA, application, verifier.verify, once, keyring(settings, "gateway_key"), RequireKey, lasting
    )
    forgetting = Forgetting("collaboration", personal.forget, gone, bus, clock)
    readiness = Readiness(
        {"database": database.works, "broker": bus.admits, "service key": identity.admits}, awaited={PENDING}
    )
    return Collaboration(
        database=database,
        bus=bus,
        application=application,
        routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)],
        readiness=readiness,
        upkeep=Upkeep(storage(database), clock, readiness.advise),
        inbox=inbox(application.reactions.projections, sessions, forgetting),
        relay=Relay(
            LANGUAGE,
            [comments.collection, views.collection, forwards.collection],
            bus,
            clock,
            signal,
            poll_seconds=settings.outbox_poll_seconds,
            aside=MongoAside(database, "collaboration", clock),
            alone=isinstance(bus, MemoryBus),
        ),
        live=live,
        sessions=sessions,
        bells=Bells("collaboration", bus, signal, (sessions.stored, sessions.changed), has_worker=settings.run_worker),
        long_log_ins=lasting,
        owners=(billing, identity),
    )
