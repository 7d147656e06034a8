"""Staff change a draft estimate."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Principal, require_id
from services.billing.application.access import require_estimate_id, require_unchanged, require_writer
from services.billing.application.ports import Directory
from services.billing.domain.content import Content
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates


@dataclass(frozen=True, kw_only=True)
class UpdateEstimate:
    """Replace what the draft says; with `expected_version` only if nobody saved it since the caller read it."""

    estimate_id: str
    customer_id: str
    content: Content
    expires_on: date | None = None
    expected_version: int | None = None


@dataclass(frozen=True, slots=True)
class UpdateEstimateHandler:
    """Rewrites the draft."""

    estimates: Estimates
    directory: Directory

    async def __call__(self, command: UpdateEstimate, by: Principal) -> Estimate:
        """Return the changed draft.

        Raises:
            RoleForbids, WrongIdKind, NotFound, DocumentChanged, EstimateNotDraft, CustomerFixed.
        """
        require_writer(by)
        require_id(command.customer_id, "cus", "customerId")
        await self.directory.customer(by, command.customer_id)

        def rewrite(estimate: Estimate) -> None:
            require_unchanged(estimate, command.expected_version)
            estimate.rewrite(customer_id=command.customer_id, content=command.content, expires_on=command.expires_on)

        return await self.estimates.update(by, require_estimate_id(command.estimate_id), rewrite)
