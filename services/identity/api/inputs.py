"""The inputs of the mutations. In updates, what is left out or null where it cannot be null keeps its value.

Longer than most files, because it is a list, in the order of the mutations.
"""

from typing import Any

import strawberry

from chassis.graphql.wording import KEY, OPTIONAL_KEY
from services.identity.api.enums import PortalDocumentType, StaffNotice, StaffRole
from services.identity.domain.places import Address

UNSET: Any = strawberry.UNSET
EMAIL = "The e-mail address."
LANGUAGE = "The language or locale, such as `de` or `pt-BR`."
CURRENCY = "The ISO 4217 code of the currency."
LOGO = "A PNG or JPEG image of at most 256 kB, in Base64 or as a `data:` URL."
PORTAL = "The slug of the client portal; only staff leave it out."


@strawberry.input(description="A postal address.")
class PostalAddressInput:
    """An address."""

    line1: str = strawberry.field(description="The street and number, or the post office box.")
    line2: str | None = strawberry.field(default=None, description="The second line of the street address.")
    city: str = strawberry.field(description="The town.")
    region: str | None = strawberry.field(default=None, description="The state, province or county.")
    postal_code: str | None = strawberry.field(default=None, description="The postal code.")
    country: str = strawberry.field(description="The ISO 3166-1 alpha-2 code of the country.")

    def to_domain(self) -> Address:
        """Return the address."""
        return Address(
            line1=self.line1,
            line2=self.line2,
            city=self.city,
            region=self.region,
            postal_code=self.postal_code,
            country=self.country,
        )


def address_of(given: PostalAddressInput | None) -> Address | None:
    """Return the address, if there is one."""
    return given.to_domain() if given else None


def changes_of(given: object, *, nullable: frozenset[str], leave_out: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return what an update changes: what was given, and null only where null means something."""
    changes: dict[str, Any] = {}
    values: dict[str, Any] = vars(given)
    for name, value in values.items():
        if value is strawberry.UNSET or name in leave_out or (value is None and name not in nullable):
            continue
        changes[name] = value.to_domain() if isinstance(value, PostalAddressInput) else value
    return changes


# --- organisation and portal ------------------------------------------------------------------------------------------


@strawberry.input(description="The first owner of the new organisation.")
class OwnerInput:
    """Part of `registerOrganisation`."""

    name: str = strawberry.field(description="The name of the person.")
    email: str = strawberry.field(description=EMAIL)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    password: str = strawberry.field(description="The password: at least 10 characters, and not easy to guess.")


@strawberry.input(description="A business to register.")
class RegisterOrganisationInput:
    """Input of `registerOrganisation`."""

    name: str = strawberry.field(description="The name.")
    time_zone: str = strawberry.field(description="The IANA time zone, such as `Europe/Berlin`.")
    locale: str = strawberry.field(description="The language and country, such as `de-DE`.")
    currency: str = strawberry.field(description=CURRENCY)
    address: PostalAddressInput | None = strawberry.field(default=None, description="The address.")
    owner: OwnerInput = strawberry.field(description="The first owner, who is logged in at once.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new details of the organisation; a field that is left out keeps its value.")
class UpdateOrganisationInput:
    """Input of `updateOrganisation`."""

    name: str | None = strawberry.field(default=UNSET, description="The name.")
    time_zone: str | None = strawberry.field(default=UNSET, description="The IANA time zone, such as `Europe/Berlin`.")
    locale: str | None = strawberry.field(default=UNSET, description="The language and country, such as `de-DE`.")
    currency: str | None = strawberry.field(default=UNSET, description=CURRENCY)
    address: PostalAddressInput | None = strawberry.field(default=UNSET, description="The address.")
    email: str | None = strawberry.field(default=UNSET, description=EMAIL)
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    website: str | None = strawberry.field(default=UNSET, description="The website.")
    tax_id: str | None = strawberry.field(default=UNSET, description="The tax or VAT number.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The settings of the portal to enable.")
class EnablePortalInput:
    """Input of `enablePortal`."""

    name: str = strawberry.field(description="The name.")
    slug: str = strawberry.field(
        description="The unique name in addresses: 3 to 63 lowercase letters, digits and single hyphens, starting "
        "with a letter."
    )
    banner_message: str | None = strawberry.field(default=None, description="The message at the top of every page.")
    logo: str | None = strawberry.field(default=None, description=LOGO)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new settings of the portal; a field that is left out keeps its value.")
class UpdatePortalSettingsInput:
    """Input of `updatePortalSettings`."""

    name: str | None = strawberry.field(default=UNSET, description="The name.")
    slug: str | None = strawberry.field(
        default=UNSET,
        description="The unique name in addresses: 3 to 63 lowercase letters, digits and single hyphens, starting "
        "with a letter.",
    )
    banner_message: str | None = strawberry.field(default=UNSET, description="The message at the top of every page.")
    logo: str | None = strawberry.field(default=UNSET, description=LOGO)
    document_types: list[PortalDocumentType] | None = strawberry.field(
        default=UNSET, description="The types of documents that clients can see."
    )
    forwarding_allowed: bool | None = strawberry.field(
        default=UNSET, description="Whether clients may forward documents."
    )
    clients_may_edit: bool | None = strawberry.field(
        default=UNSET, description="Whether clients may change their company details."
    )
    notify_staff_of: list[StaffNotice] | None = strawberry.field(
        default=UNSET, description="The actions of clients of which staff are notified."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The idempotency key of the request.")
class DisablePortalInput:
    """Input of `disablePortal`."""

    idempotency_key: str = strawberry.field(description=KEY)


# --- staff ------------------------------------------------------------------------------------------------------------


@strawberry.input(description="A colleague to invite.")
class InviteStaffInput:
    """Input of `inviteStaff`."""

    name: str = strawberry.field(description="The name of the person.")
    email: str = strawberry.field(description=EMAIL)
    role: StaffRole = strawberry.field(description="The role of the person.")
    language: str = strawberry.field(default="en", description=LANGUAGE)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new details of a colleague; a field that is left out keeps its value.")
class UpdateStaffInput:
    """Input of `updateStaff`."""

    id: strawberry.ID = strawberry.field(description="The ID of the colleague, `stf_…`.")
    name: str | None = strawberry.field(default=UNSET, description="The name of the person.")
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    job_title: str | None = strawberry.field(default=UNSET, description="The job title.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    role: StaffRole | None = strawberry.field(default=UNSET, description="The role of the person.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The person concerned.")
class PersonInput:
    """What the inputs about one person have in common."""

    id: strawberry.ID = strawberry.field(description="The ID of the person, `stf_…` or `con_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The colleague to deactivate.")
class DeactivateStaffInput(PersonInput):
    """Input of `deactivateStaff`."""


@strawberry.input(description="The colleague to reactivate.")
class ReactivateStaffInput(PersonInput):
    """Input of `reactivateStaff`."""


@strawberry.input(description="The contact to disable.")
class DisableContactInput(PersonInput):
    """Input of `disableContact`."""


@strawberry.input(description="The contact to enable again.")
class EnableContactInput(PersonInput):
    """Input of `enableContact`."""


@strawberry.input(description="The contact to erase.")
class EraseContactInput(PersonInput):
    """Input of `eraseContact`."""


@strawberry.input(description="The person to whom to send a new invite link.")
class ResendInviteInput(PersonInput):
    """Input of `resendInvite`."""


@strawberry.input(description="The person whose invite to revoke.")
class RevokeInviteInput(PersonInput):
    """Input of `revokeInvite`."""


# --- customers and contacts -------------------------------------------------------------------------------------------


@strawberry.input(description="A client company to create.")
class CreateCustomerInput:
    """Input of `createCustomer`."""

    name: str = strawberry.field(description="The name.")
    currency: str = strawberry.field(description=CURRENCY)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    email: str | None = strawberry.field(default=None, description=EMAIL)
    phone: str | None = strawberry.field(default=None, description="The phone number.")
    website: str | None = strawberry.field(default=None, description="The website.")
    tax_id: str | None = strawberry.field(default=None, description="The tax or VAT number.")
    registration_number: str | None = strawberry.field(
        default=None, description="The number in the commercial register."
    )
    billing_address: PostalAddressInput | None = strawberry.field(default=None, description="The billing address.")
    shipping_address: PostalAddressInput | None = strawberry.field(default=None, description="The shipping address.")
    notes: str | None = strawberry.field(default=None, description="Notes, visible to staff only.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new details of the caller's own company; a field that is left out keeps its value.")
class UpdateMyCompanyInput:
    """Input of `updateMyCompany`."""

    name: str | None = strawberry.field(default=UNSET, description="The name.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    email: str | None = strawberry.field(default=UNSET, description=EMAIL)
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    website: str | None = strawberry.field(default=UNSET, description="The website.")
    tax_id: str | None = strawberry.field(default=UNSET, description="The tax or VAT number.")
    registration_number: str | None = strawberry.field(
        default=UNSET, description="The number in the commercial register."
    )
    billing_address: PostalAddressInput | None = strawberry.field(default=UNSET, description="The billing address.")
    shipping_address: PostalAddressInput | None = strawberry.field(default=UNSET, description="The shipping address.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new details of a client company; a field that is left out keeps its value.")
class UpdateCustomerInput(UpdateMyCompanyInput):
    """Input of `updateCustomer`."""

    id: strawberry.ID = strawberry.field(description="The client company.")
    currency: str | None = strawberry.field(default=UNSET, description=CURRENCY)
    notes: str | None = strawberry.field(default=UNSET, description="Notes, visible to staff only.")


@strawberry.input(description="A contact person to add, without portal access.")
class AddContactInput:
    """Input of `addContact`."""

    customer_id: strawberry.ID = strawberry.field(description="The client company.")
    name: str = strawberry.field(description="The name of the person.")
    email: str = strawberry.field(description=EMAIL)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    phone: str | None = strawberry.field(default=None, description="The phone number.")
    job_title: str | None = strawberry.field(default=None, description="The job title.")
    is_primary: bool = strawberry.field(
        default=False, description="Whether this is the primary contact of the company."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The new details of a contact person; a field that is left out keeps its value.")
class UpdateContactInput:
    """Input of `updateContact`."""

    id: strawberry.ID = strawberry.field(description="The contact.")
    name: str | None = strawberry.field(default=UNSET, description="The name of the person.")
    email: str | None = strawberry.field(
        default=UNSET,
        description="The e-mail address. Changing it removes the person's access until a new invite is accepted.",
    )
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    job_title: str | None = strawberry.field(default=UNSET, description="The job title.")
    is_primary: bool | None = strawberry.field(
        default=UNSET, description="Whether this is the primary contact of the company."
    )
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The contacts to invite to the portal.")
class InviteContactsInput:
    """Input of `inviteContacts`."""

    contact_ids: list[strawberry.ID] = strawberry.field(description="The IDs of 1 to 100 contacts, `con_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


# --- one's own account ------------------------------------------------------------------------------------------------


@strawberry.input(description="The new details of the caller's own account; a field that is left out keeps its value.")
class UpdateMyAccountInput:
    """Input of `updateMyAccount`."""

    name: str | None = strawberry.field(default=UNSET, description="The name of the caller.")
    phone: str | None = strawberry.field(default=UNSET, description="The phone number of the caller.")
    job_title: str | None = strawberry.field(default=UNSET, description="The job title of the caller.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An invite to accept, and the password to set.")
class AcceptInviteInput:
    """Input of `acceptInvite`; the token itself makes it work once."""

    token: str = strawberry.field(description="The token in the link.")
    password: str = strawberry.field(description="The password: at least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="The link that was mailed to the address of a registration.")
class ConfirmEmailInput:
    """Input of `confirmEmail`."""

    token: str = strawberry.field(description="The token in the link.")
    current_password: str | None = strawberry.field(
        default=None, description="The password of the registration; leave it out when logged in as who registered."
    )


@strawberry.input(description="A request for another e-mail that confirms the caller's address.")
class ResendConfirmationInput:
    """Input of `resendConfirmation`."""

    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The account to log in to.")
class LogInInput:
    """Input of `logIn`."""

    email: str = strawberry.field(description=EMAIL)
    password: str = strawberry.field(description="The password.")
    portal: str | None = strawberry.field(default=None, description=PORTAL)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The organisation, for people who are staff of several; by default the one joined first.",
    )


@strawberry.input(description="The session to refresh.")
class RefreshSessionInput:
    """Input of `refreshSession`."""

    refresh_token: str | None = strawberry.field(
        default=None, description="The latest refresh token; leave it out if the browser keeps it in a cookie."
    )


@strawberry.input(description="The session to end.")
class LogOutInput:
    """Input of `logOut`."""

    refresh_token: str | None = strawberry.field(
        default=None, description="The refresh token of the session; leave it out to end the session of this request."
    )


@strawberry.input(description="One of the caller's own sessions.")
class EndSessionInput:
    """Input of `endSession`."""

    session_id: strawberry.ID = strawberry.field(description="The ID of the session, `ses_…`, as in `mySessions`.")


@strawberry.input(description="A request to end all other sessions of the caller.")
class EndOtherSessionsInput:
    """Input of `endOtherSessions`."""

    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The current password and a new one.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    current_password: str = strawberry.field(description="The current password.")
    new_password: str = strawberry.field(description="The password: at least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="The account whose password was forgotten.")
class RequestPasswordResetInput:
    """Input of `requestPasswordReset`."""

    email: str = strawberry.field(description=EMAIL)
    portal: str | None = strawberry.field(default=None, description=PORTAL)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="The organisation, for people who are staff of several; by default the one joined first.",
    )
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A new password, with the token from the e-mail.")
class ResetPasswordInput:
    """Input of `resetPassword`; the token itself makes it work once."""

    token: str = strawberry.field(description="The token in the link.")
    new_password: str = strawberry.field(description="The password: at least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)
