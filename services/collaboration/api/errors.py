"""Refusals as the API shows them."""

import strawberry

from chassis import text
from chassis.graphql.declared import Declared
from chassis.graphql.refusals import CODE, FIELD, MESSAGE, USER_ERROR, Decisions, error_code_enum
from services.collaboration.domain import errors

UserErrorCode = error_code_enum(errors, text)


@strawberry.federation.type(shareable=True, description=USER_ERROR)
class UserError:
    """One refusal."""

    field: list[str] | None = strawberry.field(description=FIELD)
    message: str = strawberry.field(description=MESSAGE)
    code: UserErrorCode = strawberry.field(description=CODE)  # pyright: ignore


DECLARED = Declared.beside(__file__)
DECISIONS = Decisions(UserError, UserErrorCode, DECLARED)
