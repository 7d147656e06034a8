"""Staff take an estimate back."""

from dataclasses import dataclass

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_estimate_id, require_writer
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates, NumberSeries
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class VoidEstimate:
    """Take back a draft or an unanswered estimate."""

    estimate_id: str


@dataclass(frozen=True, slots=True)
class VoidEstimateHandler:
    """Voids; a draft that took a number in a send that crashed gives it back."""

    estimates: Estimates
    numbers: NumberSeries
    clock: Clock

    async def __call__(self, command: VoidEstimate, by: Principal) -> Estimate:
        """Return the voided estimate.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotVoidable.
        """
        require_writer(by)
        now = self.clock.now()
        voided = await self.estimates.update(
            by, require_estimate_id(command.estimate_id), lambda estimate: estimate.void(now=now)
        )
        if voided.number is None:
            await self.numbers.give_back(voided.organisation_id, Series.ESTIMATE, voided.id)
        return voided
