"""What an estimate or invoice says, and who says it to whom. `write` is the only way to make it from input.

Longer than most files, because what is wrong with any part of an input is told at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from fractions import Fraction
from typing import TypeVar

from chassis.kernel import Findings
from chassis.text import free_text, identifier
from services.billing.domain.amounts import (
    Adjustment,
    AdjustmentKind,
    Amounts,
    DocumentAdjustment,
    Line,
    LineAmounts,
    Tax,
    Taxes,
    compute,
    shares,
)
from services.billing.domain.errors import (
    AdjustmentNegative,
    AmountOrPercent,
    DiscountTooLarge,
    DuplicateTax,
    NoLines,
    NumberOutOfRange,
    PrepaidSign,
    TooManyDigits,
    TooManyEntries,
)
from services.billing.domain.money import ZERO, Money, digits_of, largest_amount, require_living, rounded

MAX_LINES = 1000
MAX_ADJUSTMENTS = 20
MAX_LINE_ADJUSTMENTS = 5
MAX_TAXES = 5
MAX_DESCRIPTION = 1000
MAX_NOTES = 5000
MAX_QUANTITY = Decimal(10) ** 10
MAX_PERCENT = Decimal(1000)
ROUNDING_UNITS = Decimal(1)
ROUNDING_SHARE = Decimal("0.01")
"""How far `rounding` may move the payable amount: one unit of the currency, or one percent of the gross total."""

_ENDLESS = Decimal(10) ** 20
"""More than any number of a line may be, in whatever currency."""

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
    digits, largest = digits_of(currency), largest_amount(currency)
    if not lines:
        raise NoLines
    _limit(lines, MAX_LINES, "lines")
    _limit(adjustments, MAX_ADJUSTMENTS, "adjustments")
    findings = Findings()
    checks = _Checks(digits=digits, largest=largest, findings=findings)
    checked_lines = tuple(checks.line(line, "lines", str(place)) for place, line in enumerate(lines))
    checked_adjustments = tuple(
        checks.document_adjustment(entry, checked_lines, "adjustments", str(place))
        for place, entry in enumerate(adjustments)
    )
    checks.number(prepaid, digits, "prepaid", low=-largest, high=largest)
    checks.number(rounding, digits, "rounding", low=-largest, high=largest)
    texts = {
        "subject": checks.text(free_text, subject, 200, "subject"),
        "reference": checks.text(identifier, reference, 100, "reference"),
        "notes": checks.text(free_text, notes, MAX_NOTES, "notes", multiline=True),
        "terms": checks.text(free_text, terms, MAX_NOTES, "terms", multiline=True),
    }
    findings.tell()
    amounts = compute(
        checked_lines,
        checked_adjustments,
        currency=currency,
        prices_include_tax=prices_include_tax,
        prepaid=prepaid,
        rounding=rounding,
    )
    _require_sizes(checked_lines, checked_adjustments, amounts, largest, currency)
    return Content(
        currency=currency,
        lines=checked_lines,
        amounts=amounts,
        adjustments=checked_adjustments,
        prices_include_tax=prices_include_tax,
        **texts,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Checks:
    """Checks of what was typed, one field after the other; what is wrong goes to the findings."""

    digits: int
    largest: Decimal
    findings: Findings

    def line(self, line: Line, *path: str) -> Line:
        _limit(line.adjustments, MAX_LINE_ADJUSTMENTS, *path, "adjustments")
        self.number(line.quantity, 6, *path, "quantity", low=-MAX_QUANTITY, high=MAX_QUANTITY)
        self.number(line.unit_price, 6, *path, "unitPrice", low=-self.largest, high=self.largest)
        smallest = Decimal("0.000001")
        self.number(line.price_base_quantity, 6, *path, "priceBaseQuantity", low=smallest, high=MAX_QUANTITY)
        description = (*path, "description")
        return replace(
            line,
            description=self.text(
                free_text, line.description, MAX_DESCRIPTION, *description, required=True, multiline=True
            ),
            unit=self.text(free_text, line.unit, 30, *path, "unit"),
            adjustments=tuple(
                self.adjustment(entry, [line], *path, "adjustments", str(place))
                for place, entry in enumerate(line.adjustments)
            ),
            taxes=self.taxes(line.taxes, *path, "taxes"),
        )

    def adjustment(self, entry: AnyAdjustment, lines: Sequence[Line], *path: str) -> AnyAdjustment:
        with self.findings:
            if (entry.amount is None) == (entry.percent is None):
                raise AmountOrPercent(field=path)
        if entry.amount is not None and entry.percent is None:
            with self.findings:
                if entry.amount.is_finite() and entry.amount < 0 and not self.gives_back(lines):
                    raise AdjustmentNegative(entry.kind.value, field=(*path, "amount"))
                _number(entry.amount, self.digits, *path, "amount", low=-self.largest, high=self.largest)
        if entry.percent is not None:
            high = Decimal(100) if entry.kind is AdjustmentKind.DISCOUNT else MAX_PERCENT
            self.number(entry.percent, 6, *path, "percent", low=ZERO, high=high)
        return replace(entry, label=self.text(free_text, entry.label, 100, *path, "label"))

    def gives_back(self, lines: Sequence[Line]) -> bool:
        """Tell whether lines are below zero together: a correction turns every sign, that of its adjustments too.

        Lines whose own numbers are refused may be anything; nothing more is said of what hangs on them.
        """
        if not all(map(_is_sound, lines)):
            return True
        products = (Fraction(one.quantity * one.unit_price) / Fraction(one.price_base_quantity) for one in lines)
        return sum(products) < 0

    def document_adjustment(self, entry: DocumentAdjustment, lines: Sequence[Line], *path: str) -> DocumentAdjustment:
        taxes = None if entry.taxes is None else self.taxes(entry.taxes, *path, "taxes")
        return replace(self.adjustment(entry, lines, *path), taxes=taxes)

    def taxes(self, taxes: Taxes, *path: str) -> Taxes:
        _limit(taxes, MAX_TAXES, *path)
        named = tuple(self.tax(tax, *path, str(place)) for place, tax in enumerate(taxes))
        with self.findings:
            rates = [(tax.name, tax.percent) for tax in named if tax.percent.is_finite()]
            if len(set(rates)) < len(rates):
                raise DuplicateTax(field=path)
        return named

    def tax(self, tax: Tax, *path: str) -> Tax:
        self.number(tax.percent, 6, *path, "percent", low=ZERO, high=MAX_PERCENT)
        return replace(tax, name=self.text(free_text, tax.name, 50, *path, "name", required=True))

    def number(self, value: Decimal, decimals: int, *path: str, low: Decimal, high: Decimal) -> None:
        with self.findings:
            _number(value, decimals, *path, low=low, high=high)

    def text(self, check: Callable[..., str], value: str, limit: int, *path: str, **more: bool) -> str:
        return self.findings.take(value, check, limit, *path, **more)


def _is_sound(line: Line) -> bool:
    """Tell whether a line has numbers to reckon with."""
    numbers = (line.quantity, line.unit_price, line.price_base_quantity)
    usual = all(one.is_finite() and abs(one) < _ENDLESS and one == round(one, 6) for one in numbers)
    return usual and line.price_base_quantity > 0


def _require_sizes(
    lines: Sequence[Line],
    adjustments: Sequence[DocumentAdjustment],
    amounts: Amounts,
    largest: Decimal,
    currency: str,
) -> None:
    """Refuse amounts that are too large: to be stored, or for what they change."""
    findings = Findings()
    for place, (line, computed) in enumerate(zip(lines, amounts.lines, strict=True)):
        with findings:
            _require_room(line.adjustments, computed.adjustments, _before(line, computed), "lines", str(place))
        if abs(computed.amount) > largest:
            with findings:
                raise NumberOutOfRange(-largest, largest, field=("lines", str(place)))
    findings.tell()
    charged = sum((line.amount for line in amounts.lines if line.amount > 0), ZERO)
    with findings:
        _require_room(adjustments, amounts.adjustments, charged)
    with findings:
        _require_prepaid(amounts)
    with findings:
        _require_rounding(amounts, currency)
    with findings:
        if max(abs(amounts.gross), abs(amounts.payable), abs(amounts.lines_total)) > largest:
            raise NumberOutOfRange(-largest, largest, field=("lines",))
    findings.tell()


def _before(line: Line, computed: LineAmounts) -> Decimal:
    signed = (one.kind.sign * size for one, size in zip(line.adjustments, computed.adjustments, strict=True))
    return computed.amount - sum(signed, ZERO)


def _require_room(adjustments: Sequence[Adjustment], sizes: Sequence[Decimal], charged: Decimal, *path: str) -> None:
    """Refuse the first discount that, with those before it, is more than what is charged.

    Credits have no bound, nor have discounts of a document under taxes of their own: deposits are written so.
    """
    sized = list(zip(adjustments, sizes, strict=True))
    room = charged + sum((size for one, size in sized if one.kind is AdjustmentKind.CHARGE and size > 0), ZERO)
    for place, (adjustment, size) in enumerate(sized):
        has_own = isinstance(adjustment, DocumentAdjustment) and adjustment.taxes is not None
        if adjustment.kind is AdjustmentKind.DISCOUNT and size > 0 and not has_own:
            room -= size
            if room < 0 <= charged:
                raise DiscountTooLarge(field=(*path, "adjustments", str(place)))


def _require_prepaid(amounts: Amounts) -> None:
    """Refuse a sum that was paid on a document that charges as if it had been given out, and the other way round."""
    gives_back = amounts.gross < 0
    if amounts.prepaid > 0 if gives_back else amounts.prepaid < 0:
        raise PrepaidSign("above" if gives_back else "below")


def _require_rounding(amounts: Amounts, currency: str) -> None:
    most = rounded(max(ROUNDING_UNITS, abs(amounts.gross) * ROUNDING_SHARE), currency)
    if abs(amounts.rounding) > most:
        raise NumberOutOfRange(-most, most, field=("rounding",))


def _number(value: Decimal, decimals: int, *path: str, low: Decimal, high: Decimal) -> Decimal:
    if not value.is_finite() or not low <= value <= high:
        raise NumberOutOfRange(low, high, field=path)
    if value != round(value, decimals):
        raise TooManyDigits(decimals, field=path)
    return value


def _limit(entries: Sequence[object], limit: int, *path: str) -> None:
    if len(entries) > limit:
        raise TooManyEntries(limit, field=path)
