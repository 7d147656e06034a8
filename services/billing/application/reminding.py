"""Which reminders hold for an invoice, and who of a client company can be written to."""

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.kernel import Principal
from services.billing.application.directory import OrganisationProfile
from services.billing.application.ports import Directory
from services.billing.domain.calendar import local_day
from services.billing.domain.errors import NobodyToReach, NotAContactOfTheClient, TooManyEntries
from services.billing.domain.reminders import Decided, ReminderPolicy, Reminders, deciding
from services.billing.domain.repositories import ReminderPolicies

MOST_RECIPIENTS = 20


@dataclass(frozen=True, slots=True)
class Plans:
    """Reads what staff set."""

    policies: ReminderPolicies

    async def decided(self, by: Principal, customer_id: str | None) -> Decided:
        """Return what holds for a company, or for the organisation, since when, and the policy that says so."""
        of = [None, customer_id] if customer_id else [None]
        ids = [ReminderPolicy.id_of(by.organisation_id, one) for one in of]
        return deciding(await self.policies.get_many(by, ids), by.organisation_id, customer_id)

    async def of(self, by: Principal, customer_id: str, organisation: OrganisationProfile) -> Reminders:
        """Return the reminders of a company's invoices."""
        plan, since, _ = await self.decided(by, customer_id)
        return Reminders(plan, local_day(since, organisation.time_zone) if since else None)


@dataclass(frozen=True, slots=True)
class Recipients:
    """Checks by identity's own word whom staff want to have mailed: what we know of contacts may be late."""

    directory: Directory

    async def chosen(self, by: Principal, customer_id: str, wanted: Sequence[str] | None) -> tuple[str, ...]:
        """Return the contacts whom staff chose, each once; none where they left it to the rule.

        Raises:
            TooManyEntries, NotAContactOfTheClient: naming the entry.
            DirectoryUnavailable: identity does not answer.
        """
        ids = tuple(dict.fromkeys(wanted or ()))
        if len(ids) > MOST_RECIPIENTS:
            raise TooManyEntries(MOST_RECIPIENTS, field=("recipientIds",))
        known = await self.directory.reachable(by, customer_id) if ids else ()
        for number, one in enumerate(wanted or (), 1):
            if one not in known:
                raise NotAContactOfTheClient(number)
        return ids

    async def reached(self, by: Principal, customer_id: str, wanted: Sequence[str] | None) -> tuple[str, ...]:
        """As `chosen`, for what is of no use when nobody is there to read it.

        Raises:
            NobodyToReach: the company has no contact who could be mailed.
            TooManyEntries, NotAContactOfTheClient, DirectoryUnavailable: as `chosen`.
        """
        chosen = await self.chosen(by, customer_id, wanted)
        if not chosen and not await self.directory.reachable(by, customer_id):
            raise NobodyToReach
        return chosen
