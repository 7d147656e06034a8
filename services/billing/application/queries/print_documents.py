"""Fill the printed forms of estimates, invoices and statements with what is stored; nothing is computed here."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from chassis.kernel import Clock, NotFound, Principal
from chassis.world import addresses
from services.billing.application.portal_links import PortalLinks
from services.billing.application.ports import Directory, Logos
from services.billing.application.printing import (
    Computed,
    Letter,
    Party,
    PrintedAdjustment,
    PrintedEstimate,
    PrintedInvoice,
    PrintedLine,
    PrintedStatement,
    PrintedStatementRow,
    PrintedTax,
    Transfer,
)
from services.billing.application.queries.draw_statements import DrawStatements, Period
from services.billing.application.queries.show_documents import ShowEstimates, ShowInvoices
from services.billing.domain import content as written
from services.billing.domain.amounts import Adjustment, Line, LineAmounts, TaxAmount, by_tax
from services.billing.domain.invoice import Invoice
from services.billing.domain.payment_mode import PaymentMode
from services.billing.domain.series import Series
from services.billing.domain.statement import Row, Statement
from services.billing.domain.transfer_code import account_in, code_of, structured

Instructions = Callable[[Principal, str, PaymentMode], Awaitable[str | None]]
"""Returns what a client reads about paying an invoice by a mode, None for cards."""


@dataclass(frozen=True, slots=True)
class PrintDocuments:
    """Reads documents as the principal may see them and lays them out for printing."""

    estimates: ShowEstimates
    invoices: ShowInvoices
    statements: DrawStatements
    directory: Directory
    logos: Logos
    instructions: Instructions
    clock: Clock
    links: PortalLinks

    async def estimate(self, by: Principal, estimate_id: str, revision: int | None = None) -> PrintedEstimate:
        """Return an estimate to print, in the revision shown or a named one. Raises NotFound."""
        view = await self.estimates.one(by, estimate_id, revision)
        letter = await self._letter(
            by, view.customer_id, view.seller, view.buyer, view.content, view.issued_on, view.status.value
        )
        accepted = view.status.value in {"accepted", "invoiced"} and view.answered_at is not None
        organisation = await self.directory.organisation(by)
        link = await self.links.to(by, Series.ESTIMATE, estimate_id) if view.number else ""
        return PrintedEstimate(
            letter=replace(letter, link=link),
            number=view.number or "",
            revision=view.revision,
            reference=view.content.reference,
            expires_on=view.expires_on,
            computed=computed_of(view.content),
            terms=view.content.terms,
            accepted_on=organisation.today(view.answered_at) if accepted and view.answered_at else None,
            accepted_by=await self.directory.contact_name(by, view.answered_by or "") if accepted else "",
        )

    async def invoice(self, by: Principal, invoice_id: str) -> PrintedInvoice:
        """Return an invoice to print. Raises NotFound."""
        view = await self.invoices.one(by, invoice_id)
        invoice = view.invoice
        letter = await self._letter(
            by,
            invoice.customer_id,
            invoice.seller,
            invoice.buyer,
            invoice.content,
            invoice.issued_on,
            view.status.value,
        )
        owed = invoice.number is not None
        link = await self.links.to(by, Series.INVOICE, invoice_id) if owed else ""
        told = await self._how_to_pay(by, invoice)
        return PrintedInvoice(
            letter=replace(letter, link=link),
            number=invoice.number or "",
            reference=invoice.content.reference,
            due_date=invoice.terms.due_on,
            computed=computed_of(invoice.content),
            paid=invoice.paid.amount,
            balance=invoice.balance.amount if owed else invoice.total.amount,
            payment_instructions="\n".join(told.values()),
            terms=invoice.content.terms,
            payable_online=owed and invoice.balance.amount > 0 and PaymentMode.CARD in invoice.terms.modes,
            transfer=_transfer(invoice, told.get(PaymentMode.BANK_TRANSFER, "")) if owed else None,
        )

    async def statement(self, by: Principal, period: Period) -> PrintedStatement:
        """Return a statement in one named currency to print. Raises NotFound."""
        if period.currency is None:
            raise NotFound("statement")
        (drawn,) = await self.statements(by, period)
        organisation = await self.directory.organisation(by)
        customer = await self.directory.customer(by, drawn.customer_id)
        letter = Letter(
            sender=party_of(organisation.as_party()),
            recipient=party_of(customer.as_party()),
            language=customer.language,
            place=organisation.locale,
            currency=drawn.currency,
            dated=drawn.last_day,
            logo=await self.logos.of(by.organisation_id),
        )
        return _statement(drawn, letter)

    async def _how_to_pay(self, by: Principal, invoice: Invoice) -> dict[PaymentMode, str]:
        """Return the instructions of every offline mode offered, while something is owed."""
        if invoice.balance.amount <= 0:
            return {}
        texts = {mode: await self.instructions(by, invoice.id, mode) for mode in invoice.terms.modes}
        return {mode: text for mode, text in texts.items() if text}

    async def _letter(
        self,
        by: Principal,
        customer_id: str,
        seller: written.Party | None,
        buyer: written.Party | None,
        content: written.Content,
        issued_on: date | None,
        status: str,
    ) -> Letter:
        """Address the document as it was sent; a draft to both parties as they are named today."""
        organisation = await self.directory.organisation(by)
        if seller is None or buyer is None:
            seller = organisation.as_party()
            buyer = (await self.directory.customer(by, customer_id)).as_party()
        return Letter(
            sender=party_of(seller),
            recipient=party_of(buyer),
            language=buyer.language,
            currency=content.currency,
            dated=issued_on or organisation.today(self.clock.now()),
            status=status.upper(),
            logo=await self.logos.of(by.organisation_id),
            subject=content.subject,
            notes=content.notes,
            place=organisation.locale,
        )


def party_of(party: written.Party) -> Party:
    """Return a party as it stands in a letterhead."""
    apart = party.shipping_address if party.shipping_address != party.address else None
    return Party(
        name=party.name,
        address=_lines_of(party.address),
        country=party.address.country,
        delivery=_lines_of(apart) if apart else (),
        delivery_country=apart.country if apart else "",
        tax_id=party.tax_id,
        email=party.email,
        phone=party.phone,
        website=party.website,
    )


def _lines_of(address: written.Address) -> tuple[str, ...]:
    return addresses.lines(
        line1=address.line1,
        line2=address.line2,
        city=address.city,
        region=address.region,
        postal_code=address.postal_code,
        country=address.country,
    )


def _transfer(invoice: Invoice, told: str) -> Transfer | None:
    """Return the transfer to the account that the instructions name, if a QR code can say it."""
    account, holder = account_in(told), invoice.seller.name if invoice.seller else ""
    if account is None:
        return None
    reference = structured(invoice.content.reference) or invoice.number or ""
    code = code_of(account, holder, invoice.balance.amount, invoice.currency, reference)
    if not code:
        return None
    return Transfer(holder=holder, iban=account.iban, bic=account.bic, reference=reference, code=code)


def computed_of(content: written.Content) -> Computed:
    """Return lines and amounts as they are printed."""
    amounts = content.amounts
    beside = (("prepaid", -amounts.prepaid), ("rounding", amounts.rounding))
    return Computed(
        lines=tuple(_line(line, sizes) for line, sizes in zip(content.lines, amounts.lines, strict=True)),
        subtotal=amounts.lines_total,
        adjustments=_adjustments(content.adjustments, amounts.adjustments),
        taxes=taxes_of(content),
        prices_include_tax=content.prices_include_tax,
        gross=amounts.gross,
        settled=tuple(PrintedAdjustment(kind=kind, amount=amount) for kind, amount in beside if amount),
        total=amounts.payable,
    )


def taxes_of(content: written.Content) -> tuple[PrintedTax, ...]:
    """Return the rows of the tax breakdown."""
    return tuple(_tax(row, content) for row in content.amounts.taxes)


def _tax(row: TaxAmount, content: written.Content) -> PrintedTax:
    """Return a row of the breakdown with what the document's discounts and charges have added to it."""
    concerned = (
        PrintedAdjustment(kind=adjustment.kind.value, amount=share, label=adjustment.label)
        for adjustment, parts in zip(content.adjustments, content.shares, strict=True)
        for tax, share in by_tax(parts)
        if (tax.name, tax.percent) == (row.name, row.percent)
    )
    return PrintedTax(
        name=row.name, rate=row.percent, taxable=row.taxable, amount=row.tax, adjustments=tuple(concerned)
    )


def _line(line: Line, sizes: LineAmounts) -> PrintedLine:
    name, _, description = line.description.partition("\n")
    return PrintedLine(
        name=name,
        description=description,
        quantity=line.quantity,
        unit=line.unit,
        unit_price=line.unit_price,
        price_base=line.price_base_quantity,
        tax_rates=tuple(tax.percent for tax in line.taxes),
        adjustments=_adjustments(line.adjustments, sizes.adjustments),
        amount=sizes.amount,
    )


def _adjustments(adjustments: Sequence[Adjustment], sizes: Sequence[Decimal]) -> tuple[PrintedAdjustment, ...]:
    return tuple(
        PrintedAdjustment(kind=adjustment.kind.value, amount=adjustment.kind.sign * size, label=adjustment.label)
        for adjustment, size in zip(adjustments, sizes, strict=True)
    )


def _statement(drawn: Statement, letter: Letter) -> PrintedStatement:
    current, to_30, to_60, to_90, over_90 = drawn.ageing.buckets
    return PrintedStatement(
        letter=letter,
        first_day=drawn.first_day,
        last_day=drawn.last_day,
        opening=drawn.opening,
        rows=tuple(_row(row) for row in drawn.rows),
        closing=drawn.closing,
        ageing=(current, to_30, to_60, to_90, over_90),
    )


def _row(row: Row) -> PrintedStatementRow:
    return PrintedStatementRow(
        dated=row.entry.day,
        kind=row.entry.kind.name,
        number=row.entry.number,
        debit=row.debit or None,
        credit=row.credit or None,
        balance=row.balance,
    )
