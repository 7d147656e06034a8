"""Promise 15, and secrets and users that are changed meanwhile: nobody notices that processes are replaced.

Two replicas of each, behind a layer-4 round robin. `PORTAL_ROLLOUT_ROUNDS=20` makes it the whole: that many rounds of
restarts; `PORTAL_ROLLOUT_SERVICES=4` all services instead of those that the first two need.
"""

import os
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aio_pika
import pytest
from aio_pika.abc import AbstractQueue

from chassis.bus import EXCHANGE
from portal_cli.paths import SERVICES
from portal_cli.ports import LOOPBACK
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.accounts import USERS, Users, stores_with_users
from tests.support.fleet import Fleet, Provider, Visitors
from tests.support.waiting import eventually_answered

pytestmark = [pytest.mark.e2e, pytest.mark.slow]

ROUNDS = int(os.environ.get("PORTAL_ROLLOUT_ROUNDS", "3"))
OF_THEM = SERVICES[: int(os.environ.get("PORTAL_ROLLOUT_SERVICES", "2"))]
PEOPLE = 5
FIRST, SECOND = (
    {name: f"the-{which}-{name.lower()}-0123456789" for name in ("GATEWAY_KEY", "SERVICE_KEY", "IDENTITY_SECRET")}
    | {
        f"{name}_SECRET": f"the-{which}-{name.lower()}-secret-0123456789"
        for name in ("BILLING", "SANDBOX_WEBHOOK", "STRIPE_WEBHOOK")
    }
    for which in USERS
)
PROVIDERS = {"sandbox": "payment-signature", "stripe": "stripe-signature"}
THEIR_OWN = {
    "PORTAL_SANDBOX_URL": f"http://{LOOPBACK}:9",
    "PORTAL_SANDBOX_SECRET_KEY": "sk_sandbox_of_the_rollout",
    "PORTAL_STRIPE_SECRET_KEY": "sk_live_of_the_rollout",
}
OF_IDENTITY = "{ me { id } }"
OF_ALL = "{ me { id } invoices { totalCount } notifications { totalCount } }"


def told(secrets: Mapping[str, str], **beside: Mapping[str, str]) -> dict[str, str]:
    """Return secrets as variables, with their successors (`next`) or predecessors (`before`)."""
    others = {f"PORTAL_{name}_{kind.upper()}": value for kind, those in beside.items() for name, value in those.items()}
    return {**THEIR_OWN, **{f"PORTAL_{name}": value for name, value in secrets.items()}, **others}


def steps(users: Users) -> Iterator[dict[str, str]]:
    """Yield what processes are told, round by round: the sequence of docs/rotating-secrets.md, then no more changes."""
    first, second = map(users.urls, USERS)
    yield told(FIRST, next=SECOND) | first
    yield told(SECOND, before=FIRST) | second
    for _ in range(ROUNDS - 2):
        yield told(SECOND) | second


async def test_replaced_processes_and_changed_secrets_fail_no_request(
    tmp_path: Path, newest_node: RabbitMQNode
) -> None:
    """Every process is replaced, and with it every secret and the users of database and broker: nothing fails.

    People ask, change and refresh their sessions on kept connections, payment providers tell what happened, and nobody
    repeats a request; sockets are told to come back, and of each change its event is told.
    """
    with stores_with_users(tmp_path, newest_node) as users:
        fleet = Fleet(tmp_path, OF_THEM, told(FIRST) | users.urls("first"), workers=("identity",))
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(fleet.running())
            events = await stack.enter_async_context(witness(users.urls("second")["PORTAL_AMQP_URL"]))
            async with working(fleet) as (visitors, providers):
                await replace_all(fleet, users, visitors, providers)
            heard = set[str]()
            await eventually_answered(lambda: has_all(events, heard, visitors.created), "an event for each change")
        print(fleet.told_ends())
    assert [visitors.failed, *(provider.failed for provider in providers)] == [[], [], []]
    assert set(visitors.closed) == {1012}


async def replace_all(fleet: Fleet, users: Users, visitors: Visitors, providers: Sequence[Provider]) -> None:
    """Take the steps of the document, a round of restarts for each."""
    for number, environment in enumerate(steps(users)):
        fleet.environment = environment
        # A gateway shows one key only: it need not know what follows, or was before.
        await fleet.roll(*(["gateway"] if number in (0, 2) else []))
        for provider in providers if number == 0 else ():
            provider.secret = SECOND[f"{provider.name.upper()}_WEBHOOK_SECRET"]
        if number == 1:
            await users.leave("first")
        webhooks = sum(provider.told for provider in providers)
        print(f"\n{visitors.asked} requests, {webhooks} webhooks, {len(visitors.closed)} sockets closed; failed:")
        print(len(visitors.failed), *(len(provider.failed) for provider in providers))


@asynccontextmanager
async def working(fleet: Fleet) -> AsyncGenerator[tuple[Visitors, list[Provider]]]:
    """Let people and providers work while the block runs."""
    async with AsyncExitStack() as stack:
        query = OF_ALL if OF_THEM == SERVICES else OF_IDENTITY
        visitors = await stack.enter_async_context(Visitors(fleet.url, query).at_work(PEOPLE))
        webhooks = f"http://{LOOPBACK}:{fleet.balancers['billing'].port}/webhooks"
        made = [
            Provider(name, f"{webhooks}/{name}", header, FIRST[f"{name.upper()}_WEBHOOK_SECRET"])
            for name, header in PROVIDERS.items()
        ]
        yield visitors, [await stack.enter_async_context(provider.at_work()) for provider in made]


@asynccontextmanager
async def witness(url: str) -> AsyncGenerator[AbstractQueue]:
    """Keep each event of a new customer in a queue of the test's own while the block runs."""
    async with await aio_pika.connect(url) as connection:
        channel = await connection.channel()
        queue = await channel.declare_queue("witness", durable=True)
        await queue.bind(EXCHANGE, "identity.customer_created.v1")
        yield queue


async def has_all(events: AbstractQueue, heard: set[str], many: int) -> bool:
    """Take what has come, and tell whether so many events are told; one may come twice, by the same id."""
    while message := await events.get(no_ack=True, fail=False):
        heard.add(str(message.message_id))
    print(f"{len(heard)} of {many} events are told", end="\r")
    return len(heard) == many
