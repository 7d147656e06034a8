"""The state of an estimate and what is computed from it."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypedDict

from chassis.kernel import AggregateRoot
from chassis.words import Word
from services.billing.domain.content import Content, Party
from services.billing.domain.mailings import Mailings
from services.billing.domain.money import Money


class EstimateState(Word):
    """Where an estimate, or one of its sent revisions, stands."""

    DRAFT = "draft"
    SENT = "sent"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    EXPIRED = "expired"
    INVOICED = "invoiced"
    VOID = "void"


@dataclass(frozen=True, kw_only=True)
class Revision:
    """A revision as it was sent, and what became of it. It is valid through the whole day `expires_on`."""

    number: int
    state: EstimateState
    content: Content
    issued_on: date
    expires_on: date
    sent_at: datetime
    seller: Party
    buyer: Party
    answered_at: datetime | None = None
    answered_by: str | None = None
    reason: str = ""


class Facts(TypedDict):
    """What every event about an estimate tells."""

    occurred_at: datetime
    organisation_id: str
    estimate_id: str
    customer_id: str
    number: str | None
    revision: int
    total: Money


@dataclass(kw_only=True, eq=False)
class EstimateRecord(AggregateRoot):
    """The fields of an estimate. `content` and `expires_on` are what staff work on; `revisions` what was sent."""

    customer_id: str
    content: Content
    created_at: datetime
    expires_on: date | None = None
    revision: int = 1
    state: EstimateState = EstimateState.DRAFT
    number: str | None = None
    sent_at: datetime | None = None
    revisions: tuple[Revision, ...] = ()
    invoice_id: str | None = None
    look_again_on: date | None = None
    mailings: Mailings = ()

    @property
    def last_sent(self) -> Revision | None:
        """What the client sees."""
        return self.revisions[-1] if self.revisions else None

    def state_on(self, today: date) -> EstimateState:
        """Return the state on this day of the organisation; an unanswered estimate is expired after its last day."""
        return EstimateState.EXPIRED if self.has_expired(today) else self.state

    def has_expired(self, today: date) -> bool:
        """Tell whether it still waits for an answer though its last day has passed."""
        last = self.last_sent
        return self.state is EstimateState.SENT and last is not None and today > last.expires_on

    def _move(
        self, state: EstimateState, *, at: datetime | None = None, by: str | None = None, reason: str = ""
    ) -> None:
        """Change the state, of the sent revision as well; only an unanswered one keeps the scheduler's attention."""
        self.state = state
        last = self.last_sent
        if last is not None:
            answer = {} if at is None else {"answered_at": at, "answered_by": by, "reason": reason}
            self.revisions = (*self.revisions[:-1], replace(last, state=state, **answer))
        waits = last is not None and state is EstimateState.SENT
        self.look_again_on = last.expires_on + timedelta(days=1) if last and waits else None

    @property
    def needs_no_number(self) -> bool:
        """Whether it was taken back before it was ever sent: a number that it took is somebody else's."""
        return self.state is EstimateState.VOID and self.number is None

    def _facts(self, now: datetime) -> Facts:
        return Facts(
            occurred_at=now,
            organisation_id=self.organisation_id,
            estimate_id=self.id,
            customer_id=self.customer_id,
            number=self.number,
            revision=self.revision,
            total=self.content.total,
        )
