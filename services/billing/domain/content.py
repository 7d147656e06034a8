"""What an estimate or invoice says, and who says it to whom. `write` is the only way to make it from input."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import TypeVar

from services.billing.domain.amounts import (
    Adjustment,
    AdjustmentKind,
    Amounts,
    DocumentAdjustment,
    Line,
    Tax,
    Taxes,
    compute,
    shares,
)
from services.billing.domain.errors import (
    AmountOrPercent,
    DuplicateTax,
    NoLines,
    NumberOutOfRange,
    TooManyDigits,
    TooManyEntries,
)
from services.billing.domain.money import ZERO, Money, digits_of, require_living
from services.billing.domain.text import checked, identifier

MAX_LINES = 1000
MAX_ADJUSTMENTS = 20
MAX_LINE_ADJUSTMENTS = 5
MAX_TAXES = 5
MAX_DESCRIPTION = 1000
MAX_NOTES = 5000
MAX_NUMBER = Decimal(10) ** 10
MAX_TOTAL = Decimal(10) ** 13
MAX_PERCENT = Decimal(1000)

AnyAdjustment = TypeVar("AnyAdjustment", bound=Adjustment)


@dataclass(frozen=True, kw_only=True)
class Address:
    """A postal address as it is printed; `country` is an ISO 3166-1 alpha-2 code."""

    line1: str = ""
    line2: str = ""
    city: str = ""
    region: str = ""
    postal_code: str = ""
    country: str = ""


@dataclass(frozen=True, kw_only=True)
class Party:
    """A business or client company as it was named when the document was sent."""

    name: str
    address: Address = field(default_factory=Address)
    shipping_address: Address | None = None
    tax_id: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""
    language: str = "en"


@dataclass(frozen=True, kw_only=True)
class Content:
    """Lines, adjustments and texts with the amounts they come to; checked and computed by `write`, then only read."""

    currency: str
    lines: tuple[Line, ...]
    amounts: Amounts
    adjustments: tuple[DocumentAdjustment, ...] = ()
    prices_include_tax: bool = False
    subject: str = ""
    reference: str = ""
    notes: str = ""
    terms: str = ""

    @property
    def total(self) -> Money:
        """What the document asks to be paid."""
        return Money(self.amounts.payable, self.currency)

    @property
    def shares(self) -> tuple[Mapping[Taxes, Decimal], ...]:
        """Under which taxes each of the document's adjustments falls, signed, in the order of the adjustments."""
        return shares(self.lines, self.adjustments, self.amounts, self.currency)


def write(
    *,
    currency: str,
    lines: Sequence[Line],
    adjustments: Sequence[DocumentAdjustment] = (),
    prices_include_tax: bool = False,
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
    subject: str = "",
    reference: str = "",
    notes: str = "",
    terms: str = "",
) -> Content:
    """Check what staff wrote and compute what it comes to.

    Raises:
        InvalidInput: a named error with the path of the field that cannot be accepted.
    """
    require_living(currency)
    digits = digits_of(currency)
    if not lines:
        raise NoLines
    _limit(lines, MAX_LINES, "lines")
    _limit(adjustments, MAX_ADJUSTMENTS, "adjustments")
    checked_lines = tuple(_line(line, digits, "lines", str(place)) for place, line in enumerate(lines))
    checked_adjustments = tuple(
        _document_adjustment(entry, digits, "adjustments", str(place)) for place, entry in enumerate(adjustments)
    )
    amounts = compute(
        checked_lines,
        checked_adjustments,
        currency=currency,
        prices_include_tax=prices_include_tax,
        prepaid=_number(prepaid, digits, "prepaid"),
        rounding=_number(rounding, digits, "rounding"),
    )
    if max(abs(amounts.gross), abs(amounts.payable), abs(amounts.lines_total)) >= MAX_TOTAL:
        raise NumberOutOfRange(-MAX_TOTAL, MAX_TOTAL, field=("lines",))
    return Content(
        currency=currency,
        lines=checked_lines,
        amounts=amounts,
        adjustments=checked_adjustments,
        prices_include_tax=prices_include_tax,
        subject=checked(subject, 200, "subject"),
        reference=identifier(reference, 100, "reference"),
        notes=checked(notes, MAX_NOTES, "notes", multiline=True),
        terms=checked(terms, MAX_NOTES, "terms", multiline=True),
    )


def _line(line: Line, digits: int, *path: str) -> Line:
    _limit(line.adjustments, MAX_LINE_ADJUSTMENTS, *path, "adjustments")
    _number(line.quantity, 6, *path, "quantity")
    _number(line.unit_price, 6, *path, "unitPrice")
    _number(line.price_base_quantity, 6, *path, "priceBaseQuantity", low=Decimal("0.000001"))
    return replace(
        line,
        description=checked(line.description, MAX_DESCRIPTION, *path, "description", required=True, multiline=True),
        unit=checked(line.unit, 30, *path, "unit"),
        adjustments=tuple(
            _adjustment(entry, digits, *path, "adjustments", str(place)) for place, entry in enumerate(line.adjustments)
        ),
        taxes=_taxes(line.taxes, *path, "taxes"),
    )


def _adjustment(entry: AnyAdjustment, digits: int, *path: str) -> AnyAdjustment:
    if (entry.amount is None) == (entry.percent is None):
        raise AmountOrPercent(field=path)
    if entry.amount is not None:
        _number(entry.amount, digits, *path, "amount")
    if entry.percent is not None:
        high = Decimal(100) if entry.kind is AdjustmentKind.DISCOUNT else MAX_PERCENT
        _number(entry.percent, 6, *path, "percent", low=ZERO, high=high)
    return replace(entry, label=checked(entry.label, 100, *path, "label"))


def _document_adjustment(entry: DocumentAdjustment, digits: int, *path: str) -> DocumentAdjustment:
    taxes = None if entry.taxes is None else _taxes(entry.taxes, *path, "taxes")
    return replace(_adjustment(entry, digits, *path), taxes=taxes)


def _taxes(taxes: Taxes, *path: str) -> Taxes:
    _limit(taxes, MAX_TAXES, *path)
    named = tuple(_tax(tax, *path, str(place)) for place, tax in enumerate(taxes))
    if len({(tax.name, tax.percent) for tax in named}) < len(named):
        raise DuplicateTax(field=path)
    return named


def _tax(tax: Tax, *path: str) -> Tax:
    _number(tax.percent, 6, *path, "percent", low=ZERO, high=MAX_PERCENT)
    return replace(tax, name=checked(tax.name, 50, *path, "name", required=True))


def _number(
    value: Decimal, decimals: int, *path: str, low: Decimal = -MAX_NUMBER, high: Decimal = MAX_NUMBER
) -> Decimal:
    if not value.is_finite() or not low <= value <= high:
        raise NumberOutOfRange(low, high, field=path)
    if value != round(value, decimals):
        raise TooManyDigits(decimals, field=path)
    return value


def _limit(entries: Sequence[object], limit: int, *path: str) -> None:
    if len(entries) > limit:
        raise TooManyEntries(limit, field=path)
