"""The table of everything collaboration reacts to."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from services.chassis.inbox import Inbox, Reaction, Received
from services.collaboration.application.reactions.keep_projections import KeepProjections
from services.collaboration.messaging.consumed import (
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


def inbox(keep: KeepProjections, sessions: Sessions) -> Inbox:
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
        if event.data.forwarding_allowed is not None:
            await keep.portal_set(
                event.data.organisation_id, event.sequence, forwarding_allowed=event.data.forwarding_allowed
            )

    async def sessions_ended(event: Received[SessionsEnded]) -> None:
        await sessions.end(event.id, event.data.principal_id, event.data.session_ids, event.data.ended_at)

    return Inbox(
        "collaboration",
        {
            "billing.estimate_drafted.v1": Reaction(EstimateDrafted, estimate_drafted),
            "billing.estimate_sent.v1": Reaction(EstimateSent, estimate_sent),
            "billing.invoice_drafted.v1": Reaction(InvoiceDrafted, invoice_drafted),
            "billing.invoice_sent.v1": Reaction(InvoiceSent, invoice_sent),
            "identity.portal_enabled.v1": Reaction(PortalSet, portal_set),
            "identity.portal_settings_changed.v1": Reaction(PortalSet, portal_set),
            "identity.sessions_ended.v1": Reaction(SessionsEnded, sessions_ended),
        },
    )
