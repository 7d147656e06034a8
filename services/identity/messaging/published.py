"""The events that identity publishes, and how its facts become them. No secret is ever among them.

Longer than most files, because it is a list: one model per fact, in the order of the domain's own.
"""

from datetime import UTC, datetime
from typing import ClassVar, Self

from pydantic import ConfigDict

from services.chassis.cloudevents import Published, PublishedLanguage, Wire
from services.identity.domain import events

_ORG, _STAFF = "org_01k9zxr2h5e8v9s6w3q7t4m1nb", "stf_01k9zxr2h5e8v9s6w3q7t4m1nc"
_CUSTOMER, _CONTACT = "cus_01k9zxr2h5e8v9s6w3q7t4m1nd", "con_01k9zxr2h5e8v9s6w3q7t4m1ne"
_SESSION, _RESET = "ses_01k9zxr2h5e8v9s6w3q7t4m1nf", "rst_01k9zxr2h5e8v9s6w3q7t4m1ng"

_STAFF_EXAMPLE = {
    "organisation_id": _ORG,
    "staff_id": _STAFF,
    "name": "Ada Sommer",
    "email": "ada@nordlicht.example",
    "role": "owner",
    "status": "accepted",
    "active": True,
    "language": "de",
}
_CONTACT_EXAMPLE = {
    "organisation_id": _ORG,
    "contact_id": _CONTACT,
    "customer_id": _CUSTOMER,
    "name": "Jona Krause",
    "email": "jona@krause.example",
    "language": "de",
    "status": "accepted",
    "is_primary": True,
}


class _Fact(Published):
    model_config = ConfigDict(from_attributes=True)


class AddressData(Wire):
    """A postal address; `country` is an ISO 3166-1 alpha-2 code."""

    model_config = ConfigDict(from_attributes=True)

    line1: str
    line2: str | None
    city: str
    region: str | None
    postal_code: str | None
    country: str


_ADDRESS = AddressData(
    line1="Lindenstraße 1", line2=None, city="Berlin", region=None, postal_code="10969", country="DE"
)


class _OrganisationFact(_Fact):
    name: str
    time_zone: str
    locale: str
    currency: str
    address: AddressData | None
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None

    @classmethod
    def example(cls) -> Self:
        return cls(
            organisation_id=_ORG,
            name="Nordlicht Studio GmbH",
            time_zone="Europe/Berlin",
            locale="de-DE",
            currency="EUR",
            address=_ADDRESS,
            email="hallo@nordlicht.example",
            phone="+49 30 1234567",
            website="https://nordlicht.example",
            tax_id="DE123456789",
        )


class OrganisationRegisteredV1(_OrganisationFact):
    """A business signed up."""

    event_type: ClassVar[str] = "identity.organisation_registered.v1"


class OrganisationUpdatedV1(_OrganisationFact):
    """The details of a business changed; the whole of them is told."""

    event_type: ClassVar[str] = "identity.organisation_updated.v1"


class _PortalFact(_Fact):
    enabled: bool
    name: str
    slug: str
    banner_message: str | None
    document_types: tuple[str, ...]
    forwarding_allowed: bool
    clients_may_edit: bool
    notify_staff_of: tuple[str, ...]

    @classmethod
    def example(cls) -> Self:
        return cls(
            organisation_id=_ORG,
            enabled=True,
            name="Nordlicht Portal",
            slug="nordlicht",
            banner_message="Willkommen!",
            document_types=("estimate", "invoice"),
            forwarding_allowed=True,
            clients_may_edit=True,
            notify_staff_of=("accepted", "commented", "declined", "paid", "viewed"),
        )


class PortalEnabledV1(_PortalFact):
    """The client portal opened."""

    event_type: ClassVar[str] = "identity.portal_enabled.v1"
    mandatory: ClassVar[bool] = False


class PortalSettingsChangedV1(_PortalFact):
    """The portal's settings, whole, after every change: also when it is opened or closed."""

    event_type: ClassVar[str] = "identity.portal_settings_changed.v1"


class _StaffFact(_Fact):
    staff_id: str
    name: str
    email: str
    role: str
    status: str
    active: bool
    language: str

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(_STAFF_EXAMPLE)


class StaffMemberAddedV1(_StaffFact):
    """Somebody joined, or was asked to join, the staff."""

    event_type: ClassVar[str] = "identity.staff_member_added.v1"


class StaffMemberUpdatedV1(_StaffFact):
    """Details, role or access of a member of staff changed."""

    event_type: ClassVar[str] = "identity.staff_member_updated.v1"


class StaffMemberInvitedV1(_StaffFact):
    """A new invite link for a colleague was made; the link itself goes by mail only."""

    event_type: ClassVar[str] = "identity.staff_member_invited.v1"

    generation: int

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate({**_STAFF_EXAMPLE, "status": "invited", "active": False, "generation": 1})


class _CustomerFact(_Fact):
    customer_id: str
    name: str
    currency: str
    language: str
    email: str | None
    phone: str | None
    website: str | None
    tax_id: str | None
    registration_number: str | None
    billing_address: AddressData | None
    shipping_address: AddressData | None

    @classmethod
    def example(cls) -> Self:
        return cls(
            organisation_id=_ORG,
            customer_id=_CUSTOMER,
            name="Blumen Krause OHG",
            currency="EUR",
            language="de",
            email="buero@krause.example",
            phone=None,
            website=None,
            tax_id="DE987654321",
            registration_number="HRA 4711",
            billing_address=_ADDRESS,
            shipping_address=None,
        )


class CustomerCreatedV1(_CustomerFact):
    """A client company was entered."""

    event_type: ClassVar[str] = "identity.customer_created.v1"


class CustomerUpdatedV1(_CustomerFact):
    """The details of a client company changed; the whole of them is told."""

    event_type: ClassVar[str] = "identity.customer_updated.v1"


class _ContactFact(_Fact):
    contact_id: str
    customer_id: str
    name: str
    email: str
    language: str
    status: str
    is_primary: bool

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate(_CONTACT_EXAMPLE)


class ContactAddedV1(_ContactFact):
    """A contact person was entered, without access."""

    event_type: ClassVar[str] = "identity.contact_added.v1"


class ContactUpdatedV1(_ContactFact):
    """Details or access of a contact changed."""

    event_type: ClassVar[str] = "identity.contact_updated.v1"


class ContactInvitedV1(_ContactFact):
    """A new invite link for a contact was made; the link itself goes by mail only."""

    event_type: ClassVar[str] = "identity.contact_invited.v1"

    generation: int

    @classmethod
    def example(cls) -> Self:
        return cls.model_validate({**_CONTACT_EXAMPLE, "status": "invited", "generation": 1})


class ContactAcceptedV1(_ContactFact):
    """A contact chose a password and can log in."""

    event_type: ClassVar[str] = "identity.contact_accepted.v1"


class ContactDisabledV1(_ContactFact):
    """A contact can no longer log in."""

    event_type: ClassVar[str] = "identity.contact_disabled.v1"


class _PrincipalFact(_Fact):
    principal_id: str

    @classmethod
    def example(cls) -> Self:
        return cls(organisation_id=_ORG, principal_id=_CONTACT)


class InviteRevokedV1(_PrincipalFact):
    """An open invite was taken back."""

    event_type: ClassVar[str] = "identity.invite_revoked.v1"
    mandatory: ClassVar[bool] = False


class PasswordChangedV1(_PrincipalFact):
    """A person has a new password."""

    event_type: ClassVar[str] = "identity.password_changed.v1"


class PasswordResetRequestedV1(_PrincipalFact):
    """A person asked for a new password; the link itself goes by mail only."""

    event_type: ClassVar[str] = "identity.password_reset_requested.v1"

    reset_id: str

    @classmethod
    def example(cls) -> Self:
        return cls(organisation_id=_ORG, principal_id=_CONTACT, reset_id=_RESET)


class SessionsEndedV1(_PrincipalFact):
    """Access tokens of these sessions must be refused from now on, although they have not expired."""

    event_type: ClassVar[str] = "identity.sessions_ended.v1"

    session_ids: tuple[str, ...]
    ended_at: datetime

    @classmethod
    def example(cls) -> Self:
        return cls(
            organisation_id=_ORG,
            principal_id=_CONTACT,
            session_ids=(_SESSION,),
            ended_at=datetime(2026, 1, 15, 9, 30, tzinfo=UTC),
        )


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
    events.SessionsEnded: SessionsEndedV1,
}

PUBLISHED = tuple(_MODELS.values())
"""Every type of event that identity publishes."""

LANGUAGE = PublishedLanguage("identity", {fact: model.model_validate for fact, model in _MODELS.items()})
