"""What notifications refuse, in the words that the person reads."""

from services.chassis.kernel import InvalidInput, Unavailable


class KindNotYours(InvalidInput):
    """People on this side are never told of this kind."""

    def __init__(self) -> None:
        super().__init__("You are never told of this kind, so there is nothing to choose.", field=("kind",))


class TooManyIds(InvalidInput):
    """More than one request may name."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"Name at most {limit} notifications at once.", field=("ids",))


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now. The same request may be sent again."""

    def __init__(self) -> None:
        super().__init__("People and portals cannot be looked up right now. Please try again in a moment.")
