"""The composition root: settings in, a whole service out. Connects to nothing by itself.

Longer than most files, because all wiring is in one place.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

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
from chassis.guard import Pace
from chassis.http_session import HttpSession
from chassis.inbox import Inbox
from chassis.kernel import Clock, SystemClock
from chassis.keyring import keyring
from chassis.long_log_ins import LongLogIns
from chassis.mongo import ended_sessions
from chassis.mongo.client import Database, connect
from chassis.mongo.ended_sessions import MongoEndedSessions
from chassis.mongo.erased import MongoErased
from chassis.mongo.set_aside import MongoAside
from chassis.mongo.upkeep import PENDING, Storage, Upkeep
from chassis.outbox import Relay, Signal
from chassis.owners import Owner
from chassis.web import Readiness, RequireKey, background
from services.billing.adapters import mongo_payments, payment_metrics
from services.billing.adapters import stores as billing_stores
from services.billing.adapters.file_links import HmacFileLinks
from services.billing.adapters.identity_http import HttpIdentity, Readers, RememberedLogos
from services.billing.adapters.mongo_card_desk import MongoCardTokens, MongoProviderCustomers
from services.billing.adapters.mongo_directory import MongoDirectory
from services.billing.adapters.mongo_numbers import MongoNumberSeries
from services.billing.adapters.mongo_owed import MongoOwed
from services.billing.adapters.mongo_payments import MongoOfflineInstructions, MongoWebhookMemory
from services.billing.adapters.mongo_personal import MongoPersonal
from services.billing.adapters.pdf import HtmlPrintView, TypstRenderer
from services.billing.adapters.providers.offline import OfflineProvider
from services.billing.adapters.providers.sandbox import SandboxProvider
from services.billing.adapters.stores import INDEXES as INDEXES
from services.billing.adapters.stores import Stores
from services.billing.api.files import file_routes
from services.billing.api.internal import internal_routes
from services.billing.api.schema import SCHEMA
from services.billing.api.webhooks import webhook_routes
from services.billing.application import Application, Ports, commands_of, jobs_of, queries_of, reactions_of
from services.billing.application.days import BookingDays
from services.billing.application.jobs.resolve_unknown_payments import Share
from services.billing.application.payment_ports import PaymentProvider, ProviderCustomers
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.portal_links import PortalLinks
from services.billing.application.ports import Identity, Logos
from services.billing.application.queries.print_documents import PrintDocuments
from services.billing.application.queries.print_receipts import PrintAnything, PrintReceipts
from services.billing.application.reminding import Plans
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.messaging.consumed import ContactTold, CustomerTold, OrganisationTold, PortalTold
from services.billing.messaging.consumers import reactions
from services.billing.messaging.live import LiveDocuments
from services.billing.messaging.published import LANGUAGE
from services.billing.settings import BillingSettings

MEASURE_SECONDS = 15.0
COUNT_SECONDS = 5.0
"""How often the worker looks for invoices that no sum has; a reader counts a few itself, and adds up behind many."""


def storage(database: Database) -> Storage:
    """Return what this version wants the service's database to be like."""
    return billing_stores.storage(database, LANGUAGE)


@dataclass(slots=True)
class Billing:
    """The service, assembled. `web()` and `worker()` are what its processes run while they live."""

    settings: BillingSettings
    database: Database
    bus: Bus
    application: Application
    steps: PaymentSteps
    routes: list[BaseRoute]
    readiness: Readiness
    upkeep: Upkeep
    inbox: Inbox
    relay: Relay
    live: LiveDocuments
    sessions: MongoEndedSessions
    bells: Bells
    long_log_ins: LongLogIns
    renderer: TypstRenderer
    http: HttpSession
    owner: Owner
    owed: MongoOwed

    @asynccontextmanager
    async def web(self) -> AsyncGenerator[None]:
        """Serve requests: follow ended sessions and changed documents; never wait for the broker."""
        async with background(
            self.upkeep.watch, self.sessions.watch, self.long_log_ins.watch, self._listen, *self.bells.web()
        ):
            yield

    @asynccontextmanager
    async def worker(self) -> AsyncGenerator[None]:
        """Do the work behind: relay events out, react to events, let days pass, settle what is unknown."""
        providers = tuple(self.steps.providers)
        rounds = [Share(provider=name) for name in providers]
        rounds.append(Share(apart_from=providers))
        due = [Signal() for _ in rounds]
        recovery = [partial(self._recover, share, one) for share, one in zip(rounds, due, strict=True)]
        async with background(
            *(self._consume, self.relay.run, self._watch_days, *recovery, partial(self._watch_payments, due)),
            self._watch_numbers,
            self._spread_policies,
            self._count_owed,
            self.upkeep.work,
            *self.bells.worker(),
            first=self.upkeep.prepare,
        ):
            yield

    async def close(self) -> None:
        """Disconnect."""
        await self.bus.close()
        for provider in self.steps.providers.values():
            await provider.close()
        await self.http.close()
        await self.owner.close()
        self.renderer.close()
        await self.database.close()

    async def _listen(self) -> None:
        await self.live.start(self.bus)

    async def _consume(self) -> None:
        await self.inbox.start(self.bus)

    async def _watch_days(self) -> None:
        pace = Pace(self.settings.watch_seconds)
        while True:
            made = await self.application.jobs.watch_due_dates()
            await asyncio.sleep(max(pace.after(made), self.settings.watch_seconds))

    async def _count_owed(self) -> None:
        while True:
            counted = await self.owed.catch_up()
            await asyncio.sleep(0 if counted else COUNT_SECONDS)

    async def _watch_numbers(self) -> None:
        pace = Pace(self.settings.watch_seconds)
        while True:
            made = await self.application.jobs.reclaim_numbers()
            await asyncio.sleep(max(pace.after(made), self.settings.watch_seconds))

    async def _spread_policies(self) -> None:
        pace = Pace(self.settings.watch_seconds)
        while True:
            made = await self.application.jobs.spread_reminder_policies()
            await asyncio.sleep(max(pace.after(made), self.settings.watch_seconds))

    async def _recover(self, share: Share, due: Signal) -> None:
        pace = Pace(self.settings.recovery_seconds)
        while True:
            made = await self.application.jobs.resolve_unknown_payments(share)
            pause = pace.after(made)
            await (due.wait(MEASURE_SECONDS) if made.down is None and pause else asyncio.sleep(pause))

    async def _watch_payments(self, recovering: Sequence[Signal]) -> None:
        """Look whether a payment is due, once for all providers; now and then say how many are not settled."""
        measured_at, payments = float("-inf"), self.database[mongo_payments.COLLECTION]
        while True:
            now = self.steps.clock.now()
            if await mongo_payments.is_any_due(payments, now):
                for due in recovering:
                    due()
            if time.monotonic() - measured_at >= MEASURE_SECONDS:
                await payment_metrics.measure(payments, now)
                measured_at = time.monotonic()
            await asyncio.sleep(self.settings.recovery_seconds)


def assemble(
    settings: BillingSettings,
    *,
    bus: Bus | None = None,
    clock: Clock | None = None,
    keys: KeySource | None = None,
    identity: Identity | None = None,
    providers: Mapping[str, PaymentProvider] | None = None,
    logos: Logos | None = None,
) -> Billing:
    """Return the service. What is given replaces what the settings would choose (embedded mode, tests)."""
    clock = clock or SystemClock()
    bus = bus or (RabbitBus(settings.amqp_url, OWN_READERS) if settings.amqp_url else MemoryBus())
    database = connect(settings.mongo_url, f"{settings.database_prefix}billing")
    aside = MongoAside(database, "billing", clock)
    http, signal, live, ended = HttpSession(), Signal(), LiveDocuments(), EndedSessions()
    stores = Stores.over(database, LANGUAGE, signal)
    owner = Owner("identity", settings.identity_url, settings.service_key, seconds=settings.owner_seconds)
    asked = HttpIdentity(owner, READERS)
    directory = MongoDirectory(database, identity or asked)
    paid_by = providers or _providers(settings, http, MongoProviderCustomers(database))
    ports = Ports(
        estimates=stores.estimates,
        invoices=stores.invoices,
        numbers=MongoNumberSeries(database, clock),
        directory=directory,
        clock=clock,
        policies=stores.policies,
        steps=_steps(settings, stores, directory, database, clock, paid_by),
        webhooks=MongoWebhookMemory(database),
        instructions=MongoOfflineInstructions(database),
        return_addresses=ReturnAddresses.of(settings.portal_url, settings.return_origins),
        personal=MongoPersonal(database, stores, tuple(paid_by)),
        feed=live,
        ended=ended,
        aside=aside,
    )
    application = Application(
        commands=commands_of(ports),
        queries=queries_of(ports),
        reactions=reactions_of(ports),
        jobs=jobs_of(ports),
        directory=directory,
        links=HmacFileLinks(settings.link_secrets(), base_url=settings.files_url or settings.billing_url, clock=clock),
        reminder_plans=Plans(stores.policies),
    )
    forgetting = Forgetting("billing", application.reactions.forget_contact, MongoErased(database), bus, clock)
    readiness = Readiness(
        {"database": database.works, "broker": bus.admits, "service key": owner.admits}, awaited={PENDING}
    )
    logos = logos or RememberedLogos(asked.logo)
    renderer = TypstRenderer(threads=settings.pdf_threads)
    sessions = MongoEndedSessions(database[ended_sessions.COLLECTION], ended, clock)
    verifier = TokenVerifier(keys or JwksKeys(settings.jwks_url), settings.issuer, clock, ended)
    lasting = LongLogIns(owner, ended, clock)
    collections = [stores.estimates.collection, stores.invoices.collection, stores.payments.collection]
    return Billing(
        settings=settings,
        database=database,
        bus=bus,
        application=application,
        steps=ports.steps,
        routes=_routes(settings, application, verifier, lasting, database, clock, renderer, stores, logos),
        readiness=readiness,
        upkeep=Upkeep(storage(database), clock, readiness.advise),
        inbox=Inbox("billing", reactions(directory, sessions, forgetting)),
        relay=Relay(
            LANGUAGE,
            collections,
            bus,
            clock,
            signal,
            poll_seconds=settings.outbox_poll_seconds,
            aside=aside,
            alone=isinstance(bus, MemoryBus),
        ),
        live=live,
        sessions=sessions,
        bells=Bells("billing", bus, signal, (sessions.stored, sessions.changed), has_worker=settings.run_worker),
        long_log_ins=lasting,
        renderer=renderer,
        http=http,
        owner=owner,
        owed=stores.invoices.owed,
    )


READERS = Readers(
    organisation=lambda told: OrganisationTold.model_validate(told).profile(),
    portal=lambda told: PortalTold.model_validate(told).profile(),
    customer=lambda told: CustomerTold.model_validate(told).profile(),
    contact=lambda told: ContactTold.model_validate(told).profile(),
)


def _providers(
    settings: BillingSettings, http: HttpSession, customers: ProviderCustomers
) -> dict[str, PaymentProvider]:
    """Return those who move money, as far as the settings name them."""
    providers: dict[str, PaymentProvider] = {OfflineProvider.name: OfflineProvider()}
    if settings.sandbox_url:
        session: Any = http
        providers[SandboxProvider.name] = SandboxProvider(
            session,
            settings.sandbox_url,
            secret_key=settings.sandbox_secret_key.get_secret_value(),
            webhook_secret=keyring(settings, "sandbox_webhook_secret").texts,
            customers=customers,
            call_seconds=settings.provider_seconds,
        )
    if settings.stripe_secret_key.get_secret_value():
        # Stripe's library and the HTTP client it brings are only for those who use it.
        from services.billing.adapters.providers.stripe import StripeProvider

        providers[StripeProvider.name] = StripeProvider(
            settings.stripe_secret_key.get_secret_value(),
            webhook_secret=keyring(settings, "stripe_webhook_secret").texts,
            customers=customers,
            call_seconds=settings.provider_seconds,
        )
    return providers


def _steps(
    settings: BillingSettings,
    stores: Stores,
    directory: MongoDirectory,
    database: Database,
    clock: Clock,
    providers: Mapping[str, PaymentProvider],
) -> PaymentSteps:
    """Card payments go to the provider of the settings; without one, cards are refused."""
    known = [name for name in (settings.card_provider, SandboxProvider.name, "stripe") if name in providers]
    return PaymentSteps(
        payments=stores.payments,
        invoices=stores.invoices,
        cards=stores.cards,
        tokens=MongoCardTokens(database),
        providers=providers,
        card_provider=known[0] if known else None,
        clock=clock,
        day_of=BookingDays(directory),
        erased=MongoErased(database),
    )


def _routes(
    settings: BillingSettings,
    application: Application,
    verifier: TokenVerifier,
    long_log_ins: LongLogIns,
    database: Database,
    clock: Clock,
    renderer: TypstRenderer,
    stores: Stores,
    logos: Logos,
) -> list[BaseRoute]:
    queries = application.queries
    directory, instructions = application.directory, queries.instructions.of_invoice
    links = PortalLinks(directory, settings.portal_url)
    prints = PrintAnything(
        PrintDocuments(
            queries.estimates, queries.invoices, queries.statements, directory, logos, instructions, clock, links
        ),
        PrintReceipts(stores.payments, stores.invoices, directory, logos),
    )
    once = Idempotency(database[idempotency.COLLECTION], clock, stores.by_prefix)
    graphql = subgraph_app(
        SCHEMA, application, verifier.verify, once, keyring(settings, "gateway_key"), RequireKey, long_log_ins
    )
    return [
        Route("/graphql", graphql),
        WebSocketRoute("/graphql", graphql),
        *file_routes(application.links, prints.granted, renderer, HtmlPrintView()),
        *webhook_routes(application.commands.receive_webhook),
        *internal_routes(queries.briefs, prints.by_id, renderer, keyring(settings, "service_key"), RequireKey),
    ]
