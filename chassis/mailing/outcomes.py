"""What a try to send a mail comes to, when it does not succeed."""

from chassis.kernel import NoAnswer

MAIL_SERVER = "mail server"


class Undeliverable(Exception):
    """It will never be taken."""


class NoLongerTrue(Exception):
    """What it tells is true no more, or its recipient may not be told any more: it is dropped, and nobody missed it."""


class TryLater(NoAnswer):
    """It cannot be taken now. `dependency` is who was in the way; None when it was this mail's own recipient."""

    def __init__(self, reason: str = "", dependency: str | None = MAIL_SERVER) -> None:
        super().__init__(reason)
        self.dependency = dependency


class Away(TryLater):
    """Somebody who is needed is away or does not accept us. The mail has nothing to do with it, so it has more time."""


class OutcomeUnknown(TryLater):
    """It may have arrived: each further try may be a copy."""
