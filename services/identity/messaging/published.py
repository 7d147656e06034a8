"""The events that identity publishes, and how its facts become them. No secret is ever among them.

Longer than most files, because it is a list: one model per fact, in the order of the domain's own.
"""

from typing import Annotated, ClassVar

from pydantic import ConfigDict, Field, WithJsonSchema

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

CustomerId = Annotated[str, id_of("The ID of the client company.", "cus")]
ContactId = Annotated[str, id_of("The ID of the contact person of the client company.", "con")]
StaffId = Annotated[str, id_of("The ID of the member of staff.", "stf")]
PrincipalId = Annotated[str, id_of("The ID of the person: a contact or a member of staff.", "con", "stf")]
ResetId = Annotated[
    str, id_of("The ID of the request for a new password; it does not contain a secret or a link.", "rst")
]
SessionId = Annotated[str, id_of("The ID of a log-in on one device.", "ses")]
Name = Annotated[str, line("The name, as it was entered.", personal="name")]
Phone = Annotated[str, line("The phone number as it was entered.", 60, personal="phone")]
Website = Annotated[
    str,
    line("A web address; the scheme may be in upper case.", begins="[Hh][Tt][Tt][Pp][Ss]?://[^ ]", personal="website"),
]
TaxId = Annotated[str, line("The tax number as it was entered.", 50, personal="tax_id")]
TimeZone = Annotated[
    str, WithJsonSchema(bounded("[A-Za-z0-9_+/-]+", 64, "A time zone by its IANA name.", "Europe/Berlin"))
]
Slug = Annotated[
    str, WithJsonSchema(bounded("[a-z](-?[a-z0-9])*", 63, "The unique name of the portal in addresses.", "nordlicht"))
]
_MARK = WithJsonSchema(bounded("[a-z2-7]{8}", 8, "A mark.", "mfrggzdf"))
_TOLD = [status for status in PersonStatus if status is not PersonStatus.ERASED]
"""Of who was erased, `disabled` is told: older readers know what that means."""
Generation = Annotated[int, count("The ID of the link that is valid now; it does not contain a secret or a link.")]


class _Fact(Published):
    model_config = ConfigDict(from_attributes=True)


class PostalAddress(Wire):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    model_config = ConfigDict(from_attributes=True)

    line1: Annotated[str, line("The street and number, or the post office box.", personal="address")]
    line2: Annotated[
        Annotated[str, line("", personal="address")] | None,
        Field(description="The second line of the street address; null when the address is on one line."),
    ]
    city: Annotated[str, line("The town or place.", personal="address")]
    region: Annotated[
        Annotated[str, line("", personal="address")] | None,
        Field(description="The state, province or county; null where the address has none."),
    ]
    postal_code: Annotated[
        Annotated[str, line("", 20, personal="address")] | None,
        Field(description="The postal code as it was entered; null where the country has none, or none was given."),
    ]
    country: Country


OptionalEmail = Annotated[
    Email | None, Field(description="An e-mail address, an international domain in ASCII; null when none was given.")
]
OptionalPhone = Annotated[
    Phone | None, Field(description="The phone number as it was entered; null when none was given.")
]
OptionalWebsite = Annotated[
    Website | None,
    Field(description="A web address; the scheme may be in upper case; null when none was given."),
]
OptionalTaxId = Annotated[
    TaxId | None, Field(description="The tax number as it was entered; null when none was given.")
]


class _OrganisationFact(_Fact):
    about: ClassVar[tuple[str, ...]] = ("organisation_id",)

    name: Name
    time_zone: TimeZone
    locale: Annotated[Language, Field(description="The language of the organisation's papers, a BCP 47 tag.")]
    currency: Annotated[Currency, Field(description="The currency of new documents, an ISO 4217 code.")]
    address: Annotated[
        PostalAddress | None, Field(description="Where the organisation is; null when no address was given.")
    ]
    email: OptionalEmail
    phone: OptionalPhone
    website: OptionalWebsite
    tax_id: OptionalTaxId


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
    banner_message: Annotated[
        Annotated[str, text("", 2000)] | None,
        Field(description="The message at the top of every page; null when it is not set."),
    ]
    document_types: Annotated[
        tuple[Annotated[str, word("A type of document that the portal shows.", DocumentType)], ...],
        Field(description="The types of documents that the portal shows, in no order."),
    ]
    forwarding_allowed: Annotated[bool, flag("Whether clients may forward documents.")]
    clients_may_edit: Annotated[bool, flag("Whether clients may change the details of their company.")]
    notify_staff_of: Annotated[
        tuple[Annotated[str, word("An action of clients of which staff are notified.", StaffNotice)], ...],
        Field(description="The actions of clients of which staff are notified, in no order."),
    ]


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
    status: Annotated[str, word("The access status of the person.", _TOLD)]
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
    email: OptionalEmail
    phone: OptionalPhone
    website: OptionalWebsite
    tax_id: OptionalTaxId
    registration_number: Annotated[
        Annotated[str, line("", 50, personal="tax_id")] | None,
        Field(description="The number in a register of companies; null when none was given."),
    ]
    billing_address: Annotated[
        PostalAddress | None, Field(description="Where invoices are addressed to; null when none was given.")
    ]
    shipping_address: Annotated[
        PostalAddress | None, Field(description="Where goods are sent to; null when none was given.")
    ]


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
    status: Annotated[str, word("The access status of the person.", _TOLD)]
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


class ContactErasedV1(_Fact):
    """A contact was erased (GDPR, article 17): remove whatever you hold of this person.

    The ID remains as a pseudonym in documents that have to be kept. The event may come again, with another `id`, when
    a copy was restored from a backup. A `contact_updated` with a pseudonym in place of the details comes just before.
    """

    event_type: ClassVar[str] = "identity.contact_erased.v1"
    about: ClassVar[tuple[str, ...]] = ("contact_id",)

    contact_id: ContactId
    customer_id: CustomerId
    address_marks: Annotated[
        tuple[Annotated[str, _MARK], ...],
        Field(
            description="Marks of the e-mail addresses of the person, by which you find copies that you hold under an "
            "address. A mark is the first 8 characters, in lower case, of the Base32 form (RFC 4648) of the SHA-256 "
            "digest of the address in lower case."
        ),
    ]
    erased_at: Annotated[
        LaterInstant,
        Field(description="When it was decided, also where the event comes again. RFC 3339 in UTC, with milliseconds."),
    ]


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
    """A person shows a second factor at the log-in from now on, or no longer needs to."""

    event_type: ClassVar[str] = "identity.second_factor_changed.v1"

    is_on: Annotated[bool, flag("Whether a second factor is asked for from now on.")]


class EmailProofRequestedV1(_PrincipalFact):
    """The person who registered an organisation has to confirm the address; the link itself is sent by e-mail only."""

    event_type: ClassVar[str] = "identity.email_proof_requested.v1"

    generation: Generation


class PasskeyChangedV1(_PrincipalFact):
    """A person can log in with one passkey more, or one less."""

    event_type: ClassVar[str] = "identity.passkey_changed.v1"

    is_added: Annotated[bool, flag("Whether the passkey was added; else it was removed.")]


class PasswordResetRequestedV1(_PrincipalFact):
    """A person requested a new password; the link itself is sent by e-mail only."""

    event_type: ClassVar[str] = "identity.password_reset_requested.v1"
    about: ClassVar[tuple[str, ...]] = ("reset_id",)

    reset_id: ResetId


class SessionsEndedV1(_PrincipalFact):
    """Access tokens of these sessions must be refused from now on, although they have not expired."""

    event_type: ClassVar[str] = "identity.sessions_ended.v1"
    about: ClassVar[tuple[str, ...]] = ("principal_id", "session_ids")

    session_ids: Annotated[
        tuple[SessionId, ...], Field(description="The log-ins that ended, as the tokens' claim `sid` names them.")
    ]
    ended_at: Annotated[
        LaterInstant,
        Field(
            description="When they ended. RFC 3339 in UTC, with milliseconds; older events have none, or microseconds."
        ),
    ]


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
    events.ContactErased: ContactErasedV1,
    events.InviteRevoked: InviteRevokedV1,
    events.EmailProofRequested: EmailProofRequestedV1,
    events.PasswordResetRequested: PasswordResetRequestedV1,
    events.PasswordChanged: PasswordChangedV1,
    events.EmailChanged: EmailChangedV1,
    events.SecondFactorChanged: SecondFactorChangedV1,
    events.PasskeyChanged: PasskeyChangedV1,
    events.SessionsEnded: SessionsEndedV1,
}

PUBLISHED = tuple(_MODELS.values())
"""Every type of event that identity publishes."""

LANGUAGE = PublishedLanguage(
    "identity", {fact: model.model_validate for fact, model in _MODELS.items()}, facts=[events]
)
