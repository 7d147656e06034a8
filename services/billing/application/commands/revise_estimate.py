"""Staff rework a declined or expired estimate."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_estimate_id, require_writer
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates


@dataclass(frozen=True, kw_only=True)
class ReviseEstimate:
    """Begin the next revision as a draft."""

    estimate_id: str


@dataclass(frozen=True, slots=True)
class ReviseEstimateHandler:
    """Opens the draft of the next revision."""

    estimates: Estimates
    directory: Directory
    clock: Clock

    async def __call__(self, command: ReviseEstimate, by: Principal) -> Estimate:
        """Return the draft of the next revision.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotRevisable, TooManyRevisions.
        """
        require_writer(by)
        now = self.clock.now()
        estimate_id = require_estimate_id(command.estimate_id)

        async def revise(today: date, _: OrganisationProfile) -> Estimate:
            return await self.estimates.update(by, estimate_id, lambda estimate: estimate.revise(today=today, now=now))

        return await on_the_day(self.directory, by, now, revise)
