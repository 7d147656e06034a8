"""Staff set when clients are reminded: of all, or for one client company."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, Clock, NotFound, Principal, require_id
from services.billing.application.access import require_writer
from services.billing.application.ports import Directory
from services.billing.domain.reminders import ReminderPlan, ReminderPolicy
from services.billing.domain.repositories import ReminderPolicies


@dataclass(frozen=True, kw_only=True)
class SetReminderPolicy:
    """Whose policy, and its plan. Without a plan the company follows the organisation, which follows the standard."""

    customer_id: str | None
    plan: ReminderPlan | None


@dataclass(frozen=True, slots=True)
class SetReminderPolicyHandler:
    """Stores the policy; a job spreads it to the invoices that are open."""

    policies: ReminderPolicies
    directory: Directory
    clock: Clock

    async def __call__(self, command: SetReminderPolicy, by: Principal) -> None:
        """Set it.

        Raises:
            RoleForbids, WrongIdKind, NotFound, TooManyEntries, NumberOutOfRange, DuplicateDay.
        """
        require_writer(by)
        if command.customer_id is not None:
            await self.directory.customer(by, require_id(command.customer_id, "cus", "customerId"))
        now, policy_id = self.clock.now(), ReminderPolicy.id_of(by.organisation_id, command.customer_id)
        try:
            await self.policies.update(by, policy_id, lambda policy: policy.change(command.plan, now))
        except NotFound:
            await self._begin(command, by, policy_id)

    async def _begin(self, command: SetReminderPolicy, by: Principal, policy_id: str) -> None:
        if command.plan is None:
            return
        now = self.clock.now()
        policy = ReminderPolicy.of(by.organisation_id, command.customer_id, command.plan, now)
        try:
            await self.policies.add(policy)
        except AlreadyExists:  # somebody else set one in the same moment: ours comes after it
            await self.policies.update(by, policy_id, lambda other: other.change(command.plan, now))
