"""The events that identity publishes, and how its facts become them. No secret is ever among them.

Longer than most files, because it is a list: one model per fact, in the order of the domain's own.
"""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, WithJsonSchema

from chassis.cloudevents import Published, PublishedLanguage, Wire
from chassis.kernel import Role
from chassis.wire import (
    Country,
    Currency,
    Email,
    Language,
    LaterInstant,
    bounded,
    count,
    flag,
    id_of,
    line,
    text,
    word,
)
from services.identity.domain import events
from services.identity.domain.organisation import DocumentType, StaffNotice
from services.identity.domain.person import PersonStatus

_STAFF = [role for role in Role if role.is_staff]

CustomerId = Annotated[str, id_of("The client company.", "cus")]
ContactId = Annotated[str, id_of("The contact person of the client company.", "con")]
StaffId = Annotated[str, id_of("The member of staff.", "stf")]
PrincipalId = Annotated[str, id_of("The person: a contact or a member of staff.", "con", "stf")]
ResetId = Annotated[
    str, id_of("The ID of the request for a new password; it does not contain a secret or a link.", "rst")
]
SessionId = Annotated[str, id_of("A log-in on one device.", "ses")]
Name = Annotated[str, line("The name.")]
Phone = Annotated[str, line("The phone number as it was entered.", 60)]
Website = Annotated[str, line("A web address; the scheme may be in upper case.", begins="[Hh][Tt][Tt][Pp][Ss]?://[^ ]")]
TaxId = Annotated[str, line("The tax number as it was entered.", 50)]
TimeZone = Annotated[
    str, WithJsonSchema(bounded("[A-Za-z0-9_+/-]+", 64, "A time zone by its IANA name.", "Europe/Berlin"))
]
Slug = Annotated[
    str, WithJsonSchema(bounded("[a-z](-?[a-z0-9])*", 63, "The unique name of the portal in addresses.", "nordlicht"))
]
Generation = Annotated[int, count("The ID of the link that is valid now; it does not contain a secret or a link.")]


class _Fact(Published):
    model_config = ConfigDict(from_attributes=True)


class PostalAddress(Wire):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    model_config = ConfigDict(from_attributes=True)

    line1: Annotated[str, line("The street and number, or the post office box.")]
    line2: Annotated[str, line("The second line of the street address.")] | None
    city: Annotated[str, line("The town.")]
    region: Annotated[str, line("The state, province or county.")] | None
    postal_code: Annotated[str, line("The postal code as it was entered.", 20)] | None
    country: Country


class _OrganisationFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("organisation_id",)

    name: Name
    time_zone: TimeZone
    locale: Language
    currency: Currency
    address: PostalAddress | None
    email: Email | None
    phone: Phone | None
    website: Website | None
    tax_id: TaxId | None


class OrganisationRegisteredV1(_OrganisationFact):
    """A business signed up."""

    event_type: ClassVar[str] = "identity.organisation_registered.v1"


class OrganisationUpdatedV1(_OrganisationFact):
    """The details of an organisation changed; the event has all of them."""

    event_type: ClassVar[str] = "identity.organisation_updated.v1"


class _PortalFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("organisation_id",)

    enabled: Annotated[bool, flag("Whether clients can use the portal.")]
    name: Name
    slug: Slug
    banner_message: Annotated[str, text("The message at the top of every page.", 2000)] | None
    document_types: tuple[Annotated[str, word("A type of document that the portal shows.", DocumentType)], ...]
    forwarding_allowed: Annotated[bool, flag("Whether clients may forward documents.")]
    clients_may_edit: Annotated[bool, flag("Whether clients may change the details of their company.")]
    notify_staff_of: tuple[Annotated[str, word("An action of clients of which staff are notified.", StaffNotice)], ...]


class PortalEnabledV1(_PortalFact):
    """The client portal was enabled."""

    event_type: ClassVar[str] = "identity.portal_enabled.v1"
    mandatory: ClassVar[bool] = False


class PortalSettingsChangedV1(_PortalFact):
    """The settings of the portal changed, or it was enabled or disabled; the event has all settings."""

    event_type: ClassVar[str] = "identity.portal_settings_changed.v1"


class _StaffFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("staff_id",)

    staff_id: StaffId
    name: Name
    email: Email
    role: Annotated[str, word("The role of the member of staff.", _STAFF)]
    status: Annotated[str, word("The access status of the person.", PersonStatus)]
    active: Annotated[bool, flag("Whether the person can log in.")]
    language: Language


class StaffMemberAddedV1(_StaffFact):
    """Somebody joined, or was invited to join, the staff."""

    event_type: ClassVar[str] = "identity.staff_member_added.v1"


class StaffMemberUpdatedV1(_StaffFact):
    """Details, role or access of a member of staff changed."""

    event_type: ClassVar[str] = "identity.staff_member_updated.v1"


class StaffMemberInvitedV1(_StaffFact):
    """A new invite link for a colleague was created; the link itself is sent by e-mail only."""

    event_type: ClassVar[str] = "identity.staff_member_invited.v1"

    generation: Generation


class _CustomerFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("customer_id",)

    customer_id: CustomerId
    name: Name
    currency: Currency
    language: Language
    email: Email | None
    phone: Phone | None
    website: Website | None
    tax_id: TaxId | None
    registration_number: Annotated[str, line("The number in a register of companies.", 50)] | None
    billing_address: PostalAddress | None
    shipping_address: PostalAddress | None


class CustomerCreatedV1(_CustomerFact):
    """A client company was created."""

    event_type: ClassVar[str] = "identity.customer_created.v1"


class CustomerUpdatedV1(_CustomerFact):
    """The details of a client company changed; the event has all of them."""

    event_type: ClassVar[str] = "identity.customer_updated.v1"


class _ContactFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("contact_id",)

    contact_id: ContactId
    customer_id: CustomerId
    name: Name
    email: Email
    language: Language
    status: Annotated[str, word("The access status of the person.", PersonStatus)]
    is_primary: Annotated[bool, flag("Whether this is the primary contact of the company.")]


class ContactAddedV1(_ContactFact):
    """A contact person was added, without portal access."""

    event_type: ClassVar[str] = "identity.contact_added.v1"


class ContactUpdatedV1(_ContactFact):
    """Details or access of a contact changed."""

    event_type: ClassVar[str] = "identity.contact_updated.v1"


class ContactInvitedV1(_ContactFact):
    """A new invite link for a contact was created; the link itself is sent by e-mail only."""

    event_type: ClassVar[str] = "identity.contact_invited.v1"

    generation: Generation


class ContactAcceptedV1(_ContactFact):
    """A contact chose a password and can log in."""

    event_type: ClassVar[str] = "identity.contact_accepted.v1"


class ContactDisabledV1(_ContactFact):
    """A contact can no longer log in."""

    event_type: ClassVar[str] = "identity.contact_disabled.v1"


class _PrincipalFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("principal_id",)

    principal_id: PrincipalId


class InviteRevokedV1(_PrincipalFact):
    """An open invite was revoked."""

    event_type: ClassVar[str] = "identity.invite_revoked.v1"
    mandatory: ClassVar[bool] = False


class PasswordChangedV1(_PrincipalFact):
    """A person has a new password."""

    event_type: ClassVar[str] = "identity.password_changed.v1"


class EmailChangedV1(_PrincipalFact):
    """A person who could log in, or was invited, by one e-mail address can no longer do so by it."""

    event_type: ClassVar[str] = "identity.email_changed.v1"

    former_name: Name
    former_email: Email


class SecondFactorChangedV1(_PrincipalFact):
    """A person shows a second factor at the log-in from now on, or needs to no more."""

    event_type: ClassVar[str] = "identity.second_factor_changed.v1"

    is_on: Annotated[bool, flag("Whether a second factor is asked for from now on.")]


class PasswordResetRequestedV1(_PrincipalFact):
    """A person requested a new password; the link itself is sent by e-mail only."""

    event_type: ClassVar[str] = "identity.password_reset_requested.v1"
    about: ClassVar[tuple[str, ...]] = ("reset_id",)

    reset_id: ResetId


class SessionsEndedV1(_PrincipalFact):
    """Access tokens of these sessions must be refused from now on, although they have not expired."""

    event_type: ClassVar[str] = "identity.sessions_ended.v1"
    about: ClassVar[tuple[str, ...]] = ("principal_id", "session_ids")

    session_ids: tuple[SessionId, ...]
    ended_at: LaterInstant


_MODELS: dict[type[events.IdentityEvent], type[Published]] = {
    events.OrganisationRegistered: OrganisationRegisteredV1,
    events.OrganisationUpdated: OrganisationUpdatedV1,
    events.PortalEnabled: PortalEnabledV1,
    events.PortalSettingsChanged: PortalSettingsChangedV1,
    events.StaffMemberAdded: StaffMemberAddedV1,
    events.StaffMemberUpdated: StaffMemberUpdatedV1,
    events.StaffMemberInvited: StaffMemberInvitedV1,
    events.CustomerCreated: CustomerCreatedV1,
    events.CustomerUpdated: CustomerUpdatedV1,
    events.ContactAdded: ContactAddedV1,
    events.ContactUpdated: ContactUpdatedV1,
    events.ContactInvited: ContactInvitedV1,
    events.ContactAccepted: ContactAcceptedV1,
    events.ContactDisabled: ContactDisabledV1,
    events.InviteRevoked: InviteRevokedV1,
    events.PasswordResetRequested: PasswordResetRequestedV1,
    events.PasswordChanged: PasswordChangedV1,
    events.EmailChanged: EmailChangedV1,
    events.SecondFactorChanged: SecondFactorChangedV1,
    events.SessionsEnded: SessionsEndedV1,
}

PUBLISHED = tuple(_MODELS.values())
"""Every type of event that identity publishes."""

LANGUAGE = PublishedLanguage(
    "identity", {fact: model.model_validate for fact, model in _MODELS.items()}, facts=[events]
)
