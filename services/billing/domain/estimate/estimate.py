"""The aggregate: its record with every behaviour."""

from dataclasses import dataclass

from services.billing.domain.estimate.answering import Answering
from services.billing.domain.estimate.closing import Closing
from services.billing.domain.estimate.drafting import Drafting
from services.billing.domain.estimate.revising import Revising
from services.billing.domain.estimate.sending import Sending


@dataclass(kw_only=True, eq=False)
class Estimate(Drafting, Sending, Revising, Answering, Closing):
    """One estimate of one organisation for one client company."""
