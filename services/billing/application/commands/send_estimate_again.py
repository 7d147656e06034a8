"""Staff have an estimate mailed once more, to whoever is told by rule or to contacts whom they choose."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_estimate_id, require_writer
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.application.reminding import Recipients
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates


@dataclass(frozen=True, kw_only=True)
class SendEstimateAgain:
    """Which estimate, and to whom: `recipient_ids` are contacts of its client company."""

    estimate_id: str
    recipient_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class SendEstimateAgainHandler:
    """Has the estimate's revision mailed again that waits for an answer."""

    estimates: Estimates
    recipients: Recipients
    directory: Directory
    clock: Clock

    async def __call__(self, command: SendEstimateAgain, by: Principal) -> Estimate:
        """Return the estimate.

        Raises:
            RoleForbids, WrongIdKind, NotFound, NotYetSent, EstimateNotSent, EstimateExpired, SentTooOften,
            NobodyToReach, NotAContactOfTheClient, TooManyEntries, DirectoryUnavailable,
            EmailUnproven.
        """
        require_writer(by)
        by.require_proven_email()
        known = await self.estimates.get(by, require_estimate_id(command.estimate_id))
        chosen = await self.recipients.reached(by, known.customer_id, command.recipient_ids)
        now = self.clock.now()

        async def send(today: date, _: OrganisationProfile) -> Estimate:
            return await self.estimates.update(
                by, known.id, lambda it: it.send_again(by=by.id, recipients=chosen, today=today, now=now)
            )

        return await on_the_day(self.directory, by, now, send)
