"""What `portal doctor` looks at: one finding for each thing, with what to do where it is not well.

Nothing is changed, but for the one document by which readiness writes too. Services are asked over HTTP for what only
a running process knows; one that does not answer is a finding, too.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from typing import TYPE_CHECKING, Any

from chassis.settings import ServiceSettings, SettingsError
from chassis.troubles import Trouble, in_words
from portal_cli.paths import SERVICES
from portal_cli.service_settings import settings_of

if TYPE_CHECKING:
    from chassis.mongo.client import Database

SECONDS = 5.0
"""How long one look may take."""
SKEW = timedelta(seconds=30)
"""By how much a clock may differ: tokens live for five minutes, leases for thirty seconds."""
_WELL = "well"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at; `todo` is empty where it is well."""

    service: str
    what: str
    found: str = _WELL
    todo: str = ""

    @property
    def is_well(self) -> bool:
        """Tell whether there is nothing to do."""
        return not self.todo

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {**asdict(self), "well": self.is_well}


async def examine_environment(environ: Mapping[str, str]) -> AsyncIterator[Finding]:
    """Look at everything that the settings of all services name, and at the services where they are reached."""
    for service in SERVICES:
        try:
            settings = settings_of(service)
        except SettingsError as refused:
            for line in str(refused).splitlines()[1:]:
                name, _, said = line.partition(": ")
                yield Finding(service, "settings", name, said)
            continue
        own = environ.get(f"PORTAL_MONGO_URL_{service.upper()}")
        settings = settings.model_copy(update={"mongo_url": own}) if own else settings
        async for finding in examine(service, settings):
            yield finding
        if settings.amqp_url:
            yield await _broker(service, settings)
        async for finding in _running(service, settings):
            yield finding


async def examine(service: str, settings: ServiceSettings) -> AsyncIterator[Finding]:
    """Look at a service's settings and database."""
    from chassis.mongo.client import connect

    yield Finding(service, "settings")
    database = connect(settings.mongo_url, f"{settings.database_prefix}{service}", timeout_ms=int(SECONDS * 1000))
    try:
        await database.works()
        yield Finding(service, "database", await _version(database))
        yield await _clock(service, database)
        yield await _indexes(service, database)
        if service == "identity":
            yield await _signing_keys(settings, database)
            yield await _second_factors(settings, database)
    except Exception as error:
        yield Finding(service, "database", type(error).__name__, in_words(error, "database") or "See the log.")
    finally:
        await database.close()


async def _version(database: "Database") -> str:
    try:
        return f"version {(await database.command({'buildInfo': 1}))['version']}"
    except Exception:
        return _WELL


async def _clock(service: str, database: "Database") -> Finding:
    told: Any = (await database.command({"hello": 1})).get("localTime")
    if not isinstance(told, datetime):
        return Finding(service, "clock", "the database does not tell the time")
    skew = abs(datetime.now(UTC) - told.replace(tzinfo=told.tzinfo or UTC))
    if skew <= SKEW:
        return Finding(service, "clock")
    found = f"differs from the database's by {skew.total_seconds():.0f} s"
    return Finding(service, "clock", found, "Set both clocks by NTP: leases and tokens are compared across machines.")


async def _indexes(service: str, database: "Database") -> Finding:
    from chassis.mongo.indexes import index_tasks

    tasks = await index_tasks(database, import_module(f"services.{service}.bootstrap").storage(database).indexes)
    if not tasks:
        return Finding(service, "indexes")
    return Finding(service, "indexes", "; ".join(map(str, tasks)), "Run `portal migrate`.")


async def _signing_keys(settings: Any, database: "Database") -> Finding:
    from chassis.kernel import SystemClock
    from chassis.keyring import keyring
    from services.identity.adapters.tokens import SigningKeys

    def opened_by(secrets: list[bytes]) -> SigningKeys:
        return SigningKeys(database, secrets, SystemClock(), life=timedelta(days=settings.signing_key_days))

    ring = keyring(settings, "identity_secret")
    try:
        await opened_by(ring.raw).fit()
    except Trouble as trouble:
        return Finding("identity", "signing keys", "sealed by another secret", str(trouble))
    try:
        await opened_by(ring.raw[:1]).fit()
    except Trouble:
        return Finding("identity", "signing keys", "some need a secret beside PORTAL_IDENTITY_SECRET: keep it for now")
    return Finding("identity", "signing keys", "all sealed by PORTAL_IDENTITY_SECRET")


async def _second_factors(settings: Any, database: "Database") -> Finding:
    from chassis.keyring import keyring
    from services.identity.adapters.mongo_people import CONTACTS, STAFF
    from services.identity.adapters.sealing import JweSealing
    from services.identity.application.second_factors import SECRETS

    sealing = JweSealing(keyring(settings, "identity_secret").raw)
    people = [database[name] for name in (STAFF, CONTACTS)]
    lost, former = await sealing.left_behind(people, "second_factor.secret", SECRETS)
    if lost:
        found = f"{lost} sealed by a secret that is not set"
        remedy = "Set PORTAL_IDENTITY_SECRET_BEFORE to it; else these people need their recovery codes or an owner."
        return Finding("identity", "second factors", found, remedy)
    if former:
        found = f"{former} need a secret beside PORTAL_IDENTITY_SECRET: keep it for now"
        return Finding("identity", "second factors", found)
    return Finding("identity", "second factors", "all sealed by PORTAL_IDENTITY_SECRET")


async def _broker(service: str, settings: ServiceSettings) -> Finding:
    from chassis.bus.rabbitmq import RabbitBus

    bus: Any = RabbitBus(settings.amqp_url)
    try:
        async with asyncio.timeout(SECONDS):
            await bus.reach()
            missing: list[str] = await bus.missing() if hasattr(bus, "missing") else []
    except Exception as error:
        return Finding(service, "broker", type(error).__name__, in_words(error, "broker") or "See the log.")
    finally:
        await bus.close()
    if missing:
        return Finding(service, "broker", f"missing: {', '.join(missing)}", "See deploy/rabbitmq/README.md.")
    return Finding(service, "broker")


async def _running(service: str, settings: ServiceSettings) -> AsyncIterator[Finding]:
    """Ask the running web process: whether it is ready, and whether it takes the keys that these settings have."""
    import aiohttp

    url = str(getattr(settings, f"{service}_url", "") or os.environ.get(f"PORTAL_{service.upper()}_URL", ""))
    endpoint = os.environ.get(f"PORTAL_SUBGRAPH_{service.upper()}_URL", f"{url}/graphql")
    base = url or endpoint.removesuffix("/graphql")
    if not base.startswith("http"):
        return
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=SECONDS)) as http:
        try:
            yield await _ready(service, http, base)
            yield await _takes_gateway_key(service, settings, http, endpoint)
            if service == "identity":
                yield await _takes_service_key(settings, http, base)
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            todo = f"See that it runs and that PORTAL_{service.upper()}_URL names it."
            yield Finding(service, "process", f"does not answer ({type(error).__name__})", todo)


async def _ready(service: str, http: Any, base: str) -> Finding:
    async with http.get(f"{base}/readyz") as answer:
        told: dict[str, Any] = await answer.json()
    if told["ready"]:
        return Finding(service, "process", ", ".join(f"{name} {of}" for name, of in told.get("data", {}).items()))
    said = " ".join(told.get("advice", {}).values()) or "Wait, and see its log."
    return Finding(service, "process", f"not ready: {', '.join(told['missing'])}", said)


async def _takes_gateway_key(service: str, settings: ServiceSettings, http: Any, endpoint: str) -> Finding:
    headers = {"x-portal-gateway-key": settings.gateway_key.get_secret_value()}
    async with http.post(endpoint, json={"query": "{ __typename }"}, headers=headers) as answer:
        if answer.status != 401:
            return Finding(service, "gateway key")
    todo = "Give it the gateway's PORTAL_GATEWAY_KEY, or that one as PORTAL_GATEWAY_KEY_NEXT."
    return Finding(service, "gateway key", "the process does not take PORTAL_GATEWAY_KEY", todo)


async def _takes_service_key(settings: ServiceSettings, http: Any, base: str) -> Finding:
    headers = {"x-portal-service-key": settings.service_key.get_secret_value()}
    async with http.get(f"{base}/internal/staff", params={"organisation": "org_none"}, headers=headers) as answer:
        if answer.status != 401:
            return Finding("identity", "service key")
    todo = "Give all services the same PORTAL_SERVICE_KEY, or this one as PORTAL_SERVICE_KEY_NEXT."
    return Finding("identity", "service key", "the process does not take PORTAL_SERVICE_KEY", todo)
