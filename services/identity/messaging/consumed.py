"""What identity reads of events: narrow models of others' and of its own."""

from datetime import datetime

from chassis.inbox import Narrow


class DocumentForwarded(Narrow):
    """`collaboration.document_forwarded.v1`: somebody got a document."""

    customer_id: str
    recipient_name: str
    recipient_email: str


class ContactInvited(Narrow):
    """Our own `identity.contact_invited.v1`."""

    contact_id: str
    generation: int


class StaffMemberInvited(Narrow):
    """Our own `identity.staff_member_invited.v1`."""

    staff_id: str
    generation: int


class PasswordResetRequested(Narrow):
    """Our own `identity.password_reset_requested.v1`."""

    reset_id: str


class EmailProofRequested(Narrow):
    """Our own `identity.email_proof_requested.v1`."""

    principal_id: str
    generation: int


class PasswordChanged(Narrow):
    """Our own `identity.password_changed.v1`."""

    principal_id: str


class EmailChanged(Narrow):
    """Our own `identity.email_changed.v1`."""

    principal_id: str
    former_name: str
    former_email: str


class ContactErased(Narrow):
    """Our own `identity.contact_erased.v1`."""

    organisation_id: str
    customer_id: str
    contact_id: str
    address_marks: tuple[str, ...]
    erased_at: datetime


class SecondFactorChanged(Narrow):
    """Our own `identity.second_factor_changed.v1`."""

    principal_id: str
    is_on: bool


class PasskeyChanged(Narrow):
    """Our own `identity.passkey_changed.v1`."""

    principal_id: str
    is_added: bool


class SessionsEnded(Narrow):
    """Our own `identity.sessions_ended.v1`."""

    principal_id: str
    session_ids: tuple[str, ...] | None
    ended_at: datetime


CONSUMED: dict[str, type[Narrow]] = {
    "collaboration.document_forwarded.v1": DocumentForwarded,
    "identity.contact_invited.v1": ContactInvited,
    "identity.staff_member_invited.v1": StaffMemberInvited,
    "identity.password_reset_requested.v1": PasswordResetRequested,
    "identity.email_proof_requested.v1": EmailProofRequested,
    "identity.password_changed.v1": PasswordChanged,
    "identity.email_changed.v1": EmailChanged,
    "identity.second_factor_changed.v1": SecondFactorChanged,
    "identity.passkey_changed.v1": PasskeyChanged,
    "identity.contact_erased.v1": ContactErased,
    "identity.sessions_ended.v1": SessionsEnded,
}
"""Every type that we read, and what we read of it."""
