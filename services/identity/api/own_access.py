"""What people see of their own access."""

from datetime import datetime
from typing import Self

import strawberry

from chassis.kernel import Principal
from services.identity.domain.session import Session


@strawberry.type(description="One of the caller's own sessions: a log-in on one device.")
class OwnSession:
    """A session as its owner sees it."""

    id: strawberry.ID = strawberry.field(description="The ID, `ses_…`.")
    device: str | None = strawberry.field(
        description="Browser and system, such as `Firefox, Windows`, as the browser named them at the log-in; null if "
        "it named none. For display only."
    )
    started_at: datetime = strawberry.field(description="When the caller logged in.")
    last_used_at: datetime = strawberry.field(description="When the session was last refreshed, or else began.")
    is_current: bool = strawberry.field(description="Whether this request is made in this session.")

    @classmethod
    def of(cls, session: Session, by: Principal) -> Self:
        """Return it as the API shows it."""
        return cls(
            id=strawberry.ID(session.id),
            device=session.browser,
            started_at=session.started_at,
            last_used_at=session.used_at,
            is_current=session.id == by.session_id,
        )
