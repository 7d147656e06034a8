"""Two replicas of processes behind balancers, restarted one by one while people use them all the time.

Door: `Fleet`, and `Visitors` who count what failed. Nothing here is sent twice: aiohttp repeats no POST.
"""

import asyncio
import json
import os
import sys
import time
from collections import defaultdict
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from payment_sandbox.webhooks import sign
from portal_cli.http_probe import answers_ok
from portal_cli.paths import ROOT, SUPERGRAPH
from portal_cli.ports import LOOPBACK, free_ports
from portal_cli.processes import Child, Program
from tests.support.balancing import Balancer
from tests.support.waiting import LIMIT, eventually

REPLICAS = 2
DRAIN_SECONDS = 1.0
"""Many times what the balancer needs to see that a process is not ready."""
_PAUSE = 0.1
_REFRESH_EVERY = 15
_REGISTER = """mutation($input: RegisterOrganisationInput!) { registerOrganisation(input: $input) {
  session { accessToken refreshToken } userErrors { code } } }"""
_CREATE = "mutation($input: CreateCustomerInput!) { createCustomer(input: $input) { userErrors { code } } }"
_REFRESH = """mutation($token: String!) { refreshSession(input: { refreshToken: $token }) {
  session { accessToken refreshToken } userErrors { code } } }"""
ADDRESS = {"line1": "1 Main Street", "city": "Berlin", "postalCode": "10115", "country": "DE"}


@dataclass
class Fleet:
    """The processes; `environment` is what those are told that are started from now on."""

    folder: Path
    services: Sequence[str]
    environment: dict[str, str]
    workers: Sequence[str] = ()
    ends: dict[str, list[float]] = field(default_factory=lambda: defaultdict[str, list[float]](list))
    """The seconds from SIGTERM to the end, by kind of process."""
    children: dict[tuple[str, int], Child] = field(default_factory=dict[tuple[str, int], Child])
    balancers: dict[str, Balancer] = field(default_factory=dict[str, Balancer])
    prefix: str = field(default_factory=lambda: f"fleet_{uuid4().hex[:8]}_")

    @property
    def url(self) -> str:
        """Where the gateways are reached."""
        return f"http://{LOOPBACK}:{self.balancers['gateway'].port}/graphql"

    def told_ends(self) -> str:
        """Return the shortest and the longest time from SIGTERM to the end, a line for each kind of process."""
        return "\n".join(f"{name}: {min(ends):.1f} to {max(ends):.1f} s" for name, ends in self.ends.items())

    @asynccontextmanager
    async def running(self) -> AsyncGenerator["Fleet"]:
        """Run everything while the block runs."""
        names = (*self.services, "gateway")
        ports = free_ports(REPLICAS * len(names))
        chosen = {name: ports[REPLICAS * n : REPLICAS * (n + 1)] for n, name in enumerate(names)}
        async with AsyncExitStack() as stack:
            for name in names:
                self.balancers[name] = await stack.enter_async_context(Balancer(chosen[name]).running())
            stack.push_async_callback(self._stop)
            for name in names:
                for port in chosen[name]:
                    self.children[name, port] = Child.start(self._program(name, port))
            for name, port in zip(self.workers, free_ports(len(self.workers)), strict=True):
                self.children[f"{name} worker", port] = Child.start(self._program(f"{name} worker", port))
            await asyncio.gather(
                *(asyncio.to_thread(child.wait_until_ready, LIMIT) for child in self.children.values())
            )
            yield self

    async def restart(self, name: str, port: int) -> None:
        """Stop one process, start its successor, and return when it is ready and the balancer sends it connections."""
        began = time.monotonic()
        code = await asyncio.to_thread(self.children[name, port].stop, LIMIT)
        self.ends[name].append(time.monotonic() - began)
        assert code == 0, f"{name} ended with {code}: {self.children[name, port].program.log.read_text()[-2000:]}"
        balancer = self.balancers.get(name)
        if balancer is not None:
            await eventually(lambda: port not in balancer.ready, f"{name} out of the balancer")
        successor = self.children[name, port] = Child.start(self._program(name, port))
        await asyncio.to_thread(successor.wait_until_ready, LIMIT)
        if balancer is not None:
            await eventually(lambda: port in balancer.ready, f"{name} in the balancer")

    async def roll(self, *spared: str) -> None:
        """Restart every process but those of some names: one of each kind at a time, the workers last."""
        rolled = [name for name, _ in self.children if name not in spared]
        kinds = {name: [port for other, port in self.children if other == name] for name in rolled}
        served = [name for name in kinds if name in self.balancers]
        for number in range(REPLICAS):
            await asyncio.gather(*(self.restart(name, kinds[name][number]) for name in served))
        for name in kinds.keys() - {*served}:
            await asyncio.gather(*(self.restart(name, port) for port in kinds[name]))

    async def _stop(self) -> None:
        await asyncio.gather(*(asyncio.to_thread(child.kill) for child in self.children.values()))

    def _program(self, name: str, port: int) -> Program:
        return Program(
            name=f"{name}-{port}",
            argv=(sys.executable, "-m", "portal_cli.main", "serve", *name.split(), "--port", str(port)),
            log=self.folder / f"{name.replace(' ', '-')}-{port}.log",
            env=self._told(),
            cwd=ROOT,
            ready=answers_ok(port, "/readyz"),
        )

    def _told(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
        urls = {name: f"http://{LOOPBACK}:{self.balancers[name].port}" for name in self.services}
        return {
            **inherited,
            "PORTAL_DRAIN_SECONDS": str(DRAIN_SECONDS),
            "PORTAL_DATABASE_PREFIX": self.prefix,
            "PORTAL_OUTBOX_POLL_SECONDS": "60",
            "PORTAL_SUPERGRAPH": str(SUPERGRAPH),
            "PORTAL_PORTAL_URL": "https://portal.example",
            "PORTAL_INTROSPECTION": "true",
            "PORTAL_GRAPHIQL": "true",
            "PORTAL_MAIL_FOLDER": str(self.folder / "mail"),
            "PORTAL_ARGON2_MEMORY_KIB": "8",
            "PORTAL_ARGON2_PASSES": "1",
            "PORTAL_REGISTRATIONS_PER_HOUR": "10000",
            "PORTAL_OPERATION_TIMEOUT": str(LIMIT),
            "PORTAL_FETCH_TIMEOUT": str(LIMIT),
            "PORTAL_MUTATION_TIMEOUT": str(LIMIT),
            "PORTAL_MUTATION_FETCH_TIMEOUT": str(LIMIT),
            "PORTAL_OWNER_SECONDS": str(LIMIT),
            "PORTAL_JWKS_URL": f"{urls['identity']}/.well-known/jwks.json",
            **{f"PORTAL_{name.upper()}_URL": url for name, url in urls.items()},
            **{f"PORTAL_SUBGRAPH_{name.upper()}_URL": f"{url}/graphql" for name, url in urls.items()},
            **self.environment,
        }


@dataclass
class Visitors:
    """People who ask, create and refresh all the time, each on one kept connection, and one socket each."""

    url: str
    query: str
    asked: int = 0
    created: int = 0
    failed: list[str] = field(default_factory=list[str])
    closed: list[int | None] = field(default_factory=list[int | None])
    """The codes with which sockets were closed."""

    @asynccontextmanager
    async def at_work(self, many: int) -> AsyncGenerator["Visitors"]:
        """Let so many people work while the block runs; each finishes what it has begun."""
        over = asyncio.Event()
        async with AsyncExitStack() as open_sessions:
            people = [
                Person(self, await open_sessions.enter_async_context(_one_connection()), number)
                for number in range(many)
            ]
            await asyncio.gather(*(person.register() for person in people))
            working = [asyncio.create_task(person.work(over)) for person in people]
            listening = [asyncio.create_task(person.listen()) for person in people]
            try:
                yield self
            finally:
                over.set()
                await asyncio.gather(*working)
                for task in listening:
                    task.cancel()
                await asyncio.gather(*listening, return_exceptions=True)


def _one_connection() -> aiohttp.ClientSession:
    connector = aiohttp.TCPConnector(limit=1, keepalive_timeout=60)
    return aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=LIMIT))


class Person:
    """One of the visitors, with an organisation of their own."""

    def __init__(self, visitors: Visitors, http: aiohttp.ClientSession, number: int) -> None:
        self._visitors, self._http, self._number = visitors, http, number
        self._access = self._refresh = ""

    async def register(self) -> None:
        owner = {"name": "Olivia", "email": f"o{uuid4().hex}@business.example", "password": "correct horse battery"}
        fixed = {"timeZone": "Europe/Berlin", "locale": "en-GB", "currency": "EUR", "address": ADDRESS}
        given = {"name": f"Acme {self._number}", "owner": owner, "idempotencyKey": uuid4().hex, **fixed}
        answer = await self._ask(_REGISTER, {"input": given})
        assert answer is not None, self._visitors.failed
        self._keep(answer["registerOrganisation"]["session"])

    async def work(self, over: asyncio.Event) -> None:
        """Ask, create, ask, create … and refresh now and then, until it is over."""
        turn = 0
        while not over.is_set():
            turn += 1
            if turn % _REFRESH_EVERY == 0:
                answer = await self._ask(_REFRESH, {"token": self._refresh})
                if answer:
                    self._keep(answer["refreshSession"]["session"])
            elif turn % 2:
                await self._ask(self._visitors.query, {})
            else:
                given = {"name": f"Client {turn}", "currency": "EUR", "idempotencyKey": uuid4().hex}
                answer = await self._ask(_CREATE, {"input": given})
                self._visitors.created += answer is not None
            await asyncio.sleep(_PAUSE)

    async def listen(self) -> None:
        """Hold a socket, and connect again when it is closed."""
        async with aiohttp.ClientSession() as http:
            while True:
                async with http.ws_connect(self._visitors.url, protocols=("graphql-transport-ws",)) as socket:
                    await socket.send_json({"type": "connection_init"})
                    async for _ in socket:
                        pass
                    self._visitors.closed.append(socket.close_code)

    def _keep(self, session: Mapping[str, str]) -> None:
        self._access, self._refresh = session["accessToken"], session["refreshToken"]

    async def _ask(self, query: str, variables: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return the data, or None after noting what failed."""
        headers = {"authorization": f"Bearer {self._access}"} if self._access and "refresh" not in query else {}
        self._visitors.asked += 1
        try:
            body = {"query": query, "variables": variables}
            async with self._http.post(self._visitors.url, json=body, headers=headers) as answer:
                told = await answer.json()
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            self._visitors.failed.append(f"{query[:40]}: {error!r}")
            return None
        if answer.status != 200 or told.get("errors") or _refused(told["data"]):
            self._visitors.failed.append(f"{query[:40]}: {answer.status} {told}")
            return None
        return told["data"]


def _refused(data: Mapping[str, Any]) -> bool:
    return any(value is None or value.get("userErrors") for value in data.values() if not isinstance(value, list))


@dataclass
class Provider:
    """A payment provider that tells all the time that something happened, on one kept connection.

    `secret` signs from now on; `failed` is what was not taken.
    """

    name: str
    url: str
    header: str
    secret: str
    told: int = 0
    failed: list[str] = field(default_factory=list[str])

    @asynccontextmanager
    async def at_work(self) -> AsyncGenerator["Provider"]:
        """Tell while the block runs."""
        over = asyncio.Event()
        telling = asyncio.create_task(self._tell(over))
        try:
            yield self
        finally:
            over.set()
            await telling

    async def _tell(self, over: asyncio.Event) -> None:
        async with _one_connection() as http:
            while not over.is_set():
                self.told += 1
                await self._deliver(
                    http, {"id": f"evt_{uuid4().hex}", "type": "ping", "data": {"object": {"object": "ping"}}}
                )
                await asyncio.sleep(3 * _PAUSE)

    async def _deliver(self, http: aiohttp.ClientSession, event: Mapping[str, Any]) -> None:
        body = json.dumps(event).encode()
        headers = {self.header: sign(self.secret, int(time.time()), body)}
        try:
            async with http.post(self.url, data=body, headers=headers) as answer:
                if answer.status != 200:
                    self.failed.append(f"{answer.status} {await answer.text()}")
        except (aiohttp.ClientError, TimeoutError) as error:
            self.failed.append(repr(error))
