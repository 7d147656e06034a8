"""Which events billing answers, and how."""

from typing import Any

from services.billing.application.ports import DirectoryNotes
from services.billing.messaging.consumed import CustomerTold, OrganisationTold, PortalTold, SessionsEnded
from services.chassis.inbox import Reaction, Received
from services.chassis.mongo.ended_sessions import MongoEndedSessions


def reactions(notes: DirectoryNotes, ended_sessions: MongoEndedSessions) -> dict[str, Reaction[Any]]:
    """Return the table of what billing does with events."""

    async def note_organisation(event: Received[OrganisationTold]) -> None:
        await notes.note_organisation(event.sequence, event.data.profile())

    async def note_portal(event: Received[PortalTold]) -> None:
        await notes.note_portal(event.sequence, event.data.organisation_id, event.data.profile())

    async def note_customer(event: Received[CustomerTold]) -> None:
        await notes.note_customer(event.sequence, event.data.profile())

    async def end_sessions(event: Received[SessionsEnded]) -> None:
        data = event.data
        await ended_sessions.end(event.id, data.principal_id, data.session_ids, data.ended_at)

    return {
        "identity.organisation_registered.v1": Reaction(OrganisationTold, note_organisation),
        "identity.organisation_updated.v1": Reaction(OrganisationTold, note_organisation),
        "identity.portal_settings_changed.v1": Reaction(PortalTold, note_portal),
        "identity.customer_created.v1": Reaction(CustomerTold, note_customer),
        "identity.customer_updated.v1": Reaction(CustomerTold, note_customer),
        "identity.sessions_ended.v1": Reaction(SessionsEnded, end_sessions),
    }
