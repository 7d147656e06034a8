"""Refusals as the API shows them."""

import strawberry

from services.billing.domain import errors
from services.billing.domain.payment import errors as payment_errors
from services.chassis.graphql.refusals import CODE, FIELD, MESSAGE, USER_ERROR, Decisions, error_code_enum

UserErrorCode = error_code_enum(errors, payment_errors)


@strawberry.federation.type(shareable=True, description=USER_ERROR)
class UserError:
    """One refusal."""

    field: list[str] | None = strawberry.field(description=FIELD)
    message: str = strawberry.field(description=MESSAGE)
    code: UserErrorCode = strawberry.field(description=CODE)  # pyright: ignore


DECISIONS = Decisions(UserError, UserErrorCode)
