"""A passkey as its owner sees it, and what a browser answers for one."""

from datetime import datetime
from typing import Self

import strawberry

from services.identity.application.passkeys import Answer
from services.identity.domain import person

TOKEN = "The token of the attempt."  # noqa: S105 - a description
NAME = "The name of the passkey, chosen by the caller, such as `Phone`."
CREDENTIAL = "The credential that the browser returned, as JSON (`toJSON()`)."


@strawberry.type(description="A passkey of the caller.")
class Passkey:
    """What its owner sees."""

    id: strawberry.ID = strawberry.field(description="The ID that the authenticator gave it.")
    name: str = strawberry.field(description=NAME)
    added_at: datetime = strawberry.field(description="When it was added.")
    last_used_at: datetime | None = strawberry.field(description="When it was last used; null if never.")
    is_synced: bool = strawberry.field(description="Whether it was kept by more than one device when it was last used.")

    @classmethod
    def of(cls, one: person.Passkey) -> Self:
        """Return it as the API shows it."""
        return cls(
            id=strawberry.ID(one.id),
            name=one.name,
            added_at=one.added_at,
            last_used_at=one.used_at,
            is_synced=one.backed_up,
        )


@strawberry.input(description="The response of the browser.")
class PasskeyAnswerInput:
    """An answer."""

    token: str = strawberry.field(description=TOKEN)
    credential: str = strawberry.field(description=CREDENTIAL)

    def read(self) -> Answer:
        """Return it as the application takes it."""
        return Answer(token=self.token, credential=self.credential)
