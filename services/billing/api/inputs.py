"""The inputs of the mutations, and the commands' values made of them.

Longer than most files, because it is a list: every input of the mutations.
"""

from datetime import date
from decimal import Decimal

import strawberry

from chassis.graphql.types import Currency
from chassis.graphql.wording import KEY
from services.billing.api.values import AdjustmentKind, PaymentMode
from services.billing.domain import amounts as domain
from services.billing.domain import payment_mode as modes
from services.billing.domain.content import Content, write
from services.billing.domain.invoice import PaymentTerms
from services.billing.domain.money import ZERO

ESTIMATE_ID = "The ID of the estimate, `est_…`."
INVOICE_ID = "The ID of the invoice, `inv_…`."
RECIPIENTS = (
    "The contacts of the client company to mail, `con_…`, at most 20; null to mail whoever is told by rule. "
    "Whoever may see the document in the portal sees it all the same."
)


@strawberry.input(description="A tax and its rate.")
class TaxInput:
    """A tax."""

    name: str = strawberry.field(description="The name, such as `VAT`; at most 50 characters.")
    percent: Decimal = strawberry.field(description="The rate in percent, 0 to 1,000.")

    def value(self) -> domain.Tax:
        return domain.Tax(name=self.name, percent=self.percent)


@strawberry.input(description="A discount or charge on a line, before tax. Give either an amount or a percentage.")
class LineAdjustmentInput:
    """An adjustment of a line."""

    kind: AdjustmentKind = strawberry.field(description="Whether it is a discount or a charge.")
    amount: Decimal | None = strawberry.field(
        default=None, description="The amount, in the document's currency; not below zero."
    )
    percent: Decimal | None = strawberry.field(
        default=None, description="The percentage of quantity × price of the line."
    )
    label: str = strawberry.field(default="", description="A label, such as the reason; at most 100 characters.")

    def value(self) -> domain.Adjustment:
        kind = domain.AdjustmentKind(self.kind.value)
        return domain.Adjustment(kind=kind, amount=self.amount, percent=self.percent, label=self.label)


@strawberry.input(
    description="A discount or charge on the whole document, before tax. Give either an amount or a percentage."
)
class DocumentAdjustmentInput:
    """An adjustment of a document."""

    kind: AdjustmentKind = strawberry.field(description="Whether it is a discount or a charge.")
    amount: Decimal | None = strawberry.field(
        default=None, description="The amount, in the document's currency; not below zero."
    )
    percent: Decimal | None = strawberry.field(default=None, description="The percentage of the sum of the lines.")
    label: str = strawberry.field(default="", description="A label, such as the reason; at most 100 characters.")
    taxes: list[TaxInput] | None = strawberry.field(
        default=None,
        description="The taxes on it; if null, it is spread in proportion over the lines that are charged.",
    )

    def value(self) -> domain.DocumentAdjustment:
        return domain.DocumentAdjustment(
            kind=domain.AdjustmentKind(self.kind.value),
            amount=self.amount,
            percent=self.percent,
            label=self.label,
            taxes=None if self.taxes is None else tuple(tax.value() for tax in self.taxes),
        )


@strawberry.input(description="A line of a document.")
class LineInput:
    """A line."""

    description: str = strawberry.field(description="A description of the goods or services; at most 1,000 characters.")
    quantity: Decimal = strawberry.field(description="The number of units; negative for corrections.")
    unit_price: Decimal = strawberry.field(
        description="The price of `priceBaseQuantity` units, with at most 6 decimals."
    )
    unit: str = strawberry.field(default="", description="The unit, such as `h`; at most 30 characters.")
    price_base_quantity: Decimal = strawberry.field(
        default=Decimal(1), description="The number of units to which the price applies; 1 by default."
    )
    adjustments: list[LineAdjustmentInput] = strawberry.field(
        default_factory=list[LineAdjustmentInput], description="The discounts and charges on this line."
    )
    taxes: list[TaxInput] = strawberry.field(default_factory=list[TaxInput], description="The taxes on this line.")

    def value(self) -> domain.Line:
        return domain.Line(
            description=self.description,
            quantity=self.quantity,
            unit_price=self.unit_price,
            unit=self.unit,
            price_base_quantity=self.price_base_quantity,
            adjustments=tuple(entry.value() for entry in self.adjustments),
            taxes=tuple(tax.value() for tax in self.taxes),
        )


@strawberry.input(description="The content of a document whose amounts are to be computed.")
class PreviewDocumentInput:
    """What estimates and invoices say; input of `previewDocument`, and part of those that save."""

    currency: Currency = strawberry.field(description="The currency of all amounts of the document.")
    lines: list[LineInput] = strawberry.field(description="The lines, 1 to 1,000.")
    adjustments: list[DocumentAdjustmentInput] = strawberry.field(
        default_factory=list[DocumentAdjustmentInput], description="The discounts and charges on the document."
    )
    prices_include_tax: bool = strawberry.field(default=False, description="Whether the prices include tax.")
    prepaid: Decimal = strawberry.field(
        default=ZERO,
        description="The amount already paid, to be deducted from the total; it has the sign of the total, or is 0.",
    )
    rounding: Decimal = strawberry.field(
        default=ZERO,
        description="The amount to add in order to round the amount to pay; at most 1, or 1 % of the total.",
    )
    subject: str = strawberry.field(default="", description="The subject in a few words; at most 200 characters.")
    reference: str = strawberry.field(
        default="", description="The client's own reference, e.g. an order number; at most 100 characters."
    )
    notes: str = strawberry.field(default="", description="A message to the client; at most 5,000 characters.")
    terms: str = strawberry.field(default="", description="The terms and conditions; at most 5,000 characters.")

    def content(self) -> Content:
        """Return the checked and computed content. Raises InvalidInput with the field's path."""
        return write(
            currency=self.currency,
            lines=[line.value() for line in self.lines],
            adjustments=[entry.value() for entry in self.adjustments],
            prices_include_tax=self.prices_include_tax,
            prepaid=self.prepaid,
            rounding=self.rounding,
            subject=self.subject,
            reference=self.reference,
            notes=self.notes,
            terms=self.terms,
        )


@strawberry.input(description="The content of a document.")
class ContentInput(PreviewDocumentInput):
    """Fields that estimates and invoices have in common; never used alone."""

    customer_id: strawberry.ID = strawberry.field(description="The ID of the client company, `cus_…`.")
    idempotency_key: str = strawberry.field(description=KEY)


VERSION = "The `version` that was read; the update is refused if somebody has saved the document since then."
EXPIRES = "The last day on which it can be accepted; by default 30 days after the day on which it is sent."


@strawberry.input(description="An estimate to create.")
class CreateEstimateInput(ContentInput):
    """Input of `createEstimate`."""

    expires_on: date | None = strawberry.field(default=None, description=EXPIRES)


@strawberry.input(description="The new content of a draft estimate, which replaces all of the old content.")
class UpdateEstimateInput(ContentInput):
    """Input of `updateEstimate`."""

    estimate_id: strawberry.ID = strawberry.field(description=ESTIMATE_ID)
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    expires_on: date | None = strawberry.field(default=None, description=EXPIRES)


@strawberry.input(description="An estimate.")
class EstimateInput:
    """Fields of inputs that name an estimate; never used alone."""

    estimate_id: strawberry.ID = strawberry.field(description=ESTIMATE_ID)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A draft estimate to send.")
class SendEstimateInput(EstimateInput):
    """Input of `sendEstimate`."""

    recipient_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=RECIPIENTS)


@strawberry.input(description="An estimate awaiting an answer to mail once more.")
class ResendEstimateInput(EstimateInput):
    """Input of `resendEstimate`."""

    recipient_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=RECIPIENTS)


@strawberry.input(description="An estimate to accept, in the revision that the client saw.")
class AcceptEstimateInput(EstimateInput):
    """Input of `acceptEstimate`."""

    revision: int = strawberry.field(description="The revision to accept.")


@strawberry.input(description="An estimate to decline, in the revision that the client saw.")
class DeclineEstimateInput(EstimateInput):
    """Input of `declineEstimate`."""

    revision: int = strawberry.field(description="The revision to decline.")
    reason: str = strawberry.field(description="The reason; 1 to 2,000 characters.")


@strawberry.input(description="A declined or expired estimate to revise.")
class ReviseEstimateInput(EstimateInput):
    """Input of `reviseEstimate`."""


@strawberry.input(description="An estimate to void: a draft, or one that is awaiting an answer.")
class VoidEstimateInput(EstimateInput):
    """Input of `voidEstimate`."""


@strawberry.input(description="How an invoice can be paid, and when it is due.")
class PaymentTermsInput:
    """Payment terms."""

    modes: list[PaymentMode] = strawberry.field(description="The payment modes to offer; at least one.")
    due_on: date | None = strawberry.field(
        default=None, description="The due date; by default the day on which the invoice is sent."
    )
    partial_payments_allowed: bool = strawberry.field(
        default=False, description="Whether the client may pay part of the balance."
    )

    def value(self) -> PaymentTerms:
        offered = dict.fromkeys(modes.PaymentMode(mode.value) for mode in self.modes)
        return PaymentTerms(modes=tuple(offered), due_on=self.due_on, partial_payments=self.partial_payments_allowed)


TERMS = "The payment terms."


@strawberry.input(description="An accepted estimate to turn into an invoice.")
class ConvertEstimateInput(EstimateInput):
    """Input of `convertEstimate`."""

    payment_terms: PaymentTermsInput = strawberry.field(description=TERMS)


@strawberry.input(description="An invoice to create.")
class CreateInvoiceInput(ContentInput):
    """Input of `createInvoice`."""

    payment_terms: PaymentTermsInput = strawberry.field(description=TERMS)


@strawberry.input(description="The new content of a draft invoice, which replaces all of the old content.")
class UpdateInvoiceInput(ContentInput):
    """Input of `updateInvoice`."""

    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    expected_version: int | None = strawberry.field(default=None, description=VERSION)
    payment_terms: PaymentTermsInput = strawberry.field(description=TERMS)


@strawberry.input(description="An invoice.")
class InvoiceInput:
    """Fields of inputs that name an invoice; never used alone."""

    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    idempotency_key: str = strawberry.field(description=KEY)


@strawberry.input(description="A draft invoice to send.")
class SendInvoiceInput(InvoiceInput):
    """Input of `sendInvoice`."""

    recipient_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=RECIPIENTS)


@strawberry.input(description="An invoice to mail once more.")
class ResendInvoiceInput(InvoiceInput):
    """Input of `resendInvoice`."""

    recipient_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=RECIPIENTS)


@strawberry.input(description="An invoice to remind the client of.")
class RemindOfInvoiceInput(InvoiceInput):
    """Input of `remindOfInvoice`."""

    recipient_ids: list[strawberry.ID] | None = strawberry.field(default=None, description=RECIPIENTS)


@strawberry.input(description="An open invoice and its new payment terms.")
class ChangeInvoiceTermsInput(InvoiceInput):
    """Input of `changeInvoiceTerms`."""

    payment_terms: PaymentTermsInput = strawberry.field(
        description="The new terms; without a due date, the old one is kept."
    )


@strawberry.input(description="An invoice to void: a draft, or an open invoice without payments.")
class VoidInvoiceInput(InvoiceInput):
    """Input of `voidInvoice`."""

    reason: str = strawberry.field(
        default="", description="The reason, visible to staff only; at most 1,000 characters."
    )


@strawberry.input(description="An invoice whose balance to write off.")
class WriteOffInvoiceInput(InvoiceInput):
    """Input of `writeOffInvoice`."""

    reason: str = strawberry.field(
        default="", description="The reason, visible to staff only; at most 1,000 characters."
    )
