"""How one delivery of RabbitMQ ends: its effect is stored or a copy is safe elsewhere, and only then it is settled.

A message whose copy nobody takes is held, unacknowledged, and the copy is tried again with growing pauses; it is given
back only when the process ends. Giving back is no pause: the broker delivers it again at once, for ever or until it
gives it up. `rabbitmq.py` is the only user.
"""

import contextlib
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

import structlog
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage, HeadersType
from aio_pika.exceptions import AMQPError, ChannelClosed

from chassis.bus import MAX_ATTEMPTS, DependencyDown, Handler, NotYet, Park, PublishFailed, UnknownType, Unroutable
from chassis.bus.acks import Acks
from chassis.bus.topology import DELIVERY_LIMIT, delay_name, parking_name
from chassis.cloudevents import CloudEvent, MalformedEvent
from chassis.telemetry import PARKED, RETRIES

_LOG = structlog.stdlib.get_logger("bus")

ATTEMPT_HEADER = "x-portal-attempt"
WAITS_HEADER = "x-portal-waits"
"""How often the message waited for somebody who is away: it lengthens the pauses, and is no attempt."""
REASON_HEADER = "x-portal-reason"
FIRST_HEADER, LAST_HEADER = "x-portal-first", "x-portal-last"
"""When a message was put aside for the first time, and when it was parked: instants as texts, in UTC."""
REPLAYS_HEADER = "x-portal-replays"
"""How often somebody replayed it."""
DELIVERIES_HEADER = "x-delivery-count"
"""How often the broker had to deliver it again: quorum queues count it from RabbitMQ 3.8 on."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
QUICK_WAITS = 10
"""Waits of each length for a worker that knows the type: one may be reading the same queue already."""


class Carrier(Protocol):
    """What settling needs of the bus."""

    async def send(self, message: Message, queue: str) -> None:
        """Put a message into a queue.

        Raises:
            PublishFailed: when it is not confirmed to be there.
        """
        ...

    async def mend(self, service: str) -> None:
        """Declare the service's queues again, as far as that is possible now."""
        ...

    async def ends_within(self, seconds: float) -> bool:
        """Wait, and return whether the process began to end meanwhile."""
        ...


class Settling:
    """Gives messages to handlers and settles them by how that went."""

    def __init__(self, carrier: Carrier, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._carrier = carrier
        self._now = now
        self._acks = Acks()

    async def attempt(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        """Handle one message, and return when it is settled or can never be."""
        attempt = _attempt_of(message)
        if _deliveries_before(message) >= DELIVERY_LIMIT:
            reason = f"delivered {DELIVERY_LIMIT} times without an end: the worker stopped each time"
            settled = await self._park(service, message, reason, attempt)
        else:
            settled = await self._handle(service, message, handler, attempt)
        with contextlib.suppress(AMQPError, ChannelClosed, RuntimeError):
            await (self._acks.ack(message) if settled else self._acks.nack(message))

    async def _handle(self, service: str, message: AbstractIncomingMessage, handler: Handler, attempt: int) -> bool:
        try:
            await handler(message.body, attempt)
        except Park as reason:
            return await self._park(service, message, str(reason), attempt)
        except DependencyDown:
            return await self._retry(service, message, attempt, counted=False)
        except NotYet as late:
            return await self._wait(service, message, attempt, late)
        except Exception as error:
            if attempt >= MAX_ATTEMPTS:
                return await self._park(service, message, f"{type(error).__name__}: {error}", attempt)
            return await self._retry(service, message, attempt, counted=True)
        return True

    async def _retry(self, service: str, message: AbstractIncomingMessage, attempt: int, *, counted: bool) -> bool:
        RETRIES.labels(service, message.routing_key or "").inc()
        if counted:
            copy = copy_of(message, self._now(), attempt=attempt + 1)
            return await self._put_aside(service, message, copy, delay_name(service, attempt))
        waits = _number(message, WAITS_HEADER) + 1
        copy = copy_of(message, self._now(), attempt=attempt, waits=waits)
        return await self._put_aside(service, message, copy, delay_name(service, waits))

    async def _wait(self, service: str, message: AbstractIncomingMessage, attempt: int, late: NotYet) -> bool:
        """Let it come again while what it lacks can still come; nothing of that is counted."""
        first = _instant(message, FIRST_HEADER)
        if first is not None and self._now() - first >= late.patience:
            return await self._park(service, message, str(late), attempt)
        RETRIES.labels(service, message.routing_key or "").inc()
        waits = _number(message, WAITS_HEADER) + 1
        step = 1 + (waits - 1) // QUICK_WAITS if isinstance(late, UnknownType) else waits
        copy = copy_of(message, self._now(), attempt=attempt, waits=waits)
        return await self._put_aside(service, message, copy, delay_name(service, step))

    async def _park(self, service: str, message: AbstractIncomingMessage, reason: str, attempt: int) -> bool:
        PARKED.labels(service, message.type or "").inc()
        _LOG.error("message_parked", service=service, event_type=message.type, attempt=attempt, reason=reason[:200])
        copy = copy_of(message, self._now(), attempt=attempt, reason=reason)
        return await self._put_aside(service, message, copy, parking_name(service))

    async def _put_aside(self, service: str, message: AbstractIncomingMessage, copy: Message, queue: str) -> bool:
        """Return whether the copy is safe; False when the process ends or the message is no longer ours to settle."""
        pause = FIRST_PAUSE
        while (refusal := await self._refusal(copy, queue)) is not None:
            _LOG.warning(
                "message_held", service=service, event_type=message.type, queue=queue, reason=str(refusal)[:200]
            )
            if await self._carrier.ends_within(pause) or message.channel.is_closed:
                return False
            if isinstance(refusal, Unroutable):
                await self._carrier.mend(service)
            pause = min(pause * 2, LONGEST_PAUSE)
        return True

    async def _refusal(self, copy: Message, queue: str) -> PublishFailed | None:
        try:
            await self._carrier.send(copy, queue)
        except PublishFailed as refusal:
            return refusal
        return None


def copy_of(
    message: AbstractIncomingMessage, now: datetime, *, attempt: int, reason: str = "", waits: int = 0
) -> Message:
    """Return the message once more: with `reason` to be parked. What the broker counted starts again."""
    waits = waits or (_number(message, WAITS_HEADER) if reason else 0)
    first = message.headers.get(FIRST_HEADER) or now.isoformat()
    ours: HeadersType = {ATTEMPT_HEADER: attempt, FIRST_HEADER: first, REPLAYS_HEADER: _number(message, REPLAYS_HEADER)}
    if reason:
        ours |= {REASON_HEADER: reason[:500], LAST_HEADER: now.isoformat()}
    if waits:
        ours[WAITS_HEADER] = waits
    return _with(message, ours)


def replayed_copy(message: AbstractIncomingMessage) -> Message:
    """Return a parked message as it is given back: as if it came for the first time, but for the count of replays."""
    return _with(message, {ATTEMPT_HEADER: 1, REPLAYS_HEADER: _number(message, REPLAYS_HEADER) + 1})


def _with(message: AbstractIncomingMessage, ours: HeadersType) -> Message:
    """Return the message with the headers it was published with, and these; ours and the broker's begin with `x-`."""
    return Message(
        message.body,
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        type=message.type,
        timestamp=message.timestamp,
        app_id=message.app_id,
        headers={**{name: value for name, value in message.headers.items() if not name.startswith("x-")}, **ours},
    )


@dataclass(frozen=True, slots=True)
class ParkedNote:
    """What is known of a parked message: what it is, why it is parked, since when it failed, and how often.

    `first` and `last` are instants as texts, empty where the broker gave the message up and we wrote nothing on it.
    """

    event_type: str
    message_id: str
    reason: str
    first: str
    last: str
    attempts: int
    waits: int
    replays: int

    def as_log(self) -> dict[str, Any]:
        """Return it as fields of a line in the log."""
        return asdict(self) | {"reason": self.reason[:200]}


def note_of(message: AbstractIncomingMessage) -> ParkedNote:
    """Return what the headers of a parked message tell."""
    return ParkedNote(
        event_type=message.type or "",
        message_id=message.message_id or "",
        reason=reason_of(message),
        first=str(message.headers.get(FIRST_HEADER) or ""),
        last=str(message.headers.get(LAST_HEADER) or ""),
        attempts=_attempt_of(message),
        waits=_number(message, WAITS_HEADER),
        replays=_number(message, REPLAYS_HEADER),
    )


def subject_of(message: AbstractIncomingMessage) -> str:
    """Return what the message is about, from its header where it has one; all that cannot be read share one subject.

    Our publishers write the same in both places: whoever puts something else there gets another turn, no other effect.
    """
    if isinstance(named := message.headers.get("subject"), str):
        return named
    try:
        return CloudEvent.from_json(message.body).subject
    except MalformedEvent:
        return ""


def reason_of(message: AbstractIncomingMessage) -> str:
    """Return why a message is parked: what we wrote on it, or what the broker wrote when it gave it up.

    RabbitMQ 3.10 tells it in the newest entry of `x-death`; 4.x also in `x-last-death-reason`.
    """
    headers: dict[str, Any] = dict(message.headers)
    if own := headers.get(REASON_HEADER):
        return str(own)
    deaths = headers.get("x-death")
    newest: Any = deaths[0] if isinstance(deaths, list) and deaths else {}  # pyright: ignore[reportUnknownVariableType]
    said = headers.get("x-last-death-reason") or (newest.get("reason") if isinstance(newest, dict) else None)  # pyright: ignore
    return f"given up by the broker: {said}" if said else "unknown"


def _attempt_of(message: AbstractIncomingMessage) -> int:
    return max(_number(message, ATTEMPT_HEADER), 1)


def _deliveries_before(message: AbstractIncomingMessage) -> int:
    return _number(message, DELIVERIES_HEADER)


def _number(message: AbstractIncomingMessage, header: str) -> int:
    value = message.headers.get(header, 0)
    return max(value, 0) if isinstance(value, int) else 0


def _instant(message: AbstractIncomingMessage, header: str) -> datetime | None:
    try:
        return datetime.fromisoformat(str(message.headers.get(header)))
    except ValueError:
        return None
