"""Which events billing answers, and how."""

from collections.abc import Awaitable, Callable
from typing import Any

from chassis.erasing import Erasure
from chassis.forgetting import erasure_of
from chassis.inbox import Narrow, Reaction, Received, answered
from chassis.mongo.ended_sessions import MongoEndedSessions
from services.billing.application.ports import DirectoryNotes
from services.billing.messaging.consumed import (
    CONSUMED,
    ContactErased,
    ContactTold,
    CustomerTold,
    OrganisationTold,
    PortalTold,
    SessionsEnded,
)


def reactions(
    notes: DirectoryNotes, ended_sessions: MongoEndedSessions, forget: Callable[[Erasure], Awaitable[None]]
) -> dict[str, Reaction[Any]]:
    """Return the table of what billing does with events."""

    async def note_organisation(event: Received[OrganisationTold]) -> None:
        await notes.note_organisation(event.sequence, event.data.profile())

    async def note_portal(event: Received[PortalTold]) -> None:
        await notes.note_portal(event.sequence, event.data.organisation_id, event.data.profile())

    async def note_customer(event: Received[CustomerTold]) -> None:
        await notes.note_customer(event.sequence, event.data.profile())

    async def note_contact(event: Received[ContactTold]) -> None:
        await notes.note_contact(event.sequence, event.data.profile())

    async def forget_contact(event: Received[ContactErased]) -> None:
        await forget(erasure_of(event))

    async def end_sessions(event: Received[SessionsEnded]) -> None:
        data = event.data
        await ended_sessions.end(event.id, data.principal_id, data.session_ids, data.ended_at)

    answers: dict[type[Narrow], Any] = {
        OrganisationTold: note_organisation,
        PortalTold: note_portal,
        CustomerTold: note_customer,
        ContactTold: note_contact,
        ContactErased: forget_contact,
        SessionsEnded: end_sessions,
    }
    return answered("billing", CONSUMED, answers)
