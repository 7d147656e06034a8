"""A job: once a reminder policy was changed, open invoices learn on which day they have to be looked at next.

Policies of all organisations take turns, each by one batch of invoices a round. A process that ends leaves off where
the policy says; several may work on the same one, since what an invoice learns is computed from what holds now.
"""

from dataclasses import dataclass

from chassis.guard import Aside, Guard, MemoryAside, Round
from chassis.kernel import Clock, Principal
from services.billing.application.ports import Directory
from services.billing.application.reminding import Plans
from services.billing.domain.repositories import Invoices, ReminderPolicies

LOOP = "reminder_policies"
POLICIES, INVOICES = 20, 200


@dataclass(frozen=True, slots=True)
class SpreadReminderPolicies:
    """Spreads what was changed."""

    policies: ReminderPolicies
    invoices: Invoices
    directory: Directory
    clock: Clock
    aside: Aside | None = None

    async def __call__(self) -> Round:
        """Make one round and return what it came to."""
        made, guard = Round(), Guard(LOOP, self.aside or MemoryAside(self.clock), self.clock)
        resting = [one.partition("/")[2] for one in await guard.resting()]
        for organisation_id, policy_id in await self.policies.spreading(POLICIES, without=resting):
            by = Principal.for_service(organisation_id)
            if made.is_over:
                break
            await guard.one(f"policies/{policy_id}", lambda by=by, one=policy_id: self._spread(by, one), made)
        return made

    async def _spread(self, by: Principal, policy_id: str) -> None:
        policy = (await self.policies.get_many(by, [policy_id])).get(policy_id)
        if policy is None or not policy.spreading:
            return
        changed_at, now = policy.changed_at, self.clock.now()
        ids = await self.invoices.looked_after(by, policy.customer_id, after=policy.spread_until, limit=INVOICES)
        for invoice_id in ids:
            await self._reschedule(by, invoice_id)
        if len(ids) == INVOICES:
            await self.policies.update(by, policy_id, lambda it: it.spread_on(changed_at, ids[-1], now))
        else:
            await self.policies.update(by, policy_id, lambda it: it.spread(changed_at, now))

    async def _reschedule(self, by: Principal, invoice_id: str) -> None:
        organisation = await self.directory.organisation(by)
        invoice = await self.invoices.get(by, invoice_id)
        reminders = await Plans(self.policies).of(by, invoice.customer_id, organisation)
        await self.invoices.update(by, invoice_id, lambda it: it.reschedule(reminders))
