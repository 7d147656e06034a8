"""The parts that documents are made of."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Self

import strawberry
from strawberry.types import Info

from services.billing.application import Application
from services.billing.domain import amounts as domain
from services.billing.domain import content
from services.billing.domain import payment_mode as modes
from services.billing.domain.money import Money as Amount
from services.billing.domain.money import with_digits
from services.chassis.graphql.context import Context
from services.chassis.graphql.types import Currency, Money, named

AppInfo = Info[Context[Application], Any]


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount as the API shows it, with the currency's digits."""
    return Money(amount=with_digits(amount, currency), currency=Currency(currency))


def money_of(amount: Amount) -> Money:
    """Return money as the API shows it."""
    return money(amount.amount, amount.currency)


@strawberry.enum(description="Whether something makes a document cheaper or dearer.")
class AdjustmentKind(Enum):
    """The domain's `AdjustmentKind` with descriptions."""

    DISCOUNT = strawberry.enum_value(domain.AdjustmentKind.DISCOUNT.value, description="It lowers the amount.")
    CHARGE = strawberry.enum_value(domain.AdjustmentKind.CHARGE.value, description="It raises the amount.")


@strawberry.enum(description="A way of paying.")
class PaymentMode(Enum):
    """The domain's `PaymentMode` with descriptions."""

    CARD = strawberry.enum_value(modes.PaymentMode.CARD.value, description="By card, on the payment provider's form.")
    BANK_TRANSFER = strawberry.enum_value(
        modes.PaymentMode.BANK_TRANSFER.value, description="By bank transfer; staff record what arrives."
    )
    CHEQUE = strawberry.enum_value(modes.PaymentMode.CHEQUE.value, description="By cheque; staff record what arrives.")
    CASH = strawberry.enum_value(modes.PaymentMode.CASH.value, description="In cash; staff record what arrives.")


@strawberry.federation.type(shareable=True, description="A postal address.")
class PostalAddress:
    """An address of a document."""

    line1: str = strawberry.field(description="Street and number; may be empty.")
    line2: str = strawberry.field(description="More of the street; may be empty.")
    city: str = strawberry.field(description="The town; may be empty.")
    region: str = strawberry.field(description="State or province; may be empty.")
    postal_code: str = strawberry.field(description="The postal code; may be empty.")
    country: str = strawberry.field(description="ISO 3166-1 alpha-2 code; may be empty.")

    @classmethod
    def of(cls, address: content.Address) -> Self:
        """Return the address as the API shows it."""
        return cls(**vars(address))


@strawberry.type(description="A business or client company as it was named when the document was sent.")
class DocumentParty:
    """A sender or recipient."""

    name: str = strawberry.field(description="Its name.")
    address: PostalAddress = strawberry.field(description="Its address, for the bill.")
    shipping_address: PostalAddress | None = strawberry.field(description="Where goods go, when that differs.")
    tax_id: str = strawberry.field(description="Its tax id; may be empty.")
    email: str = strawberry.field(description="Its e-mail address; may be empty.")
    phone: str = strawberry.field(description="Its telephone number; may be empty.")

    @classmethod
    def of(cls, party: content.Party | None) -> "DocumentParty | None":
        """Return the party as the API shows it."""
        if party is None:
            return None
        shipping = party.shipping_address
        return cls(
            name=party.name,
            address=PostalAddress.of(party.address),
            shipping_address=PostalAddress.of(shipping) if shipping else None,
            tax_id=party.tax_id,
            email=party.email,
            phone=party.phone,
        )


@strawberry.type(description="A tax on a line.")
class LineTax:
    """A tax with its rate."""

    name: str = strawberry.field(description="Its name, such as `VAT`.")
    percent: Decimal = strawberry.field(description="Its rate in percent.")

    @classmethod
    def of(cls, tax: domain.Tax) -> Self:
        """Return the tax as the API shows it."""
        return cls(name=tax.name, percent=tax.percent)


@strawberry.type(description="The part of a discount or charge of the document that falls under one tax.")
class AdjustmentShare:
    """A share of an adjustment."""

    name: str = strawberry.field(description="The tax; empty for the part that falls under none.")
    percent: Decimal = strawberry.field(description="The rate in percent; 0 for the part that falls under none.")
    amount: Money = strawberry.field(description="The part, without a sign unless it goes the other way.")


@strawberry.type(description="A discount or charge, of a line or of the document, before tax.")
class DocumentAdjustment:
    """An adjustment and what it came to."""

    kind: AdjustmentKind = strawberry.field(description="Discount or charge.")
    label: str = strawberry.field(description="What it is for; may be empty.")
    percent: Decimal | None = strawberry.field(description="The percentage, when it was given as one.")
    amount: Money = strawberry.field(description="What it came to, without a sign.")
    taxes: list[LineTax] | None = strawberry.field(
        description="The taxes it was given; null where it is spread over the taxes of the lines, or on a line."
    )
    shares: list[AdjustmentShare] = strawberry.field(
        description="What falls under each tax, as computed, with tax inside where prices include it; empty on a line. "
        "The shares add up to the amount, unless lines have several taxes at once, which each have the same share."
    )

    @classmethod
    def of(
        cls, adjustment: domain.Adjustment, size: Decimal, currency: str, parts: Mapping[domain.Taxes, Decimal]
    ) -> Self:
        """Return the adjustment as the API shows it; `parts` are its signed shares."""
        taxes = adjustment.taxes if isinstance(adjustment, domain.DocumentAdjustment) else None
        return cls(
            kind=named(AdjustmentKind, adjustment.kind),
            label=adjustment.label,
            percent=adjustment.percent,
            amount=money(size, currency),
            taxes=None if taxes is None else [LineTax.of(tax) for tax in taxes],
            shares=[
                AdjustmentShare(name=tax.name, percent=tax.percent, amount=money(share, currency))
                for tax, share in domain.by_tax(parts, adjustment.kind.sign)
            ],
        )


@strawberry.type(description="One position of a document.")
class DocumentLine:
    """A line and what it came to."""

    description: str = strawberry.field(description="What it is about.")
    quantity: Decimal = strawberry.field(description="How many units.")
    unit: str = strawberry.field(description="The unit; may be empty.")
    unit_price: Decimal = strawberry.field(
        description="The price of `priceBaseQuantity` units in the document's currency; may have more digits than it."
    )
    price_base_quantity: Decimal = strawberry.field(description="For how many units the price is.")
    adjustments: list[DocumentAdjustment] = strawberry.field(description="Discounts and charges of this line.")
    taxes: list[LineTax] = strawberry.field(description="The taxes of this line.")
    amount: Money = strawberry.field(
        description="Quantity × price after discounts and charges; with tax inside where prices include tax."
    )


@strawberry.type(description="What one tax at one rate comes to over the document.")
class TaxSummary:
    """A row of the tax breakdown."""

    name: str = strawberry.field(description="The tax.")
    percent: Decimal = strawberry.field(description="The rate in percent.")
    taxable: Money = strawberry.field(description="The amount that is taxed, without this tax.")
    tax: Money = strawberry.field(description="The tax.")


@strawberry.type(description="What a document comes to. Computed once when it was written, and stored.")
class DocumentTotals:
    """The stored amounts."""

    lines: Money = strawberry.field(description="The sum of the lines.")
    discounts: Money = strawberry.field(description="Discounts on the document.")
    charges: Money = strawberry.field(description="Charges on the document.")
    net: Money = strawberry.field(description="Without tax.")
    tax: Money = strawberry.field(description="All taxes.")
    gross: Money = strawberry.field(description="With tax.")
    prepaid: Money = strawberry.field(description="What was paid before the document was written.")
    rounding: Money = strawberry.field(description="What was added to make the amount to pay a round one.")
    payable: Money = strawberry.field(description="What is to be paid: gross − prepaid + rounding.")
    taxes: list[TaxSummary] = strawberry.field(description="The taxes, one row per tax and rate.")

    @classmethod
    def of(cls, amounts: domain.Amounts, currency: str) -> Self:
        """Return the amounts as the API shows them."""
        return cls(
            lines=money(amounts.lines_total, currency),
            discounts=money(amounts.discounts, currency),
            charges=money(amounts.charges, currency),
            net=money(amounts.net, currency),
            tax=money(amounts.tax, currency),
            gross=money(amounts.gross, currency),
            prepaid=money(amounts.prepaid, currency),
            rounding=money(amounts.rounding, currency),
            payable=money(amounts.payable, currency),
            taxes=[
                TaxSummary(
                    name=row.name,
                    percent=row.percent,
                    taxable=money(row.taxable, currency),
                    tax=money(row.tax, currency),
                )
                for row in amounts.taxes
            ],
        )


def lines_of(written: content.Content) -> list[DocumentLine]:
    """Return a document's lines as the API shows them."""
    return [
        DocumentLine(
            description=line.description,
            quantity=line.quantity,
            unit=line.unit,
            unit_price=line.unit_price,
            price_base_quantity=line.price_base_quantity,
            adjustments=[
                DocumentAdjustment.of(adjustment, size, written.currency, {})
                for adjustment, size in zip(line.adjustments, computed.adjustments, strict=True)
            ],
            taxes=[LineTax.of(tax) for tax in line.taxes],
            amount=money(computed.amount, written.currency),
        )
        for line, computed in zip(written.lines, written.amounts.lines, strict=True)
    ]


def adjustments_of(written: content.Content) -> list[DocumentAdjustment]:
    """Return a document's own discounts and charges as the API shows them."""
    return [
        DocumentAdjustment.of(adjustment, size, written.currency, parts)
        for adjustment, size, parts in zip(
            written.adjustments, written.amounts.adjustments, written.shares, strict=True
        )
    ]
