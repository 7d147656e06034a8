"""Events leave here: signed with HMAC-SHA256 over `t.body`, sent again with growing pauses until a 2xx comes back."""

import asyncio
import hashlib
import hmac
import logging
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import orjson

from payment_sandbox.store import Record, Store, public

if TYPE_CHECKING:
    from payment_sandbox.delivery import Delivery

HEADER = "payment-signature"
_PAUSES = (1, 2, 5, 10, 30, 60, 300, 1800, 3600)
_MAX_ATTEMPTS = 60
_AFTER_A_FAILURE = 1.0
_log = logging.getLogger("payment_sandbox.webhooks")


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature header's value for this body."""
    mac = hmac.new(secret.encode(), b"%d." % timestamp + body, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={mac}"


class Courier:
    """Delivers due events to one endpoint; `endpoint` may change while it runs, None keeps everything waiting."""

    def __init__(self, store: Store, secret: str, endpoint: str | None) -> None:
        self.store, self.secret, self.endpoint = store, secret, endpoint
        self._wake = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Deliver from now on."""
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is undelivered is delivered after the next start."""
        if self._task:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Look for due events now."""
        self._wake.set()

    async def _run(self) -> None:
        while True:
            try:
                await self._deliver()
            except Exception:
                _log.exception("the courier goes on in %s s", _AFTER_A_FAILURE)
                await asyncio.sleep(_AFTER_A_FAILURE)

    async def _deliver(self) -> None:
        while not self._is_due():
            await self._wait()
        # Not before something is due: the HTTP client is a third of the sandbox's start, and often no card is charged.
        from payment_sandbox.delivery import delivering

        async with delivering() as delivery:
            while True:
                if self.endpoint:
                    await self._deliver_due(delivery, self.endpoint)
                await self._wait()

    def _is_due(self) -> bool:
        return self.endpoint is not None and bool(self.store.due(time.time()))

    async def _wait(self) -> None:
        """Until something is due, or may be."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._wake.wait(), self._pause())
        self._wake.clear()

    def _pause(self) -> float:
        due = self.store.next_due() if self.endpoint else None
        return 3600.0 if due is None else min(max(due - time.time(), 0.02), 3600.0)

    async def _deliver_due(self, delivery: "Delivery", endpoint: str) -> None:
        for event_id, attempts in self.store.due(time.time()):
            event = self.store.get("event", event_id)
            if event is not None and (attempts >= _MAX_ATTEMPTS or await self._send(delivery, endpoint, event)):
                self.store.delivered(event_id)
            else:
                pause = _PAUSES[min(attempts, len(_PAUSES) - 1)]
                self.store.schedule(event_id, time.time() + pause, attempts + 1)

    async def _send(self, delivery: "Delivery", endpoint: str, event: Record) -> bool:
        body = orjson.dumps(public(event))
        signature = sign(self.secret, int(time.time()), body)
        taken = await delivery.send(endpoint, body, {"content-type": "application/json", HEADER: signature})
        if not taken:
            _log.info("webhook %s not delivered yet", event["id"])
        return taken
