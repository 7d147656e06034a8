"""Reactions that keep the directory: who people are, as identity tells."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from chassis.erasing import Erasure
from chassis.forgetting import erasure_of
from chassis.inbox import Narrow, Received
from services.notifications.application.reactions.notify import Notify
from services.notifications.domain.kinds import Audience
from services.notifications.messaging.consumed import (
    ContactErased,
    ContactTold,
    CustomerTold,
    OrganisationTold,
    PortalTold,
    SessionsEnded,
    StaffTold,
)

Forget = Callable[[Erasure], Awaitable[None]]
React = Callable[[Received[Any]], Awaitable[None]]


class Keeper(Protocol):
    """Keeps what events tell, moving forward only."""

    async def note_person(self, person_id: str, sequence: int, fields: dict[str, Any]) -> None: ...
    async def access_since(self, contact_id: str, at: datetime) -> datetime: ...
    async def note_customer(self, customer_id: str, sequence: int, fields: dict[str, Any]) -> None: ...
    async def note_organisation(self, organisation_id: str, sequence: int, fields: dict[str, Any]) -> None: ...
    async def note_portal(self, organisation_id: str, sequence: int, fields: dict[str, Any]) -> None: ...


class Sessions(Protocol):
    """Remembers which sessions ended."""

    async def end(self, event_id: str, principal_id: str, session_ids: Sequence[str] | None, at: datetime) -> None: ...


def organisation_fields(data: OrganisationTold) -> dict[str, Any]:
    """Return what is kept of an organisation."""
    return {"name": data.name, "email": data.email, "locale": data.locale}


def portal_fields(data: PortalTold) -> dict[str, Any]:
    """Return what is kept of a portal."""
    return {
        "name": data.name,
        "slug": data.slug,
        "open": data.enabled,
        "document_types": list(data.document_types),
        "notices": list(data.notify_staff_of),
    }


def staff_fields(data: StaffTold) -> dict[str, Any]:
    """Return what is kept of a member of staff."""
    fields = data.model_dump(include={"organisation_id", "name", "email", "language", "active", "role"})
    return fields | {"audience": Audience.STAFF.value}


def customer_fields(data: CustomerTold) -> dict[str, Any]:
    """Return what is kept of a client company."""
    return data.model_dump(include={"organisation_id", "name"})


def contact_fields(data: ContactTold) -> dict[str, Any]:
    """Return what is kept of a contact."""
    fields = data.model_dump(include={"organisation_id", "customer_id", "name", "email", "language", "status"})
    active = data.status == "accepted"
    return fields | {"audience": Audience.CLIENT.value, "active": active, "primary": data.is_primary}


def directory_reactions(
    keep: Keeper, sessions: Sessions, notify: Notify, forget: Forget
) -> Mapping[type[Narrow], React]:
    """Return what keeps the directory, by what was read; a contact who got access is told what came since."""

    async def organisation(event: Received[OrganisationTold]) -> None:
        await keep.note_organisation(event.data.organisation_id, event.sequence, organisation_fields(event.data))

    async def portal(event: Received[PortalTold]) -> None:
        await keep.note_portal(event.data.organisation_id, event.sequence, portal_fields(event.data))

    async def staff(event: Received[StaffTold]) -> None:
        await keep.note_person(event.data.staff_id, event.sequence, staff_fields(event.data))

    async def customer(event: Received[CustomerTold]) -> None:
        await keep.note_customer(event.data.customer_id, event.sequence, customer_fields(event.data))

    async def contact(event: Received[ContactTold]) -> None:
        data = event.data
        fields = contact_fields(data)
        if data.status == "accepted":
            fields["access_since"] = await keep.access_since(data.contact_id, event.time)
        await keep.note_person(data.contact_id, event.sequence, fields)
        if data.status == "accepted":  # an older event that comes again must not tell what was before the access
            await notify.catch_up(data.organisation_id, data.customer_id, data.contact_id, event.time)

    async def contact_erased(event: Received[ContactErased]) -> None:
        await forget(erasure_of(event))

    async def sessions_ended(event: Received[SessionsEnded]) -> None:
        await sessions.end(event.id, event.data.principal_id, event.data.session_ids, event.data.ended_at)

    return {
        OrganisationTold: organisation,
        PortalTold: portal,
        StaffTold: staff,
        CustomerTold: customer,
        ContactTold: contact,
        ContactErased: contact_erased,
        SessionsEnded: sessions_ended,
    }
