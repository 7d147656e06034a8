"""Staff begin an estimate."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import AlreadyExists, Clock, Principal, require_id
from services.billing.application.access import require_writer
from services.billing.application.ports import Directory
from services.billing.domain.content import Content
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates


@dataclass(frozen=True, kw_only=True)
class DraftEstimate:
    """Begin the estimate with this id; the same id again is the same estimate."""

    estimate_id: str
    customer_id: str
    content: Content
    expires_on: date | None = None


@dataclass(frozen=True, slots=True)
class DraftEstimateHandler:
    """Stores the draft."""

    estimates: Estimates
    directory: Directory
    clock: Clock

    async def __call__(self, command: DraftEstimate, by: Principal) -> Estimate:
        """Return the new draft.

        Raises:
            RoleForbids, WrongIdKind, NotFound: no such client company.
        """
        require_writer(by)
        require_id(command.customer_id, "cus", "customerId")
        await self.directory.customer(by, command.customer_id)
        estimate = Estimate.draft(
            estimate_id=command.estimate_id,
            organisation_id=by.organisation_id,
            customer_id=command.customer_id,
            content=command.content,
            expires_on=command.expires_on,
            now=self.clock.now(),
        )
        try:
            await self.estimates.add(estimate)
        except AlreadyExists:
            return await self.estimates.get(by, command.estimate_id)
        return estimate
