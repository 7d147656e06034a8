"""What the broker keeps for us, and every habit of the broker that we lean on, named: nothing is left to a default.

Three topic exchanges, routing key = event type. Behind `portal.events` are our own durable queues, and nothing else
that we declare. Whatever else wants to hear is told afterwards, through `portal.live`: the transient queues of live
feeds, and one durable queue from which a worker feeds `portal.subscribers`, where other systems bind theirs. Binding
the exchanges to each other would not do: a queue behind a bound exchange counts as a route of the first one, and its
refusal is the publisher's.

Per service there is the durable quorum queue `<service>.events`, one delay queue per retry step (a queue TTL that
dead-letters back), and the parking place `<service>.events.parked`. A queue carries its limits in two ways that say the
same: as arguments, which every process declares, and as a policy, which an operator applies (`deploy/rabbitmq/`): the
arguments of a queue that exists can never be changed. Pure data.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

LIVE = "portal.live"
"""What is told to all who are not one of our durable queues."""
SUBSCRIBERS = "portal.subscribers"
"""Where other systems bind their queues."""
FOR_SUBSCRIBERS = "*.*.*"
"""What they are told, as a binding key: types of three words. Internal ones have four (`cloudevents.INTERNAL`)."""
Readers = Mapping[str, Sequence[str]]
"""The types of event that each service reads from its durable queue."""
OWN_READERS: Readers = json.loads(Path(__file__).with_name("readers.json").read_text("utf-8"))
"""Those of this version's services, for every process that publishes: `portal topology` writes it."""

RETRY_SECONDS = (1, 5, 30)

DELIVERY_LIMIT = 20
"""Deliveries after the first before the broker gives a message up: RabbitMQ 4's own figure, since 3.10 has none.

A worker that ends, a lost connection and a message given back all count (which of them varies between versions), so
twenty rollouts during one message may happen; a worker that is killed again and again by the same messages may not.
"""
UNLIMITED = 1_000_000_000
"""Deliveries of a message that only people take. Never -1: RabbitMQ 3.10 drops the message when it is given back."""
LIVE_FEED_LENGTH = 10_000
"""Events that wait for one web process that does not read: the oldest go, and the process is told that they did."""

FEED_LENGTH = 500_000
"""Events that wait for the worker that feeds other systems: the oldest go, before they fill the broker's disk."""
SUBSCRIBER_LENGTH = 1_000_000
SUBSCRIBER_AGE = timedelta(days=14)
"""What a queue of another system holds at most by our policy: then the oldest go."""

MAX_MESSAGE_BYTES = 16 * 1024 * 1024
"""The largest message that RabbitMQ 4 takes by default (3.10: 128 MiB); it closes the channel on a larger one."""
PREFETCH = 64
"""Messages that a worker holds at once, per consumer: RabbitMQ 4 has no other kind for quorum queues."""
HEARTBEAT_SECONDS = 20
"""A connection that says nothing for three times this long is dead (the broker's own figure is 60)."""
CONSUMER_TIMEOUT_SECONDS = 1_800
"""How long the broker lets a message be held; then it closes the channel (RabbitMQ 4.3: cancels the consumer, of quorum
queues only) and delivers again. Its default, not ours."""

Arguments = Mapping[str, Any]
_QUORUM: Arguments = {"x-queue-type": "quorum"}


@dataclass(frozen=True, slots=True)
class Queue:
    """A durable quorum queue: `limits` by the names of policies, `fixed` by the names of arguments."""

    name: str
    limits: Arguments = field(default_factory=dict[str, Any])
    fixed: Arguments = field(default_factory=dict[str, Any])

    @property
    def arguments(self) -> dict[str, Any]:
        """What it is declared with."""
        return {**_QUORUM, **self.fixed, **{f"x-{name}": value for name, value in self.limits.items()}}

    @property
    def arguments_without_limits(self) -> dict[str, Any]:
        """What earlier versions of us declared it with."""
        return {**_QUORUM, **self.fixed}


def queue_name(service: str) -> str:
    """Return the name of the service's durable queue."""
    return f"{service}.events"


def parking_name(service: str) -> str:
    """Return the name of the queue that keeps the service's parked messages."""
    return f"{queue_name(service)}.parked"


def work_queue(service: str) -> Queue:
    """Return the queue that the service reads: what the broker gives up goes to the parking place, once it is there."""
    return Queue(
        queue_name(service),
        {
            "delivery-limit": DELIVERY_LIMIT,
            "dead-letter-exchange": "",
            "dead-letter-routing-key": parking_name(service),
            "dead-letter-strategy": "at-least-once",
            "overflow": "reject-publish",
        },
    )


def parking_place(service: str) -> Queue:
    """Return the queue of parked messages, which are given back as often as somebody likes."""
    return Queue(parking_name(service), {"delivery-limit": UNLIMITED})


def delay_queues(service: str) -> list[Queue]:
    """Return one queue per retry step: nobody reads them, their messages return when their time is over."""
    return [_delay_queue(queue_name(service), seconds) for seconds in RETRY_SECONDS]


def delay_name(service: str, attempt: int) -> str:
    """Return the delay queue for what failed at this attempt."""
    step = RETRY_SECONDS[min(attempt, len(RETRY_SECONDS)) - 1]
    return f"{queue_name(service)}.retry.{step}s"


def _delay_queue(name: str, seconds: int) -> Queue:
    back = {"x-dead-letter-exchange": "", "x-dead-letter-routing-key": name}
    safe = {"x-dead-letter-strategy": "at-least-once", "x-overflow": "reject-publish"}
    return Queue(f"{name}.retry.{seconds}s", fixed={"x-message-ttl": seconds * 1000, **back, **safe})


LIVE_FEED: Arguments = {"x-queue-type": "classic", "x-max-length": LIVE_FEED_LENGTH, "x-overflow": "drop-head"}
"""The queue of one web process, exclusive and named by the broker: classic whatever the virtual host's default is."""
MISSED: Arguments = {"x-queue-type": "classic", "x-max-length": 1, "x-overflow": "drop-head"}
"""Where the broker puts what a live feed was too slow for: that there is something is all that it says."""


FEED = Queue(
    f"{SUBSCRIBERS}.feed",
    {"delivery-limit": UNLIMITED, "max-length": FEED_LENGTH, "overflow": "drop-head"},
    {"x-single-active-consumer": True},
)
"""From here a worker feeds `portal.subscribers`, one at a time, so that they are told in our order."""


def address_of(service: str) -> str:
    """Return the routing key by which a publisher names a service's queue, whether or not it is bound to the type."""
    return f"to.{service}"


def queues_of(service: str) -> list[Queue]:
    """Return a service's queues: each after those that it sends to."""
    return [parking_place(service), work_queue(service), *delay_queues(service)]


OURS, THEIRS = 10, 0
"""Priorities: a queue has one policy, the one with the highest."""


def policies(services: Sequence[str]) -> list[dict[str, Any]]:
    """Return the policies, as a definitions file writes them: for our queues, and for those of other systems."""
    queues = [FEED, *(queue for service in services for queue in queues_of(service) if queue.limits)]
    return [*map(_of_ours, queues), _of_others(services)]


def _of_ours(queue: Queue) -> dict[str, Any]:
    return {
        "vhost": "/",
        "name": f"portal-{queue.name.removeprefix('portal.')}",
        "pattern": f"^{_literal(queue.name)}$",
        "apply-to": "queues",
        "priority": OURS,
        "definition": dict(queue.limits),
    }


def _of_others(services: Sequence[str]) -> dict[str, Any]:
    """Return the limits of every queue that is none of ours: length, age, and that the oldest go."""
    ours = "|".join([*(_literal(f"{service}.events") for service in services), _literal(FEED.name), "amq[.]gen-"])
    return {
        "vhost": "/",
        "name": "portal-others",
        "pattern": f"^(?!{ours})",
        "apply-to": "queues",
        "priority": THEIRS,
        "definition": {
            "max-length": SUBSCRIBER_LENGTH,
            "message-ttl": int(SUBSCRIBER_AGE.total_seconds() * 1000),
            "overflow": "drop-head",
        },
    }


def subscriber_permissions(name: str) -> dict[str, str]:
    """Return what a user of another system may: everything under its own name, and bind to its exchange of ours.

    Never write to `amq.default`: with it, it could put messages into our queues.
    """
    own = f"{_literal(name)}[.].*"
    return {"configure": f"^{own}$", "write": f"^{own}$", "read": f"^({own}|{_literal(SUBSCRIBERS)})$"}


def _literal(name: str) -> str:
    return name.replace(".", "[.]")
