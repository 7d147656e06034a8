"""What is held of a contact: identity's part, and the entity to which the other services add theirs."""

from datetime import datetime
from typing import Any, Self

import strawberry

from chassis.erasing import Whose
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
from services.identity.api.loading import AppInfo
from services.identity.application.queries.show_personal_data import AboutContact


@strawberry.federation.type(keys=KEYS, description=DESCRIPTION)
class PersonalData:
    """The entity."""

    id: strawberry.ID = strawberry.field(description=ID_DESCRIPTION)
    customer_id: strawberry.ID = strawberry.field(description=CUSTOMER_DESCRIPTION)
    address_marks: list[str] = strawberry.field(description=MARKS_DESCRIPTION)
    erasure_asked_at: datetime | None = strawberry.field(
        description="When it was decided to erase the contact; null unless it was."
    )

    @strawberry.field(description=OF_SERVICE)
    async def identity(self, info: AppInfo) -> PersonalDataOfService | None:
        by = info.context.acting()
        of = whose(by, self.id, self.customer_id, self.address_marks)
        return PersonalDataOfService.of(await info.context.app.queries.personal_data.held(by, of))

    @classmethod
    def of(cls, about: AboutContact) -> Self:
        """Return the entity of a contact."""
        of: Whose = about.whose
        return cls(
            id=strawberry.ID(of.contact_id),
            customer_id=strawberry.ID(of.customer_id),
            address_marks=list(of.marks),
            erasure_asked_at=about.erasure_asked_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID, **_: Any) -> Self:
        """Return the entity of a contact. Raises NotFound, RoleForbids."""
        return cls.of(await info.context.app.queries.personal_data.whose(info.context.acting(), id))
