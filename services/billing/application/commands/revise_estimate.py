"""Staff rework a declined or expired estimate."""

from dataclasses import dataclass

from services.billing.application.access import require_estimate_id, require_writer
from services.billing.application.ports import Directory
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates
from services.chassis.kernel import Clock, Principal


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
        today = (await self.directory.organisation(by)).today(now)
        return await self.estimates.update(
            by, require_estimate_id(command.estimate_id), lambda estimate: estimate.revise(today=today, now=now)
        )
