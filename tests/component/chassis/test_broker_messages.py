"""What a message on the real broker looks like to others, and how a broker's address may be written."""

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from uuid import uuid4

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage

from chassis.bus import EXCHANGE, Unroutable
from chassis.bus.rabbitmq import RabbitBus
from chassis.bus.settling import copy_of
from chassis.bus.topology import FOR_SUBSCRIBERS
from chassis.cloudevents import CloudEvent
from portal_cli.paths import ROOT
from tests.support.waiting import eventually, eventually_answered

SLASH_AT_THE_END = re.compile(r"amqps?://[^\s\"'`/]+/(?![\w%{$])")


@pytest.fixture
async def bus(amqp_url: str) -> AsyncIterator[RabbitBus]:
    made = RabbitBus(amqp_url)
    yield made
    await made.close()


def an_event(event_type: str) -> CloudEvent:
    return CloudEvent(
        id="inv_1-7",
        type=event_type,
        source="/billing",
        subject="inv_1",
        sequence=7,
        time="2026-03-01T12:00:00.250Z",
        organisation_id="org_1",
        data={"n": 7},
    )


async def fed(channel: AbstractChannel) -> AbstractExchange:
    """Return an exchange that gets what other systems are told."""
    events = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
    outside = await channel.declare_exchange(f"told.{uuid4().hex}", aio_pika.ExchangeType.TOPIC, auto_delete=True)
    await outside.bind(events, FOR_SUBSCRIBERS)
    return outside


async def delivered(amqp_url: str, bus: RabbitBus) -> AbstractIncomingMessage:
    """Return what a stranger's queue holds after one event was published."""
    event_type = f"test.fact_{uuid4().hex}.v1"
    connection = await aio_pika.connect(amqp_url)
    async with connection:
        channel = await connection.channel()
        exchange = await channel.declare_exchange(EXCHANGE, aio_pika.ExchangeType.TOPIC, durable=True)
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(exchange, event_type)
        await bus.publish(an_event(event_type))
        message = await queue.get(no_ack=True)
    assert message.routing_key == message.type == event_type
    return message


async def test_a_message_tells_strangers_what_it_is(amqp_url: str, bus: RabbitBus) -> None:
    """Its properties are those of the event: no charset, which JSON has not, and no encoding."""
    message = await delivered(amqp_url, bus)

    assert (message.content_type, message.content_encoding) == ("application/cloudevents+json", None)
    assert (message.message_id, message.app_id) == ("inv_1-7", "client-portal")
    assert message.timestamp == datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert message.delivery_mode == aio_pika.DeliveryMode.PERSISTENT
    assert message.expiration is None
    assert message.reply_to is None


async def test_a_message_has_headers_to_choose_by(amqp_url: str, bus: RabbitBus) -> None:
    """Ours by short names, CloudEvents' attributes by the names of its AMQP binding; all texts, no other header."""
    message = await delivered(amqp_url, bus)

    assert dict(message.headers) == {
        "organisation": "org_1",
        "subject": "inv_1",
        "type": message.type,
        "cloudEvents_specversion": "1.0",
        "cloudEvents_id": "inv_1-7",
        "cloudEvents_type": message.type,
        "cloudEvents_source": "/billing",
        "cloudEvents_subject": "inv_1",
        "cloudEvents_sequence": "0000000007",
        "cloudEvents_time": "2026-03-01T12:00:00.250Z",
        "cloudEvents_organisationid": "org_1",
    }


async def test_strangers_choose_by_headers(amqp_url: str, bus: RabbitBus) -> None:
    """A headers exchange behind that for other systems passes one organisation's events only."""
    mine, yours, internal = "test.fact_of_mine.v1", "test.fact_of_yours.v1", "internal.test.fact_of_mine.v1"
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        outside = await fed(channel)
        chosen = await channel.declare_exchange(
            f"chosen.{uuid4().hex}", aio_pika.ExchangeType.HEADERS, auto_delete=True
        )
        queue = await channel.declare_queue(exclusive=True)
        await queue.bind(chosen, arguments={"x-match": "all", "organisation": "org_2"})
        await chosen.bind(outside, "#")
        for event_type, organisation in ((yours, "org_1"), (internal, "org_2"), (mine, "org_2")):
            await bus.publish(replace(an_event(event_type), organisation_id=organisation), mandatory=False)
        told = await eventually_answered(lambda: queue.get(no_ack=True, fail=False))
        assert told is not None
        assert told.type == mine
        assert await queue.get(no_ack=True, fail=False) is None


async def test_a_copy_keeps_the_headers(amqp_url: str, bus: RabbitBus) -> None:
    """What is tried again, or parked, still says of whom and what it is."""
    message = await delivered(amqp_url, bus)
    copy = dict(copy_of(message, datetime.now(UTC), attempt=2, reason="of no use").headers)

    assert {**message.headers, "x-portal-attempt": 2, "x-portal-reason": "of no use"}.items() <= copy.items()


async def test_a_message_of_an_earlier_version_is_read_still(amqp_url: str, bus: RabbitBus) -> None:
    """One that waits in a queue with the charset that we wrote once is handled as any other."""
    event_type, seen = f"test.fact_{uuid4().hex}.v1", list[str]()

    async def handler(body: bytes, attempt: int) -> None:
        seen.append(CloudEvent.from_json(body).id)

    await bus.consume(f"test_{uuid4().hex}", [event_type], handler)
    async with await aio_pika.connect(amqp_url) as connection:
        channel = await connection.channel()
        exchange = await channel.get_exchange(EXCHANGE)
        old = "application/cloudevents+json; charset=utf-8"
        await exchange.publish(aio_pika.Message(an_event(event_type).to_json(), content_type=old), event_type)
        assert await eventually(lambda: list(seen)) == ["inv_1-7"]


@pytest.mark.parametrize("path", ["", "/%2F", "/"])
async def test_the_default_virtual_host_has_three_spellings(amqp_url: str, path: str) -> None:
    """No path, `/%2F` and, for those who wrote it as we did once, a bare slash."""
    bus = RabbitBus(f"{amqp_url}{path}")
    await bus.publish(an_event("test.unheard.v1"), mandatory=False)
    await bus.close()


def test_no_address_that_we_print_ends_in_a_slash() -> None:
    """Java's and Ruby's clients take that for a virtual host without a name, and are refused."""
    files = [ROOT / "README.md", ROOT / "docker-compose.yml", *(ROOT / "docs").rglob("*.*")]
    files += [
        file for folder in ("deploy", "portal_cli", "chassis", "services") for file in (ROOT / folder).rglob("*.*")
    ]
    texts = {
        file: file.read_text(errors="replace")
        for file in files
        if file.suffix in {".py", ".md", ".yml", ".yaml", ".json"}
    }
    assert [f"{file}: {found}" for file, text in texts.items() for found in SLASH_AT_THE_END.findall(text)] == []


async def test_two_copies_of_a_message_at_once_are_told_apart(amqp_url: str, bus: RabbitBus) -> None:
    """Whose copy came back is lost and says so, and whose copy was taken is not told that it was lost."""
    message = aio_pika.Message(b"{}", message_id=f"inv_{uuid4().hex}-1")
    async with await aio_pika.connect(amqp_url) as connection:
        queue = await (await connection.channel()).declare_queue(exclusive=True)
        nowhere, taken = await asyncio.gather(
            bus.send(message, f"nowhere-{uuid4().hex}"), bus.send(message, queue.name), return_exceptions=True
        )
        assert isinstance(nowhere, Unroutable)
        assert taken is None
        assert await queue.get(no_ack=True)
