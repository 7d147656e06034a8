"""The use cases over stores in memory: roles first, then one aggregate, then one save."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from chassis.auth import EndedSessions
from chassis.erasing import Erasure, Held, Whose
from chassis.kernel import EmailUnproven, NotFound, Principal, RoleForbids, WrongIdKind, new_id
from services.billing.application import Commands, Jobs, Ports, Queries, commands_of, jobs_of, queries_of
from services.billing.application.commands.accept_estimate import AcceptEstimate
from services.billing.application.commands.change_invoice_terms import ChangeInvoiceTerms
from services.billing.application.commands.convert_estimate import ConvertEstimate, invoice_id_of
from services.billing.application.commands.decline_estimate import DeclineEstimate
from services.billing.application.commands.draft_estimate import DraftEstimate
from services.billing.application.commands.draft_invoice import DraftInvoice
from services.billing.application.commands.remind_of_invoice import RemindOfInvoice
from services.billing.application.commands.revise_estimate import ReviseEstimate
from services.billing.application.commands.send_estimate import SendEstimate
from services.billing.application.commands.send_estimate_again import SendEstimateAgain
from services.billing.application.commands.send_invoice import SendInvoice
from services.billing.application.commands.send_invoice_again import SendInvoiceAgain
from services.billing.application.commands.set_reminder_policy import SetReminderPolicy
from services.billing.application.commands.update_estimate import UpdateEstimate
from services.billing.application.commands.update_invoice import UpdateInvoice
from services.billing.application.commands.void_estimate import VoidEstimate
from services.billing.application.commands.void_invoice import VoidInvoice
from services.billing.application.commands.write_off_invoice import WriteOffInvoice
from services.billing.application.directory import CustomerProfile, OrganisationProfile, PortalProfile
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.errors import CurrencyEnded, DatePassed, EstimateNotAccepted
from services.billing.domain.estimate import EstimateState
from services.billing.domain.invoice import InvoiceState, PaymentTerms
from services.billing.domain.money import Money
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.reminders import STANDARD
from services.billing.domain.series import Series
from services.billing.messaging.live import LiveDocuments
from tests.support.billing.makers import (
    ACCOUNTANT,
    CLIENT,
    CUSTOMER,
    NOW,
    ORGANISATION,
    OWNER,
    STRANGER,
    TODAY,
    VIEWER,
    drafted_estimate,
    drafted_invoice,
    sent_estimate,
    sent_invoice,
    some_content,
)
from tests.support.billing.payments import MemoryInstructions, PaymentWorld
from tests.support.billing.stores import (
    MemoryDirectory,
    MemoryEstimates,
    MemoryInvoices,
    MemoryNumberSeries,
    MemoryReminderPolicies,
)
from tests.support.clock import FakeClock

TERMS = PaymentTerms(modes=(PaymentMode.CARD,))


class NothingHeld:
    """Implements `Personal`: nothing is held of anybody."""

    async def forget(self, erasure: Erasure) -> None:
        return None

    async def held(self, of: Whose) -> Sequence[Held]:
        return ()


@dataclass
class Office:
    """Commands and queries over empty stores in memory."""

    estimates: MemoryEstimates = field(default_factory=MemoryEstimates)
    invoices: MemoryInvoices = field(default_factory=MemoryInvoices)
    numbers: MemoryNumberSeries = field(default_factory=MemoryNumberSeries)
    directory: MemoryDirectory = field(default_factory=MemoryDirectory)
    clock: FakeClock = field(default_factory=lambda: FakeClock(NOW))
    policies: MemoryReminderPolicies = field(default_factory=MemoryReminderPolicies)

    def __post_init__(self) -> None:
        self.directory.organisations[ORGANISATION] = OrganisationProfile(
            id=ORGANISATION, name="Ahlund", time_zone="Europe/Stockholm"
        )
        self.directory.customers[CUSTOMER] = CustomerProfile(id=CUSTOMER, organisation_id=ORGANISATION, name="Bianchi")

    @property
    def commands(self) -> Commands:
        return commands_of(self.ports)

    @property
    def queries(self) -> Queries:
        return queries_of(self.ports)

    @property
    def jobs(self) -> Jobs:
        return jobs_of(self.ports)

    @property
    def ports(self) -> Ports:
        paying = PaymentWorld()
        return Ports(
            estimates=self.estimates,
            invoices=self.invoices,
            numbers=self.numbers,
            directory=self.directory,
            clock=self.clock,
            policies=self.policies,
            steps=paying.steps,
            webhooks=paying.webhooks,
            instructions=MemoryInstructions(),
            return_addresses=ReturnAddresses.of("https://portal.test"),
            personal=NothingHeld(),
            feed=LiveDocuments(),
            ended=EndedSessions(),
        )

    def told(self) -> list[str]:
        return [type(event).__name__ for event in (*self.estimates.events, *self.invoices.events)]


@pytest.fixture
def office() -> Office:
    return Office()


EST, INV = new_id("est"), new_id("inv")
STAFF_COMMANDS: list[tuple[str, Any]] = [
    ("draft_estimate", DraftEstimate(estimate_id=EST, customer_id=CUSTOMER, content=some_content())),
    ("update_estimate", UpdateEstimate(estimate_id=EST, customer_id=CUSTOMER, content=some_content())),
    ("send_estimate", SendEstimate(estimate_id=EST)),
    ("revise_estimate", ReviseEstimate(estimate_id=EST)),
    ("void_estimate", VoidEstimate(estimate_id=EST)),
    ("convert_estimate", ConvertEstimate(estimate_id=EST, terms=TERMS)),
    ("draft_invoice", DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=TERMS)),
    ("update_invoice", UpdateInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=TERMS)),
    ("send_invoice", SendInvoice(invoice_id=INV)),
    ("change_invoice_terms", ChangeInvoiceTerms(invoice_id=INV, terms=TERMS)),
    ("send_invoice_again", SendInvoiceAgain(invoice_id=INV)),
    ("send_estimate_again", SendEstimateAgain(estimate_id=EST)),
    ("remind_of_invoice", RemindOfInvoice(invoice_id=INV)),
    ("void_invoice", VoidInvoice(invoice_id=INV)),
    ("write_off_invoice", WriteOffInvoice(invoice_id=INV)),
]
SETTINGS: list[tuple[str, Any]] = [("set_reminder_policy", SetReminderPolicy(customer_id=None, plan=STANDARD))]
CONTACT_COMMANDS: list[tuple[str, Any]] = [
    ("accept_estimate", AcceptEstimate(estimate_id=EST, revision=1)),
    ("decline_estimate", DeclineEstimate(estimate_id=EST, revision=1, reason="No")),
]


@pytest.mark.parametrize("by", [VIEWER, CLIENT], ids=["viewer", "contact"])
@pytest.mark.parametrize(
    ("name", "command"), [*STAFF_COMMANDS, *SETTINGS], ids=lambda it: it if isinstance(it, str) else ""
)
async def test_only_owners_and_accountants_write(office: Office, name: str, command: Any, by: Principal) -> None:
    """Viewers and contacts are refused before anything is looked up."""
    with pytest.raises(RoleForbids):
        await getattr(office.commands, name)(command, by)
    assert office.told() == []


@pytest.mark.parametrize(
    "command", [SendEstimate(estimate_id=EST), SendInvoice(invoice_id=INV)], ids=["estimate", "invoice"]
)
async def test_nothing_is_sent_before_the_registration_is_confirmed(office: Office, command: Any) -> None:
    """What the access token says is enough to refuse by, before anything is looked up."""
    send = office.commands.send_estimate if isinstance(command, SendEstimate) else office.commands.send_invoice
    with pytest.raises(EmailUnproven):
        await send(command, replace(OWNER, email_proven=False))
    assert office.told() == []


@pytest.mark.parametrize("by", [OWNER, ACCOUNTANT, VIEWER], ids=["owner", "accountant", "viewer"])
@pytest.mark.parametrize(("name", "command"), CONTACT_COMMANDS, ids=[name for name, _ in CONTACT_COMMANDS])
async def test_only_contacts_answer(office: Office, name: str, command: Any, by: Principal) -> None:
    """Staff never answer in the client's name."""
    with pytest.raises(RoleForbids):
        await getattr(office.commands, name)(command, by)


@pytest.mark.parametrize(
    ("name", "command"),
    [row for row in (*STAFF_COMMANDS, *CONTACT_COMMANDS) if not row[0].startswith("draft")],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_what_is_not_there_is_not_found_and_wrong_ids_are_told(office: Office, name: str, command: Any) -> None:
    """An unknown id is not found; an id of another kind is named as such; both change nothing."""
    by = CLIENT if (name, command) in CONTACT_COMMANDS else OWNER
    with pytest.raises(NotFound):
        await getattr(office.commands, name)(command, by)
    wrong = {"estimate_id": INV} if hasattr(command, "estimate_id") else {"invoice_id": EST}
    with pytest.raises(WrongIdKind):
        await getattr(office.commands, name)(type(command)(**{**vars(command), **wrong}), by)
    assert office.told() == []


async def test_another_organisations_documents_do_not_exist(office: Office) -> None:
    """A stranger with every role in its own organisation sends, voids and reads nothing of ours."""
    invoice = drafted_invoice()
    await office.invoices.add(invoice)
    office.directory.organisations[STRANGER.organisation_id] = OrganisationProfile(
        id=STRANGER.organisation_id, name="Other", time_zone="UTC"
    )
    for attempt in (
        office.commands.send_invoice(SendInvoice(invoice_id=invoice.id), STRANGER),
        office.commands.void_invoice(VoidInvoice(invoice_id=invoice.id), STRANGER),
        office.queries.invoices.one(STRANGER, invoice.id),
        office.commands.draft_invoice(
            DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=TERMS), STRANGER
        ),
    ):
        with pytest.raises(NotFound):
            await attempt
    assert office.told() == []


async def test_drafting_twice_with_one_id_is_one_draft(office: Office) -> None:
    """A creation that is repeated after a crash finds what it made."""
    command = DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=TERMS)
    first = await office.commands.draft_invoice(command, OWNER)
    second = await office.commands.draft_invoice(command, OWNER)
    assert (first.id, office.told()) == (second.id, ["InvoiceDrafted"])


async def test_a_refused_send_takes_no_number(office: Office) -> None:
    """A due date that has passed is noticed before the series is asked."""
    late, fine = drafted_invoice(due_on=TODAY - timedelta(days=1)), drafted_invoice()
    for invoice in (late, fine):
        await office.invoices.add(invoice)
    with pytest.raises(DatePassed):
        await office.commands.send_invoice(SendInvoice(invoice_id=late.id), OWNER)
    sent = await office.commands.send_invoice(SendInvoice(invoice_id=fine.id), OWNER)
    assert sent.number == "INV-000001"


async def test_a_voided_draft_gives_its_number_back(office: Office) -> None:
    """Only a document that was never sent does; a sent one keeps its number for ever."""
    crashed, fine = drafted_estimate(), drafted_estimate()
    for estimate in (crashed, fine):
        await office.estimates.add(estimate)
    await office.numbers.take(ORGANISATION, Series.ESTIMATE, crashed.id)
    await office.commands.void_estimate(VoidEstimate(estimate_id=crashed.id), OWNER)
    sent = await office.commands.send_estimate(SendEstimate(estimate_id=fine.id), OWNER)
    await office.commands.void_estimate(VoidEstimate(estimate_id=fine.id), OWNER)
    later = drafted_estimate()
    await office.estimates.add(later)
    again = await office.commands.send_estimate(SendEstimate(estimate_id=later.id), OWNER)
    assert (sent.number, again.number) == ("EST-000001", "EST-000002")


async def test_converting_finishes_what_a_crash_left(office: Office) -> None:
    """When the invoice was stored but the estimate never heard of it, converting again makes no second invoice."""
    estimate = sent_estimate()
    await office.estimates.add(estimate)
    await office.commands.accept_estimate(AcceptEstimate(estimate_id=estimate.id, revision=1), CLIENT)
    before_the_crash = drafted_invoice(invoice_id=invoice_id_of(estimate.id, 1))
    await office.invoices.add(before_the_crash)
    invoiced, invoice = await office.commands.convert_estimate(
        ConvertEstimate(estimate_id=estimate.id, terms=TERMS), OWNER
    )
    assert (invoice.id, invoiced.invoice_id) == (before_the_crash.id, before_the_crash.id)
    assert (invoiced.state, office.told().count("InvoiceDrafted")) == (EstimateState.INVOICED, 0)


async def test_what_was_agreed_to_can_be_invoiced_again_after_a_void(office: Office) -> None:
    """Each void makes room for one new draft; while one lives, converting again returns that one."""
    estimate = sent_estimate()
    await office.estimates.add(estimate)
    await office.commands.accept_estimate(AcceptEstimate(estimate_id=estimate.id, revision=1), CLIENT)
    convert = ConvertEstimate(estimate_id=estimate.id, terms=TERMS)
    made: list[str] = []
    for _ in range(3):
        for _again in range(2):
            invoiced, invoice = await office.commands.convert_estimate(convert, OWNER)
            assert (invoice.state, invoiced.invoice_id) == (InvoiceState.DRAFT, invoice.id)
            made.append(invoice.id)
        await office.commands.void_invoice(VoidInvoice(invoice_id=invoice.id), OWNER)
    assert (len(set(made)), made[0]) == (3, invoice_id_of(estimate.id, 1))


async def test_the_draft_of_a_conversion_that_crashed_after_a_void_is_found(office: Office) -> None:
    """The second invoice was stored, and the estimate still names the void one: converting again finishes it."""
    estimate = sent_estimate()
    await office.estimates.add(estimate)
    await office.commands.accept_estimate(AcceptEstimate(estimate_id=estimate.id, revision=1), CLIENT)
    convert = ConvertEstimate(estimate_id=estimate.id, terms=TERMS)
    _, first = await office.commands.convert_estimate(convert, OWNER)
    await office.commands.void_invoice(VoidInvoice(invoice_id=first.id), OWNER)
    await office.invoices.add(drafted_invoice(invoice_id=invoice_id_of(estimate.id, 1, 1)))
    invoiced, invoice = await office.commands.convert_estimate(convert, OWNER)
    assert invoiced.invoice_id == invoice.id == invoice_id_of(estimate.id, 1, 1)


async def test_only_what_was_accepted_is_converted(office: Office) -> None:
    """A sent estimate makes no invoice, not even a stored one."""
    estimate = sent_estimate()
    await office.estimates.add(estimate)
    with pytest.raises(EstimateNotAccepted):
        await office.commands.convert_estimate(ConvertEstimate(estimate_id=estimate.id, terms=TERMS), OWNER)
    assert await office.invoices.get_many(OWNER, [invoice_id_of(estimate.id, 1)]) == {}


async def test_the_round_of_the_job_passes_over_what_it_cannot_look_up(office: Office) -> None:
    """A document of an organisation that nobody knows waits; the others are done."""
    lost = sent_invoice(due_on=TODAY, organisation_id=STRANGER.organisation_id)
    fine, lapsed = sent_invoice(due_on=TODAY), sent_estimate(expires_on=TODAY)
    await office.invoices.add(lost)
    await office.invoices.add(fine)
    await office.estimates.add(lapsed)
    office.clock.advance(days=1)
    await office.jobs.watch_due_dates()
    assert sorted(office.told()) == ["EstimateLapsed", "InvoiceBecameOverdue"]


@pytest.mark.parametrize("portal", [PortalProfile(document_types=("estimate",)), PortalProfile(enabled=False)])
async def test_a_hidden_kind_of_document_is_hidden_everywhere(office: Office, portal: PortalProfile) -> None:
    """Where the portal shows no invoices, or was closed, contacts get none, by id, in lists, at home or by batch."""
    invoice = sent_invoice()
    await office.invoices.add(invoice)
    office.directory.portals[ORGANISATION] = portal
    shown = office.queries
    assert await shown.invoices.many(CLIENT, [invoice.id]) == {}
    assert (list(await shown.home.outstanding(CLIENT)), list(await shown.home.last_paid(CLIENT))) == ([], [])
    for attempt in (shown.invoices.one(CLIENT, invoice.id),):
        with pytest.raises(NotFound):
            await attempt
    assert (await shown.invoices.one(OWNER, invoice.id)).invoice.state is InvoiceState.SENT


@pytest.mark.parametrize(
    ("zone", "at"),
    [
        ("Africa/Casablanca", datetime(2026, 11, 29, 23, 22, tzinfo=UTC)),
        ("America/Vancouver", datetime(2026, 11, 30, 6, 59, tzinfo=UTC)),
        ("America/Edmonton", datetime(2026, 11, 30, 5, 59, tzinfo=UTC)),
        ("America/Winnipeg", datetime(2026, 11, 30, 4, 59, tzinfo=UTC)),
        ("America/Havana", datetime(2026, 11, 30, 3, 59, tzinfo=UTC)),
        ("Pacific/Pago_Pago", datetime(2026, 11, 30, 10, 59, tzinfo=UTC)),
        ("Pacific/Kiritimati", datetime(2026, 11, 28, 10, 0, tzinfo=UTC)),
    ],
)
async def test_a_day_lasts_until_it_is_over_where_the_organisation_is(office: Office, zone: str, at: datetime) -> None:
    """An invoice due on 29 November 2026 is sent and issued on the 29th, in its last or first hour there."""
    day = date(2026, 11, 29)
    office.clock.time = at
    office.directory.organisations[ORGANISATION] = OrganisationProfile(id=ORGANISATION, name="Atlas", time_zone=zone)
    terms = PaymentTerms(modes=(PaymentMode.CARD,), due_on=day)
    draft = DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=terms)
    await office.commands.draft_invoice(draft, OWNER)

    invoice = await office.commands.send_invoice(SendInvoice(invoice_id=INV), OWNER)

    assert (invoice.issued_on, invoice.terms.due_on) == (day, day)


async def test_a_draft_in_a_currency_of_the_past_is_written_anew(office: Office) -> None:
    """What was drafted in leva cannot be sent in 2026, takes no number, and is sent after it was written in euros."""
    leva = replace(some_content(), currency="BGN")
    draft = DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=leva, terms=TERMS)
    await office.commands.draft_invoice(draft, OWNER)
    with pytest.raises(CurrencyEnded) as refused:
        await office.commands.send_invoice(SendInvoice(invoice_id=INV), OWNER)
    assert "EUR" in refused.value.message

    update = UpdateInvoice(invoice_id=INV, customer_id=CUSTOMER, content=some_content(), terms=TERMS)
    await office.commands.update_invoice(update, OWNER)
    invoice = await office.commands.send_invoice(SendInvoice(invoice_id=INV), OWNER)

    assert (invoice.currency, (invoice.number or "").endswith("1")) == ("EUR", True)


async def test_on_its_last_day_a_currency_is_still_sent(office: Office) -> None:
    """In Sofia it is 31 December 2025 until 22:00 UTC: leva until then, and what was sent stays owed in leva."""
    office.directory.organisations[ORGANISATION] = OrganisationProfile(
        id=ORGANISATION, name="Rila", time_zone="Europe/Sofia"
    )
    office.clock.time = datetime(2025, 12, 31, 21, 59, tzinfo=UTC)
    leva = replace(some_content(), currency="BGN")
    draft = DraftInvoice(invoice_id=INV, customer_id=CUSTOMER, content=leva, terms=TERMS)
    await office.commands.draft_invoice(draft, OWNER)
    sent = await office.commands.send_invoice(SendInvoice(invoice_id=INV), OWNER)
    office.clock.time = datetime(2026, 1, 2, tzinfo=UTC)
    payment = Money.of("1.00", "BGN")

    sent.reserve(new_id("pay"), payment, office.clock.now(), recorded_by_staff=True)

    assert (sent.issued_on, sent.currency) == (date(2025, 12, 31), "BGN")
