"""The refusals of identity, each stating a fact, written for the person who asked."""

from services.chassis.kernel import Conflict, Forbidden, InvalidInput, Unavailable

# --- input that can never be accepted ---------------------------------------------------------------------------------


class TextRequired(InvalidInput):
    """A text that is needed is empty."""

    def __init__(self, field: str) -> None:
        super().__init__("This must not be empty.", field=(field,))


class TextTooLong(InvalidInput):
    """A text is longer than allowed."""

    def __init__(self, field: str, limit: int) -> None:
        super().__init__(f"This must have {limit} characters at most.", field=(field,))


class ControlCharacters(InvalidInput):
    """A text contains control characters."""

    def __init__(self, field: str) -> None:
        super().__init__("This contains characters that cannot be shown.", field=(field,))


class LooksLikeCardNumber(InvalidInput):
    """A text contains what looks like a card number."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "This looks like a card number, which must never be written here. If it is another number, write what it "
            "is right before it, and the number in one piece: “KID: 1234567”.",
            field=(field,),
        )


class InvalidEmail(InvalidInput):
    """The e-mail address is none."""

    def __init__(self, field: str = "email") -> None:
        super().__init__("This is not an e-mail address.", field=(field,))


class InvalidPhone(InvalidInput):
    """The phone number is none."""

    def __init__(self, field: str = "phone") -> None:
        super().__init__(
            "This is not a phone number: 3 to 15 digits and, if there is one, an extension: +49 30 1234567 ext. 12.",
            field=(field,),
        )


class InvalidWebsite(InvalidInput):
    """The web address is none."""

    def __init__(self, field: str = "website") -> None:
        super().__init__("This is not a web address, such as https://northstar.example.", field=(field,))


class UnknownCountry(InvalidInput):
    """The country code is not in ISO 3166-1."""

    def __init__(self, field: str = "country") -> None:
        super().__init__("This is not the two-letter code of a country (ISO 3166-1).", field=(field,))


class UnknownCurrency(InvalidInput):
    """The currency code is not in ISO 4217."""

    def __init__(self, field: str = "currency") -> None:
        super().__init__("This is not the three-letter code of a currency (ISO 4217).", field=(field,))


class CurrencyEnded(InvalidInput):
    """The currency was given up for another."""

    def __init__(self, code: str, successor: str, field: str = "currency") -> None:
        super().__init__(f"{code} is no longer in use; please choose {successor}.", field=(field,))


class UnknownTimeZone(InvalidInput):
    """The time zone is not in the IANA data base."""

    def __init__(self, field: str = "timeZone") -> None:
        super().__init__("This is not the name of a time zone, such as Europe/Berlin.", field=(field,))


class UnknownLocale(InvalidInput):
    """The language or locale is not known."""

    def __init__(self, field: str = "locale") -> None:
        super().__init__("This is not a language or locale, such as de or en-GB.", field=(field,))


class InvalidSlug(InvalidInput):
    """The portal address has a wrong form or is reserved."""

    def __init__(self, field: str = "slug") -> None:
        super().__init__(
            "Use 3 to 63 small letters, digits and single hyphens, a letter first. A few words are reserved.",
            field=(field,),
        )


class InvalidLogo(InvalidInput):
    """The logo is no small PNG or JPEG, or none that papers can show."""

    def __init__(self, reason: str = "The logo must be a PNG or JPEG image of 256 kB at most, in Base64.") -> None:
        super().__init__(reason, field=("logo",))


class PasswordTooShort(InvalidInput):
    """The password is too short."""

    def __init__(self, least: int, field: str) -> None:
        super().__init__(f"The password must have at least {least} characters.", field=(field,))


class PasswordTooLong(InvalidInput):
    """The password is too long."""

    def __init__(self, most: int, field: str) -> None:
        super().__init__(f"The password must have {most} characters at most.", field=(field,))


class PasswordTooCommon(InvalidInput):
    """The password is easy to guess."""

    def __init__(self, field: str) -> None:
        super().__init__("This password is easy to guess. Please choose another.", field=(field,))


class TooManyAtOnce(InvalidInput):
    """More were given than can be handled at once."""

    def __init__(self, limit: int, field: str) -> None:
        super().__init__(f"At most {limit} at once.", field=(field,))


class NotAStaffRole(InvalidInput):
    """The role is not one of staff."""

    def __init__(self) -> None:
        super().__init__("Staff are owners, accountants or viewers.", field=("role",))


# --- states that do not allow the step --------------------------------------------------------------------------------


class SlugTaken(Conflict):
    """Another portal has this address."""

    def __init__(self) -> None:
        super().__init__("Another portal already has this address.", field=("slug",))


class EmailTaken(Conflict):
    """Another person has this e-mail address."""

    def __init__(self) -> None:
        super().__init__("There is already a person with this e-mail address.", field=("email",))


class PortalNotEnabled(Conflict):
    """The portal is not enabled."""

    def __init__(self) -> None:
        super().__init__("The client portal is not enabled.")


class PortalAlreadyEnabled(Conflict):
    """The portal is enabled already."""

    def __init__(self) -> None:
        super().__init__("The client portal is already enabled; change its settings instead.")


class AlreadyHasAccess(Conflict):
    """The person has access already."""

    def __init__(self) -> None:
        super().__init__("This person already has access.")


class EmailHasAccess(Conflict):
    """Another contact with this e-mail address has access to the portal."""

    def __init__(self) -> None:
        super().__init__("Another contact with this e-mail address already has access to the portal.", field=("email",))


class NotInvited(Conflict):
    """The person has no open invite."""

    def __init__(self) -> None:
        super().__init__("This person has no open invite.")


class AccessDisabled(Conflict):
    """The access of the person is disabled."""

    def __init__(self) -> None:
        super().__init__("The access of this person is disabled; enable it instead.")


class NoAccessToDisable(Conflict):
    """The person has no access that could be disabled."""

    def __init__(self) -> None:
        super().__init__("This person has no access that could be disabled.")


class NotDisabled(Conflict):
    """The access of the person is not disabled."""

    def __init__(self) -> None:
        super().__init__("The access of this person is not disabled.")


class LastOwner(Conflict):
    """The organisation would be left without an owner."""

    def __init__(self) -> None:
        super().__init__("An organisation needs at least one owner.")


class LinkNotValid(Conflict):
    """One answer for links that are forged, used, expired, revoked, replaced or of another kind."""

    def __init__(self) -> None:
        super().__init__("This link is no longer valid. Please ask for a new one.", field=("token",))


class PasswordChangedMeanwhile(Conflict):
    """The password or the access changed at the same moment."""

    def __init__(self) -> None:
        super().__init__("Your password or access changed at the same moment. Please try again.")


class TooBusy(Unavailable):
    """Too many log-ins are being checked right now."""

    def __init__(self) -> None:
        super().__init__("Too many people are logging in right now. Please try again in a moment.")


# --- what this person may not do --------------------------------------------------------------------------------------


class EditingNotAllowed(Forbidden):
    """The portal does not let clients change their company details."""

    def __init__(self) -> None:
        super().__init__("Your company details can only be changed by the business itself.")


class LogInRefused(Forbidden):
    """One answer for a wrong password, an unknown or disabled account and too many tries."""

    def __init__(self) -> None:
        super().__init__(
            "E-mail and password do not match, or there were too many tries. "
            "Check both, or wait a quarter of an hour and try again."
        )


class WrongPassword(Forbidden):
    """The present password does not match, or there were too many tries."""

    def __init__(self) -> None:
        super().__init__("This is not your present password, or there were too many tries.", field=("currentPassword",))


class SessionEnded(Forbidden):
    """One answer for refresh tokens that are forged, replayed, expired or of an ended session."""

    def __init__(self) -> None:
        super().__init__("Your session has ended. Please log in again.")
