"""What billing can do: the table of contents. Doors build a command and call its handler here, with the principal.

`Commands` change one aggregate each; `Queries` change nothing; both check roles first. `Jobs` run by themselves. Never
knows how it was called.
"""

from dataclasses import dataclass

from chassis.guard import Aside, Guard
from chassis.kernel import Clock
from services.billing.application.commands.accept_estimate import AcceptEstimateHandler
from services.billing.application.commands.cancel_payment import CancelPaymentHandler
from services.billing.application.commands.change_invoice_terms import ChangeInvoiceTermsHandler
from services.billing.application.commands.choose_default_card import ChooseDefaultCardHandler
from services.billing.application.commands.confirm_payment import ConfirmPaymentHandler
from services.billing.application.commands.convert_estimate import ConvertEstimateHandler
from services.billing.application.commands.decline_estimate import DeclineEstimateHandler
from services.billing.application.commands.draft_estimate import DraftEstimateHandler
from services.billing.application.commands.draft_invoice import DraftInvoiceHandler
from services.billing.application.commands.open_card_form import OpenCardFormHandler
from services.billing.application.commands.pay_invoice import PayInvoiceHandler
from services.billing.application.commands.receive_webhook import ReceiveWebhookHandler
from services.billing.application.commands.record_payment import RecordPaymentHandler
from services.billing.application.commands.refund_payment import RefundPaymentHandler
from services.billing.application.commands.remind_of_invoice import RemindOfInvoiceHandler
from services.billing.application.commands.remove_card import RemoveCardHandler
from services.billing.application.commands.revise_estimate import ReviseEstimateHandler
from services.billing.application.commands.save_card import SaveCardHandler
from services.billing.application.commands.send_estimate import SendEstimateHandler
from services.billing.application.commands.send_estimate_again import SendEstimateAgainHandler
from services.billing.application.commands.send_invoice import SendInvoiceHandler
from services.billing.application.commands.send_invoice_again import SendInvoiceAgainHandler
from services.billing.application.commands.set_reminder_policy import SetReminderPolicyHandler
from services.billing.application.commands.update_estimate import UpdateEstimateHandler
from services.billing.application.commands.update_invoice import UpdateInvoiceHandler
from services.billing.application.commands.void_estimate import VoidEstimateHandler
from services.billing.application.commands.void_invoice import VoidInvoiceHandler
from services.billing.application.commands.write_off_invoice import WriteOffInvoiceHandler
from services.billing.application.commands.write_payment_instructions import WritePaymentInstructionsHandler
from services.billing.application.days import BookingDays
from services.billing.application.giving_way import GiveUpWaiting
from services.billing.application.jobs.reclaim_numbers import ReclaimNumbers
from services.billing.application.jobs.resolve_unknown_payments import LOOP, ResolveUnknownPayments
from services.billing.application.jobs.spread_reminder_policies import SpreadReminderPolicies
from services.billing.application.jobs.watch_due_dates import WatchDueDates
from services.billing.application.payment_ports import OfflineInstructions, WebhookMemory
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.ports import Directory, DocumentFeed, EndedSessions, Personal
from services.billing.application.printing import FileLinks
from services.billing.application.queries.draw_statements import DrawStatements
from services.billing.application.queries.follow_documents import DocumentChanges
from services.billing.application.queries.show_documents import BriefDocuments, ShowEstimates, ShowInvoices
from services.billing.application.queries.show_home import ShowHome
from services.billing.application.queries.show_payments import ShowPaymentInstructions, ShowPayments, ShowSavedCards
from services.billing.application.queries.show_personal_data import ShowPersonalData
from services.billing.application.reactions.forget_contact import ForgetContact
from services.billing.application.reminding import Plans, Recipients
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.repositories import Estimates, Invoices, NumberSeries, ReminderPolicies


@dataclass(frozen=True, slots=True, kw_only=True)
class Commands:
    """Everything that changes something."""

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
    pay_invoice: PayInvoiceHandler
    confirm_payment: ConfirmPaymentHandler
    cancel_payment: CancelPaymentHandler
    record_payment: RecordPaymentHandler
    refund_payment: RefundPaymentHandler
    open_card_form: OpenCardFormHandler
    save_card: SaveCardHandler
    remove_card: RemoveCardHandler
    choose_default_card: ChooseDefaultCardHandler
    write_payment_instructions: WritePaymentInstructionsHandler
    receive_webhook: ReceiveWebhookHandler


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """Everything that can be asked."""

    estimates: ShowEstimates
    invoices: ShowInvoices
    home: ShowHome
    statements: DrawStatements
    briefs: BriefDocuments
    changes: DocumentChanges
    payments: ShowPayments
    saved_cards: ShowSavedCards
    instructions: ShowPaymentInstructions
    personal_data: ShowPersonalData


@dataclass(frozen=True, slots=True, kw_only=True)
class Reactions:
    """Everything that answers an event, beside the projections, which the directory keeps itself."""

    forget_contact: ForgetContact


@dataclass(frozen=True, slots=True, kw_only=True)
class Jobs:
    """Everything that is done without being asked."""

    watch_due_dates: WatchDueDates
    reclaim_numbers: ReclaimNumbers
    spread_reminder_policies: SpreadReminderPolicies
    resolve_unknown_payments: ResolveUnknownPayments


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """Everything behind billing's doors."""

    commands: Commands
    queries: Queries
    reactions: Reactions
    jobs: Jobs
    directory: Directory
    links: FileLinks
    reminder_plans: Plans


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """What the use cases stand on. `aside` is where jobs note what they set aside."""

    estimates: Estimates
    invoices: Invoices
    numbers: NumberSeries
    directory: Directory
    clock: Clock
    policies: ReminderPolicies
    steps: PaymentSteps
    webhooks: WebhookMemory
    instructions: OfflineInstructions
    return_addresses: ReturnAddresses
    personal: Personal
    feed: DocumentFeed
    ended: EndedSessions
    aside: Aside | None = None


def commands_of(ports: Ports) -> Commands:
    """Return the commands over these ports."""
    estimates, invoices, numbers, directory = ports.estimates, ports.invoices, ports.numbers, ports.directory
    clock, policies, steps, addresses = ports.clock, ports.policies, ports.steps, ports.return_addresses
    recipients, plans, give_way = Recipients(directory), Plans(policies), GiveUpWaiting(steps)
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
        pay_invoice=PayInvoiceHandler(steps, directory, addresses),
        confirm_payment=ConfirmPaymentHandler(steps),
        cancel_payment=CancelPaymentHandler(steps, directory),
        record_payment=RecordPaymentHandler(steps, directory),
        refund_payment=RefundPaymentHandler(steps),
        open_card_form=OpenCardFormHandler(steps, addresses),
        save_card=SaveCardHandler(steps),
        remove_card=RemoveCardHandler(steps),
        choose_default_card=ChooseDefaultCardHandler(steps),
        write_payment_instructions=WritePaymentInstructionsHandler(ports.instructions, clock),
        receive_webhook=ReceiveWebhookHandler(steps, ports.webhooks),
    )


def queries_of(ports: Ports) -> Queries:
    """Return the queries over these ports."""
    directory, clock = ports.directory, ports.clock
    estimates = ShowEstimates(ports.estimates, directory, clock)
    invoices = ShowInvoices(ports.invoices, directory, clock)
    return Queries(
        estimates=estimates,
        invoices=invoices,
        home=ShowHome(ports.estimates, ports.invoices, directory, clock),
        statements=DrawStatements(ports.invoices, directory),
        briefs=BriefDocuments(ports.estimates, ports.invoices),
        changes=DocumentChanges(estimates, invoices, ports.feed, ports.ended, clock),
        payments=ShowPayments(ports.steps.payments, directory),
        saved_cards=ShowSavedCards(ports.steps.cards),
        instructions=ShowPaymentInstructions(ports.instructions, ports.steps.invoices),
        personal_data=ShowPersonalData(ports.personal, ports.steps.erased),
    )


def reactions_of(ports: Ports) -> Reactions:
    """Return the reactions over these ports."""
    return Reactions(forget_contact=ForgetContact(ports.steps, ports.personal))


def jobs_of(ports: Ports) -> Jobs:
    """Return the jobs over these ports."""
    estimates, invoices, directory, clock = ports.estimates, ports.invoices, ports.directory, ports.clock
    guard = Guard(LOOP, ports.aside, clock) if ports.aside else None
    return Jobs(
        watch_due_dates=WatchDueDates(estimates, invoices, directory, clock, Plans(ports.policies), ports.aside),
        reclaim_numbers=ReclaimNumbers(estimates, invoices, ports.numbers, clock, ports.aside),
        spread_reminder_policies=SpreadReminderPolicies(ports.policies, invoices, directory, clock, ports.aside),
        resolve_unknown_payments=ResolveUnknownPayments(ports.steps, guard),
    )
