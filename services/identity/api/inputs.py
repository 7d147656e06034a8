"""The inputs of the mutations. In updates, what is left out or null where it cannot be null keeps its value.

Longer than most files, because it is a list, in the order of the mutations.
"""

from typing import Any

import strawberry

from services.chassis.graphql.types import KEY, OPTIONAL_KEY
from services.identity.api.enums import PortalDocumentType, StaffNotice, StaffRole
from services.identity.domain.places import Address

UNSET: Any = strawberry.UNSET
EMAIL = "One e-mail address."
LANGUAGE = "A language or locale, such as `de` or `pt-BR`."
CURRENCY = "An ISO 4217 currency code."
LOGO = "A PNG or JPEG of 256 kB at most, in Base64, or as the `data:` address in which it is shown."
PORTAL = "The slug of the organisation's portal, for its clients. Left out for staff."


@strawberry.input(description="A postal address.")
class PostalAddressInput:
    """An address."""

    line1: str = strawberry.field(description="Street and number, or post office box.")
    line2: str | None = strawberry.field(default=None, description="Whatever else belongs to it.")
    city: str = strawberry.field(description="The town.")
    region: str | None = strawberry.field(default=None, description="State, province or county.")
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


@strawberry.input(description="The first owner of a new organisation.")
class OwnerInput:
    """Part of `registerOrganisation`."""

    name: str = strawberry.field(description="The person's name.")
    email: str = strawberry.field(description=EMAIL)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    password: str = strawberry.field(description="At least 10 characters, and not easy to guess.")


@strawberry.input(description="A business that signs up.")
class RegisterOrganisationInput:
    """Input of `registerOrganisation`."""

    name: str = strawberry.field(description="Its name.")
    time_zone: str = strawberry.field(description="An IANA time zone, such as `Europe/Berlin`.")
    locale: str = strawberry.field(description="Its language and country, such as `de-DE`.")
    currency: str = strawberry.field(description=CURRENCY)
    address: PostalAddressInput | None = strawberry.field(default=None, description="Where it is.")
    owner: OwnerInput = strawberry.field(description="Its first owner, who is logged in at once.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New details of the organisation.")
class UpdateOrganisationInput:
    """Input of `updateOrganisation`."""

    name: str | None = strawberry.field(default=UNSET, description="Its name.")
    time_zone: str | None = strawberry.field(default=UNSET, description="An IANA time zone.")
    locale: str | None = strawberry.field(default=UNSET, description="Its language and country.")
    currency: str | None = strawberry.field(default=UNSET, description=CURRENCY)
    address: PostalAddressInput | None = strawberry.field(default=UNSET, description="Where it is.")
    email: str | None = strawberry.field(default=UNSET, description=EMAIL)
    phone: str | None = strawberry.field(default=UNSET, description="Its phone number.")
    website: str | None = strawberry.field(default=UNSET, description="Its web site.")
    tax_id: str | None = strawberry.field(default=UNSET, description="Its tax or VAT number.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The portal to open.")
class EnablePortalInput:
    """Input of `enablePortal`."""

    name: str = strawberry.field(description="Its name.")
    slug: str = strawberry.field(description="3 to 63 small letters, digits and hyphens; unique.")
    banner_message: str | None = strawberry.field(default=None, description="What stands on top of every page.")
    logo: str | None = strawberry.field(default=None, description=LOGO)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New settings of the open portal.")
class UpdatePortalSettingsInput:
    """Input of `updatePortalSettings`."""

    name: str | None = strawberry.field(default=UNSET, description="Its name.")
    slug: str | None = strawberry.field(default=UNSET, description="3 to 63 small letters, digits and hyphens.")
    banner_message: str | None = strawberry.field(default=UNSET, description="What stands on top of every page.")
    logo: str | None = strawberry.field(default=UNSET, description=LOGO)
    document_types: list[PortalDocumentType] | None = strawberry.field(
        default=UNSET, description="What clients are shown."
    )
    forwarding_allowed: bool | None = strawberry.field(
        default=UNSET, description="Whether clients may send documents on."
    )
    clients_may_edit: bool | None = strawberry.field(
        default=UNSET, description="Whether clients may change their company details."
    )
    notify_staff_of: list[StaffNotice] | None = strawberry.field(default=UNSET, description="What staff are told of.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Nothing but the key.")
class DisablePortalInput:
    """Input of `disablePortal`."""

    idempotency_key: str = strawberry.field(description=KEY)


# --- staff ------------------------------------------------------------------------------------------------------------


@strawberry.input(description="A colleague to ask in.")
class InviteStaffInput:
    """Input of `inviteStaff`."""

    name: str = strawberry.field(description="The person's name.")
    email: str = strawberry.field(description=EMAIL)
    role: StaffRole = strawberry.field(description="What the person may do.")
    language: str = strawberry.field(default="en", description=LANGUAGE)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New details of a colleague.")
class UpdateStaffInput:
    """Input of `updateStaff`."""

    id: strawberry.ID = strawberry.field(description="The colleague.")
    name: str | None = strawberry.field(default=UNSET, description="The person's name.")
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    job_title: str | None = strawberry.field(default=UNSET, description="What the person does.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    role: StaffRole | None = strawberry.field(default=UNSET, description="What the person may do.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="Whom it is about.")
class PersonInput:
    """What the inputs about one person have in common."""

    id: strawberry.ID = strawberry.field(description="The person, `stf_…` or `con_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The colleague to shut out.")
class DeactivateStaffInput(PersonInput):
    """Input of `deactivateStaff`."""


@strawberry.input(description="The colleague to let in again.")
class ReactivateStaffInput(PersonInput):
    """Input of `reactivateStaff`."""


@strawberry.input(description="The contact to shut out.")
class DisableContactInput(PersonInput):
    """Input of `disableContact`."""


@strawberry.input(description="The contact to let in again.")
class EnableContactInput(PersonInput):
    """Input of `enableContact`."""


@strawberry.input(description="Whom to send a new link.")
class ResendInviteInput(PersonInput):
    """Input of `resendInvite`."""


@strawberry.input(description="Whose invite to take back.")
class RevokeInviteInput(PersonInput):
    """Input of `revokeInvite`."""


# --- customers and contacts -------------------------------------------------------------------------------------------


@strawberry.input(description="A client company to enter.")
class CreateCustomerInput:
    """Input of `createCustomer`."""

    name: str = strawberry.field(description="Its name.")
    currency: str = strawberry.field(description=CURRENCY)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    email: str | None = strawberry.field(default=None, description=EMAIL)
    phone: str | None = strawberry.field(default=None, description="Its phone number.")
    website: str | None = strawberry.field(default=None, description="Its web site.")
    tax_id: str | None = strawberry.field(default=None, description="Its tax or VAT number.")
    registration_number: str | None = strawberry.field(default=None, description="Its number in the register.")
    billing_address: PostalAddressInput | None = strawberry.field(default=None, description="Where invoices go.")
    shipping_address: PostalAddressInput | None = strawberry.field(default=None, description="Where goods go.")
    notes: str | None = strawberry.field(default=None, description="For staff only.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New details of one's own company.")
class UpdateMyCompanyInput:
    """Input of `updateMyCompany`."""

    name: str | None = strawberry.field(default=UNSET, description="Its name.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    email: str | None = strawberry.field(default=UNSET, description=EMAIL)
    phone: str | None = strawberry.field(default=UNSET, description="Its phone number.")
    website: str | None = strawberry.field(default=UNSET, description="Its web site.")
    tax_id: str | None = strawberry.field(default=UNSET, description="Its tax or VAT number.")
    registration_number: str | None = strawberry.field(default=UNSET, description="Its number in the register.")
    billing_address: PostalAddressInput | None = strawberry.field(default=UNSET, description="Where invoices go.")
    shipping_address: PostalAddressInput | None = strawberry.field(default=UNSET, description="Where goods go.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New details of a client company.")
class UpdateCustomerInput(UpdateMyCompanyInput):
    """Input of `updateCustomer`."""

    id: strawberry.ID = strawberry.field(description="The company.")
    currency: str | None = strawberry.field(default=UNSET, description=CURRENCY)
    notes: str | None = strawberry.field(default=UNSET, description="For staff only.")


@strawberry.input(description="A contact person to enter, without access.")
class AddContactInput:
    """Input of `addContact`."""

    customer_id: strawberry.ID = strawberry.field(description="The company.")
    name: str = strawberry.field(description="The person's name.")
    email: str = strawberry.field(description=EMAIL)
    language: str = strawberry.field(default="en", description=LANGUAGE)
    phone: str | None = strawberry.field(default=None, description="The phone number.")
    job_title: str | None = strawberry.field(default=None, description="What the person does there.")
    is_primary: bool = strawberry.field(default=False, description="Whether this is the first contact.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="New details of a contact person.")
class UpdateContactInput:
    """Input of `updateContact`."""

    id: strawberry.ID = strawberry.field(description="The contact.")
    name: str | None = strawberry.field(default=UNSET, description="The person's name.")
    email: str | None = strawberry.field(
        default=UNSET, description="One e-mail address. Another one takes the access away until a new invite."
    )
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    phone: str | None = strawberry.field(default=UNSET, description="The phone number.")
    job_title: str | None = strawberry.field(default=UNSET, description="What the person does there.")
    is_primary: bool | None = strawberry.field(default=UNSET, description="Whether this is the first contact.")
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="The contacts to invite.")
class InviteContactsInput:
    """Input of `inviteContacts`."""

    contact_ids: list[strawberry.ID] = strawberry.field(description="1 to 100 contacts.")
    idempotency_key: str = strawberry.field(description=KEY)


# --- one's own account ------------------------------------------------------------------------------------------------


@strawberry.input(description="New details of one's own account.")
class UpdateMyAccountInput:
    """Input of `updateMyAccount`."""

    name: str | None = strawberry.field(default=UNSET, description="One's name.")
    phone: str | None = strawberry.field(default=UNSET, description="One's phone number.")
    job_title: str | None = strawberry.field(default=UNSET, description="What one does.")
    language: str | None = strawberry.field(default=UNSET, description=LANGUAGE)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="An invite to accept.")
class AcceptInviteInput:
    """Input of `acceptInvite`; the token itself makes it work once."""

    token: str = strawberry.field(description="The token of the link.")
    password: str = strawberry.field(description="At least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="Who comes in.")
class LogInInput:
    """Input of `logIn`."""

    email: str = strawberry.field(description=EMAIL)
    password: str = strawberry.field(description="The password.")
    portal: str | None = strawberry.field(default=None, description=PORTAL)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="For staff of several organisations: which one. Otherwise the one joined first."
    )


@strawberry.input(description="The session to carry on.")
class RefreshSessionInput:
    """Input of `refreshSession`."""

    refresh_token: str | None = strawberry.field(
        default=None, description="The newest refresh token; left out where the browser keeps it in a cookie."
    )


@strawberry.input(description="The session to end.")
class LogOutInput:
    """Input of `logOut`."""

    refresh_token: str | None = strawberry.field(
        default=None, description="Its refresh token; left out for the session in which the request is made."
    )


@strawberry.input(description="A new password for oneself.")
class ChangePasswordInput:
    """Input of `changePassword`."""

    current_password: str = strawberry.field(description="The present password.")
    new_password: str = strawberry.field(description="At least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A forgotten password.")
class RequestPasswordResetInput:
    """Input of `requestPasswordReset`."""

    email: str = strawberry.field(description=EMAIL)
    portal: str | None = strawberry.field(default=None, description=PORTAL)
    organisation_id: strawberry.ID | None = strawberry.field(
        default=None, description="For staff of several organisations: which one."
    )
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)


@strawberry.input(description="A new password by a mailed link.")
class ResetPasswordInput:
    """Input of `resetPassword`; the token itself makes it work once."""

    token: str = strawberry.field(description="The token of the link.")
    new_password: str = strawberry.field(description="At least 10 characters, and not easy to guess.")
    idempotency_key: str | None = strawberry.field(default=None, description=OPTIONAL_KEY)
