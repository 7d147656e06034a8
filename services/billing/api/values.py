"""The parts that documents are made of."""

from collections.abc import Mapping
from decimal import Decimal
from enum import Enum
from typing import Any, Self

import strawberry
from strawberry.types import Info

from chassis.graphql.context import Context
from chassis.graphql.types import Currency, Money, named
from services.billing.application import Application
from services.billing.domain import amounts as domain
from services.billing.domain import content
from services.billing.domain import payment_mode as modes
from services.billing.domain.money import Money as Amount
from services.billing.domain.money import with_digits

AppInfo = Info[Context[Application], Any]


def money(amount: Decimal, currency: str) -> Money:
    """Return an amount as the API shows it, with the currency's digits."""
    return Money(amount=with_digits(amount, currency), currency=Currency(currency))


def money_of(amount: Amount) -> Money:
    """Return money as the API shows it."""
    return money(amount.amount, amount.currency)


@strawberry.enum(description="The effect of an adjustment: discount or charge.")
class AdjustmentKind(Enum):
    """The domain's `AdjustmentKind` with descriptions."""

    DISCOUNT = strawberry.enum_value(
        domain.AdjustmentKind.DISCOUNT.value, description="The adjustment lowers the amount."
    )
    CHARGE = strawberry.enum_value(domain.AdjustmentKind.CHARGE.value, description="The adjustment raises the amount.")


@strawberry.enum(description="A payment mode.")
class PaymentMode(Enum):
    """The domain's `PaymentMode` with descriptions."""

    CARD = strawberry.enum_value(
        modes.PaymentMode.CARD.value, description="Payment by card, on the payment provider's form."
    )
    BANK_TRANSFER = strawberry.enum_value(
        modes.PaymentMode.BANK_TRANSFER.value, description="Bank transfer; staff record the payments received."
    )
    CHEQUE = strawberry.enum_value(
        modes.PaymentMode.CHEQUE.value, description="Cheque; staff record the payments received."
    )
    CASH = strawberry.enum_value(modes.PaymentMode.CASH.value, description="Cash; staff record the payments received.")


@strawberry.federation.type(shareable=True, description="A postal address.")
class PostalAddress:
    """An address of a document."""

    line1: str = strawberry.field(description="The street and number, or the post office box; may be empty.")
    line2: str = strawberry.field(description="The second line of the street address; may be empty or null.")
    city: str = strawberry.field(description="The town; may be empty.")
    region: str = strawberry.field(description="The state, province or county; may be empty or null.")
    postal_code: str = strawberry.field(description="The postal code; may be empty or null.")
    country: str = strawberry.field(
        description="The ISO 3166-1 alpha-2 code of the country, such as `DE`; may be empty."
    )

    @classmethod
    def of(cls, address: content.Address) -> Self:
        """Return the address as the API shows it."""
        return cls(**vars(address))


@strawberry.type(description="The details of a business or client company when the document was sent.")
class DocumentParty:
    """A sender or recipient."""

    name: str = strawberry.field(description="The name.")
    address: PostalAddress = strawberry.field(description="The billing address.")
    shipping_address: PostalAddress | None = strawberry.field(
        description="The shipping address; null if it is the same."
    )
    tax_id: str = strawberry.field(description="The tax number; may be empty.")
    email: str = strawberry.field(description="The e-mail address; may be empty.")
    phone: str = strawberry.field(description="The phone number; may be empty.")

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

    name: str = strawberry.field(description="The name, such as `VAT`.")
    percent: Decimal = strawberry.field(description="The rate in percent.")

    @classmethod
    def of(cls, tax: domain.Tax) -> Self:
        """Return the tax as the API shows it."""
        return cls(name=tax.name, percent=tax.percent)


@strawberry.type(description="The share of a document's discount or charge that falls under one tax.")
class AdjustmentShare:
    """A share of an adjustment."""

    name: str = strawberry.field(description="The name of the tax; empty for the untaxed share.")
    percent: Decimal = strawberry.field(description="The rate in percent; 0 for the untaxed share.")
    amount: Money = strawberry.field(description="The share; negative only if it has the opposite effect.")


@strawberry.type(description="A discount or charge on a line or on the document, before tax.")
class DocumentAdjustment:
    """An adjustment and what it came to."""

    kind: AdjustmentKind = strawberry.field(description="Whether it is a discount or a charge.")
    label: str = strawberry.field(description="The label, such as the reason; may be empty.")
    percent: Decimal | None = strawberry.field(description="The percentage; null if an amount was given.")
    amount: Money = strawberry.field(description="The amount, as a positive number.")
    taxes: list[LineTax] | None = strawberry.field(
        description="The taxes given for it; null if it is spread over the taxes of the lines, or belongs to a line."
    )
    shares: list[AdjustmentShare] = strawberry.field(
        description="The share that falls under each tax, including tax if the prices include tax; empty on a line. "
        "The shares add up to the amount, unless lines have several taxes at once, each of which has the"
        " same share."
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


@strawberry.type(description="A line of a document.")
class DocumentLine:
    """A line and what it came to."""

    description: str = strawberry.field(description="A description of the goods or services.")
    quantity: Decimal = strawberry.field(description="The number of units.")
    unit: str = strawberry.field(description="The unit, such as `h`; may be empty.")
    unit_price: Decimal = strawberry.field(
        description="The price of `priceBaseQuantity` units in the document's currency; may have more decimal digits"
        " than the currency."
    )
    price_base_quantity: Decimal = strawberry.field(description="The number of units to which the price applies.")
    adjustments: list[DocumentAdjustment] = strawberry.field(description="The discounts and charges on this line.")
    taxes: list[LineTax] = strawberry.field(description="The taxes on this line.")
    amount: Money = strawberry.field(
        description="Quantity × price after discounts and charges; includes tax if the prices include tax."
    )


@strawberry.type(description="The total of one tax at one rate over the document.")
class TaxSummary:
    """A row of the tax breakdown."""

    name: str = strawberry.field(description="The name of the tax.")
    percent: Decimal = strawberry.field(description="The rate in percent.")
    taxable: Money = strawberry.field(description="The taxable amount, without this tax.")
    tax: Money = strawberry.field(description="The tax amount.")


@strawberry.type(description="The document's totals, computed and stored when the document was saved.")
class DocumentTotals:
    """The stored amounts."""

    lines: Money = strawberry.field(description="The sum of the lines.")
    discounts: Money = strawberry.field(description="The discounts on the document.")
    charges: Money = strawberry.field(description="The charges on the document.")
    net: Money = strawberry.field(description="The total without tax.")
    tax: Money = strawberry.field(description="The total of all taxes.")
    gross: Money = strawberry.field(description="The total with tax.")
    prepaid: Money = strawberry.field(description="The amount already paid before the document was created.")
    rounding: Money = strawberry.field(description="The amount added in order to round the amount to pay.")
    payable: Money = strawberry.field(description="The amount to pay: gross − prepaid + rounding.")
    taxes: list[TaxSummary] = strawberry.field(description="The taxes, one row for each tax and rate.")

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
