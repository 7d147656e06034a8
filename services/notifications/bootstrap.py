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
from chassis.mail import Mailer
from chassis.mailing.delivering import Deliver
from chassis.mongo import ended_sessions, erased, set_aside
from chassis.mongo.client import Database, connect
from chassis.mongo.ended_sessions import MongoEndedSessions
from chassis.mongo.erased import MongoErased
from chassis.mongo.projections import Projection
from chassis.mongo.set_aside import MongoAside
from chassis.mongo.upkeep import PENDING, Storage, Upkeep
from chassis.outbox import Relay, Signal
from chassis.owners import Owner
from chassis.telemetry import MailSpans
from chassis.web import Readiness, RequireKey, background
from services.notifications.adapters import mongo_directory, mongo_notifications, mongo_personal, mongo_recent_news
from services.notifications.adapters.http_billing import BillingFiles
from services.notifications.adapters.http_identity import HttpIdentity, Readers
from services.notifications.adapters.http_look_ups import HttpLookUps
from services.notifications.adapters.mail_courier import Files, MailCourier
from services.notifications.adapters.mongo_directory import MongoDirectory
from services.notifications.adapters.mongo_notifications import MongoNotifications, MongoPreferences
from services.notifications.adapters.mongo_personal import MongoPersonal
from services.notifications.adapters.mongo_recent_news import MongoRecentNews
from services.notifications.adapters.mongo_suppressed import MongoSuppressed
from services.notifications.api.schema import SCHEMA
from services.notifications.application import Application, Commands, Jobs, Queries, Reactions
from services.notifications.application.commands.choose_preference import ChoosePreferenceHandler
from services.notifications.application.commands.mark_all_read import MarkAllReadHandler
from services.notifications.application.commands.mark_read import MarkReadHandler
from services.notifications.application.nodes import Owners
from services.notifications.application.ports import Documents, Identity
from services.notifications.application.queries.follow_mails import MailChanges
from services.notifications.application.queries.show_feed import NewEntries, ShowFeed
from services.notifications.application.queries.show_personal_data import ShowPersonalData
from services.notifications.application.queries.show_preferences import ShowPreferences
from services.notifications.application.reactions.notify import Notify
from services.notifications.messaging.consumed import (
    ContactTold,
    CustomerTold,
    OrganisationTold,
    PortalTold,
    StaffTold,
)
from services.notifications.messaging.consumers import inbox
from services.notifications.messaging.directory import (
    contact_fields,
    customer_fields,
    organisation_fields,
    portal_fields,
    staff_fields,
)
from services.notifications.messaging.live import LiveFeed
from services.notifications.messaging.published import LANGUAGE
from services.notifications.settings import NotificationsSettings

INDEXES = (
    *mongo_notifications.INDEXES,
    *mongo_directory.INDEXES,
    *mongo_recent_news.INDEXES,
    *idempotency.INDEXES,
    *ended_sessions.INDEXES,
    *set_aside.INDEXES,
    *erased.INDEXES,
    *mongo_personal.INDEXES,
)

READERS = Readers(
    organisation=lambda told: organisation_fields(OrganisationTold.model_validate(told)),
    portal=lambda told: portal_fields(PortalTold.model_validate(told)),
    customer=lambda told: customer_fields(CustomerTold.model_validate(told)),
    contact=lambda told: contact_fields(ContactTold.model_validate(told)),
    staff=lambda told: staff_fields(StaffTold.model_validate(told)),
)


def storage(database: Database) -> Storage:
    """Return what this version wants the service's database to be like."""
    told = (mongo_directory.PEOPLE, mongo_directory.CUSTOMERS, mongo_directory.ORGANISATIONS, mongo_directory.PORTALS)
    projections = [Projection(database[name], name) for name in told]
    return Storage("notifications", database, INDEXES, [MongoNotifications(database, LANGUAGE), *projections])


@dataclass(slots=True)
class NotificationsService:
    """The service, assembled. `web()` and `worker()` are what its processes run while they live."""

    database: Database
    bus: Bus
    application: Application
    routes: list[BaseRoute]
    readiness: Readiness
    upkeep: Upkeep
    inbox: Inbox
    relay: Relay
    live: LiveFeed
    sessions: MongoEndedSessions
    bells: Bells
    long_log_ins: LongLogIns
    billing: BillingFiles
    identity: Owner
    look_ups: HttpLookUps

    @asynccontextmanager
    async def web(self) -> AsyncGenerator[None]:
        """Serve requests: follow ended sessions and new entries; never wait for the broker."""
        async with background(
            self.upkeep.watch, self.sessions.watch, self.long_log_ins.watch, self._listen, *self.bells.web()
        ):
            yield

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """Do the work behind: react to events, send mails, relay events out."""
        async with background(
            *(self._consume, self.relay.run, self.application.jobs.deliver.run, self.upkeep.work),
            *self.bells.worker(),
            first=self.upkeep.prepare,
        ):
            yield

    async def close(self) -> None:
        """Disconnect."""
        await self.bus.close()
        await self.billing.close()
        await self.identity.close()
        await self.look_ups.close()
        await self.database.close()

    async def _listen(self) -> None:
        await self.live.start(self.bus)

    async def _consume(self) -> None:
        await self.inbox.start(self.bus)


def assemble(
    settings: NotificationsSettings,
    *,
    bus: Bus | None = None,
    clock: Clock | None = None,
    keys: KeySource | None = None,
    files: Files | None = None,
    documents: Documents | None = None,
    identity: Identity | None = None,
    mailer: Mailer | None = None,
    owners: Owners | None = None,
) -> NotificationsService:
    """Return the service. What is given replaces what the settings would choose (embedded mode, tests)."""
    clock = clock or SystemClock()
    bus = bus or (RabbitBus(settings.amqp_url, OWN_READERS) if settings.amqp_url else MemoryBus())
    database = connect(settings.mongo_url, f"{settings.database_prefix}notifications")
    aside = MongoAside(database, "notifications", clock)
    signal, wake, live, ended = Signal(), Signal(), LiveFeed(), EndedSessions()
    notifications = MongoNotifications(database, LANGUAGE, signal, wake)
    owner = Owner("identity", settings.identity_url, settings.service_key, seconds=settings.owner_seconds)
    directory = MongoDirectory(database, identity or HttpIdentity(owner, READERS))
    preferences = MongoPreferences(database)
    billing = BillingFiles(settings.billing_url, settings.service_key, clock)
    urls = {
        "identity": settings.identity_url,
        "billing": settings.billing_url,
        "collaboration": settings.collaboration_url,
    }
    look_ups = HttpLookUps(urls, settings.gateway_key, seconds=settings.owner_seconds)
    gone, out = MongoErased(database), mailer or settings.mailer()
    personal = MongoPersonal(database, gone, clock)
    forgetting = Forgetting("notifications", personal.forget, gone, bus, clock, out)
    courier = MailCourier(
        out,
        files or billing,
        directory,
        sender=settings.mail_from,
        portal_url=settings.portal_url,
        documents=documents or (None if files else billing),
        suppressed=MongoSuppressed(database),
        return_paths=settings.return_paths(),
    )
    application = Application(
        commands=Commands(
            mark_read=MarkReadHandler(notifications, clock),
            mark_all_read=MarkAllReadHandler(notifications, clock),
            choose_preference=ChoosePreferenceHandler(preferences),
        ),
        queries=Queries(
            feed=ShowFeed(notifications),
            new_entries=NewEntries(notifications, live, ended, clock),
            mail_changes=MailChanges(notifications, live, ended, clock),
            preferences=ShowPreferences(preferences),
            personal_data=ShowPersonalData(personal, gone),
        ),
        reactions=Reactions(
            notify=Notify(
                notifications, directory, preferences, MongoRecentNews(database, clock), clock, personal.look_again
            )
        ),
        jobs=Jobs(deliver=Deliver(notifications, courier, clock, wake, aside=aside, traced=MailSpans())),
        directory=directory,
        owners=owners or look_ups,
    )
    verifier = TokenVerifier(keys or JwksKeys(settings.jwks_url), settings.issuer, clock, ended)
    sessions = MongoEndedSessions(database[ended_sessions.COLLECTION], ended, clock)
    lasting = LongLogIns(owner, ended, clock)
    once = Idempotency(database[idempotency.COLLECTION], clock)
    graphql = subgraph_app(
        SCHEMA, application, verifier.verify, once, keyring(settings, "gateway_key"), RequireKey, lasting
    )
    readiness = Readiness(
        {"database": database.works, "broker": bus.admits, "service key": owner.admits}, awaited={PENDING}
    )
    poll = settings.outbox_poll_seconds
    return NotificationsService(
        database=database,
        bus=bus,
        application=application,
        routes=[Route("/graphql", graphql), WebSocketRoute("/graphql", graphql)],
        readiness=readiness,
        upkeep=Upkeep(storage(database), clock, readiness.advise),
        inbox=inbox(application.reactions.notify, directory, sessions, forgetting, gone.was_meant),
        relay=Relay(
            LANGUAGE,
            [notifications.collection],
            bus,
            clock,
            signal,
            poll_seconds=poll,
            aside=aside,
            alone=isinstance(bus, MemoryBus),
        ),
        live=live,
        sessions=sessions,
        bells=Bells("notifications", bus, signal, (sessions.stored, sessions.changed), has_worker=settings.run_worker),
        long_log_ins=lasting,
        billing=billing,
        identity=owner,
        look_ups=look_ups,
    )
