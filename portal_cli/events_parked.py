"""`portal events parked | show | replay`: what no reaction could handle, on RabbitMQ or in the portal that runs here.

Messages stay where they are until they are replayed; whoever replays one twice causes one effect.
"""

import asyncio
import json
import os
from collections.abc import Awaitable
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlencode

from rich.console import Console

from chassis.cloudevents import CloudEvent, MalformedEvent
from portal_cli import replaying
from portal_cli.asked_here import ask_portal
from portal_cli.embedded import SERVICES
from portal_cli.refusals import Refusal

MOST = 1_000
"""Parked messages of a service that are looked at."""

Row = dict[str, Any]
T = TypeVar("T")


def show_list(service: str | None, data: Path) -> int:
    """Print one line for each parked message; return the exit code."""
    say = Console(highlight=False, soft_wrap=True).print
    counts: dict[str, int] = {}
    for name in _wanted(service):
        rows = _rows(name, data)
        for row in rows:
            say(told(row), markup=False)
        counts[name] = len(rows)
    if not any(counts.values()):
        say("Nothing is parked.")
    for name in [name for name, count in counts.items() if count >= MOST]:
        say(f"Only the first {MOST} of {name} are shown.")
    if any(counts.values()):
        say("Look at one: portal events show ID. Deliver again what was mended: portal events replay SERVICE [ID].")
    return 0


def show_one(event_id: str, service: str | None, data: Path) -> int:
    """Print a parked message with everything that is known of it; return the exit code."""
    rows = [row for name in _wanted(service) for row in _rows(name, data) if row["id"] == event_id]
    if not rows:
        raise Refusal(f"No event {event_id} is parked. See what is: portal events parked")
    say = Console(highlight=False, soft_wrap=True).print
    for row in rows:
        for name, value in row.items():
            if name != "event":
                say(f"{name.replace('_', ' ')}: {'' if value is None else value}", markup=False)
        say(json.dumps(row["event"], indent=2, ensure_ascii=False), markup=False)
    return 0


def replay(service: str, event_id: str | None, data: Path) -> int:
    """Deliver all parked messages of a service again, or one of them; return the exit code."""
    _wanted(service)
    if event_id is None:
        return replaying.run(service, data)
    if not _replayed(service, event_id, data):
        raise Refusal(f"No event {event_id} is parked at {service}. See what is: portal events parked {service}")
    Console(highlight=False).print(f"{event_id} was delivered to {service} again.")
    return 0


def told(row: Row) -> str:
    """Return one line: service, id, type, organisation, when it happened, attempts, and why."""
    what = f"{row['id']}  {row['type']} of {row['organisation']}, {row['happened']}"
    return f"{row['service']}  {what}  {row['attempts']} attempts: {row['reason']}"


def row_of(service: str, key: str, body: bytes, reason: str, attempts: int, **notes: Any) -> Row:
    """Return a parked message as JSON types; `key` is its id where the body tells none."""
    row: Row = {"service": service, "id": key, "type": "unreadable", "organisation": "?", "happened": "?"}
    try:
        event = CloudEvent.from_json(body)
    except MalformedEvent:
        whole: Any = body.decode("utf-8", "replace")
    else:
        whole = json.loads(body)
        row |= {"id": event.id, "type": event.type, "organisation": event.organisation_id, "happened": event.time}
    return row | {"reason": reason, "attempts": attempts, **notes, "event": whole}


def _wanted(service: str | None) -> list[str]:
    if service is not None and service not in SERVICES:
        raise Refusal(f"There is no service {service}. There are: {', '.join(SERVICES)}.")
    return [service] if service else list(SERVICES)


def _rows(service: str, data: Path) -> list[Row]:
    if amqp_url := os.environ.get("PORTAL_AMQP_URL"):
        return asked(_on_rabbitmq(amqp_url, service))
    return json.loads(ask_portal("GET", f"/parked/{service}", data, "PORTAL_AMQP_URL"))["rows"]


async def _on_rabbitmq(amqp_url: str, service: str) -> list[Row]:
    from aio_pika.exceptions import ChannelNotFoundEntity

    from chassis.bus.parked import look

    try:
        found = await look(amqp_url, service, MOST)
    except ChannelNotFoundEntity:
        return []  # its worker never ran here
    return [row_of(service, one.key, one.body, one.reason, one.attempts, **one.notes) for one in found]


def _replayed(service: str, event_id: str, data: Path) -> bool:
    if amqp_url := os.environ.get("PORTAL_AMQP_URL"):
        from chassis.bus.parked import replay_one

        return asked(replay_one(amqp_url, service, event_id, MOST))
    path = f"/replay/{service}?{urlencode({'id': event_id})}"
    return bool(json.loads(ask_portal("POST", path, data, "PORTAL_AMQP_URL"))["replayed"])


def asked(answer: Awaitable[T]) -> T:
    """Return what the broker answers. Raises Refusal when it is away, refuses us or knows no such queue."""
    from aio_pika.exceptions import AMQPError, ChannelNotFoundEntity

    async def ask() -> T:
        return await answer

    try:
        return asyncio.run(ask())
    except ChannelNotFoundEntity:
        raise Refusal(
            "The broker at PORTAL_AMQP_URL has no such queue: the service's worker never ran there."
        ) from None
    except (AMQPError, OSError) as error:
        kind = type(error).__name__
        raise Refusal(
            f"The broker at PORTAL_AMQP_URL does not answer ({kind}); check address, user and password, and try again."
        ) from None
