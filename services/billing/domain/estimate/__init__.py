"""The estimate: drafted, sent with a number, answered by the client, reworked in revisions, invoiced once.

`Estimate` is cut by behaviour: `drafting`, `sending`, `answering`, `revising`, `closing` over the `record` of its
state. Every sent revision stays readable as it was; clients see the last one that was sent, never a draft.
"""

from services.billing.domain.estimate.estimate import Estimate
from services.billing.domain.estimate.record import EstimateState, Revision

__all__ = ["Estimate", "EstimateState", "Revision"]
