"""The aggregate: its record with every behaviour."""

from dataclasses import dataclass

from services.billing.domain.invoice.chasing import Chasing
from services.billing.domain.invoice.closing import Closing
from services.billing.domain.invoice.collecting import Collecting
from services.billing.domain.invoice.drafting import Drafting
from services.billing.domain.invoice.sending import Sending


@dataclass(kw_only=True, eq=False)
class Invoice(Drafting, Sending, Collecting, Closing, Chasing):
    """One invoice of one organisation to one client company."""
