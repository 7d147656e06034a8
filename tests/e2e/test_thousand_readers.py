"""A thousand who follow one discussion, while the broker's connections are cut and the service is killed.

For the long run (`./portal test --soak`): minutes of real processes.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp
import pytest

from portal_cli.rabbitmq import RabbitMQNode
from tests.e2e.client import Client, Refused
from tests.e2e.running import SERVICES, RunningPortal
from tests.e2e.world import Organisation, register, sent_invoice
from tests.support.soak import only_long, soak
from tests.support.storage import running_secantusdb
from tests.support.waiting import eventually, wait_until

READERS, COMMENTS = 1_000, 20
CUT_AFTER, KILLED_AFTER = 7, 14
FOLLOW = "subscription($d: ID!, $a: String) { commentAdded(documentId: $d, after: $a) { text } }"
_QUOTAS = ("person_work_ms", "address_work_ms", "person_requests", "address_requests", "person_subscriptions")


class Roomy(RunningPortal):
    """A portal whose quotas let one person follow a thousand times."""

    def _environment(self) -> dict[str, str]:
        quotas = dict.fromkeys((*_QUOTAS, "address_subscriptions"), 10**9)
        return {**super()._environment(), "PORTAL_QUOTAS": json.dumps(quotas)}


@dataclass
class Readers:
    """What all streams told: `seen` by reader, how streams ended, and gaps that none of them admitted."""

    url: str
    client: Client
    document: str
    place: str
    seen: list[set[int]] = field(default_factory=lambda: [set() for _ in range(READERS)])
    ends: Counter[str] = field(default_factory=Counter[str])
    gaps: int = 0
    began: int = 0

    async def follow(self, session: aiohttp.ClientSession, number: int) -> None:
        """Follow from the place before the first comment; whenever the stream ends, again from there."""
        while True:
            told = set[int]()
            try:
                end = await self._stream(session, number, told)
            except aiohttp.ClientError:
                end = "connection broken"
            self.ends[end] += 1
            self.gaps += len(set(range(1, max(told, default=0))) - told)
            await asyncio.sleep(0.5 + number % 50 / 25)

    async def _stream(self, session: aiohttp.ClientSession, number: int, told: set[int]) -> str:
        body = {"query": FOLLOW, "variables": {"d": self.document, "a": self.place}}
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {self.client.token}"}
        async with session.post(self.url, json=body, headers=headers) as answer:
            self.began += 1
            async for row in answer.content:
                if not row.startswith(b"data: {"):
                    continue
                said: dict[str, Any] = json.loads(row[6:])
                if said.get("errors"):
                    return str(said["errors"][0]["extensions"]["code"])
                text = str(said["data"]["commentAdded"]["text"])
                if text.isdecimal():
                    told.add(int(text))
                    self.seen[number].add(int(text))
        return "ended without a word"

    @property
    def missing(self) -> int:
        return sum(COMMENTS - len(one) for one in self.seen)


@pytest.fixture
def node(tmp_path: Path) -> Iterator[RabbitMQNode]:
    """A broker of this test's own."""
    made = RabbitMQNode(tmp_path / "rabbitmq")
    made.start()
    yield made
    made.stop()


@pytest.fixture
def portal(tmp_path: Path, node: RabbitMQNode) -> Iterator[RunningPortal]:
    """A portal of this test's own, since parts of it are killed."""
    with running_secantusdb(*(tmp_path / "databases" / name for name in SERVICES)) as databases:
        made = Roomy(tmp_path / "portal", dict(zip(SERVICES, databases, strict=True)), node.url)
        try:
            made.start()
            yield made
        finally:
            made.stop()


def _say(organisation: Organisation, document: str, text: str) -> None:
    """Add a comment once, by the same key until it is answered: the service may be away, or busy with the first try."""
    given = {"documentId": document, "text": text, "displayInPortal": True, "idempotencyKey": uuid4().hex}

    def is_said() -> bool:
        try:
            return not organisation.owner.try_to("addComment", "comment { id }", **given)["userErrors"]
        except Refused:
            return False

    wait_until(is_said)


async def _follow_all(readers: Readers, organisation: Organisation, node: RabbitMQNode, portal: RunningPortal) -> None:
    patient = aiohttp.ClientTimeout(total=None)
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, timeout=patient) as session:
        following = [asyncio.ensure_future(readers.follow(session, number)) for number in range(READERS)]
        await eventually(lambda: readers.began >= READERS, "the last reader")
        for number in range(1, COMMENTS + 1):
            await asyncio.to_thread(_say, organisation, readers.document, str(number))
            if number == CUT_AFTER:
                await asyncio.to_thread(node.ctl, "close_all_connections", "a test cuts them")
            if number == KILLED_AFTER:
                portal.children["collaboration web"].kill()
                await asyncio.to_thread(portal.restart, "collaboration web")
        await eventually(lambda: readers.missing == 0, "the last event")
        for one in following:
            one.cancel()
        await asyncio.gather(*following, return_exceptions=True)


@soak
@only_long
async def test_a_thousand_readers_see_everything_or_are_told(portal: RunningPortal, node: RabbitMQNode) -> None:
    """No stream leaves anything out in silence; who begins again from its place has all in the end."""
    organisation = register(portal, Client(portal.http, portal.gateway_url), "Followed")
    invoice = sent_invoice(organisation, organisation.add_customer("Client Ltd"))["id"]
    _say(organisation, invoice, "before the first")
    asked = f'{{ invoice(id: "{invoice}") {{ comments {{ pageInfo {{ endCursor }} }} }} }}'
    place = organisation.owner.ask(asked)["invoice"]["comments"]["pageInfo"]["endCursor"]
    readers = Readers(f"{portal.gateway_url}/graphql", organisation.owner, invoice, place)
    await _follow_all(readers, organisation, node, portal)
    print(f"\n{READERS} readers, {COMMENTS} events each: seen {sum(map(len, readers.seen))}, ", end="")
    print(f"missed {readers.missing}, streams {readers.began}, ends {dict(readers.ends)}, gaps {readers.gaps}")
    assert (readers.missing, readers.gaps) == (0, 0)
    assert readers.ends.keys() <= {"STREAM_INTERRUPTED", "SUBGRAPH_UNAVAILABLE", "UNAUTHENTICATED"}
