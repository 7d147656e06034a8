"""What can be done about payments: the table of contents. Doors call it with the principal, as they do `Commands`.

Ids of what is created come from the caller, derived from the idempotency key, so that a repeated request finds them.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from chassis.erasing import Erasure, HeldBy, Whose
from chassis.guard import Guard, Round
from chassis.kernel import Page, PageRequest, Principal, Role, require_id
from services.billing.application.access import is_shown, require_invoice_id, require_shown
from services.billing.application.commands.cancel_payment import CancelPayment, cancel_payment
from services.billing.application.commands.choose_default_card import ChooseDefaultCard, choose_default_card
from services.billing.application.commands.confirm_payment import ConfirmPayment, confirm_payment
from services.billing.application.commands.forget_contact import forget_contact
from services.billing.application.commands.open_card_form import OpenCardForm, open_card_form
from services.billing.application.commands.pay_invoice import PayInvoice, number_of, pay_invoice
from services.billing.application.commands.receive_webhook import ReceiveWebhook, receive_webhook
from services.billing.application.commands.record_payment import RecordPayment, record_payment
from services.billing.application.commands.refund_payment import RefundPayment, refund_payment
from services.billing.application.commands.remove_card import RemoveCard, remove_card
from services.billing.application.commands.resolve_unknown_payments import (
    ResolveUnknownPayments,
    resolve_unknown_payments,
)
from services.billing.application.commands.save_card import SaveCard, save_card
from services.billing.application.days import on_the_day
from services.billing.application.directory import OrganisationProfile
from services.billing.application.giving_way import give_up_waiting
from services.billing.application.payment_ports import CardForm, OfflineInstructions, WebhookMemory
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.ports import Directory, Personal
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.domain.payment import Payment
from services.billing.domain.payment.errors import ModeNotOffline
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.saved_card import SavedCard, default_of
from services.billing.domain.series import Series
from services.billing.domain.text import checked

INSTRUCTIONS_LIMIT = 2000
_DEFAULTS: Mapping[PaymentMode, str] = {
    PaymentMode.BANK_TRANSFER: "Please transfer the amount to {seller} and quote {number}.",
    PaymentMode.CHEQUE: "Please send a cheque made out to {seller} and quote {number}.",
    PaymentMode.CASH: "Please pay in cash at {seller} and quote {number}.",
}


@dataclass(frozen=True, kw_only=True)
class Payments:
    """Everything about payments and saved cards."""

    steps: PaymentSteps
    webhooks: WebhookMemory
    instructions: OfflineInstructions
    directory: Directory
    return_addresses: ReturnAddresses
    personal: Personal
    guard: Guard | None = None

    async def pay_invoice(self, command: PayInvoice, by: Principal) -> Payment:
        """Pay by card. See `commands/pay_invoice.py`."""
        require_invoice_id(command.invoice_id)
        if command.saved_card_id is not None:
            require_id(command.saved_card_id, "crd", "savedCardId")
        await require_shown(by, Series.INVOICE, self.directory)
        return await pay_invoice(command, by=by, steps=self.steps, return_addresses=self.return_addresses)

    async def confirm_payment(self, command: ConfirmPayment, by: Principal) -> Payment:
        """Look again after the payer came back. See `commands/confirm_payment.py`."""
        require_id(command.payment_id, "pay", "paymentId")
        return await confirm_payment(command, by=by, steps=self.steps)

    async def cancel_payment(self, command: CancelPayment, by: Principal) -> Payment:
        """Give up what waits for its payer. See `commands/cancel_payment.py`."""
        require_id(command.payment_id, "pay", "paymentId")
        await require_shown(by, Series.INVOICE, self.directory)
        return await cancel_payment(command, by=by, steps=self.steps)

    async def give_way(self, invoice_id: str, by: Principal) -> None:
        """Give up what waits for its payer on an invoice that is to be closed. See `giving_way.py`."""
        await give_up_waiting(invoice_id, steps=self.steps, organisation_id=by.organisation_id)

    async def record_payment(self, command: RecordPayment, by: Principal) -> Payment:
        """Record money that came otherwise. See `commands/record_payment.py`."""
        require_invoice_id(command.invoice_id)

        async def record(today: date, _: OrganisationProfile) -> Payment:
            return await record_payment(command, by=by, steps=self.steps, today=today)

        return await on_the_day(self.directory, by, self.steps.clock.now(), record)

    async def refund_payment(self, command: RefundPayment, by: Principal) -> Payment:
        """Give money back. See `commands/refund_payment.py`."""
        require_id(command.payment_id, "pay", "paymentId")
        return await refund_payment(command, by=by, steps=self.steps)

    async def open_card_form(self, command: OpenCardForm, by: Principal) -> CardForm:
        """Open the provider's form. See `commands/open_card_form.py`."""
        return await open_card_form(command, by=by, steps=self.steps, return_addresses=self.return_addresses)

    async def save_card(self, command: SaveCard, by: Principal) -> SavedCard:
        """Keep a card. See `commands/save_card.py`. Raises ProofNeeded besides."""
        by.require_recent_proof(self.steps.clock.now())
        return await save_card(command, by=by, steps=self.steps)

    async def remove_card(self, command: RemoveCard, by: Principal) -> SavedCard:
        """Forget a card. See `commands/remove_card.py`. Raises ProofNeeded besides."""
        require_id(command.card_id, "crd", "savedCardId")
        by.require_recent_proof(self.steps.clock.now())
        return await remove_card(command, by=by, steps=self.steps)

    async def choose_default_card(self, command: ChooseDefaultCard, by: Principal) -> SavedCard:
        """Choose the default. See `commands/choose_default_card.py`. Raises ProofNeeded besides."""
        require_id(command.card_id, "crd", "savedCardId")
        by.require_recent_proof(self.steps.clock.now())
        return await choose_default_card(command, by=by, steps=self.steps)

    async def receive_webhook(self, command: ReceiveWebhook) -> bool:
        """Take a provider's delivery. See `commands/receive_webhook.py`."""
        return await receive_webhook(command, steps=self.steps, memory=self.webhooks)

    async def resolve_unknown(self) -> int:
        """Look after the payments that are due, whoever moves their money; return how many were looked at."""
        made = await self.recover(ResolveUnknownPayments())
        return made.done + made.aside

    async def recover(self, command: ResolveUnknownPayments) -> Round:
        """Make one round of the recovery job. See `commands/resolve_unknown_payments.py`."""
        return await resolve_unknown_payments(command, steps=self.steps, guard=self.guard)

    async def forget_contact(self, erasure: Erasure) -> Sequence[str]:
        """Forget a contact; no mail is billing's. See `commands/forget_contact.py`."""
        await forget_contact(erasure, steps=self.steps, personal=self.personal)
        return ()

    async def personal_data(self, of: Whose, by: Principal) -> HeldBy:
        """Return what billing holds of a contact, for owners. Raises RoleForbids."""
        by.require_role(Role.OWNER)
        items = await self.personal.held(of)
        return HeldBy(service="billing", erased_at=await self.steps.erased.done_at(of.contact_id), items=items)

    async def write_instructions(self, mode: PaymentMode, text: str, by: Principal) -> str:
        """Keep what clients read about paying by this mode; an empty text brings the default back. Returns it.

        Raises:
            RoleForbids, ProofNeeded, ModeNotOffline, InvalidInput.
        """
        by.require_role(Role.OWNER, Role.ACCOUNTANT)
        by.require_recent_proof(self.steps.clock.now())
        if not mode.is_offline:
            raise ModeNotOffline
        kept = checked(text, INSTRUCTIONS_LIMIT, "text", multiline=True)
        await self.instructions.put(by.organisation_id, mode, kept)
        return kept

    async def written_instructions(self, by: Principal) -> dict[PaymentMode, str | None]:
        """Return the organisation's own text for every mode that is not paid online, for staff. Raises RoleForbids."""
        by.require_role(Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)
        offline = [mode for mode in PaymentMode if mode.is_offline]
        return {mode: await self.instructions.get(by.organisation_id, mode) for mode in offline}

    async def close(self) -> None:
        """Disconnect from the providers."""
        for provider in self.steps.providers.values():
            await provider.close()

    # --- questions ---

    async def payment(self, payment_id: str, by: Principal) -> Payment:
        """Return a payment that the principal may see. Raises NotFound, WrongIdKind."""
        await require_shown(by, Series.INVOICE, self.directory)
        return await self.steps.payments.get(by, require_id(payment_id, "pay"))

    async def payments(self, request: PageRequest, by: Principal, *, invoice_id: str | None = None) -> Page[Payment]:
        """Return payments that the principal may see, newest first."""
        if invoice_id is not None:
            require_invoice_id(invoice_id)
        if not await is_shown(by, Series.INVOICE, self.directory):
            return Page((), (), has_next_page=False)
        return await self.steps.payments.page(by, request, invoice_id=invoice_id)

    async def payments_of(self, invoice_id: str, by: Principal) -> Sequence[Payment]:
        """Return the payments of one invoice, oldest first."""
        return await self.steps.payments.of_invoice(by, invoice_id)

    async def payment_with_refund(self, refund_id: str, by: Principal) -> Payment:
        """Return the payment that a refund belongs to. Raises NotFound."""
        return await self.steps.payments.with_refund(by, refund_id)

    async def saved_cards(self, by: Principal) -> tuple[Sequence[SavedCard], SavedCard | None]:
        """Return this contact's cards and the default among them; staff have none."""
        if not by.is_contact:
            return (), None
        cards = await self.steps.cards.of_contact(by.organisation_id, by.id)
        return cards, default_of(cards)

    async def saved_card(self, card_id: str, by: Principal) -> SavedCard:
        """Return one card of this contact. Raises NotFound."""
        return await self.steps.cards.get(by, card_id)

    async def instructions_for(self, invoice_id: str, mode: PaymentMode, by: Principal) -> str | None:
        """Return what a client reads about paying an invoice by this mode; None for cards."""
        if not mode.is_offline:
            return None
        invoice = await self.steps.invoices.get(by, invoice_id)
        written = await self.instructions.get(by.organisation_id, mode)
        seller = invoice.seller.name if invoice.seller else "us"
        text = written or _DEFAULTS[mode]
        return text.replace("{seller}", seller).replace("{number}", number_of(invoice))
