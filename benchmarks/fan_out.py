"""What a comment costs its sender while others follow the document: nobody, a hundred, a thousand.

    python -m benchmarks.fan_out [--rounds 10]

Two comments are sent one right after the other, so that the second meets the streams that are told of the first. Times
are the sender's, beside those with nobody who follows; CPU is that of gateway and collaboration until the answer.
"""

import argparse
import asyncio
import statistics
import tempfile
import time
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiohttp

from benchmarks.abuse import Honest, running
from benchmarks.portal import cpu_seconds
from tests.e2e.client import Client
from tests.e2e.world import register, sent_invoice

FOLLOWERS = (0, 100, 1_000)
NAMES = ("person_work_ms", "address_work_ms", "person_requests", "address_requests")
FOLLOW = "subscription($d: ID!) { commentAdded(documentId: $d) { id text author { name } } }"
COMMENT = "mutation($i: AddCommentInput!) { addComment(input: $i) { comment { id } userErrors { message } } }"


async def follow(session: aiohttp.ClientSession, url: str, document: str, told: list[int]) -> None:
    """Count what a stream tells."""
    body = {"query": FOLLOW, "variables": {"d": document}}
    async with session.post(url, json=body, headers={"accept": "text/event-stream"}) as answer:
        async for text in answer.content:
            told[0] += text.startswith(b"event: next")


async def comment(session: aiohttp.ClientSession, url: str, document: str, pids: list[int]) -> tuple[float, float]:
    """Send a comment; return the milliseconds until its answer, and of CPU until then."""
    given = {"documentId": document, "text": "Hi", "displayInPortal": True, "idempotencyKey": uuid4().hex}
    before, cpu = time.perf_counter(), cpu_seconds(pids)
    async with session.post(url, json={"query": COMMENT, "variables": {"i": given}}) as answer:
        said: Any = await answer.json()
    if said.get("errors") or said["data"]["addComment"]["userErrors"]:
        raise SystemExit(str(said))
    return (time.perf_counter() - before) * 1_000, (cpu_seconds(pids) - cpu) * 1_000


async def measure(url: str, token: str, document: str, count: int, rounds: int, pids: list[int]) -> None:
    """Print a row."""
    told = [0]
    connector = aiohttp.TCPConnector(limit=0)
    headers = {"authorization": f"Bearer {token}"}
    async with aiohttp.ClientSession(connector=connector, headers=headers) as session:
        streams = [asyncio.ensure_future(follow(session, url, document, told)) for _ in range(count)]
        while told[0] < count:
            await comment(session, url, document, pids)
            await asyncio.sleep(2)
        rows: list[list[tuple[float, float]]] = []
        for _ in range(rounds):
            await asyncio.sleep(1)
            seen = told[0] + 2 * count
            rows.append([await comment(session, url, document, pids) for _ in range(2)])
            while told[0] < seen:
                await asyncio.sleep(0.05)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    first, second = (statistics.median(row[n][0] for row in rows) for n in (0, 1))
    cpu = [statistics.mean(row[n][1] for row in rows) for n in (0, 1)]
    print(f"{count:9,} {first:9.1f} {second:9.1f} {cpu[0]:9.1f} {cpu[1]:9.1f}", flush=True)


def main() -> None:
    """Run the portal and print a row for each number of followers."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=10)
    given = parser.parse_args()
    Honest.quotas = dict.fromkeys((*NAMES, "person_subscriptions", "address_subscriptions"), 10**9)
    with tempfile.TemporaryDirectory() as folder, running(Path(folder)) as portal:
        organisation = register(portal, Client(portal.http, portal.gateway_url), "Followed")
        invoice = sent_invoice(organisation, organisation.add_customer("Client Ltd"))["id"]
        pids = [portal.children[name].pid for name in ("gateway", "collaboration web")]
        print(f"{'followers':>9} {'first ms':>9} {'second ms':>9} {'CPU 1st':>9} {'CPU 2nd':>9}")
        for count in FOLLOWERS:
            token = organisation.owner.token or ""
            asyncio.run(measure(f"{portal.gateway_url}/graphql", token, invoice, count, given.rounds, pids))


if __name__ == "__main__":
    main()
