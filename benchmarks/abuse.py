"""What abuse costs before it is refused: CPU of gateway and services for each request of each kind.

    python -m benchmarks.abuse [--requests 40] [--documents 10000]

Real processes, embedded databases, RabbitMQ. The first table is of a gateway whose quotas are out of reach, so that
limits alone refuse; the target is 50 ms for each kind. The second is of a gateway whose quotas are used up. Last the
memory of a gateway with default quotas, of one without, and of the services, under large documents that are all
different: 10,000 take half an hour.
"""

import argparse
import asyncio
import json
import os
import tempfile
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import aiohttp
from joserfc import jwt
from joserfc.jwk import ECKey

from benchmarks.portal import cpu_seconds
from portal_cli.ports import free_ports
from portal_cli.processes import Child
from portal_cli.rabbitmq import RabbitMQNode
from tests.e2e.client import Client
from tests.e2e.running import SERVICES, RunningPortal
from tests.e2e.world import Organisation, line, register
from tests.support.storage import running_secantusdb

WIDE: dict[str, int] = dict.fromkeys(("person_work_ms", "stranger_work_ms", "address_work_ms"), 10**9)
USED_UP = {"stranger_work_ms": 1, "stranger_sockets": 1}
AT_ONCE = 4
PASSWORDS = "mutation($i: LogInInput!) { logIn(input: $i) { userErrors { code } } }"


class Honest(RunningPortal):
    """A portal that hashes passwords as it does for people, and whose gateways are told their quotas."""

    quotas: dict[str, int] = WIDE

    def _environment(self) -> dict[str, str]:
        environment = super()._environment()
        del environment["PORTAL_ARGON2_MEMORY_KIB"], environment["PORTAL_ARGON2_PASSES"]
        return {**environment, "PORTAL_QUOTAS": json.dumps(self.quotas), "PORTAL_LOG_IN_TRIES": "10"}

    @contextmanager
    def another_gateway(self, quotas: dict[str, int]) -> Generator[tuple[str, int]]:
        """Run one more gateway with these quotas; yield address and process."""
        (port,) = free_ports(1)
        environment = {**self._environment(), "PORTAL_QUOTAS": json.dumps(quotas)}
        child = Child.start(self._portal(f"gateway-{port}", port, "gateway", "web", environment))
        try:
            child.wait_until_ready(60)
            yield f"http://127.0.0.1:{port}", child.pid
        finally:
            child.stop()


def large(number: int, fields: int = 90) -> str:
    """Return a valid document that nobody has sent before."""
    inner = " ".join(f"a{number}_{i}: name" for i in range(fields))
    return f"{{ me {{ {inner} {'id name ' * 90} }} }}"


def documents() -> dict[str, Callable[[int], dict[str, Any]]]:
    """Return the kinds of bodies, each made for the number of its request."""
    nested = "{ me { id } }"
    pages = "{ invoices(first: 30) { nodes { customer { invoices(first: 30) { nodes { customer { id } } } } } } }"
    draft = "mutation($i: CreateInvoiceInput!) { createInvoice(input: $i) { userErrors { code } } }"
    lines = {"customerId": "cus_x", "currency": "EUR", "idempotencyKey": "k" * 20, "lines": [line()] * 900}
    return {
        "too deep": lambda n: {"query": f"{{ a{n}: me " + "{ me " * 300 + "{ id }" + " }" * 300 + "}"},
        "too many aliases": lambda n: {"query": "{" + " ".join(f"a{n}_{i}: me {{ id }}" for i in range(390)) + "}"},
        "900 fields at the top": lambda n: {"query": f"{{ b{n}: me {{ id }} " + "me { id } " * 390 + "}"},
        "unknown fields × 1,000": lambda n: {"query": "{" + " ".join(f"x{n}y{i}" for i in range(1_000)) + "}"},
        "the same directive × 450": lambda n: {"query": f"{{ c{n}: me {{ id {'@include(if: true) ' * 300} }} }}"},
        "fragments that multiply": lambda n: {"query": _fragments(n)},
        "cost over the limit": lambda n: {"query": f"{pages} # {n}"},
        "25,000 items in variables": lambda n: {"query": nested, "variables": {"x": list(range(n, n + 25_000))}},
        "1 MB of JSON, nested": lambda n: {"query": nested, "extensions": {str(n): [[[{"a": 1}] * 10] * 10] * 1_000}},
        "no token, 900 lines": lambda n: {"query": draft, "variables": {"i": lines}},
        "large, valid, all different": lambda n: {"query": large(n)},
    }


def _fragments(number: int) -> str:
    parts = [f"fragment F{i} on Person {{ ...F{i + 1} ...F{i + 1} }}" for i in range(40)]
    return f"{{ d{number}: me {{ ...F0 }} }} " + " ".join(parts) + " fragment F40 on Person { id }"


def tokens(real: str) -> dict[str, str]:
    """Return the kinds of tokens that are none."""
    head = {"alg": "ES256", "kid": _key_id(real)}
    claims = {"sub": "stf_x", "org": "org_x", "sid": "ses_x", "role": "owner", "iat": 1, "exp": 2}
    forged = jwt.encode(head, claims, ECKey.generate_key("P-256"))
    return {
        "token: no token at all": "x",
        "token: another's signature": forged,
        "token: a body that was changed": ".".join([*real.split(".")[:1], forged.split(".")[1], real.split(".")[2]]),
        "token: an unknown key": jwt.encode({**head, "kid": "unknown"}, claims, ECKey.generate_key("P-256")),
        "token: 8 kB": "a" * 8_000,
    }


def _key_id(token: str) -> str:
    from chassis.auth import _header  # pyright: ignore[reportPrivateUsage]

    return _header(token)["kid"]


async def post(url: str, bodies: list[bytes], headers: dict[str, str] | None = None) -> set[int]:
    """Send bodies, a few at once, and return the statuses."""
    statuses, left = set[int](), list(bodies)
    given = {"content-type": "application/json", **(headers or {})}
    async with aiohttp.ClientSession(headers=given) as session:

        async def some() -> None:
            while left:
                async with session.post(f"{url}/graphql", data=left.pop()) as answer:
                    await answer.read()
                    statuses.add(answer.status)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))
    return statuses


async def sockets(url: str, count: int, first: str) -> set[int | None]:
    """Open sockets one after the other, each with this first message twice; return how they were closed."""
    codes = set[int | None]()
    async with aiohttp.ClientSession() as session:
        for _ in range(count):
            async with session.ws_connect(f"{url}/graphql", protocols=("graphql-transport-ws",)) as socket:
                for _time in range(2):
                    if not socket.closed:
                        await socket.send_str(first)
                while (await socket.receive(30)).type is aiohttp.WSMsgType.TEXT:
                    pass
                codes.add(socket.close_code)
    return codes


class Table:
    """Prints a row for each kind."""

    def __init__(self, gateway: int, services: list[int]) -> None:
        self._gateway, self._services = gateway, services
        print(f"{'kind':34} {'gateway ms':>11} {'services ms':>12}   ended by")

    def row(self, kind: str, count: int, run: Callable[[], Any]) -> None:
        """Run something that sends `count` requests, and print what each cost."""
        before = cpu_seconds([self._gateway]), cpu_seconds(self._services)
        ended = run()
        spent = cpu_seconds([self._gateway]) - before[0], cpu_seconds(self._services) - before[1]
        print(f"{kind:34} {spent[0] * 1_000 / count:11.1f} {spent[1] * 1_000 / count:12.1f}   {ended}", flush=True)


def first_table(portal: Honest, organisation: Organisation, count: int) -> None:
    """Limits alone refuse."""
    services = [portal.children[f"{name} web"].pid for name in SERVICES]
    url, table = portal.gateway_url, Table(portal.children["gateway"].pid, services)
    idle = [json.dumps({"query": "{ me { id } }"}).encode()] * count
    asyncio.run(post(url, idle))
    table.row("(a small query without a token)", count, lambda: asyncio.run(post(url, idle)))
    for kind, body in documents().items():
        bodies = [json.dumps(body(n)).encode() for n in range(count)]
        table.row(kind, count, lambda bodies=bodies: asyncio.run(post(url, bodies)))
    for kind, token in tokens(organisation.owner.token or "").items():
        headers = {"authorization": f"Bearer {token}"}
        table.row(kind, count, lambda headers=headers: asyncio.run(post(url, idle, headers)))
    hello = json.dumps({"type": "connection_init", "payload": {"authorization": "Bearer x"}})
    table.row("socket: connection_init twice", count, lambda: asyncio.run(sockets(url, count, hello)))
    table.row("socket: no JSON", count, lambda: asyncio.run(sockets(url, count, "{")))
    wrong = {"email": organisation.owner_email, "password": "wrong password 1", "organisationId": organisation.id}
    bodies = [json.dumps({"query": PASSWORDS, "variables": {"i": wrong}}).encode()] * count
    table.row("a wrong password, tries left", 10, lambda: asyncio.run(post(url, bodies[:10])))
    table.row("a wrong password, no tries left", count, lambda: asyncio.run(post(url, bodies)))


def second_table(portal: Honest, count: int) -> None:
    """Quotas that are used up refuse."""
    services = [portal.children[f"{name} web"].pid for name in SERVICES]
    with portal.another_gateway(USED_UP) as (url, gateway):
        table = Table(gateway, services)
        for kind in ("too many aliases", "1 MB of JSON, nested", "large, valid, all different"):
            bodies = [json.dumps(documents()[kind](n)).encode() for n in range(count)]
            table.row(kind, count, lambda bodies=bodies: asyncio.run(post(url, bodies)))
        hello = json.dumps({"type": "connection_init"})
        table.row("socket", count, lambda: asyncio.run(sockets(url, count, hello)))


def memory(portal: Honest, documents_sent: int) -> None:
    """Print what gateways and services hold under documents that are all different, at the most."""
    for name, quotas in (("default quotas", {}), ("no quota in reach", WIDE)):
        with portal.another_gateway(quotas) as (url, gateway):
            statuses, start = set[int](), _residents(portal, gateway)
            for first in range(0, documents_sent, 500):
                numbers = range(first, min(documents_sent, first + 500))
                bodies = [json.dumps({"query": large(n)}).encode() for n in numbers]
                statuses |= asyncio.run(post(url, bodies))
            print(f"{name}: {documents_sent:,} large documents, statuses {sorted(statuses)}")
            for process, before, after in zip(("gateway", *SERVICES), start, _residents(portal, gateway), strict=True):
                print(f"  {process:14} {before:4.0f} -> {after:4.0f} MB", flush=True)


def _residents(portal: Honest, gateway: int) -> list[float]:
    return [resident(pid) for pid in (gateway, *(portal.children[f"{name} web"].pid for name in SERVICES))]


def resident(pid: int) -> float:
    """Return the largest resident memory that a process had, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1_000


@contextmanager
def running(folder: Path) -> Generator[Honest]:
    """Run the whole portal."""
    with ExitStack() as stack:
        databases = stack.enter_context(running_secantusdb(*(folder / "databases" / name for name in SERVICES)))
        node = RabbitMQNode(folder / "rabbitmq")
        node.start()
        stack.callback(node.stop)
        portal = Honest(folder / "portal", dict(zip(SERVICES, databases, strict=True)), node.url)
        stack.callback(portal.stop)
        portal.start()
        yield portal


def main() -> None:
    """Run the portal and print both tables and the memory."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--requests", type=int, default=40)
    parser.add_argument("--documents", type=int, default=10_000)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as portal:
        organisation = register(portal, Client(portal.http, portal.gateway_url), "Abused")
        first_table(portal, organisation, given.requests)
        second_table(portal, given.requests)
        memory(portal, given.documents)
        print(f"load of the machine: {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
