"""What collaboration refuses, in the words that the person reads."""

from services.chassis.kernel import Conflict, Forbidden, InvalidInput, Unavailable


class TextMissing(InvalidInput):
    """There is nothing to say."""

    def __init__(self, field: str) -> None:
        super().__init__("Please write something.", field=(field,))


class TextTooLong(InvalidInput):
    """More than fits."""

    def __init__(self, limit: int, field: str) -> None:
        super().__init__(f"This is too long: at most {limit:,} characters.", field=(field,))


class ControlCharacters(InvalidInput):
    """Characters that nobody can see."""

    def __init__(self, field: str) -> None:
        super().__init__("This contains control characters. Please type it as plain text.", field=(field,))


class LooksLikeCardNumber(InvalidInput):
    """Card numbers are entered at the payment provider only."""

    def __init__(self, field: str) -> None:
        super().__init__(
            "This looks like a card number, which must never be sent in a text. If it is another number, write what it "
            "is right before it, and the number in one piece: “KID: 1234567”.",
            field=(field,),
        )


class NoEmailAddress(InvalidInput):
    """It is none, or one that no mail server would take."""

    def __init__(self, field: str) -> None:
        super().__init__("This is not a valid e-mail address.", field=(field,))


class DocumentNotSent(Conflict):
    """The client cannot see it yet."""

    def __init__(self) -> None:
        super().__init__(
            "The client cannot see this document before it is sent. Send it first, or keep the comment internal.",
            field=("displayInPortal",),
        )


class OnlyClientsView(Forbidden):
    """A look by staff is a preview, not a view."""

    def __init__(self) -> None:
        super().__init__("Only a contact of the client marks a document as viewed.")


class OnlyClientsForward(Forbidden):
    """Staff send documents themselves."""

    def __init__(self) -> None:
        super().__init__("Only a contact of the client can forward a document.")


class ForwardingNotAllowed(Forbidden):
    """The organisation has switched forwarding off."""

    def __init__(self) -> None:
        super().__init__("Forwarding is switched off in this portal.")


class TooManyForwards(Conflict, Unavailable):
    """A portal is no mailing list."""

    def __init__(self) -> None:
        super().__init__("You have forwarded many documents within the last hour. Please try again later.")


class TooManyComments(Conflict, Unavailable):
    """Every comment is mailed to others."""

    def __init__(self) -> None:
        super().__init__("You have written many comments within the last hour. Please try again later.")


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now. The same request may be sent again."""

    def __init__(self) -> None:
        super().__init__(
            "The document and the portal's settings cannot be looked up right now. "
            "Please send the same request again in a moment."
        )
