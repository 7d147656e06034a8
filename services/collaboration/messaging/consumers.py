"""The table of everything collaboration reacts to."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Protocol

from chassis.erasing import Erasure
from chassis.forgetting import erasure_of
from chassis.inbox import Inbox, Narrow, Received, answered
from services.collaboration.application.reactions.keep_projections import KeepProjections
from services.collaboration.messaging.consumed import (
    CONSUMED,
    ContactErased,
    EstimateDrafted,
    EstimateSent,
    InvoiceDrafted,
    InvoiceSent,
    PortalSet,
    SessionsEnded,
)


class Sessions(Protocol):
    """Remembers which sessions ended."""

    async def end(self, event_id: str, principal_id: str, session_ids: Sequence[str] | None, at: datetime) -> None:
        """Refuse tokens of these sessions from now on."""
        ...


def inbox(keep: KeepProjections, sessions: Sessions, forget: Callable[[Erasure], Awaitable[None]]) -> Inbox:
    """Return collaboration's inbox."""

    async def estimate_drafted(event: Received[EstimateDrafted]) -> None:
        data = event.data
        await keep.document_drafted(
            data.estimate_id, event.sequence, organisation_id=data.organisation_id, customer_id=data.customer_id
        )

    async def estimate_sent(event: Received[EstimateSent]) -> None:
        data = event.data
        await keep.document_sent(
            data.estimate_id,
            event.sequence,
            organisation_id=data.organisation_id,
            customer_id=data.customer_id,
            number=data.number,
        )

    async def invoice_drafted(event: Received[InvoiceDrafted]) -> None:
        data = event.data
        await keep.document_drafted(
            data.invoice_id, event.sequence, organisation_id=data.organisation_id, customer_id=data.customer_id
        )

    async def invoice_sent(event: Received[InvoiceSent]) -> None:
        data = event.data
        await keep.document_sent(
            data.invoice_id,
            event.sequence,
            organisation_id=data.organisation_id,
            customer_id=data.customer_id,
            number=data.number,
        )

    async def portal_set(event: Received[PortalSet]) -> None:
        await keep.portal_set(event.data.organisation_id, event.sequence, event.data.rules())

    async def sessions_ended(event: Received[SessionsEnded]) -> None:
        await sessions.end(event.id, event.data.principal_id, event.data.session_ids, event.data.ended_at)

    async def contact_erased(event: Received[ContactErased]) -> None:
        await forget(erasure_of(event))

    reactions: dict[type[Narrow], Callable[[Received[Any]], Awaitable[None]]] = {
        EstimateDrafted: estimate_drafted,
        EstimateSent: estimate_sent,
        InvoiceDrafted: invoice_drafted,
        InvoiceSent: invoice_sent,
        PortalSet: portal_set,
        ContactErased: contact_erased,
        SessionsEnded: sessions_ended,
    }
    return Inbox("collaboration", answered("collaboration", CONSUMED, reactions))
