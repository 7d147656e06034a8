"""The facts of identity. Each carries what its readers need, so that no one has to ask back; none carries a secret."""

from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import DomainEvent
from services.identity.domain.places import Address


@dataclass(frozen=True, kw_only=True)
class IdentityEvent(DomainEvent):
    """Any fact of identity: every one belongs to an organisation."""

    organisation_id: str


# --- organisations ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class OrganisationFact(IdentityEvent):
    name: str
    time_zone: str
    locale: str
    currency: str
    address: Address | None
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None


class OrganisationRegistered(OrganisationFact):
    """A business signed up."""


class OrganisationUpdated(OrganisationFact):
    """Its details changed."""


@dataclass(frozen=True, kw_only=True)
class PortalFact(IdentityEvent):
    enabled: bool
    name: str
    slug: str
    banner_message: str | None
    document_types: tuple[str, ...]
    forwarding_allowed: bool
    clients_may_edit: bool
    notify_staff_of: tuple[str, ...]


class PortalEnabled(PortalFact):
    """The client portal opened."""


class PortalSettingsChanged(PortalFact):
    """Its settings changed; also said once when it is first enabled, and when it is switched off or on again."""


# --- staff ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class StaffFact(IdentityEvent):
    staff_id: str
    name: str
    email: str
    role: str
    status: str
    active: bool
    language: str


class StaffMemberAdded(StaffFact):
    """Somebody joined, or was asked to join, the staff."""


class StaffMemberUpdated(StaffFact):
    """Details, role or access changed."""


@dataclass(frozen=True, kw_only=True)
class StaffMemberInvited(StaffFact):
    """A link was made; `generation` says which one, and only our own worker can turn that into the link."""

    generation: int


# --- customers --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class CustomerFact(IdentityEvent):
    customer_id: str
    name: str
    currency: str
    language: str
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None
    registration_number: str | None
    billing_address: Address | None
    shipping_address: Address | None


class CustomerCreated(CustomerFact):
    """A client company was entered."""


class CustomerUpdated(CustomerFact):
    """Its details changed."""


# --- contacts ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class ContactFact(IdentityEvent):
    contact_id: str
    customer_id: str
    name: str
    email: str
    language: str
    status: str
    is_primary: bool


class ContactAdded(ContactFact):
    """A contact person of a client company was entered."""


class ContactUpdated(ContactFact):
    """Details or access changed."""


@dataclass(frozen=True, kw_only=True)
class ContactInvited(ContactFact):
    """A link was made; `generation` says which one, and only our own worker can turn that into the link."""

    generation: int


class ContactAccepted(ContactFact):
    """The contact chose a password and can log in."""


class ContactDisabled(ContactFact):
    """The contact can no longer log in."""


@dataclass(frozen=True, kw_only=True)
class ContactErased(IdentityEvent):
    """Nobody may hold anything of the contact any more that could tell who it was, but for what the law keeps.

    `address_marks` are those of the addresses by which it was known, `erased_at` is when it was decided, also when the
    event comes again.
    """

    contact_id: str
    customer_id: str
    address_marks: tuple[str, ...]
    erased_at: datetime


@dataclass(frozen=True, kw_only=True)
class InviteRevoked(IdentityEvent):
    """An open invite was taken back."""

    principal_id: str


# --- passwords and sessions -------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class EmailProofRequested(IdentityEvent):
    """Who registered an organisation is to show that the address is theirs; only our own worker can make the link."""

    principal_id: str
    generation: int


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(IdentityEvent):
    """An existing person asked for a new password; `reset_id` is no secret, the link needs our own key."""

    principal_id: str
    reset_id: str


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(IdentityEvent):
    """A person has a new password."""

    principal_id: str


@dataclass(frozen=True, kw_only=True)
class EmailChanged(IdentityEvent):
    """A person who could come in by an address can do so no more: another one took its place.

    `former_name` is what the person was called then: who gets the mail may be somebody else than the one who is meant.
    """

    principal_id: str
    former_name: str
    former_email: str


@dataclass(frozen=True, kw_only=True)
class SecondFactorChanged(IdentityEvent):
    """From now on a person shows a second factor at the log-in, or no longer needs to."""

    principal_id: str
    is_on: bool


@dataclass(frozen=True, kw_only=True)
class PasskeyChanged(IdentityEvent):
    """From now on a person can come in by one passkey more, or one less."""

    principal_id: str
    is_added: bool


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(IdentityEvent):
    """Access tokens of these sessions must no longer be believed."""

    principal_id: str
    session_ids: tuple[str, ...]
    ended_at: datetime
