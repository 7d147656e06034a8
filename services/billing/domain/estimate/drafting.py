"""Writing an estimate before it is sent, for the first time or again."""

from datetime import date, datetime
from typing import Self

from services.billing.domain.content import Content
from services.billing.domain.errors import CustomerFixed, EstimateNotDraft
from services.billing.domain.estimate.record import EstimateRecord, EstimateState
from services.billing.domain.events import EstimateDrafted


class Drafting(EstimateRecord):
    """Begin and change a draft."""

    @classmethod
    def draft(
        cls,
        *,
        estimate_id: str,
        organisation_id: str,
        customer_id: str,
        content: Content,
        expires_on: date | None,
        now: datetime,
    ) -> Self:
        """Begin an estimate; without `expires_on` it will be valid for 30 days from the day it is sent."""
        estimate = cls(
            id=estimate_id,
            organisation_id=organisation_id,
            customer_id=customer_id,
            content=content,
            created_at=now,
            expires_on=expires_on,
        )
        estimate.record(EstimateDrafted(**estimate._facts(now)))
        return estimate

    def rewrite(self, *, customer_id: str, content: Content, expires_on: date | None) -> None:
        """Replace what the draft says.

        Raises:
            EstimateNotDraft: it was sent; revise it when it was declined or has expired.
            CustomerFixed: an earlier revision went to another client company.
        """
        if self.state is not EstimateState.DRAFT:
            raise EstimateNotDraft
        if self.revisions and customer_id != self.customer_id:
            raise CustomerFixed
        self.customer_id, self.content, self.expires_on = customer_id, content, expires_on
