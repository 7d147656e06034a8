"""Pay an invoice by card."""

from dataclasses import dataclass

from chassis.kernel import AlreadyExists, ConcurrentUpdate, NotFound, Principal, Role, require_id
from services.billing.application.access import require_invoice_id, require_shown
from services.billing.application.card_tokens import checked_token, read_token, spend_token
from services.billing.application.giving_way import make_room
from services.billing.application.payment_ports import CardToken, StoredCard
from services.billing.application.payment_steps import PaymentSteps, attempt_of, number_of
from services.billing.application.ports import Directory
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.money import Money
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import AmountNotChargeable, CardMissing, CardRefused, ModeNotOnline
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.series import Series


@dataclass(frozen=True, kw_only=True)
class PayInvoice:
    """Pay `amount`, or all that can be paid now. `payment_id` derives from the idempotency key."""

    payment_id: str
    invoice_id: str
    mode: PaymentMode = PaymentMode.CARD
    amount: Money | None = None
    card_token: str | None = None
    saved_card_id: str | None = None
    save_card: bool = False
    return_url: str | None = None


@dataclass(frozen=True, slots=True)
class PayInvoiceHandler:
    """Charges a card, once."""

    steps: PaymentSteps
    directory: Directory
    return_addresses: ReturnAddresses

    async def __call__(self, command: PayInvoice, by: Principal) -> Payment:
        """Reserve, announce, capture, book; return the payment wherever it stands after a few seconds.

        Run again with the same payment id it goes on where it stopped, and never charges twice.

        Raises:
            NotFound: no such invoice or card for this contact.
            InvalidInput, Conflict: the invoice, amount, mode or card does not allow it; nothing was charged.
        """
        require_invoice_id(command.invoice_id)
        if command.saved_card_id is not None:
            require_id(command.saved_card_id, "crd", "savedCardId")
        await require_shown(by, Series.INVOICE, self.directory)
        by.require_role(Role.CONTACT)
        if command.mode is not PaymentMode.CARD:
            raise ModeNotOnline
        return_url = self.return_addresses.checked(command.return_url) or self.return_addresses.home
        _require_one_card(command)
        payment = await self.steps.payments.find(command.payment_id)
        if payment is not None and payment.state is not PaymentState.CREATED:
            return await self.steps.book(payment)
        stored = (
            await _stored_card(command.saved_card_id, by, self.steps) if command.saved_card_id is not None else None
        )
        if payment is None:
            await _payable_invoice(command, by, self.steps)
        source = stored or await _entered_card(command, by, self.steps)
        if payment is None:
            payment = await _begin(command, by, self.steps)
        try:
            await self.steps.reserve(payment)
        except ConcurrentUpdate:
            payment = await self.steps.payments.get(by, payment.id)
            if payment.provider_payment_id is None:  # else the same request, made twice at once, has come further
                raise
            return payment
        return await self.steps.pay(payment, attempt_of(payment, source, return_url))


async def _payable_invoice(command: PayInvoice, by: Principal, steps: PaymentSteps) -> Invoice:
    """Return the invoice when it can be paid like this, but for payments that may be given up; nothing is changed."""
    invoice = await steps.invoices.get(by, command.invoice_id)
    if invoice.state is InvoiceState.DRAFT:
        raise NotFound("invoice", field=("invoiceId",))
    invoice.require_mode(command.mode)
    if command.payment_id in invoice.collections:  # the same request, made twice at once
        return invoice
    if not invoice.lacks_room_for(command.amount):
        invoice.require_payable(_amount(command, invoice))
    _require_chargeable(command.amount or invoice.balance, steps)
    return invoice


async def _begin(command: PayInvoice, by: Principal, steps: PaymentSteps) -> Payment:
    """Give up what stands in the way, spend the card's token, and store the payment: then it is this one's turn."""
    invoice = await _payable_invoice(command, by, steps)
    if command.payment_id not in invoice.collections:
        invoice = await make_room(invoice, command.amount, by=by, steps=steps)
        invoice.require_payable(_amount(command, invoice))
        _require_chargeable(_amount(command, invoice), steps)
    if command.card_token is not None:
        await spend_token(command.card_token, command.payment_id, steps.card_desk(), steps=steps)
    payment = _payment(command, invoice, by, steps)
    try:
        await steps.payments.add(payment)
    except AlreadyExists:
        return await steps.payments.get(by, payment.id)
    return payment


def _amount(command: PayInvoice, invoice: Invoice) -> Money:
    return command.amount or (invoice.available if invoice.available.amount > 0 else invoice.balance)


def _payment(command: PayInvoice, invoice: Invoice, by: Principal, steps: PaymentSteps) -> Payment:
    return Payment(
        id=command.payment_id,
        organisation_id=by.organisation_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        invoice_number=number_of(invoice),
        amount=_amount(command, invoice),
        mode=command.mode,
        provider=steps.card_desk().name,
        paid_by=by.id,
        created_at=steps.clock.now(),
        save_card=command.save_card and command.saved_card_id is None,
    )


def _require_one_card(command: PayInvoice) -> None:
    if (command.card_token is None) == (command.saved_card_id is None):
        raise CardMissing
    if command.card_token is not None:
        checked_token(command.card_token)


async def _entered_card(command: PayInvoice, by: Principal, steps: PaymentSteps) -> CardToken:
    return await read_token(command.card_token or "", command.payment_id, steps.card_desk(), by=by, steps=steps)


async def _stored_card(card_id: str, by: Principal, steps: PaymentSteps) -> StoredCard:
    card = await steps.cards.get(by, card_id)
    if card.removed_at is not None or card.contact_id != by.id:
        raise NotFound("saved card", field=("savedCardId",))
    if card.provider != steps.card_desk().name:
        raise CardRefused("This card was saved with another payment provider.", field=("savedCardId",))
    card.require_valid(steps.clock.now())
    return StoredCard(token=card.details.token, customer=card.details.customer)


def _require_chargeable(amount: Money, steps: PaymentSteps) -> None:
    """Refuse what the provider does not take; an amount of nothing is the invoice's to refuse."""
    limits = steps.card_desk().limits(amount.currency)
    if amount.amount > 0 and not limits.allow(amount.amount):
        raise AmountNotChargeable(limits.least, limits.most, limits.step, amount.currency)
