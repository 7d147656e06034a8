"""What billing can do: the table of contents. Doors build a command and call its handler here, with the principal.

`Commands` change one aggregate each; `Queries` change nothing; both check roles first. Never knows how it was called.
"""

from dataclasses import dataclass

from chassis.guard import Aside
from chassis.kernel import Clock
from services.billing.application.closing import GiveWay, nothing_waits
from services.billing.application.commands.accept_estimate import AcceptEstimateHandler
from services.billing.application.commands.change_invoice_terms import ChangeInvoiceTermsHandler
from services.billing.application.commands.convert_estimate import ConvertEstimateHandler
from services.billing.application.commands.decline_estimate import DeclineEstimateHandler
from services.billing.application.commands.draft_estimate import DraftEstimateHandler
from services.billing.application.commands.draft_invoice import DraftInvoiceHandler
from services.billing.application.commands.reclaim_numbers import ReclaimNumbersHandler
from services.billing.application.commands.remind_of_invoice import RemindOfInvoiceHandler
from services.billing.application.commands.revise_estimate import ReviseEstimateHandler
from services.billing.application.commands.send_again import SendEstimateAgainHandler, SendInvoiceAgainHandler
from services.billing.application.commands.send_estimate import SendEstimateHandler
from services.billing.application.commands.send_invoice import SendInvoiceHandler
from services.billing.application.commands.set_reminder_policy import SetReminderPolicyHandler
from services.billing.application.commands.spread_reminder_policies import SpreadReminderPoliciesHandler
from services.billing.application.commands.update_estimate import UpdateEstimateHandler
from services.billing.application.commands.update_invoice import UpdateInvoiceHandler
from services.billing.application.commands.void_estimate import VoidEstimateHandler
from services.billing.application.commands.void_invoice import VoidInvoiceHandler
from services.billing.application.commands.watch_due_dates import WatchDueDatesHandler
from services.billing.application.commands.write_off_invoice import WriteOffInvoiceHandler
from services.billing.application.days import BookingDays
from services.billing.application.payments import Payments
from services.billing.application.ports import Directory
from services.billing.application.printing import FileLinks
from services.billing.application.queries.draw_statements import DrawStatements
from services.billing.application.queries.follow_documents import DocumentChanges
from services.billing.application.queries.show_documents import BriefDocuments, ShowEstimates, ShowInvoices
from services.billing.application.queries.show_home import ShowHome
from services.billing.application.reminding import Plans, Recipients
from services.billing.domain.repositories import Estimates, Invoices, NumberSeries, ReminderPolicies


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything that changes an estimate or invoice, payments apart."""

    draft_estimate: DraftEstimateHandler
    update_estimate: UpdateEstimateHandler
    send_estimate: SendEstimateHandler
    accept_estimate: AcceptEstimateHandler
    decline_estimate: DeclineEstimateHandler
    revise_estimate: ReviseEstimateHandler
    void_estimate: VoidEstimateHandler
    convert_estimate: ConvertEstimateHandler
    draft_invoice: DraftInvoiceHandler
    update_invoice: UpdateInvoiceHandler
    send_invoice: SendInvoiceHandler
    change_invoice_terms: ChangeInvoiceTermsHandler
    void_invoice: VoidInvoiceHandler
    write_off_invoice: WriteOffInvoiceHandler
    send_estimate_again: SendEstimateAgainHandler
    send_invoice_again: SendInvoiceAgainHandler
    remind_of_invoice: RemindOfInvoiceHandler
    set_reminder_policy: SetReminderPolicyHandler
    spread_reminder_policies: SpreadReminderPoliciesHandler
    watch_due_dates: WatchDueDatesHandler
    reclaim_numbers: ReclaimNumbersHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Everything that can be asked, payments apart."""

    estimates: ShowEstimates
    invoices: ShowInvoices
    home: ShowHome
    statements: DrawStatements
    briefs: BriefDocuments


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything behind billing's doors."""

    commands: Commands
    queries: Queries
    directory: Directory
    links: FileLinks
    changes: DocumentChanges
    payments: Payments
    reminder_plans: Plans


def commands_of(
    estimates: Estimates,
    invoices: Invoices,
    numbers: NumberSeries,
    directory: Directory,
    clock: Clock,
    policies: ReminderPolicies,
    give_way: GiveWay = nothing_waits,
    aside: Aside | None = None,
) -> Commands:
    """Return the commands over these stores.

    `give_way` ends payments that wait on an invoice which is to be closed; `aside` is where jobs note what they set
    aside.
    """
    recipients, plans = Recipients(directory), Plans(policies)
    return Commands(
        draft_estimate=DraftEstimateHandler(estimates, directory, clock),
        update_estimate=UpdateEstimateHandler(estimates, directory),
        send_estimate=SendEstimateHandler(estimates, numbers, directory, clock, recipients),
        accept_estimate=AcceptEstimateHandler(estimates, directory, clock),
        decline_estimate=DeclineEstimateHandler(estimates, directory, clock),
        revise_estimate=ReviseEstimateHandler(estimates, directory, clock),
        void_estimate=VoidEstimateHandler(estimates, numbers, clock),
        convert_estimate=ConvertEstimateHandler(estimates, invoices, clock),
        draft_invoice=DraftInvoiceHandler(invoices, directory, clock),
        update_invoice=UpdateInvoiceHandler(invoices, directory),
        send_invoice=SendInvoiceHandler(invoices, numbers, directory, clock, recipients, plans),
        change_invoice_terms=ChangeInvoiceTermsHandler(invoices, directory, clock, plans),
        void_invoice=VoidInvoiceHandler(invoices, numbers, clock, give_way, BookingDays(directory)),
        write_off_invoice=WriteOffInvoiceHandler(invoices, clock, give_way, BookingDays(directory)),
        send_estimate_again=SendEstimateAgainHandler(estimates, recipients, directory, clock),
        send_invoice_again=SendInvoiceAgainHandler(invoices, recipients, clock),
        remind_of_invoice=RemindOfInvoiceHandler(invoices, recipients, directory, clock),
        set_reminder_policy=SetReminderPolicyHandler(policies, directory, clock),
        spread_reminder_policies=SpreadReminderPoliciesHandler(policies, invoices, directory, clock, aside),
        watch_due_dates=WatchDueDatesHandler(estimates, invoices, directory, clock, plans, aside),
        reclaim_numbers=ReclaimNumbersHandler(estimates, invoices, numbers, clock, aside),
    )


def queries_of(estimates: Estimates, invoices: Invoices, directory: Directory, clock: Clock) -> Queries:
    """Return the queries over these stores."""
    return Queries(
        estimates=ShowEstimates(estimates, directory, clock),
        invoices=ShowInvoices(invoices, directory, clock),
        home=ShowHome(estimates, invoices, directory, clock),
        statements=DrawStatements(invoices, directory),
        briefs=BriefDocuments(estimates, invoices),
    )
