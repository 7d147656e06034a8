"""Reworking what the client declined or let expire: a new draft revision, while the old one stays readable."""

from datetime import date, datetime

from services.billing.domain.errors import EstimateNotRevisable, TooManyRevisions
from services.billing.domain.estimate.answering import Answering
from services.billing.domain.estimate.record import EstimateState
from services.billing.domain.events import EstimateRevised

MAX_REVISIONS = 10
"""All revisions live in one document, which MongoDB limits to 16 MB."""


class Revising(Answering):
    """Begin the next revision."""

    def revise(self, *, today: date, now: datetime) -> None:
        """Turn a declined or expired estimate into the draft of its next revision.

        Raises:
            EstimateNotRevisable: it still waits for an answer, was accepted, or is closed.
            TooManyRevisions: staff should begin a new estimate.
        """
        self.expire(today=today, now=now)
        if self.state not in {EstimateState.DECLINED, EstimateState.EXPIRED}:
            raise EstimateNotRevisable
        if self.revision >= MAX_REVISIONS:
            raise TooManyRevisions(MAX_REVISIONS)
        self.state = EstimateState.DRAFT
        self.revision += 1
        self.expires_on = None
        self.record(EstimateRevised(**self._facts(now)))
