"""Mutations that have documents mailed again and clients reminded, and the reminder policies."""

from collections.abc import Mapping
from typing import Annotated, Any, Self

import strawberry

from chassis.graphql.idempotency import Seed
from chassis.graphql.wording import ERRORS, KEY, given
from chassis.kernel import Principal, Role
from services.billing.api import inputs, payloads
from services.billing.api.deciding import decided, estimate_decided, invoice_decided
from services.billing.api.errors import UserError
from services.billing.api.values import AppInfo
from services.billing.application.commands.remind_of_invoice import RemindOfInvoice
from services.billing.application.commands.send_estimate_again import SendEstimateAgain
from services.billing.application.commands.send_invoice_again import SendInvoiceAgain
from services.billing.application.commands.set_reminder_policy import SetReminderPolicy
from services.billing.domain import reminders

DAYS_BEFORE = "The days before the due date on which clients are reminded, 0 to 90, at most 10; 0 is the due date."
DAYS_AFTER = "The days after the due date on which clients are reminded, 1 to 365, at most 10."
UNTIL = "The last day on which a reminder is sent, in days after the due date, 0 to 365."
WEEKENDS = (
    "Whether reminders are sent on Saturdays and Sundays. If not, those before the due date are sent on the Friday "
    "before, those after it on the Monday after."
)
COMPANY = "The client company, `cus_…`; null for the policy of the organisation."
WHOSE = strawberry.argument(description=COMPANY)


@strawberry.type(description="When clients are reminded of invoices; days are those of the organisation's time zone.")
class ReminderPolicy:
    """What holds for the organisation or a company."""

    enabled: bool = strawberry.field(description="Whether clients are reminded at all.")
    days_before: list[int] = strawberry.field(description=DAYS_BEFORE)
    days_after: list[int] = strawberry.field(description=DAYS_AFTER)
    until_days: int = strawberry.field(description=UNTIL)
    on_weekends: bool = strawberry.field(description=WEEKENDS)
    is_own: bool = strawberry.field(
        description="Whether it was set for this very company or organisation; otherwise the company follows the "
        "organisation, or the organisation the standard."
    )

    @classmethod
    def of(cls, plan: reminders.ReminderPlan, *, is_own: bool) -> Self:
        """Return the plan as the API shows it."""
        return cls(
            enabled=plan.enabled,
            days_before=list(plan.days_before),
            days_after=list(plan.days_after),
            until_days=plan.until_days,
            on_weekends=plan.on_weekends,
            is_own=is_own,
        )


async def policy_of(info: AppInfo, customer_id: str | None) -> ReminderPolicy:
    """Return what holds for a company of the caller's organisation, or for the organisation."""
    by = info.context.acting()
    by.require_role(Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)
    if customer_id:
        await info.context.app.directory.customer(by, customer_id)
    plan, _, source = await info.context.app.reminder_plans.decided(by, customer_id)
    return ReminderPolicy.of(plan, is_own=source is not None and source.customer_id == customer_id)


@strawberry.type
class ReminderQueries:
    """What was set."""

    @strawberry.field(description="When clients are reminded of invoices (staff only).")
    async def reminder_policy(
        self, info: AppInfo, customer_id: Annotated[strawberry.ID | None, WHOSE] = None
    ) -> ReminderPolicy | None:
        return await policy_of(info, customer_id)


@strawberry.input(
    description="When clients are reminded of invoices. It holds for invoices that are open as well: steps from the "
    "day after on count, what was missed until then is not made up for."
)
class SetReminderPolicyInput:
    """Input of `setReminderPolicy`."""

    customer_id: strawberry.ID | None = strawberry.field(default=None, description=COMPANY)
    enabled: bool = strawberry.field(default=True, description="Whether clients are reminded at all.")
    days_before: list[int] = strawberry.field(default_factory=list[int], description=DAYS_BEFORE)
    days_after: list[int] = strawberry.field(
        default_factory=lambda: list(reminders.STANDARD.days_after), description=DAYS_AFTER
    )
    until_days: int = strawberry.field(default=reminders.STANDARD.until_days, description=UNTIL)
    on_weekends: bool = strawberry.field(default=True, description=WEEKENDS)
    idempotency_key: str = strawberry.field(description=KEY)

    def plan(self) -> reminders.ReminderPlan:
        return reminders.ReminderPlan(
            enabled=self.enabled,
            days_before=tuple(self.days_before),
            days_after=tuple(self.days_after),
            until_days=self.until_days,
            on_weekends=self.on_weekends,
        )


@strawberry.input(
    description="A policy to remove: a company then follows its organisation, an organisation the standard policy."
)
class RemoveReminderPolicyInput:
    """Input of `removeReminderPolicy`."""

    customer_id: strawberry.ID | None = strawberry.field(default=None, description=COMPANY)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.type(description="The outcome of `setReminderPolicy`.")
class SetReminderPolicyPayload:
    """Payload of `setReminderPolicy`."""

    reminder_policy: ReminderPolicy | None = strawberry.field(
        default=None, description="What holds now; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `removeReminderPolicy`.")
class RemoveReminderPolicyPayload:
    """Payload of `removeReminderPolicy`."""

    reminder_policy: ReminderPolicy | None = strawberry.field(
        default=None, description="What holds now; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


async def _set(info: AppInfo, input: Any, payload: Any, plan: reminders.ReminderPlan | None) -> Any:
    handle, customer_id = info.context.app.commands.set_reminder_policy, input.customer_id or None

    async def work(by: Principal, _: Seed) -> str:
        await handle(SetReminderPolicy(customer_id=customer_id, plan=plan), by)
        return customer_id or ""

    async def show(info: AppInfo, _: str) -> Mapping[str, Any]:
        return {"reminder_policy": await policy_of(info, customer_id)}

    return await decided(info, input, payload, work, show)


@strawberry.type
class MailingMutations:
    """What has clients mailed."""

    @strawberry.mutation(
        description="Mail an invoice once more, at most 5 times in 24 hours. Requires the owner or accountant role."
    )
    async def resend_invoice(
        self, info: AppInfo, input: Annotated[inputs.ResendInvoiceInput, given("resendInvoice")]
    ) -> payloads.ResendInvoicePayload:
        handle = info.context.app.commands.send_invoice_again

        async def work(by: Principal, _: Seed) -> Any:
            return await handle(SendInvoiceAgain(invoice_id=input.invoice_id, recipient_ids=input.recipient_ids), by)

        return await invoice_decided(info, input, payloads.ResendInvoicePayload, work)

    @strawberry.mutation(
        description="Mail an estimate that is awaiting an answer once more, at most 5 times in 24 hours. Requires the "
        "owner or accountant role."
    )
    async def resend_estimate(
        self, info: AppInfo, input: Annotated[inputs.ResendEstimateInput, given("resendEstimate")]
    ) -> payloads.ResendEstimatePayload:
        handle = info.context.app.commands.send_estimate_again

        async def work(by: Principal, _: Seed) -> Any:
            return await handle(SendEstimateAgain(estimate_id=input.estimate_id, recipient_ids=input.recipient_ids), by)

        return await estimate_decided(info, input, payloads.ResendEstimatePayload, work)

    @strawberry.mutation(
        description="Remind the client of an invoice with a balance, at most once in 24 hours, reminders by policy "
        "included. Requires the owner or accountant role."
    )
    async def remind_of_invoice(
        self, info: AppInfo, input: Annotated[inputs.RemindOfInvoiceInput, given("remindOfInvoice")]
    ) -> payloads.RemindOfInvoicePayload:
        handle = info.context.app.commands.remind_of_invoice

        async def work(by: Principal, _: Seed) -> Any:
            return await handle(RemindOfInvoice(invoice_id=input.invoice_id, recipient_ids=input.recipient_ids), by)

        return await invoice_decided(info, input, payloads.RemindOfInvoicePayload, work)

    @strawberry.mutation(
        description="Set when clients are reminded of invoices, for all or for one client company. Requires the owner "
        "or accountant role."
    )
    async def set_reminder_policy(
        self, info: AppInfo, input: Annotated[SetReminderPolicyInput, given("setReminderPolicy")]
    ) -> SetReminderPolicyPayload:
        return await _set(info, input, SetReminderPolicyPayload, input.plan())

    @strawberry.mutation(description="Remove a reminder policy. Requires the owner or accountant role.")
    async def remove_reminder_policy(
        self, info: AppInfo, input: Annotated[RemoveReminderPolicyInput, given("removeReminderPolicy")]
    ) -> RemoveReminderPolicyPayload:
        return await _set(info, input, RemoveReminderPolicyPayload, None)
