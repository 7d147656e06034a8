"""The refusals of identity, each stating a fact, written for the person who asked."""

from chassis import wording
from chassis.kernel import Conflict, Forbidden, InvalidInput, Unavailable

# --- input that can never be accepted ---------------------------------------------------------------------------------


class InvalidEmail(InvalidInput):
    """The e-mail address is none."""

    description = wording.INVALID_EMAIL

    def __init__(self, field: str = "email") -> None:
        super().__init__(wording.SAY_INVALID_EMAIL, field=(field,))


class InvalidPhone(InvalidInput):
    """The phone number is none."""

    description = "The phone number is not valid."

    def __init__(self, field: str = "phone") -> None:
        super().__init__(
            "This is not a valid phone number. Use 3 to 15 digits, and an extension if there is one: "
            "+49 30 1234567 ext. 12.",
            field=(field,),
        )


class InvalidWebsite(InvalidInput):
    """The web address is none."""

    description = "The web address is not valid."

    def __init__(self, field: str = "website") -> None:
        super().__init__("This is not a valid web address, such as https://northstar.example.", field=(field,))


class UnknownCountry(InvalidInput):
    """The country code is not in ISO 3166-1."""

    description = "The country is not a two-letter ISO 3166-1 code."

    def __init__(self, field: str = "country") -> None:
        super().__init__("This is not a two-letter country code (ISO 3166-1), such as DE.", field=(field,))


class UnknownCurrency(InvalidInput):
    """The currency code is not in ISO 4217."""

    description = wording.UNKNOWN_CURRENCY

    def __init__(self, field: str = "currency") -> None:
        super().__init__(wording.SAY_UNKNOWN_CURRENCY, field=(field,))


class CurrencyEnded(InvalidInput):
    """The currency was given up for another."""

    description = wording.CURRENCY_ENDED

    def __init__(self, code: str, successor: str, field: str = "currency") -> None:
        super().__init__(wording.say_currency_ended(code, successor), field=(field,))


class UnknownTimeZone(InvalidInput):
    """The time zone is not in the IANA data base."""

    description = "The time zone is not in the IANA time zone database."

    def __init__(self, field: str = "timeZone") -> None:
        super().__init__("This is not a known time zone, such as Europe/Berlin.", field=(field,))


class UnknownLocale(InvalidInput):
    """The language or locale is not known."""

    description = "The language or locale is not known."

    def __init__(self, field: str = "locale") -> None:
        super().__init__("This is not a known language or locale, such as de or en-GB.", field=(field,))


class InvalidSlug(InvalidInput):
    """The portal address has a wrong form or is reserved."""

    description = "The portal address is not valid or is reserved."

    def __init__(self, field: str = "slug") -> None:
        super().__init__(
            "Use 3 to 63 lowercase letters, digits and single hyphens, starting with a letter. "
            "A few words are reserved.",
            field=(field,),
        )


class InvalidLogo(InvalidInput):
    """The logo is no small PNG or JPEG, or none that papers can show."""

    description = "The logo is not a PNG or JPEG image that can be shown and printed."

    def __init__(self, reason: str = "The logo must be a PNG or JPEG image of at most 256 kB, in Base64.") -> None:
        super().__init__(reason, field=("logo",))


class PasswordTooShort(InvalidInput):
    """The password is too short."""

    description = "The password is too short."

    def __init__(self, least: int, field: str) -> None:
        super().__init__(f"The password must have at least {least} characters.", field=(field,))


class PasswordTooLong(InvalidInput):
    """The password is too long."""

    description = "The password is too long."

    def __init__(self, most: int, field: str) -> None:
        super().__init__(f"The password must have at most {most} characters.", field=(field,))


class PasswordTooCommon(InvalidInput):
    """The password is easy to guess."""

    description = "The password is too easy to guess."

    def __init__(self, field: str) -> None:
        super().__init__("This password is too easy to guess. Choose another one.", field=(field,))


class TooManyEntries(InvalidInput):
    """More were given than can be handled at once."""

    description = wording.TOO_MANY_ENTRIES
    former_codes = ("TOO_MANY_AT_ONCE",)

    def __init__(self, limit: int, field: str) -> None:
        super().__init__(wording.say_too_many_entries(limit), field=(field,))


class NotAStaffRole(InvalidInput):
    """The role is not one of staff."""

    description = "The role is not a staff role."
    former_codes = ("NOT_ASTAFF_ROLE",)

    def __init__(self) -> None:
        super().__init__("Choose a staff role: owner, accountant or viewer.", field=("role",))


# --- states that do not allow the step --------------------------------------------------------------------------------


class SlugTaken(Conflict):
    """Another portal has this address."""

    description = "Another portal already has this address."

    def __init__(self) -> None:
        super().__init__("Another portal already has this address.", field=("slug",))


class EmailTaken(Conflict):
    """Another person has this e-mail address."""

    description = "Another person already has this e-mail address."

    def __init__(self) -> None:
        super().__init__("Another person already has this e-mail address.", field=("email",))


class PortalNotEnabled(Conflict):
    """The portal is not enabled."""

    description = "The client portal is not enabled."

    def __init__(self) -> None:
        super().__init__("The client portal is not enabled.")


class PortalAlreadyEnabled(Conflict):
    """The portal is enabled already."""

    description = "The client portal is already enabled."

    def __init__(self) -> None:
        super().__init__("The client portal is already enabled; change its settings instead.")


class AlreadyHasAccess(Conflict):
    """The person has access already."""

    description = "The person already has access."

    def __init__(self) -> None:
        super().__init__("This person already has access.")


class EmailHasAccess(Conflict):
    """Another contact with this e-mail address has access to the portal."""

    description = "Another contact with this e-mail address already has access to the portal."

    def __init__(self) -> None:
        super().__init__("Another contact with this e-mail address already has access to the portal.", field=("email",))


class NotInvited(Conflict):
    """The person has no open invite."""

    description = "The person does not have an open invite."

    def __init__(self) -> None:
        super().__init__("This person does not have an open invite.")


class ContactIsErased(Conflict):
    """Nothing is left of the person, and nothing may be added."""

    description = "The contact was erased: nothing about the person is left, and nothing can be added."

    def __init__(self) -> None:
        super().__init__("This contact was erased and can no longer be changed. Add a new contact instead.")


class AccessDisabled(Conflict):
    """The access of the person is disabled."""

    description = "The access of the person is disabled."

    def __init__(self) -> None:
        super().__init__("The access of this person is disabled; enable it instead.")


class NoAccessToDisable(Conflict):
    """The person has no access that could be disabled."""

    description = "The person does not have access that could be disabled."

    def __init__(self) -> None:
        super().__init__("This person does not have access that could be disabled.")


class NotDisabled(Conflict):
    """The access of the person is not disabled."""

    description = "The access of the person is not disabled."

    def __init__(self) -> None:
        super().__init__("The access of this person is not disabled.")


class LastOwner(Conflict):
    """The organisation would be left without an owner."""

    description = "The organisation would be left without an owner."

    def __init__(self) -> None:
        super().__init__("An organisation needs at least one owner.")


class LinkNotValid(Conflict):
    """One answer for links that are forged, used, expired, revoked, replaced or of another kind."""

    description = "The link has expired, was used already, or is not valid."

    def __init__(self) -> None:
        super().__init__("This link is not valid, or no longer valid. Ask for a new one.", field=("token",))


class SecondFactorIsOn(Conflict):
    """There is a second factor already."""

    description = "The person has a second factor already; remove it first."

    def __init__(self) -> None:
        super().__init__("Your second factor is on already. To use another app, remove it first.")


class NoSecondFactor(Conflict):
    """There is no second factor."""

    description = "The person has no second factor."

    def __init__(self) -> None:
        super().__init__("There is no second factor. Set one up first.")


class SetUpOver(Conflict):
    """Nothing is being set up, or it took too long."""

    description = "No second factor is being set up, or it was begun more than 15 minutes ago."

    def __init__(self) -> None:
        super().__init__("Setting up the second factor took longer than 15 minutes. Begin again.")


class PasswordChangedMeanwhile(Conflict):
    """The password or the access changed at the same moment."""

    description = "The password or the access of the person changed at the same moment."

    def __init__(self) -> None:
        super().__init__("Your password or access changed at the same moment. Please try again.")


class InviteQuotaReached(Conflict):
    """The organisation, or the person, had as many invites within a day as may be."""

    description = "As many invites were sent within a day as the organisation may send, or one person may get."

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} invites were sent within a day, which is the most for now. This one was not sent. Try again "
            "tomorrow; an organisation that is older than a week may send more."
        )


class PasskeyKnown(Conflict):
    """The authenticator's passkey is somebody's already."""

    description = "This passkey is in use already."

    def __init__(self) -> None:
        super().__init__("This passkey is in use already.", field=("credential",))


class TooManyPasskeys(Conflict):
    """The person has as many passkeys as may be."""

    description = "The caller has as many passkeys as may be."

    def __init__(self, most: int) -> None:
        super().__init__(f"You have {most} passkeys, which is the most. Remove one that you no longer use.")


class EmailIsProven(Conflict):
    """There is nothing to confirm."""

    description = "The e-mail address is confirmed already."

    def __init__(self) -> None:
        super().__init__("Your e-mail address is confirmed already.")


class ConfirmationQuotaReached(Conflict):
    """As many links to confirm an address were sent within a day as may be."""

    description = "As many e-mails to confirm this address were sent within a day as may be."

    def __init__(self) -> None:
        super().__init__(
            "Several e-mails to confirm this address were sent within a day, which is the most. Look for the newest "
            "one, also among what was taken for spam, or try again tomorrow."
        )


class TooBusy(Unavailable):
    """Too many log-ins are being checked right now."""

    description = "Too many people are logging in right now."

    def __init__(self) -> None:
        super().__init__("Too many people are logging in right now. Please try again in a moment.")


class TooManyRegistrations(Unavailable):
    """One address registered many organisations within an hour."""

    description = "Too many organisations were registered from this address."

    def __init__(self, most: int) -> None:
        super().__init__(
            f"{most} organisations were registered from your network within an hour, which is the most. Please try "
            "again in an hour."
        )


# --- what this person may not do --------------------------------------------------------------------------------------


class EditingNotAllowed(Forbidden):
    """The portal does not let clients change their company details."""

    description = "The portal does not let clients change their company details."

    def __init__(self) -> None:
        super().__init__("Your company details can only be changed by the business itself.")


class LogInRefused(Forbidden):
    """One answer for a wrong password, an unknown or disabled account and too many tries."""

    description = "The e-mail address and password do not match, or there have been too many attempts."

    def __init__(self) -> None:
        super().__init__(
            "The e-mail address and password do not match, or there have been too many attempts. "
            "Check both, or try again in 15 minutes."
        )


class CodeRefused(Forbidden):
    """One answer for a code that is wrong or used, and for too many tries."""

    description = "The code is wrong or was used before, or there have been too many attempts."

    def __init__(self) -> None:
        super().__init__(
            "The code is wrong or was used before, or there have been too many attempts. Wait for your app to show the "
            "next one, use a recovery code, or try again in 15 minutes.",
            field=("code",),
        )


class PasskeyRefused(Forbidden):
    """One answer for a passkey that is unknown, not right, or of somebody who may not come in, and for many tries."""

    description = "The passkey is not known here or was not confirmed, or there have been too many attempts."

    def __init__(self) -> None:
        super().__init__(
            "This passkey is not known here or was not confirmed by PIN, fingerprint or face, or there have been too "
            "many attempts. Log in with your password, or try again in 15 minutes.",
            field=("credential",),
        )


class PasskeyCopied(Forbidden):
    """A passkey counted back: there may be two of it."""

    description = "The passkey may have been copied: its counter did not go on."

    def __init__(self) -> None:
        super().__init__(
            "This passkey may have been copied. Log in another way, remove it, and add a new one.",
            field=("credential",),
        )


class PasskeyAttemptOver(Forbidden):
    """One answer for an attempt that is forged, too old, used, or of another session or person."""

    description = "The attempt with a passkey took too long, or was used before: begin it again."

    def __init__(self) -> None:
        super().__init__("This took longer than five minutes, or was tried before. Begin again.", field=("token",))


class ChallengeOver(Forbidden):
    """One answer for a challenge that is forged, too old, or of a password that is none any more."""

    description = "The challenge is not valid, or no longer valid: log in with the password again."

    def __init__(self) -> None:
        super().__init__("This took longer than five minutes. Log in with your password again.", field=("challenge",))


class SecondFactorNotOffered(Forbidden):
    """The organisation does not offer a second factor."""

    description = "The organisation does not offer a second factor to people like the caller."

    def __init__(self) -> None:
        super().__init__("A second factor is not offered here. Ask the business to offer it.")


class SecondFactorNeeded(Forbidden):
    """The organisation demands a second factor."""

    description = "The organisation demands a second factor of the caller, so it cannot be removed."

    def __init__(self) -> None:
        super().__init__("Your organisation demands a second factor, so it cannot be removed.")


class WrongPassword(Forbidden):
    """The present password does not match, or there were too many tries."""

    description = "The current password is wrong, or there have been too many attempts."

    def __init__(self) -> None:
        super().__init__(
            "The current password is wrong, or there have been too many attempts.", field=("currentPassword",)
        )


class SessionEnded(Forbidden):
    """One answer for refresh tokens that are forged, replayed, expired or of an ended session."""

    description = "The session has ended, or the refresh token is not valid."

    def __init__(self) -> None:
        super().__init__("Your session has ended. Please log in again.")
