"""The payloads of the mutations: what changed, or why nothing did.

Longer than most files, because each mutation has a payload of its own.
"""

from datetime import datetime

import strawberry

from chassis.graphql.context import Context
from chassis.graphql.wording import ERRORS
from services.identity.api import door
from services.identity.api.door import Door
from services.identity.api.errors import UserError
from services.identity.api.types import Contact, Customer, Organisation, Person, StaffMember, person
from services.identity.application.people import principal_of
from services.identity.application.second_factors import Challenged
from services.identity.application.signing_in import SignedIn


@strawberry.type(description="The tokens of a session.")
class SessionTokens:
    """The two tokens; the refresh token is set as the cookie `portal_refresh` as well."""

    access_token: str = strawberry.field(description="The access token, to be sent as `Authorization: Bearer …`.")
    access_token_expires_at: datetime = strawberry.field(description="When the access token expires.")
    refresh_token: str = strawberry.field(description="The refresh token, to be used once for the next pair of tokens.")
    refresh_token_expires_at: datetime = strawberry.field(description="When the session ends unless it is refreshed.")
    person: Person = strawberry.field(description="The person who is logged in.")


def session_tokens(context: Context[Door], signed_in: SignedIn) -> SessionTokens:
    """Return the session as the API shows it, and keep its refresh token in the browser."""
    door.remember(context, signed_in)
    by = principal_of(signed_in.person, "")
    return SessionTokens(
        access_token=signed_in.access_token.text,
        access_token_expires_at=signed_in.access_token.expires_at,
        refresh_token=signed_in.refresh_token,
        refresh_token_expires_at=signed_in.refresh_expires_at,
        person=person(signed_in.person, by, context.app.queries.now()),
    )


@strawberry.type(description="The second step of a log-in whose password was right.")
class LogInChallenge:
    """A challenge; its token is good for five minutes and lets nobody in by itself."""

    token: str = strawberry.field(description="The token, for `completeLogIn` or for setting up a second factor.")
    expires_at: datetime = strawberry.field(description="When the challenge expires.")
    must_set_up: bool = strawberry.field(
        description="True for people of whom the organisation demands a second factor, and who have none: show them "
        "`setUpSecondFactor`. Otherwise ask for a code."
    )


def entered(context: Context[Door], outcome: SignedIn | Challenged) -> dict[str, SessionTokens | LogInChallenge]:
    """Return what a log-in came to as fields of its payload."""
    if isinstance(outcome, SignedIn):
        return {"session": session_tokens(context, outcome)}
    challenge = LogInChallenge(token=outcome.token, expires_at=outcome.expires_at, must_set_up=outcome.must_set_up)
    return {"challenge": challenge}


@strawberry.type(description="The outcome of `registerOrganisation`.")
class RegisterOrganisationPayload:
    """Payload of `registerOrganisation`."""

    organisation: Organisation | None = strawberry.field(
        default=None, description="The new organisation; null if the request was refused."
    )
    session: SessionTokens | None = strawberry.field(
        default=None, description="The session of the owner; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of an organisation or portal mutation.")
class OrganisationOutcome:
    """What the payloads of mutations that change the organisation have in common."""

    organisation: Organisation | None = strawberry.field(
        default=None, description="The organisation; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a staff mutation.")
class StaffMemberOutcome:
    """What the payloads of mutations that change a member of staff have in common."""

    staff_member: StaffMember | None = strawberry.field(
        default=None, description="The member of staff; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a client company mutation.")
class CustomerOutcome:
    """What the payloads of mutations that change a client company have in common."""

    customer: Customer | None = strawberry.field(
        default=None, description="The client company; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a contact mutation.")
class ContactOutcome:
    """What the payloads of mutations that change a contact have in common."""

    contact: Contact | None = strawberry.field(
        default=None, description="The contact; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a mutation of a person.")
class PersonOutcome:
    """What the payloads of mutations that change one or the other have in common."""

    person: Person | None = strawberry.field(default=None, description="The person; null if the request was refused.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result for one of the contacts to invite.")
class InviteContactResult:
    """One result."""

    contact_id: strawberry.ID = strawberry.field(description="The ID that was given.")
    contact: Contact | None = strawberry.field(description="The invited contact; null if the invite was refused.")
    user_error: UserError | None = strawberry.field(
        description="The reason why the invite was refused; null if it succeeded."
    )


@strawberry.type(description="The outcome of `inviteContacts`.")
class InviteContactsPayload:
    """Payload of `inviteContacts`."""

    results: list[InviteContactResult] | None = strawberry.field(
        default=None, description="A result for each contact; null if the whole request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a session mutation.")
class SessionOutcome:
    """What the payloads of everything that logs somebody in have in common."""

    session: SessionTokens | None = strawberry.field(
        default=None, description="The session; null if the request was refused, or a `challenge` comes first."
    )
    challenge: LogInChallenge | None = strawberry.field(
        default=None, description="The second step of the log-in; null if none is needed, or the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a mutation that returns only success.")
class DoneOutcome:
    """What the payloads of mutations after which there is nothing to show have in common."""

    done: bool | None = strawberry.field(default=None, description="True if it was done, or had been done already.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `updateOrganisation`.")
class UpdateOrganisationPayload(OrganisationOutcome):
    """Payload of `updateOrganisation`."""


@strawberry.type(description="The outcome of `enablePortal`.")
class EnablePortalPayload(OrganisationOutcome):
    """Payload of `enablePortal`."""


@strawberry.type(description="The outcome of `updatePortalSettings`.")
class UpdatePortalSettingsPayload(OrganisationOutcome):
    """Payload of `updatePortalSettings`."""


@strawberry.type(description="The outcome of `disablePortal`.")
class DisablePortalPayload(OrganisationOutcome):
    """Payload of `disablePortal`."""


@strawberry.type(description="The outcome of `inviteStaff`.")
class InviteStaffPayload(StaffMemberOutcome):
    """Payload of `inviteStaff`."""


@strawberry.type(description="The outcome of `updateStaff`.")
class UpdateStaffPayload(StaffMemberOutcome):
    """Payload of `updateStaff`."""


@strawberry.type(description="The outcome of `deactivateStaff`.")
class DeactivateStaffPayload(StaffMemberOutcome):
    """Payload of `deactivateStaff`."""


@strawberry.type(description="The outcome of `reactivateStaff`.")
class ReactivateStaffPayload(StaffMemberOutcome):
    """Payload of `reactivateStaff`."""


@strawberry.type(description="The outcome of `createCustomer`.")
class CreateCustomerPayload(CustomerOutcome):
    """Payload of `createCustomer`."""


@strawberry.type(description="The outcome of `updateCustomer`.")
class UpdateCustomerPayload(CustomerOutcome):
    """Payload of `updateCustomer`."""


@strawberry.type(description="The outcome of `updateMyCompany`.")
class UpdateMyCompanyPayload(CustomerOutcome):
    """Payload of `updateMyCompany`."""


@strawberry.type(description="The outcome of `addContact`.")
class AddContactPayload(ContactOutcome):
    """Payload of `addContact`."""


@strawberry.type(description="The outcome of `updateContact`.")
class UpdateContactPayload(ContactOutcome):
    """Payload of `updateContact`."""


@strawberry.type(description="The outcome of `disableContact`.")
class DisableContactPayload(ContactOutcome):
    """Payload of `disableContact`."""


@strawberry.type(description="The outcome of `enableContact`.")
class EnableContactPayload(ContactOutcome):
    """Payload of `enableContact`."""


@strawberry.type(description="The outcome of `eraseContact`.")
class EraseContactPayload(ContactOutcome):
    """Payload of `eraseContact`."""


@strawberry.type(description="The outcome of `resendInvite`.")
class ResendInvitePayload(PersonOutcome):
    """Payload of `resendInvite`."""


@strawberry.type(description="The outcome of `revokeInvite`.")
class RevokeInvitePayload(PersonOutcome):
    """Payload of `revokeInvite`."""


@strawberry.type(description="The outcome of `acceptInvite`.")
class AcceptInvitePayload(SessionOutcome):
    """Payload of `acceptInvite`."""


@strawberry.type(description="The outcome of `confirmEmail`.")
class ConfirmEmailPayload(DoneOutcome):
    """Payload of `confirmEmail`."""


@strawberry.type(description="The outcome of `resendConfirmation`.")
class ResendConfirmationPayload(DoneOutcome):
    """Payload of `resendConfirmation`."""


@strawberry.type(description="The outcome of `logIn`.")
class LogInPayload(SessionOutcome):
    """Payload of `logIn`."""


@strawberry.type(description="The outcome of `refreshSession`.")
class RefreshSessionPayload(SessionOutcome):
    """Payload of `refreshSession`."""


@strawberry.type(description="The outcome of `logOut`.")
class LogOutPayload(DoneOutcome):
    """Payload of `logOut`."""


@strawberry.type(description="The outcome of `logOutEverywhere`.")
class LogOutEverywherePayload(DoneOutcome):
    """Payload of `logOutEverywhere`."""


@strawberry.type(description="The outcome of `endSession`.")
class EndSessionPayload(DoneOutcome):
    """Payload of `endSession`."""


@strawberry.type(description="The outcome of `endOtherSessions`.")
class EndOtherSessionsPayload(DoneOutcome):
    """Payload of `endOtherSessions`."""


@strawberry.type(description="The outcome of `changePassword`.")
class ChangePasswordPayload(DoneOutcome):
    """Payload of `changePassword`."""


@strawberry.type(description="The outcome of `requestPasswordReset`.")
class RequestPasswordResetPayload(DoneOutcome):
    """Payload of `requestPasswordReset`."""


@strawberry.type(description="The outcome of `resetPassword`.")
class ResetPasswordPayload(DoneOutcome):
    """Payload of `resetPassword`."""


@strawberry.type(description="The outcome of `updateMyAccount`.")
class UpdateMyAccountPayload(PersonOutcome):
    """Payload of `updateMyAccount`."""
