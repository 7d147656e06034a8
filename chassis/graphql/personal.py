"""What a service holds of a person, as the API tells it: the same types in every subgraph."""

from collections.abc import Sequence
from datetime import datetime
from typing import Self

import orjson
import strawberry

from chassis.erasing import Held, HeldBy, Whose
from chassis.kernel import Principal

KEYS = ["id customerId addressMarks"]
DESCRIPTION = "All that is held of a contact, by service (GDPR, articles 15, 17 and 20). Owners only."
ID_DESCRIPTION = "The ID of the contact, `con_…`."
CUSTOMER_DESCRIPTION = "The ID of the client company, `cus_…`."
MARKS_DESCRIPTION = "Marks of the e-mail addresses of the contact, by which copies are found; no address can be read."
OF_SERVICE = "What this service holds."


@strawberry.federation.type(shareable=True, description="One thing that a service holds of a person.")
class PersonalItem:
    """An item."""

    service: str = strawberry.field(description="The service that holds it: `identity`, `billing` and so on.")
    kind: str = strawberry.field(description="What it is, such as `contact`, `payment` or `comment`.")
    id: str = strawberry.field(description="The ID of the item.")
    at: datetime | None = strawberry.field(description="When it began; null where that is not known.")
    data: str = strawberry.field(description="Everything that is held, as the text of a JSON object.")
    kept: str | None = strawberry.field(
        description="Why it stays when the person is erased; null for what is removed then."
    )

    @classmethod
    def of(cls, service: str, item: Held) -> Self:
        """Return the item as the API shows it."""
        return cls(service=service, kind=item.kind, id=item.id, at=item.at, data=as_json(item), kept=item.kept or None)


@strawberry.federation.type(shareable=True, description="What one service holds of a person.")
class PersonalDataOfService:
    """The part of a service."""

    erased_at: datetime | None = strawberry.field(
        description="When the service finished its part of the erasure; null before that."
    )
    items: list[PersonalItem] = strawberry.field(description="Everything that it holds, by kind and age.")

    @classmethod
    def of(cls, held: HeldBy) -> Self:
        """Return the part as the API shows it."""
        return cls(erased_at=held.erased_at, items=[PersonalItem.of(held.service, one) for one in held.items])


def as_json(item: Held) -> str:
    """Return what is held as the text of a JSON object; whatever JSON has no form for is written as text."""
    return orjson.dumps(dict(item.data), default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def whose(by: Principal, contact_id: str, customer_id: str, marks: Sequence[str]) -> Whose:
    """Return of whom the caller asks: always somebody of the caller's organisation."""
    return Whose(contact_id=contact_id, organisation_id=by.organisation_id, customer_id=customer_id, marks=tuple(marks))
