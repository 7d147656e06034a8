"""Record money that came by bank transfer, cheque or cash."""

from dataclasses import dataclass
from datetime import date

from chassis.kernel import AlreadyExists, Principal, Role
from chassis.text import free_text
from services.billing.application.access import require_invoice_id
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.giving_way import make_room
from services.billing.application.payment_steps import PaymentSteps, attempt_of, number_of
from services.billing.application.ports import Directory
from services.billing.domain.calendar import FARTHEST
from services.billing.domain.errors import DatePassed
from services.billing.domain.money import Money
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import ModeNotOffline, PaymentNotRecorded, ReceivedInFuture
from services.billing.domain.payment_mode import PaymentMode

OFFLINE = "offline"
NOTE_LIMIT = 500


@dataclass(frozen=True, kw_only=True)
class RecordPayment:
    """Money that staff have in hand. `payment_id` derives from the idempotency key."""

    payment_id: str
    invoice_id: str
    mode: PaymentMode
    amount: Money
    received_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class RecordPaymentHandler:
    """Books money that came otherwise, once."""

    steps: PaymentSteps
    directory: Directory

    async def __call__(self, command: RecordPayment, by: Principal) -> Payment:
        """Reserve the amount and book it at once; part payments are always allowed to staff.

        A request that dies on the way is finished by the recovery job, or by the same request again, whichever is
        first. The day of receipt lies neither after the organisation's day nor ages before it.

        Raises:
            RoleForbids: for viewers and clients.
            InvalidInput, Conflict: nothing is recorded. `PaymentNotRecorded` says so of an earlier run of this request.
        """
        require_invoice_id(command.invoice_id)

        async def record(today: date, _: OrganisationProfile) -> Payment:
            return await _record(command, by, self.steps, today)

        return await on_the_day(self.directory, by, self.steps.clock.now(), record)


async def _record(command: RecordPayment, by: Principal, steps: PaymentSteps, today: date) -> Payment:
    by.require_role(Role.OWNER, Role.ACCOUNTANT)
    payment = await steps.payments.find(command.payment_id)
    if payment is not None and payment.state is PaymentState.FAILED:
        raise PaymentNotRecorded(payment.failure.message if payment.failure else "")
    if payment is not None and payment.state is not PaymentState.CREATED:
        return await steps.book(payment)
    if payment is None:
        payment = await _begin(command, by, steps, today)
    await steps.reserve(payment, recorded_by_staff=True)
    return await steps.pay(payment, attempt_of(payment, None))


async def _begin(command: RecordPayment, by: Principal, steps: PaymentSteps, today: date) -> Payment:
    now = steps.clock.now()
    if not command.mode.is_offline:
        raise ModeNotOffline
    if command.received_on > today:
        raise ReceivedInFuture
    if command.received_on < today - FARTHEST:
        raise DatePassed(today - FARTHEST, field=("receivedOn",), what_is_wrong="This date is too far in the past")
    note = free_text(command.note, NOTE_LIMIT, "note")
    invoice = await steps.invoices.get(by, command.invoice_id)
    invoice = await make_room(invoice, command.amount, by=by, steps=steps, recorded_by_staff=True)
    invoice.reserve(command.payment_id, command.amount, now, recorded_by_staff=True)
    payment = Payment(
        id=command.payment_id,
        organisation_id=by.organisation_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        invoice_number=number_of(invoice),
        amount=command.amount,
        mode=command.mode,
        provider=OFFLINE,
        paid_by=by.id,
        created_at=now,
        note=note or None,
        received_on=command.received_on,
    )
    try:
        await steps.payments.add(payment)
    except AlreadyExists:
        return await steps.payments.get(by, payment.id)
    return payment
