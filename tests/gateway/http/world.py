# ruff: noqa: E501 - the supergraph keeps its lines
"""A gateway on a real port in front of two subgraphs on real ports, which can be told to misbehave."""

import asyncio
import contextlib
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from aiohttp import ClientSession, WSMsgType, web
from graphql import GraphQLError, build_schema, graphql_sync

from chassis.http_edge import edge
from gateway.bootstrap import Gateway
from gateway.settings import GatewaySettings
from portal_cli.ports import free_ports
from tests.support.waiting import LIMIT

SUPERGRAPH = """
schema @link(url: "https://specs.apollo.dev/link/v1.0") @link(url: "https://specs.apollo.dev/join/v0.5", for: EXECUTION) {
  query: Query mutation: Mutation subscription: Subscription
}
directive @join__enumValue(graph: join__Graph!) repeatable on ENUM_VALUE
directive @join__field(graph: join__Graph, requires: join__FieldSet, provides: join__FieldSet, type: String, external: Boolean, override: String, usedOverridden: Boolean, overrideLabel: String) repeatable on FIELD_DEFINITION | INPUT_FIELD_DEFINITION
directive @join__graph(name: String!, url: String!) on ENUM_VALUE
directive @join__implements(graph: join__Graph!, interface: String!) repeatable on OBJECT | INTERFACE
directive @join__type(graph: join__Graph!, key: join__FieldSet, extension: Boolean! = false, resolvable: Boolean! = true, isInterfaceObject: Boolean! = false) repeatable on OBJECT | INTERFACE | UNION | ENUM | INPUT_OBJECT | SCALAR
directive @join__unionMember(graph: join__Graph!, member: String!) repeatable on UNION
directive @link(url: String, as: String, for: link__Purpose, import: [link__Import]) repeatable on SCHEMA
scalar join__FieldSet
scalar link__Import
enum link__Purpose { SECURITY EXECUTION }
enum join__Graph {
  ACCOUNTS @join__graph(name: "accounts", url: "ACCOUNTS_URL")
  BILLING @join__graph(name: "billing", url: "BILLING_URL")
}
type Query @join__type(graph: ACCOUNTS) @join__type(graph: BILLING) {
  me: User @join__field(graph: ACCOUNTS)
  users: [User!]! @join__field(graph: ACCOUNTS)
  seen: [String!]! @join__field(graph: ACCOUNTS)
  invoices(first: Int): [Invoice!] @join__field(graph: BILLING)
}
type Mutation @join__type(graph: ACCOUNTS) @join__type(graph: BILLING) {
  logIn(name: String!): User @join__field(graph: ACCOUNTS)
  pay(input: PayInput!): Invoice @join__field(graph: BILLING)
}
input PayInput @join__type(graph: BILLING) { id: ID! amount: Int! noteForStaff: String }
type Subscription @join__type(graph: ACCOUNTS) {
  ticks(to: Int!): Tick @join__field(graph: ACCOUNTS)
}
type Tick @join__type(graph: ACCOUNTS) { number: Int! user: User! }
type User @join__type(graph: ACCOUNTS, key: "id") @join__type(graph: BILLING, key: "id") {
  id: ID!
  name: String! @join__field(graph: ACCOUNTS)
  invoices: [Invoice!] @join__field(graph: BILLING)
  must: Int! @join__field(graph: BILLING)
}
type Invoice @join__type(graph: BILLING, key: "id") { id: ID! total: Int owner: User! }
"""

_ENTITIES = "scalar _Any union _Entity = User extend type Query { _entities(representations: [_Any!]!): [_Entity]! } "
_SDL = {
    "accounts": _ENTITIES
    + """
    type Query { me: User users: [User!]! seen: [String!]! } type Mutation { logIn(name: String!): User }
    type Subscription { ticks(to: Int!): Tick } type Tick { number: Int! user: User! } type User { id: ID! name: String! }""",
    "billing": _ENTITIES
    + """
    type Query { invoices(first: Int): [Invoice!] } type Mutation { pay(input: PayInput!): Invoice }
    input PayInput { id: ID! amount: Int! noteForStaff: String }
    type User { id: ID! invoices: [Invoice!] must: Int! } type Invoice { id: ID! total: Int owner: User! }""",
}
PATIENT = {"log_requests": False, "operation_timeout": LIMIT, "fetch_timeout": LIMIT, "socket_init_timeout": LIMIT}
USERS = {str(n): {"__typename": "User", "id": str(n), "name": name} for n, name in enumerate(("Ada", "Zoë"), 1)}
INVOICES = [{"id": f"i{n}", "total": n * 100, "owner": {"__typename": "User", "id": str(n % 2 + 1)}} for n in range(4)]


def _must(user: str) -> Any:
    return 1 if user == "1" else GraphQLError("no must")


def _of(user: str) -> list[dict[str, Any]]:
    return [invoice for invoice in INVOICES if invoice["owner"]["id"] == user]


@dataclass
class Subgraph:
    """One subgraph on a real port; `mode` says how it behaves, `requests` what it got,
    `returns` which headers its answers have."""

    name: str
    mode: str = "ok"
    returns: dict[str, str] = field(default_factory=dict)
    requests: list[tuple[dict[str, str], dict[str, Any]]] = field(default_factory=list)
    open_sockets: int = 0
    _runner: Any = None
    _port: int = 0

    def __post_init__(self) -> None:
        self._schema = build_schema(_SDL[self.name])
        self._never = asyncio.Event()
        self.asked, self.released, self.abandoned = asyncio.Event(), asyncio.Event(), asyncio.Event()

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://127.0.0.1:{self._port}/graphql"

    async def start(self) -> None:
        """Listen; on the same port as before, if there was one."""
        app = web.Application()
        app.router.add_post("/graphql", self._post)
        app.router.add_get("/graphql", self._socket)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        self._port = self._port or free_ports(1)[0]  # no outgoing connection can take it while the subgraph is down
        await web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True).start()

    async def stop(self) -> None:
        """Stop listening and drop every connection."""
        await self._runner.cleanup()

    async def _post(self, request: web.Request) -> web.StreamResponse:
        asked = await request.json()
        self.requests.append((_headers(request), asked))
        match self.mode:
            case "held":
                await self._held()
            case "slow":
                await self._never.wait()
            case "reset":
                request.transport.abort()
                await self._never.wait()
            case "refusing":
                return web.json_response({"errors": [{"message": "no"}]}, status=401)
            case "html":
                return web.Response(text="<html>secret-host-7 Bad Gateway</html>", status=502, content_type="text/html")
            case "truncated":
                text = json.dumps(self._answer(asked))
                return web.Response(text=text[: len(text) // 2], content_type="application/json")
            case "wrong types":
                return web.json_response({"data": _wrong(self._answer(asked)["data"])})
            case "no graphql":
                return web.json_response({"error": "secret-host-7 is draining"})
            case "tokens" if request.headers.get("authorization") == "Bearer old":
                return web.json_response(
                    {
                        "data": {"me": None},
                        "errors": [{"message": "over", "path": ["me"], "extensions": {"code": "UNAUTHENTICATED"}}],
                    }
                )
            case "errors":
                return web.json_response({"errors": [{"message": "no", "extensions": {"stacktrace": "secret"}}]})
            case _:
                pass
        response = web.json_response(self._answer(asked), headers=self.returns)
        if "logIn" in asked["query"]:
            response.headers.add("set-cookie", "portal_refresh=r1; HttpOnly")
            response.headers.add("x-internal", "secret")
        return response

    def _answer(self, asked: dict[str, Any]) -> dict[str, Any]:
        root = {
            "me": USERS["1"],
            "users": list(USERS.values()),
            "seen": [name.lower() for name in self.requests[-1][0]],
            "invoices": lambda _info, first=None: INVOICES[:first],
            "logIn": lambda _info, name: USERS["1"],
            "pay": lambda _info, input: INVOICES[0],
            "_entities": lambda _info, representations: [self._entity(r) for r in representations],
        }
        result = graphql_sync(
            self._schema, asked["query"], root, variable_values=asked.get("variables"),
            operation_name=asked.get("operationName"),
        )  # fmt: skip
        return result.formatted

    def _entity(self, representation: dict[str, Any]) -> dict[str, Any]:
        user = representation["id"]
        return USERS[user] if self.name == "accounts" else {**USERS[user], "invoices": _of(user), "must": _must(user)}

    async def _held(self) -> None:
        """Wait until released; say that a request came, and whether whoever sent it went away."""
        self.asked.set()
        try:
            await self.released.wait()
        except asyncio.CancelledError:
            self.abandoned.set()
            raise

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(protocols=("graphql-transport-ws",))
        await socket.prepare(request)
        self.requests.append((_headers(request), {}))
        self.open_sockets += 1
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._message(socket, json.loads(message.data))
        finally:
            self.open_sockets -= 1
        return socket

    async def _message(self, socket: web.WebSocketResponse, message: dict[str, Any]) -> None:
        if message["type"] == "connection_init":
            await socket.send_json({"type": "connection_ack"})
        elif message["type"] == "subscribe":
            text = json.dumps(message["payload"])
            to = (message["payload"].get("variables") or {}).get("to") or int(text.split("to:")[1].split(")")[0])
            if self.requests[-1][0].get("authorization") == "Bearer expiring":
                ended = {"message": "over", "path": ["ticks"], "extensions": {"code": "UNAUTHENTICATED"}}
                told = [
                    {"data": {"ticks": {"number": 1, "user": USERS["2"]}}},
                    {"data": {"ticks": None}, "errors": [ended]},
                ]
                for payload in told:
                    await socket.send_json({"id": message["id"], "type": "next", "payload": payload})
                await socket.send_json({"id": message["id"], "type": "complete"})
                return
            for number in range(1, abs(to) + 1):
                tick = {"number": number, "user": {"__typename": "User", "id": str(number % 2 + 1)}}
                await socket.send_json({"id": message["id"], "type": "next", "payload": {"data": {"ticks": tick}}})
            if to > 0:
                await socket.send_json({"id": message["id"], "type": "complete"})


def _headers(request: web.Request) -> dict[str, str]:
    return {name.lower(): value for name, value in request.headers.items()}


def _wrong(value: Any) -> Any:
    """Return every list as a string, every object as a list, every scalar as an object."""
    if isinstance(value, dict):
        return {key: _wrong(inner) for key, inner in value.items()} if len(value) else []
    if isinstance(value, list):
        return "a list"
    return {"not": "a scalar"}


@dataclass
class World:
    """The gateway and its subgraphs; `ask` sends one operation."""

    folder: Path
    settings: dict[str, Any]
    accounts: Subgraph = field(default_factory=lambda: Subgraph("accounts"))
    billing: Subgraph = field(default_factory=lambda: Subgraph("billing"))
    client: ClientSession = field(default_factory=ClientSession)
    server: Any = None
    port: int = 0
    _task: Any = None

    @property
    def url(self) -> str:
        """The endpoint."""
        return f"http://127.0.0.1:{self.port}/graphql"

    @property
    def file(self) -> Path:
        """The supergraph file."""
        return self.folder / "supergraph.graphql"

    def sdl(self) -> str:
        """Return the supergraph with this world's addresses."""
        return SUPERGRAPH.replace("ACCOUNTS_URL", self.accounts.url).replace("BILLING_URL", self.billing.url)

    async def start(self) -> "World":
        """Start everything."""
        await self.accounts.start()
        await self.billing.start()
        self.file.write_text(self.sdl())
        settings = GatewaySettings(supergraph=self.file, **{**PATIENT, **self.settings})
        self.gateway = Gateway(settings)
        app, self.readiness = self.gateway.front, self.gateway.readiness
        config = uvicorn.Config(
            app,
            port=0,
            log_config=None,
            lifespan="on",
            ws="websockets-sansio",
            http=edge(),  # pyright: ignore[reportArgumentType]
            access_log=False,
            proxy_headers=False,
        )
        self.server = uvicorn.Server(config)
        self._task = asyncio.ensure_future(self.server._serve())
        while not self.server.started:
            if self._task.done():
                self._task.result()
            await asyncio.sleep(0.005)
        self.port = self.server.servers[0].sockets[0].getsockname()[1]
        return self

    async def ask(self, query: str, variables: Any = None, *, status: int = 200, **headers: str) -> dict[str, Any]:
        """Send one operation and return the decoded answer."""
        body = {"query": query} | ({"variables": variables} if variables is not None else {})
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        async with self.client.post(self.url, json=body, headers=named) as answer:
            assert answer.status == status, await answer.text()
            return await answer.json(content_type=None)

    async def stop(self) -> None:
        """Stop everything."""
        await self.client.close()
        if self.server:
            self.server.should_exit = True
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        for subgraph in (self.accounts, self.billing):
            await subgraph.stop()
