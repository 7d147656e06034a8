"""A person is forgotten: what every service is told of it, what stands in the person's place, and what is held of one.

Identity decides (`identity.contact_erased.v1`); each service removes or replaces what it holds when it hears of it. The
person's id stays as the pseudonym: documents that the law keeps go on naming who accepted or paid, and nobody can tell
who that was. Addresses travel as marks (`return_path.py`), by which copies under an address are found without telling
it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson

from chassis.mailing.return_path import mark_of

NAME = "Erased contact"
"""What is shown in place of the name."""
FOREVER = 2**62
"""The sequence of what is kept in place of the person: no event of before, or of a replay, is later."""
ADDRESSES = ("email", "formerEmail", "recipientEmail")
"""Fields of events that hold an address, as they are written."""
PEOPLE = ("contactId", "principalId")
SENDER = "forwardedBy"


def address_of(contact_id: str) -> str:
    """Return what stands in place of the e-mail address: nothing is ever delivered there (RFC 2606, section 2)."""
    return f"{contact_id}@erased.invalid"


@dataclass(frozen=True, kw_only=True)
class Whose:
    """Of whom something is held: a contact of a client company, with the marks of its addresses."""

    contact_id: str
    organisation_id: str
    customer_id: str
    marks: tuple[str, ...]

    def means(self, address: str) -> bool:
        """Tell whether an address is the person's."""
        return mark_of(address) in self.marks


@dataclass(frozen=True, kw_only=True)
class Erasure(Whose):
    """Whom to forget, as of this moment."""

    at: datetime

    def is_about(self, body: bytes) -> bool:
        """Tell whether a message that nobody could handle holds data of the person."""
        try:
            told = orjson.loads(body)
            event_type, data = str(told["type"]), told["data"]
            addresses = [data[name] for name in ADDRESSES if isinstance(data.get(name), str)]
        except (ValueError, TypeError, LookupError, AttributeError):
            return self.contact_id.encode() in body
        if any(self.means(address) for address in addresses) or data.get(SENDER) == self.contact_id:
            return True
        is_fact = event_type.startswith("identity.") and not event_type.startswith("identity.contact_erased.")
        return is_fact and any(data.get(name) == self.contact_id for name in PEOPLE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One thing that a service holds of a person. `kept` says why it stays when the person is erased, else nothing.

    `data` is JSON: nothing of other people is in it.
    """

    kind: str
    id: str
    at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict[str, Any])
    kept: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldBy:
    """All that one service holds of a person, and since when it has forgotten what it must: None while it has not."""

    service: str
    erased_at: datetime | None = None
    items: Sequence[Held] = ()
