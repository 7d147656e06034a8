"""How lists are sorted and filtered, alike in all services: `filter: {…}` and `orderBy: { field, direction }`.

Arguments of other styles, from before, are deprecated and still understood, alone.
"""

from enum import Enum
from typing import TypeVar

import strawberry

from chassis.kernel import InvalidInput

T = TypeVar("T")

DIRECTION = "Whether the smallest or the largest comes first."


@strawberry.enum(description="The direction of a sort order.")
class SortDirection(Enum):
    """The direction of an order."""

    ASC = strawberry.enum_value("asc", description="Smallest or earliest first.")
    DESC = strawberry.enum_value("desc", description="Largest or latest first.")


class GivenTwice(InvalidInput):
    """An argument and the deprecated one that says the same."""

    description = "The same thing is given by an argument and by its deprecated form."

    def __init__(self, name: str, former: str) -> None:
        super().__init__(f"Give `{name}` or `{former}`, not both; `{former}` is deprecated.", field=(former,))


def either(given: T | None, former: T | None, *, name: str, former_name: str) -> T | None:
    """Return what is given by an argument, or by the deprecated one.

    Raises:
        GivenTwice: when both are there.
    """
    if given is not None and former is not None:
        raise GivenTwice(name, former_name)
    return former if given is None else given
