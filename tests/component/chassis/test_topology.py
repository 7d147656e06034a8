"""What the broker keeps for us is what `topology.py` says: asked of the broker itself, on every version."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel

from chassis.bus import EXCHANGE
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.topology import LIVE, LIVE_FEED, MISSED, SUBSCRIBERS, policies, queues_of
from chassis.cloudevents import CloudEvent
from portal_cli import topology as files
from portal_cli.event_examples import all_examples
from portal_cli.rabbitmq import RabbitMQNode
from tests.support.broker import Broker, Brokers, running_node
from tests.support.checked_in import assert_made_by


@pytest.fixture
async def bus(amqp_url: str) -> AsyncIterator[RabbitBus]:
    made = RabbitBus(amqp_url)
    yield made
    await made.close()


async def ignore(*_: object) -> None:
    """Do nothing with a message."""


async def queues(node: RabbitMQNode, *columns: str) -> list[dict[str, object]]:
    command = ("list_queues", "--formatter", "json", "name", *columns)
    return json.loads(await asyncio.to_thread(node.ctl, *command))


def readable(arguments: object) -> dict[str, object]:
    """Return arguments as `rabbitmqctl` prints them, from triples (3.10) or as they are."""
    if isinstance(arguments, list):
        return {name: value for name, _, value in arguments}  # pyright: ignore
    return dict(arguments)  # pyright: ignore


async def test_queues_have_the_arguments_that_we_name(bus: RabbitBus, broker: Broker, brokers: Brokers) -> None:
    """Each of a service's five queues is durable, of quorum type, with exactly our arguments."""
    service = f"named-{uuid4().hex[:8]}"
    await bus.consume(service, ["test.fact.v1"], ignore)
    found = {
        str(queue["name"]): (queue["type"], queue["durable"], readable(queue["arguments"]))
        for queue in await queues(brokers.node(broker.name), "type", "durable", "arguments")
        if str(queue["name"]).startswith(service)
    }

    assert found == {queue.name: ("quorum", True, queue.arguments) for queue in queues_of(service)}


async def test_a_live_feed_is_classic_exclusive_and_bounded(bus: RabbitBus, broker: Broker, brokers: Brokers) -> None:
    """The queue of a web process is gone with it, and holds a bounded number of events."""

    async def listen(_: CloudEvent) -> None:
        """Hear nothing."""

    node = brokers.node(broker.name)
    others = {row["name"] for row in await queues(node)}
    await bus.listen([f"test.fact_{uuid4().hex}.v1"], listen)
    rows = await queues(node, "type", "exclusive", "auto_delete", "arguments")
    new = [queue for queue in rows if queue["exclusive"] and queue["name"] not in others]
    feed, missed = sorted(new, key=lambda queue: len(readable(queue["arguments"])), reverse=True)

    assert {(queue["type"], queue["auto_delete"]) for queue in new} == {("classic", True)}
    dropped = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": missed["name"]}
    assert readable(feed["arguments"]) == {**LIVE_FEED, **dropped}
    assert readable(missed["arguments"]) == MISSED


async def test_the_definitions_of_compose_start_a_broker(broker: Broker, tmp_path: Path) -> None:
    """A new broker that loads them lets our user in, and has every policy."""
    definitions = tmp_path / "definitions.json"
    definitions.write_text((files.FOLDER / "definitions.json").read_text())
    settings = f"load_definitions = {definitions}\n"
    with running_node(tmp_path / "rabbitmq", broker, settings) as node:
        async with await aio_pika.connect(node.url) as connection:
            channel = await connection.channel()
            for name in ("billing.events", "acme.portal"):
                await channel.declare_queue(name, durable=True, arguments={"x-queue-type": "quorum"})
        found = {row["name"]: row["policy"] for row in await queues(node, "policy")}
        listed = json.loads(await asyncio.to_thread(node.ctl, "list_policies", "--formatter", "json"))

    assert found == {"billing.events": "portal-billing.events", "acme.portal": "portal-others"}
    assert {row["name"] for row in listed} == {policy["name"] for policy in policies(files.SERVICES)}


async def test_a_user_of_another_system_may_read_its_own_and_no_more(
    bus: RabbitBus, broker: Broker, brokers: Brokers, tmp_path: Path
) -> None:
    """The user of `subscriber.json` binds its queue to its exchange and no other, and puts nothing into our queues."""
    node = brokers.node(broker.name)
    await bus.publish(all_examples()[0], mandatory=False)
    definitions = tmp_path / "subscriber.json"
    definitions.write_text((files.FOLDER / "subscriber.json").read_text())
    await asyncio.to_thread(node.ctl, "import_definitions", str(definitions))
    await asyncio.to_thread(node.ctl, "change_password", files.SUBSCRIBER, "secret")
    async with await aio_pika.connect(node.url.replace("portal:portal", f"{files.SUBSCRIBER}:secret")) as connection:
        channel = await connection.channel()
        failed = await channel.declare_exchange("acme.failed", "fanout", durable=True)
        queue = await channel.declare_queue(
            "acme.user", durable=True, arguments={"x-queue-type": "quorum", "x-dead-letter-exchange": failed.name}
        )
        await queue.bind(failed)
        await queue.bind(SUBSCRIBERS, "billing.#")
        assert await queue.get(fail=False) is None
        for attempt in (declare_ours, bind_to_ours, bind_to_live, publish_to_ours):
            with pytest.raises(aio_pika.exceptions.ChannelClosed, match="ACCESS_REFUSED"):
                await attempt(await connection.channel())
        await channel.queue_delete(queue.name)


async def declare_ours(channel: AbstractChannel) -> None:
    await channel.declare_queue("billing.events", durable=True, arguments={"x-queue-type": "quorum"})


async def bind_to_ours(channel: AbstractChannel) -> None:
    await (await channel.get_queue("acme.user", ensure=False)).bind(EXCHANGE, "#")


async def bind_to_live(channel: AbstractChannel) -> None:
    await (await channel.get_queue("acme.user", ensure=False)).bind(LIVE, "#")


async def publish_to_ours(channel: AbstractChannel) -> None:
    await channel.default_exchange.publish(aio_pika.Message(b"forged"), "billing.events")


def test_the_files_for_operators_are_up_to_date() -> None:
    """What is checked in below deploy/rabbitmq is what the topology says now: `portal topology` writes it."""
    assert_made_by(files.COMMAND, files.files())


def test_no_limit_is_minus_one() -> None:
    """RabbitMQ 3.10 takes a limit of -1 and drops the message when it is given back for the first time."""
    limits = [queue.limits.get("delivery-limit", 0) for queue in queues_of("billing")]
    assert min(limits) == 0
    assert max(limits) > 1_000_000
