"""What every service does when a contact was erased: its own part, then what its queue and its mails still hold.

`Forgetting` is the reaction to `identity.contact_erased.v1`. Doing it again is harmless, and each part may be repeated.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

import structlog

from chassis.bus import Bus
from chassis.erasing import Erasure
from chassis.inbox import Received
from chassis.kernel import Clock
from chassis.mail import FileMailer, Mailer
from chassis.mongo.erased import MongoErased

_LOG = structlog.stdlib.get_logger("erasure")


class ErasedTold(Protocol):
    """What services read of `identity.contact_erased.v1`."""

    @property
    def contact_id(self) -> str: ...
    @property
    def customer_id(self) -> str: ...
    @property
    def address_marks(self) -> tuple[str, ...]: ...
    @property
    def erased_at(self) -> datetime: ...


def erasure_of(event: Received[Any]) -> Erasure:
    """Return whom an event asks to forget."""
    told: ErasedTold = event.data
    return Erasure(
        contact_id=told.contact_id,
        organisation_id=event.by.organisation_id,
        customer_id=told.customer_id,
        marks=told.address_marks,
        at=told.erased_at,
    )


@dataclass(frozen=True, slots=True)
class Forgetting:
    """The whole of it for one service: `own` is what only that service knows.

    It returns the ids of mails to others that name the person, which lie in the folder where there is one.
    """

    service: str
    own: Callable[[Erasure], Awaitable[Collection[str]]]
    erased: MongoErased
    bus: Bus
    clock: Clock
    mailer: Mailer | None = None

    async def __call__(self, erasure: Erasure) -> None:
        """Forget the person."""
        await self.erased.begin(erasure)
        named = await self.own(erasure)
        parked = await self.bus.forget_parked(self.service, erasure.is_about)
        mails = await self.mailer.forget(erasure.means, named) if isinstance(self.mailer, FileMailer) else 0
        await self.erased.end(erasure, self.clock.now())
        _LOG.info("contact_forgotten", service=self.service, contact=erasure.contact_id, parked=parked, mails=mails)
