"""Staff send an estimate, for the first time or as a new revision."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from chassis.kernel import Clock, Principal
from services.billing.application.access import require_estimate_id, require_writer
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.numbering import send_numbered
from services.billing.application.ports import Directory
from services.billing.application.reminding import Recipients
from services.billing.domain.estimate import Estimate
from services.billing.domain.repositories import Estimates, NumberSeries
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class SendEstimate:
    """Offer the draft to the client."""

    estimate_id: str
    recipient_ids: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class SendEstimateHandler:
    """Takes the number once, then sends; after a crash in between the same estimate takes the same number."""

    estimates: Estimates
    numbers: NumberSeries
    directory: Directory
    clock: Clock
    recipients: Recipients

    async def __call__(self, command: SendEstimate, by: Principal) -> Estimate:
        """Return the sent estimate.

        Raises:
            RoleForbids, WrongIdKind, NotFound, EstimateNotDraft, DatePassed, DateTooFar,
            NotAContactOfTheClient, TooManyEntries, DirectoryUnavailable, EmailUnproven.
        """
        require_writer(by)
        by.require_proven_email()
        draft = await self.estimates.get(by, require_estimate_id(command.estimate_id))
        buyer = (await self.directory.customer(by, draft.customer_id)).as_party()
        chosen = await self.recipients.chosen(by, draft.customer_id, command.recipient_ids)
        now = self.clock.now()

        async def send(today: date, organisation: OrganisationProfile) -> Estimate:
            draft.require_sendable(today)

            async def under(number: str) -> Estimate:
                return await self.estimates.update(
                    by,
                    draft.id,
                    lambda estimate: estimate.send(
                        number=number,
                        seller=organisation.as_party(),
                        buyer=buyer,
                        today=today,
                        now=now,
                        by=by.id,
                        recipients=chosen,
                    ),
                )

            again = partial(self.estimates.get, by, draft.id)
            return await send_numbered(draft, Series.ESTIMATE, self.numbers, under, again)

        return await on_the_day(self.directory, by, now, send)
