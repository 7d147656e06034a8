"""A client declines an estimate."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import Clock, Principal, Role
from services.billing.application.access import require_estimate_id, require_shown
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class DeclineEstimate:
    """Say no to this revision, and why."""

    estimate_id: str
    revision: int
    reason: str


@dataclass(frozen=True, slots=True)
class DeclineEstimateHandler:
    """Records the contact's answer."""

    estimates: Estimates
    directory: Directory
    clock: Clock

    async def __call__(self, command: DeclineEstimate, by: Principal) -> Estimate:
        """Return the declined estimate.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotSent, EstimateExpired, RevisionOutdated, InvalidInput.
        """
        by.require_role(Role.CONTACT)
        estimate_id = require_estimate_id(command.estimate_id)
        await require_shown(by, Series.ESTIMATE, self.directory)
        now = self.clock.now()

        async def decline(today: date, _: OrganisationProfile) -> Estimate:
            return await self.estimates.update(
                by,
                estimate_id,
                lambda estimate: estimate.decline(
                    command.revision, contact_id=by.id, reason=command.reason, today=today, now=now
                ),
            )

        return await on_the_day(self.directory, by, now, decline)
