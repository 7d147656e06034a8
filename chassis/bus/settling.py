"""How one delivery of RabbitMQ ends: its effect is stored or a copy is safe elsewhere, and only then it is settled.

A message whose copy nobody takes is held, unacknowledged, and the copy is tried again with growing pauses; it is given
back only when the process ends. Giving back is no pause: the broker delivers it again at once, for ever or until it
gives it up. `rabbitmq.py` is the only user.
"""

import contextlib
from typing import Any, Protocol

import structlog
from aio_pika import DeliveryMode, Message
from aio_pika.abc import AbstractIncomingMessage, HeadersType
from aio_pika.exceptions import AMQPError, ChannelClosed

from chassis.bus import MAX_ATTEMPTS, DependencyDown, Handler, Park, PublishFailed, Unroutable
from chassis.bus.topology import DELIVERY_LIMIT, delay_name, parking_name
from chassis.cloudevents import CloudEvent, MalformedEvent, is_header
from chassis.telemetry import PARKED, RETRIES

_LOG = structlog.stdlib.get_logger("bus")

ATTEMPT_HEADER = "x-portal-attempt"
WAITS_HEADER = "x-portal-waits"
"""How often the message waited for somebody who is away: it lengthens the pauses, and is no attempt."""
REASON_HEADER = "x-portal-reason"
DELIVERIES_HEADER = "x-delivery-count"
"""How often the broker had to deliver it again: quorum queues count it from RabbitMQ 3.8 on."""
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0


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

    def __init__(self, carrier: Carrier) -> None:
        self._carrier = carrier

    async def attempt(self, service: str, message: AbstractIncomingMessage, handler: Handler) -> None:
        """Handle one message, and return when it is settled or can never be."""
        attempt = _attempt_of(message)
        if _deliveries_before(message) >= DELIVERY_LIMIT:
            reason = f"delivered {DELIVERY_LIMIT} times without an end: the worker stopped each time"
            settled = await self._park(service, message, reason, attempt)
        else:
            settled = await self._handle(service, message, handler, attempt)
        with contextlib.suppress(AMQPError, ChannelClosed, RuntimeError):
            await (message.ack() if settled else message.nack(requeue=True))

    async def _handle(self, service: str, message: AbstractIncomingMessage, handler: Handler, attempt: int) -> bool:
        try:
            await handler(message.body, attempt)
        except Park as reason:
            return await self._park(service, message, str(reason), attempt)
        except DependencyDown:
            return await self._retry(service, message, attempt, counted=False)
        except Exception as error:
            if attempt >= MAX_ATTEMPTS:
                return await self._park(service, message, f"{type(error).__name__}: {error}", attempt)
            return await self._retry(service, message, attempt, counted=True)
        return True

    async def _retry(self, service: str, message: AbstractIncomingMessage, attempt: int, *, counted: bool) -> bool:
        RETRIES.labels(service, message.routing_key or "").inc()
        if counted:
            return await self._put_aside(service, message, copy_of(message, attempt + 1), delay_name(service, attempt))
        waits = max(_number(message, WAITS_HEADER), 0) + 1
        return await self._put_aside(
            service, message, copy_of(message, attempt, waits=waits), delay_name(service, waits)
        )

    async def _park(self, service: str, message: AbstractIncomingMessage, reason: str, attempt: int) -> bool:
        PARKED.labels(service, message.type or "").inc()
        _LOG.error("message_parked", service=service, event_type=message.type, attempt=attempt, reason=reason[:200])
        return await self._put_aside(service, message, copy_of(message, attempt, reason), parking_name(service))

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


def copy_of(message: AbstractIncomingMessage, attempt: int, reason: str = "", waits: int = 0) -> Message:
    """Return the message once more, with our own headers only: what the broker counted starts again."""
    headers: HeadersType = {name: value for name, value in message.headers.items() if is_header(name)}
    headers[ATTEMPT_HEADER] = attempt
    if waits:
        headers[WAITS_HEADER] = waits
    if reason:
        headers[REASON_HEADER] = reason[:500]
    return Message(
        message.body,
        content_type=message.content_type,
        delivery_mode=DeliveryMode.PERSISTENT,
        message_id=message.message_id,
        type=message.type,
        timestamp=message.timestamp,
        app_id=message.app_id,
        headers=headers,
    )


def subject_of(message: AbstractIncomingMessage) -> str:
    """Return what the message is about; all that cannot be read share one subject."""
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
    return value if isinstance(value, int) else 0
