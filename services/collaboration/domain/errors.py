"""What collaboration refuses, in the words that the person reads."""

from chassis import wording
from chassis.kernel import Conflict, Forbidden, InvalidInput, Unavailable


class InvalidEmail(InvalidInput):
    """It is none, or one that no mail server would take."""

    description = wording.INVALID_EMAIL
    former_codes = ("NO_EMAIL_ADDRESS",)

    def __init__(self, field: str) -> None:
        super().__init__(wording.SAY_INVALID_EMAIL, field=(field,))


class DocumentNotSent(Conflict):
    """The client cannot see it yet."""

    description = "The client cannot see the document before it is sent."

    def __init__(self) -> None:
        super().__init__(
            "The client cannot see this document before it is sent. Send it first, or keep the comment internal.",
            field=("displayInPortal",),
        )


class OnlyClientsView(Forbidden):
    """A look by staff is a preview, not a view."""

    description = "Only a contact can mark a document as viewed."

    def __init__(self) -> None:
        super().__init__("Only a contact of the client can mark a document as viewed.")


class OnlyClientsForward(Forbidden):
    """Staff send documents themselves."""

    description = "Only a contact can forward a document."

    def __init__(self) -> None:
        super().__init__("Only a contact of the client can forward a document.")


class ForwardingNotAllowed(Forbidden):
    """The organisation has switched forwarding off."""

    description = "The portal does not let clients forward documents."

    def __init__(self) -> None:
        super().__init__("Forwarding is switched off in this portal.")


class TooManyForwards(Conflict, Unavailable):
    """A portal is no mailing list."""

    description = "Too many documents were forwarded within an hour."

    def __init__(self, limit: int) -> None:
        super().__init__(f"You can forward at most {limit:,} documents within an hour. Try again later.")


class TooManyComments(Conflict, Unavailable):
    """Every comment is mailed to others."""

    description = "Too many comments were written within an hour."

    def __init__(self, limit: int) -> None:
        super().__init__(f"You can write at most {limit:,} comments within an hour. Try again later.")


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now. The same request may be sent again."""

    description = wording.DIRECTORY_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "The document and the portal's settings cannot be looked up right now. "
            "Please send the same request again in a moment."
        )
