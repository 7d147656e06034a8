"""What a document comes to: the EN 16931 rule over lines, discounts, charges and taxes.

A line's amount = quantity × unit price ÷ price base quantity − discounts + charges. What people see of it is rounded,
and what they see is added up: the product, each discount and each charge. Tax is computed per (tax, rate) over the
document and rounded once. Where prices include tax, tax is taken out of the sums instead. Everything in between is
exact (fractions), so nothing is rounded twice.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from chassis.words import Word
from services.billing.domain.money import ZERO, rounded


class AdjustmentKind(Word):
    """Whether an adjustment makes a line or document cheaper or dearer."""

    DISCOUNT = "discount"
    CHARGE = "charge"

    @property
    def sign(self) -> int:
        return -1 if self is AdjustmentKind.DISCOUNT else 1


@dataclass(frozen=True, kw_only=True)
class Tax:
    """A named tax with its rate in percent."""

    name: str
    percent: Decimal


Taxes = tuple[Tax, ...]


@dataclass(frozen=True, kw_only=True)
class Adjustment:
    """A discount or charge on a line, before tax: an amount, or a percentage of quantity × price."""

    kind: AdjustmentKind
    amount: Decimal | None = None
    percent: Decimal | None = None
    label: str = ""

    def of(self, base: Fraction) -> Fraction:
        """Return the exact size of the adjustment on this base, without its sign."""
        if self.percent is not None:
            return base * Fraction(self.percent) / 100
        return Fraction(self.amount or 0)


@dataclass(frozen=True, kw_only=True)
class DocumentAdjustment(Adjustment):
    """A discount or charge on the whole document: under its own taxes, or (`None`) spread over the lines'."""

    taxes: Taxes | None = None


class Spread(Word):
    """Over which lines a document's adjustments without taxes of their own are spread.

    Documents that were written before 0.2 keep what was computed then.
    """

    SUMS = "sums"
    CHARGED = "charged"


@dataclass(frozen=True, kw_only=True)
class Line:
    """One position of a document; `unit_price` is the price of `price_base_quantity` units."""

    description: str
    quantity: Decimal
    unit_price: Decimal
    unit: str = ""
    price_base_quantity: Decimal = Decimal(1)
    adjustments: tuple[Adjustment, ...] = ()
    taxes: Taxes = ()


@dataclass(frozen=True, kw_only=True)
class TaxAmount:
    """What one (tax, rate) comes to over the document."""

    name: str
    percent: Decimal
    taxable: Decimal
    tax: Decimal


@dataclass(frozen=True, kw_only=True)
class LineAmounts:
    """What a line comes to; with tax inside where prices include tax. Adjustments are in the order of the line's."""

    amount: Decimal
    adjustments: tuple[Decimal, ...]


@dataclass(frozen=True, kw_only=True)
class Amounts:
    """The stored result, all rounded to the currency: `gross = net + tax`, `payable = gross − prepaid + rounding`."""

    lines: tuple[LineAmounts, ...]
    adjustments: tuple[Decimal, ...]
    lines_total: Decimal
    discounts: Decimal
    charges: Decimal
    net: Decimal
    taxes: tuple[TaxAmount, ...]
    tax: Decimal
    gross: Decimal
    prepaid: Decimal
    rounding: Decimal
    payable: Decimal
    spread: Spread = Spread.SUMS


def compute(
    lines: Sequence[Line],
    adjustments: Sequence[DocumentAdjustment] = (),
    *,
    currency: str,
    prices_include_tax: bool = False,
    prepaid: Decimal = ZERO,
    rounding: Decimal = ZERO,
) -> Amounts:
    """Compute a document's amounts.

    Args:
        prepaid: what was paid before the document was written (EN 16931 BT-113).
        rounding: what was added to make the payable amount round (BT-114).
    """
    line_amounts = tuple(_line(line, currency) for line in lines)
    lines_total = sum((line.amount for line in line_amounts), ZERO)
    sizes = tuple(rounded(adjustment.of(Fraction(lines_total)), currency) for adjustment in adjustments)
    sums = _sums_by_taxes(lines, line_amounts, adjustments, sizes, currency)
    taxes = _tax_amounts(sums, currency, included=prices_include_tax)
    tax = sum((row.tax for row in taxes), ZERO)
    total = sum(sums.values(), ZERO)
    net, gross = (total - tax, total) if prices_include_tax else (total, total + tax)
    return Amounts(
        lines=line_amounts,
        adjustments=sizes,
        lines_total=rounded(lines_total, currency),
        discounts=_total(AdjustmentKind.DISCOUNT, adjustments, sizes, currency),
        charges=_total(AdjustmentKind.CHARGE, adjustments, sizes, currency),
        net=rounded(net, currency),
        taxes=taxes,
        tax=rounded(tax, currency),
        gross=rounded(gross, currency),
        prepaid=rounded(prepaid, currency),
        rounding=rounded(rounding, currency),
        payable=rounded(gross - prepaid + rounding, currency),
        spread=Spread.CHARGED,
    )


def _line(line: Line, currency: str) -> LineAmounts:
    base = Fraction(line.quantity) * Fraction(line.unit_price) / Fraction(line.price_base_quantity)
    sizes = tuple(rounded(adjustment.of(base), currency) for adjustment in line.adjustments)
    signed = sum((a.kind.sign * size for a, size in zip(line.adjustments, sizes, strict=True)), ZERO)
    return LineAmounts(amount=rounded(base, currency) + signed, adjustments=sizes)


def _total(kind: AdjustmentKind, adjustments: Sequence[Adjustment], sizes: Sequence[Decimal], currency: str) -> Decimal:
    return rounded(sum((size for a, size in zip(adjustments, sizes, strict=True) if a.kind is kind), ZERO), currency)


def shares(
    lines: Sequence[Line], adjustments: Sequence[DocumentAdjustment], amounts: Amounts, currency: str
) -> tuple[Mapping[Taxes, Decimal], ...]:
    """Return under which taxes each of the document's adjustments falls, as it was computed: signed, and adding up.

    An adjustment with taxes of its own falls under these; another is spread over those of the lines. The part that
    falls under no tax has no taxes as its key.
    """
    return _shares(lines, amounts.lines, adjustments, amounts.adjustments, currency, amounts.spread)


NO_TAX = Tax(name="", percent=ZERO)
"""Stands for the part of an amount that falls under no tax."""


def by_tax(parts: Mapping[Taxes, Decimal], sign: int = 1) -> list[tuple[Tax, Decimal]]:
    """Return the shares of one adjustment tax by tax, times `sign`; shares of nothing are left out."""
    sums: dict[Tax, Decimal] = {}
    for taxes, share in parts.items():
        for tax in taxes or (NO_TAX,):
            sums[tax] = sums.get(tax, ZERO) + sign * share
    return [(tax, share) for tax, share in sums.items() if share]


def _sums_by_taxes(
    lines: Sequence[Line],
    line_amounts: Sequence[LineAmounts],
    adjustments: Sequence[DocumentAdjustment],
    sizes: Sequence[Decimal],
    currency: str,
) -> Mapping[Taxes, Decimal]:
    """Sum what falls under the same set of taxes: lines first, then the document's adjustments."""
    sums = dict(_sums_of_lines(lines, line_amounts))
    for parts in _shares(lines, line_amounts, adjustments, sizes, currency, Spread.CHARGED):
        for taxes, share in parts.items():
            sums[taxes] = sums.get(taxes, ZERO) + share
    return sums


def _sums_of_lines(lines: Sequence[Line], line_amounts: Sequence[LineAmounts]) -> Mapping[Taxes, Decimal]:
    sums: dict[Taxes, Decimal] = {}
    for line, amounts in zip(lines, line_amounts, strict=True):
        sums[line.taxes] = sums.get(line.taxes, ZERO) + amounts.amount
    return sums


def _shares(
    lines: Sequence[Line],
    line_amounts: Sequence[LineAmounts],
    adjustments: Sequence[DocumentAdjustment],
    sizes: Sequence[Decimal],
    currency: str,
    spread: Spread,
) -> tuple[Mapping[Taxes, Decimal], ...]:
    return tuple(
        {adjustment.taxes: adjustment.kind.sign * size}
        if adjustment.taxes is not None
        else _spread(adjustment.kind.sign * size, _weights(lines, line_amounts, size, spread), currency)
        for adjustment, size in zip(adjustments, sizes, strict=True)
    )


def _weights(
    lines: Sequence[Line], line_amounts: Sequence[LineAmounts], size: Decimal, spread: Spread
) -> Mapping[Taxes, Decimal]:
    """Sum the lines that an adjustment changes: those that are charged, or (a share of a credit) given back.

    Where there are none of this sign, those of the other; weights of both signs would make shares of any size.
    """
    sign = -1 if size < 0 else 1
    for wanted in (sign, -sign) if spread is Spread.CHARGED else ():
        meant = [pair for pair in zip(lines, line_amounts, strict=True) if pair[1].amount * wanted > 0]
        if meant:
            return _sums_of_lines([line for line, _ in meant], [amounts for _, amounts in meant])
    return _sums_of_lines(lines, line_amounts)


def _spread(amount: Decimal, weights: Mapping[Taxes, Decimal], currency: str) -> dict[Taxes, Decimal]:
    """Divide an amount in proportion to the weights; the shares add up to it exactly."""
    total = sum(weights.values(), ZERO)
    if total == 0:
        return {next(iter(weights)): amount}
    shares: dict[Taxes, Decimal] = {}
    given, weight_so_far = ZERO, ZERO
    for taxes, weight in weights.items():
        weight_so_far += weight
        upto = rounded(Fraction(amount) * Fraction(weight_so_far) / Fraction(total), currency)
        shares[taxes] = upto - given
        given = upto
    return shares


def _tax_amounts(sums: Mapping[Taxes, Decimal], currency: str, *, included: bool) -> tuple[TaxAmount, ...]:
    taxable: dict[tuple[str, Decimal], Fraction] = {}
    for taxes, amount in sums.items():
        share = Fraction(100) / (100 + _percent(taxes)) if included else Fraction(1)
        for tax in taxes:
            key = (tax.name, tax.percent)
            taxable[key] = taxable.get(key, Fraction(0)) + Fraction(amount) * share
    return tuple(
        _tax_amount(name, percent, base, currency, included=included) for (name, percent), base in taxable.items()
    )


def _tax_amount(name: str, percent: Decimal, base: Fraction, currency: str, *, included: bool) -> TaxAmount:
    """Round the tax; where prices include it, what remains of the sum is the taxable amount, so that both add up."""
    exact = base * Fraction(percent) / 100
    tax = rounded(exact, currency)
    taxable = rounded(base + exact, currency) - tax if included else rounded(base, currency)
    return TaxAmount(name=name, percent=percent, taxable=taxable, tax=tax)


def _percent(taxes: Iterable[Tax]) -> Fraction:
    return sum((Fraction(tax.percent) for tax in taxes), Fraction(0))
