"""The composition root: builds the gateway from settings, and nothing else does.

Longer than most files, because all wiring is in one place.
"""

import asyncio
import contextlib
import signal
from collections.abc import AsyncGenerator, Callable, Generator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any

from graphql import DocumentNode
from opentelemetry import trace
from starlette.types import ASGIApp

from chassis.farewell import Farewell
from chassis.kernel import SystemClock
from chassis.telemetry import start_tracing, stop_tracing
from chassis.web import Readiness
from gateway.deferral import Deferral
from gateway.grants import Grants, LateGrants, NoGrants
from gateway.http import Endpoint, EndpointOptions, Served
from gateway.http.coding import Codings
from gateway.http.front import PATH, Front
from gateway.http.graphiql import GraphiQL
from gateway.http.late import Late
from gateway.http.plans import Plans
from gateway.http.responding import Responding
from gateway.observe import MeasuredTransport, Observer
from gateway.observe import Transport as ObservedTransport
from gateway.pipeline import Labels, Pipeline, PipelineOptions
from gateway.plan import QueryPlan
from gateway.planner import plan
from gateway.preparing import Preparing
from gateway.quotas import Persons, Visits
from gateway.quotas.persons import AtOnce
from gateway.registry import Registry
from gateway.requests import PersistedDocuments, Reader
from gateway.requests.origins import Origins
from gateway.rollout import Rollout
from gateway.settings import GatewaySettings
from gateway.subgraphs.admission import Admission
from gateway.subgraphs.dedupe import SharedFetches
from gateway.subgraphs.header_rules import Merging, read_rules
from gateway.subgraphs.headers import HeaderRules
from gateway.subgraphs.http import HttpTransport
from gateway.subgraphs.target import Target, TransportOptions
from gateway.supergraph import Supergraph

WARMED = 200
"""How many operations are prepared for a new supergraph before it is served."""

if TYPE_CHECKING:
    from chassis.auth import TokenVerifier
    from gateway.subgraphs.aiohttp_transport import AiohttpTransport

    Transport = HttpTransport | AiohttpTransport


@dataclass(frozen=True, slots=True)
class Loaded:
    """What one state of the supergraph file comes to."""

    served: Served
    urls: Mapping[str, str]


def build(settings: GatewaySettings) -> tuple[ASGIApp, Readiness]:
    """Return the ASGI application, and the switch that takes it out of service.

    Raises:
        SupergraphError: the supergraph file cannot be used.
        ValueError: a subgraph has no usable address.
        InvalidManifest: the persisted documents cannot be used.
        OSError: a file cannot be read.
    """
    gateway = Gateway(settings)
    return gateway.front, gateway.readiness


def load(sdl: str, settings: GatewaySettings) -> Loaded:
    """Make everything that depends on the supergraph file.

    Raises:
        SupergraphError: the file cannot be used.
        ValueError: a subgraph has no usable address.
    """
    supergraph = Supergraph.from_sdl(sdl)
    options = PipelineOptions(
        limits=settings.all_limits(),
        suggestions=settings.suggestions,
        error_extensions=frozenset(settings.error_extensions),
        rejects_unauthorized=settings.unauthorized == "reject",
    )
    pipeline = _pipeline(supergraph, options)
    rollout = Rollout(supergraph.override_labels, settings.override_labels)
    urls = {name: settings.url_of(name, subgraph.url) for name, subgraph in supergraph.subgraphs.items()}
    _require_addresses(urls)
    return Loaded(Served(pipeline, rollout.choose if supergraph.override_labels else None), urls)


def _require_addresses(urls: Mapping[str, str]) -> None:
    for name, url in urls.items():
        try:
            Target.parse(url)
        except ValueError as error:
            raise ValueError(f"subgraph {name}: {error}") from None


def build_pipeline(sdl: str, options: PipelineOptions | None = None) -> Pipeline:
    """Return the stages for a supergraph, without any of the world around them.

    Raises:
        SupergraphError: the text cannot be used.
    """
    return _pipeline(Supergraph.from_sdl(sdl), options)


def _pipeline(supergraph: Supergraph, options: PipelineOptions | None) -> Pipeline:
    def make_plan(document: DocumentNode, name: str | None, labels: Labels, deferral: Deferral) -> QueryPlan:
        return plan(supergraph, document, name, labels=labels, deferral=deferral)

    return Pipeline(supergraph.api_schema, make_plan, options, supergraph.rules)


class Gateway:
    """The parts, put together; they run inside the application's lifespan."""

    def __init__(self, settings: GatewaySettings) -> None:
        self.farewell = Farewell()
        self.readiness = Readiness(leaving=self.farewell.begin, farewell=self.farewell.say)
        self.registry = Registry(settings.supergraph, partial(load, settings=settings))
        self._settings = settings
        self._reader, self._headers, self._observer = _reader(settings), _header_rules(settings), _observer(settings)
        self._origins, self._preparing = _origins(settings), Preparing()
        self.visits = _visits(settings)
        self._grants = _grants(settings)
        key = Admission(lambda: self.registry.current.urls, self._headers.gateway_key, _transport_options(settings))
        self.readiness.checks["gateway key"] = key.holds
        self.front = Front(
            self._status,
            lambda _: self.running(),
            pages=settings.graphiql,
            origins=self._origins,
        )

    async def _status(self) -> Mapping[str, Any]:
        told = await self.readiness.report()
        ready = self.front.endpoint is not None and told["ready"]
        return {**told, "ready": ready, "supergraph": self.registry.problem or "loaded"}

    @asynccontextmanager
    async def running(self) -> AsyncGenerator[None]:
        """Open the transport and follow the supergraph file, until the block ends."""
        settings, registry = self._settings, self.registry
        transport = _transport(settings)
        transport.use(registry.current.urls)
        registry.adopt = lambda loaded: transport.use(loaded.urls)
        registry.carry_over = _most_used
        self.front.endpoint = self._endpoint(registry, transport)
        following = asyncio.create_task(registry.follow(settings.reload_seconds))
        try:
            with _reloading_on_hangup(registry):
                yield
        finally:
            self.front.endpoint = None
            following.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await following
            self._preparing.close()
            await transport.aclose()
            if settings.otlp_endpoint:
                stop_tracing()

    def _endpoint(self, registry: Registry[Loaded], transport: "Transport") -> Endpoint:
        settings = self._settings
        layered: Any = SharedFetches(transport) if settings.share_fetches else transport
        layered = MeasuredTransport(layered) if settings.metrics else layered
        options = EndpointOptions(
            current=lambda: registry.current.served,
            transport=layered,
            reader=self._reader,
            preparing=self._preparing,
            visits=self.visits,
            grants=self._grants,
            headers=self._headers,
            observer=self._observer,
            timeout=settings.operation_timeout,
            mutation_timeout=max(settings.operation_timeout, settings.mutation_timeout),
            origins=self._origins,
            statuses=settings.status_codes,
            plans=Plans(settings.plan_scope, self._grants) if settings.plan_scope else None,
            responding=Responding(settings.compress_from, Codings(settings.codings), _merging(settings)),
        )
        streams = Late(lambda: self._streams(registry, layered))
        return Endpoint(options, streams=streams, page=GraphiQL(PATH).page if settings.graphiql else None)

    def _streams(self, registry: Registry[Loaded], transport: ObservedTransport) -> ASGIApp:
        """Return what serves streams: Strawberry is a quarter of all imports, and many never subscribe."""
        from gateway.subscriptions import FederatedSchema, Streams

        schema = FederatedSchema(
            lambda: (registry.current.served.pipeline, registry.current.served.choose()),
            transport,
            self._reader,
            self._headers,
            self._observer,
            self.farewell,
            self._preparing,
            self._grants,
        )
        return Streams(
            schema,
            self._reader,
            origins=self._origins,
            init_timeout=timedelta(seconds=self._settings.socket_init_timeout),
            operations_per_socket=self._settings.operations_per_socket,
            visits=self.visits,
            headers=self._headers,
        )


def _most_used(loaded: Loaded) -> Callable[[Loaded], None]:
    """Return what prepares for the next supergraph the operations that were most used with this one."""
    wanted = loaded.served.pipeline.most_used(WARMED)
    return lambda following: following.served.pipeline.warm(wanted)


def _transport(settings: GatewaySettings) -> "Transport":
    if settings.transport == "lean":
        return HttpTransport({}, _transport_options(settings))
    from gateway.subgraphs.aiohttp_transport import AiohttpTransport

    return AiohttpTransport({}, _transport_options(settings))


def _transport_options(settings: GatewaySettings) -> TransportOptions:
    returned = {name: frozenset(h.lower().encode() for h in names) for name, names in settings.returned_headers.items()}
    return TransportOptions(
        timeout=settings.fetch_timeout,
        mutation_timeout=max(settings.fetch_timeout, settings.mutation_fetch_timeout),
        connections=settings.fetch_connections,
        queue=settings.fetch_queue,
        age=settings.connection_age,
        query_retries=settings.fetch_retries,
        breaker_percent=settings.breaker_percent,
        breaker_fetches=settings.breaker_fetches,
        breaker_pause=settings.breaker_pause,
        returned=returned,
        differing=settings.subgraph_options,
        protocols=settings.subscription_protocols,
    )


def _header_rules(settings: GatewaySettings) -> HeaderRules:
    return HeaderRules(
        everywhere=tuple(name.lower().encode() for name in settings.forwarded_headers),
        cookies=settings.forwarded_cookies,
        gateway_key=settings.gateway_key.get_secret_value().encode("ascii"),
        trusted_proxies=settings.trusted_proxies,
        rules=read_rules(settings.header_rules),
    )


def _visits(settings: GatewaySettings) -> Visits:
    """Count only where people can be told from one another."""
    return Visits(settings.all_quotas(), Persons(lambda: _verifier(settings))) if settings.jwks_url else Visits()


def _verifier(settings: GatewaySettings) -> "TokenVerifier":
    """Import late: what verifies tokens is a third of all memory at the start."""
    from chassis.auth import JwksKeys, TokenVerifier

    return TokenVerifier(AtOnce(JwksKeys(settings.jwks_url)), settings.issuer, SystemClock())


def _merging(settings: GatewaySettings) -> Mapping[bytes, Merging]:
    return {name.lower().encode(): how for name, how in settings.merged_headers.items()}


def _grants(settings: GatewaySettings) -> Grants:
    if not settings.jwks_url:
        return NoGrants()

    def make() -> Grants:
        from chassis.auth import JwksKeys
        from gateway.tokens import TokenGrants

        return TokenGrants(JwksKeys(settings.jwks_url), settings.issuer)

    return LateGrants(make)


def _origins(settings: GatewaySettings) -> Origins:
    rules = read_rules(settings.header_rules)
    return Origins(
        listed=settings.allowed_origins,
        headers=(*settings.allowed_headers, *settings.forwarded_headers, *(rules.propagated if rules else ())),
        seconds=settings.preflight_seconds,
        credentials=settings.allowed_credentials,
    )


def _reader(settings: GatewaySettings) -> Reader:
    path, only = settings.persisted_documents, settings.persisted_only
    remembered = 0 if only else settings.automatic_persisted_bytes
    persisted = (
        PersistedDocuments.from_file(path, only=only, remembered=remembered)
        if path
        else PersistedDocuments({}, only=only, remembered=remembered)
    )
    return Reader(settings.all_limits(), persisted)


def _observer(settings: GatewaySettings) -> Observer:
    """Spans are made only where they go somewhere."""
    if settings.otlp_endpoint:
        start_tracing("gateway", settings.otlp_endpoint)
    tracer = trace.get_tracer("gateway") if settings.otlp_endpoint else None
    return Observer(tracer, log_requests=settings.log_requests, metrics=settings.metrics)


@contextmanager
def _reloading_on_hangup(registry: Registry[Loaded]) -> Generator[None]:
    """SIGHUP reloads at once; outside the main thread there are no signals, and the poll does it."""
    tasks: set[asyncio.Task[bool]] = set()

    def reload() -> None:
        task = asyncio.ensure_future(registry.reload())
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    loop = asyncio.get_running_loop()
    with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
        loop.add_signal_handler(signal.SIGHUP, reload)
    try:
        yield
    finally:
        with contextlib.suppress(ValueError, RuntimeError, NotImplementedError):
            loop.remove_signal_handler(signal.SIGHUP)
