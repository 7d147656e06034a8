"""Payments, saved cards and payment instructions, as a principal may see them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from chassis.kernel import Page, PageRequest, Principal, Role, require_id
from services.billing.application.access import is_shown, require_invoice_id, require_shown
from services.billing.application.payment_ports import Invoices, OfflineInstructions
from services.billing.application.payment_steps import number_of
from services.billing.application.ports import Directory
from services.billing.domain.payment import Payment
from services.billing.domain.payment.repositories import Payments
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.saved_card import SavedCard, default_of
from services.billing.domain.saved_card.repositories import SavedCards
from services.billing.domain.series import Series

_DEFAULTS: Mapping[PaymentMode, str] = {
    PaymentMode.BANK_TRANSFER: "Please transfer the amount to {seller} and quote {number}.",
    PaymentMode.CHEQUE: "Please send a cheque made out to {seller} and quote {number}.",
    PaymentMode.CASH: "Please pay in cash at {seller} and quote {number}.",
}


@dataclass(frozen=True, slots=True)
class ShowPayments:
    """Clients see payments where their portal shows invoices."""

    payments: Payments
    directory: Directory

    async def one(self, by: Principal, payment_id: str) -> Payment:
        """Return a payment that the principal may see. Raises NotFound, WrongIdKind."""
        await require_shown(by, Series.INVOICE, self.directory)
        return await self.payments.get(by, require_id(payment_id, "pay"))

    async def page(self, by: Principal, request: PageRequest, *, invoice_id: str | None = None) -> Page[Payment]:
        """Return payments that the principal may see, newest first."""
        if invoice_id is not None:
            require_invoice_id(invoice_id)
        if not await is_shown(by, Series.INVOICE, self.directory):
            return Page((), (), has_next_page=False)
        return await self.payments.page(by, request, invoice_id=invoice_id)

    async def of_invoice(self, by: Principal, invoice_id: str) -> Sequence[Payment]:
        """Return the payments of one invoice, oldest first."""
        return await self.payments.of_invoice(by, invoice_id)

    async def with_refund(self, by: Principal, refund_id: str) -> Payment:
        """Return the payment that a refund belongs to. Raises NotFound."""
        return await self.payments.with_refund(by, refund_id)


@dataclass(frozen=True, slots=True)
class ShowSavedCards:
    """Contacts see their own cards only."""

    cards: SavedCards

    async def all(self, by: Principal) -> tuple[Sequence[SavedCard], SavedCard | None]:
        """Return this contact's cards and the default among them; staff have none."""
        if not by.is_contact:
            return (), None
        cards = await self.cards.of_contact(by.organisation_id, by.id)
        return cards, default_of(cards)

    async def one(self, by: Principal, card_id: str) -> SavedCard:
        """Return one card of this contact. Raises NotFound."""
        return await self.cards.get(by, card_id)


@dataclass(frozen=True, slots=True)
class ShowPaymentInstructions:
    """What clients read about paying by modes that are not paid online."""

    instructions: OfflineInstructions
    invoices: Invoices

    async def written(self, by: Principal) -> dict[PaymentMode, str | None]:
        """Return the organisation's own text for every mode that is not paid online, for staff. Raises RoleForbids."""
        by.require_role(Role.OWNER, Role.ACCOUNTANT, Role.VIEWER)
        offline = [mode for mode in PaymentMode if mode.is_offline]
        return {mode: await self.instructions.get(by.organisation_id, mode) for mode in offline}

    async def of_invoice(self, by: Principal, invoice_id: str, mode: PaymentMode) -> str | None:
        """Return what a client reads about paying an invoice by this mode; None for cards."""
        if not mode.is_offline:
            return None
        invoice = await self.invoices.get(by, invoice_id)
        written = await self.instructions.get(by.organisation_id, mode)
        seller = invoice.seller.name if invoice.seller else "us"
        text = written or _DEFAULTS[mode]
        return text.replace("{seller}", seller).replace("{number}", number_of(invoice))
