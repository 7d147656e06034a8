"""What an id names, by its prefix, and who owns that: only the owner knows whether the caller may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from chassis.kernel import is_id

HERE = "notifications"
OWNED = {
    "identity": {"org": "Organisation", "stf": "StaffMember", "con": "Contact", "cus": "Customer"},
    "billing": {"est": "Estimate", "inv": "Invoice", "pay": "Payment", "rfd": "Refund", "crd": "SavedCard"},
    "collaboration": {"com": "Comment"},
    HERE: {"ntf": "Notification"},
}
"""The API's name of what a prefix stands for, by the service that owns it."""


@dataclass(frozen=True, slots=True)
class Named:
    """A well-formed id, what it would be an id of, and whom to ask."""

    id: str
    kind: str
    owner: str


class Owners(Protocol):
    """The services, asked as the caller."""

    async def shown(self, owner: str, wanted: Sequence[Named], token: str) -> Mapping[str, bool]:
        """Tell of each id whether the owner shows it to the bearer of this token; nobody knows of those left out."""
        ...


def named(given: str) -> Named | None:
    """Return what an id names, None when it is no id of ours, or one of a thing that is not shown by itself."""
    for owner, kinds in OWNED.items():
        for prefix, kind in kinds.items():
            if is_id(given, prefix):
                return Named(given, kind, owner)
    return None
