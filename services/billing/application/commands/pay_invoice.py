"""Pay an invoice by card."""

import re
from dataclasses import dataclass

from services.billing.application.payment_ports import CardToken, StoredCard
from services.billing.application.payment_steps import PaymentSteps, attempt_of
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.invoice import Invoice, InvoiceState
from services.billing.domain.money import Money
from services.billing.domain.payment import Payment, PaymentState
from services.billing.domain.payment.errors import CardMissing, CardRefused, CardTokenInvalid, ModeNotOnline
from services.billing.domain.payment_mode import PaymentMode
from services.chassis.kernel import AlreadyExists, NotFound, Principal, Role

_TOKEN = re.compile(r"[a-z]{2,8}_[A-Za-z0-9_]{6,240}")


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


async def pay_invoice(
    command: PayInvoice, *, by: Principal, steps: PaymentSteps, return_addresses: ReturnAddresses
) -> Payment:
    """Reserve, announce, capture, book; return the payment wherever it stands after a few seconds.

    Run again with the same payment id it goes on where it stopped, and never charges twice.

    Raises:
        NotFound: no such invoice or card for this contact.
        InvalidInput, Conflict: the invoice, the amount, the mode or the card does not allow it; nothing was charged.
    """
    by.require_role(Role.CONTACT)
    if command.mode is not PaymentMode.CARD:
        raise ModeNotOnline
    return_url = return_addresses.checked(command.return_url)
    payment = await steps.payments.find(command.payment_id)
    if payment is not None and payment.state is not PaymentState.CREATED:
        return payment
    source = await _source(command, by, steps)
    if payment is None:
        payment = await _begin(command, by, steps)
    await steps.reserve(payment)
    return await steps.pay(payment, attempt_of(payment, source, return_url))


async def _begin(command: PayInvoice, by: Principal, steps: PaymentSteps) -> Payment:
    now = steps.clock.now()
    invoice = await steps.invoices.get(by, command.invoice_id)
    if invoice.state is InvoiceState.DRAFT:
        raise NotFound("invoice", field=("invoiceId",))
    invoice.require_mode(command.mode)
    amount = command.amount or (invoice.available if invoice.available.amount > 0 else invoice.balance)
    invoice.reserve(command.payment_id, amount, now)
    payment = Payment(
        id=command.payment_id,
        organisation_id=by.organisation_id,
        customer_id=invoice.customer_id,
        invoice_id=invoice.id,
        invoice_number=number_of(invoice),
        amount=amount,
        mode=command.mode,
        provider=steps.card_desk().name,
        paid_by=by.id,
        created_at=now,
        save_card=command.save_card and command.saved_card_id is None,
    )
    try:
        await steps.payments.add(payment)
    except AlreadyExists:
        return await steps.payments.get(by, payment.id)
    return payment


async def _source(command: PayInvoice, by: Principal, steps: PaymentSteps) -> CardToken | StoredCard:
    if (command.card_token is None) == (command.saved_card_id is None):
        raise CardMissing
    if command.card_token is not None:
        return CardToken(token=checked_token(command.card_token))
    card = await steps.cards.get(by, command.saved_card_id or "")
    if card.removed_at is not None or card.contact_id != by.id:
        raise NotFound("saved card", field=("savedCardId",))
    if card.provider != steps.card_desk().name:
        raise CardRefused("This card was saved with another payment provider.", field=("savedCardId",))
    card.require_valid(steps.clock.now())
    return StoredCard(token=card.details.token, customer=card.details.customer)


def checked_token(token: str) -> str:
    """Return the token when it has the form of one; anything else, a card number say, is refused unseen.

    Raises:
        CardTokenInvalid: when it has not.
    """
    if not _TOKEN.fullmatch(token):
        raise CardTokenInvalid
    return token


def number_of(invoice: Invoice) -> str:
    """Return the number of an invoice that was sent."""
    return invoice.number or invoice.id
