"""What notifications refuse, in the words that the person reads."""

from chassis import wording
from chassis.kernel import InvalidInput, Unavailable


class KindNotYours(InvalidInput):
    """People on this side are never told of this kind."""

    description = "The caller does not receive notifications of this kind."

    def __init__(self) -> None:
        super().__init__("You do not receive notifications of this kind.", field=("kind",))


class TooManyEntries(InvalidInput):
    """More than one request may name."""

    description = wording.TOO_MANY_ENTRIES
    former_codes = ("TOO_MANY_IDS",)

    def __init__(self, limit: int) -> None:
        super().__init__(wording.say_too_many_entries(limit), field=("ids",))


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now. The same request may be sent again."""

    description = wording.DIRECTORY_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__("People and portals cannot be looked up right now. Please try again in a moment.")
