"""What billing holds of a contact: its part of `PersonalData`."""

from typing import Any, Self

import strawberry

from chassis.graphql.personal import (
    CUSTOMER_DESCRIPTION,
    DESCRIPTION,
    ID_DESCRIPTION,
    KEYS,
    MARKS_DESCRIPTION,
    OF_SERVICE,
    PersonalDataOfService,
    whose,
)
from services.billing.api.values import AppInfo


@strawberry.federation.type(keys=KEYS, description=DESCRIPTION)
class PersonalData:
    """Identity's entity."""

    id: strawberry.ID = strawberry.field(description=ID_DESCRIPTION)
    customer_id: strawberry.ID = strawberry.field(description=CUSTOMER_DESCRIPTION)
    address_marks: list[str] = strawberry.field(description=MARKS_DESCRIPTION)

    @strawberry.field(description=OF_SERVICE)
    async def billing(self, info: AppInfo) -> PersonalDataOfService | None:
        by = info.context.acting()
        of = whose(by, self.id, self.customer_id, self.address_marks)
        return PersonalDataOfService.of(await info.context.app.queries.personal_data(by, of))

    @classmethod
    def resolve_reference(cls, id: strawberry.ID, **key: Any) -> Self:
        """Return the entity; who may read it is asked by its field. `key` is named as the schema names it."""
        return cls(id=id, customer_id=key["customerId"], address_marks=key["addressMarks"])
