"""EN 16931's arithmetic rules, each as a property of arbitrary documents, and on documents worked out by hand."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from chassis.kernel import InvalidInput
from services.billing.domain.amounts import (
    Adjustment,
    AdjustmentKind,
    Amounts,
    DocumentAdjustment,
    Line,
    Tax,
    compute,
    shares,
)
from services.billing.domain.content import Content, write
from services.billing.domain.money import digits_of

D = Decimal
KINDS = {"-": AdjustmentKind.DISCOUNT, "+": AdjustmentKind.CHARGE}
RATES = ["0", "5", "7", "9.975", "19", "20", "25"]


def vat(rate: str | None) -> tuple[Tax, ...]:
    return () if rate is None else (Tax(name="VAT", percent=D(rate)),)


def sized(text: str) -> dict[str, Any]:
    """Read `-10%` or `+4.50`."""
    size = text[1:]
    how = {"percent": D(size[:-1])} if size.endswith("%") else {"amount": D(size)}
    return {"kind": KINDS[text[0]], **how}


def line(quantity: str, price: str, rate: str | None = "19", *adjustments: str, per: str = "1") -> Line:
    return Line(
        description="Work",
        quantity=D(quantity),
        unit_price=D(price),
        price_base_quantity=D(per),
        adjustments=tuple(Adjustment(**sized(text)) for text in adjustments),
        taxes=vat(rate),
    )


def spread(text: str) -> DocumentAdjustment:
    return DocumentAdjustment(**sized(text))


def under(rate: str | None, text: str) -> DocumentAdjustment:
    return DocumentAdjustment(**sized(text), taxes=vat(rate))


def document(lines: list[Line], *adjustments: DocumentAdjustment, **more: Any) -> dict[str, Any]:
    return {"currency": "EUR", "lines": lines, "adjustments": adjustments, **more}


BY_HAND: list[tuple[dict[str, Any], str]] = [
    # lines: BT-131 = quantity × price ÷ base quantity − allowances + charges; expected: net, tax, payable
    (document([line("1", "100")]), "100.00 19.00 119.00"),
    (document([line("3", "33.333")]), "100.00 19.00 119.00"),
    (document([line("1", "0.005", "0")]), "0.01 0.00 0.01"),
    (document([line("-1", "0.005", "0")]), "-0.01 0.00 -0.01"),
    (document([line("250", "12.5", "19", per="1000")]), "3.13 0.59 3.72"),
    (document([line("1", "10", "19", per="3")]), "3.33 0.63 3.96"),
    (document([line("1", "10.05", None, "-10%", "-10%")]), "8.03 0.00 8.03"),
    (document([line("3", "3.333", None, "-10%")]), "9.00 0.00 9.00"),
    (document([line("1", "9.99", None, "-33.3333%", "-33.3333%", "-33.3333%")]), "0.00 0.00 0.00"),
    (document([line("1", "1", None, "+0.5%", "+0.5%")]), "1.02 0.00 1.02"),
    (document([line("2", "49.99", "20", "-5.00", "+1.25")]), "96.23 19.25 115.48"),
    (document([line("1", "100", "19", "-100%")]), "0.00 0.00 0.00"),
    (document([line("-1", "100", "19", "-10%")]), "-90.00 -17.10 -107.10"),
    # tax: once per rate, over the document (BR-CO-17), not per line
    (document([line("1", "0.02", "19")] * 3), "0.06 0.01 0.07"),
    (document([line("1", "0.49", "5")] * 10), "4.90 0.25 5.15"),
    (document([line("1", "138.66", "19")]), "138.66 26.35 165.01"),
    (document([line("1", "8180", "9.975")], currency="JPY"), "8180 816 8996"),
    (document([line("1", "8180", "9.975")], currency="KWD"), "8180.000 815.955 8995.955"),
    (document([line("1", "1234.56", None)], currency="RSD"), "1234.56 0.00 1234.56"),
    (document([line("1", "15000000000", "11")], currency="IDR"), "15000000000.00 1650000000.00 16650000000.00"),
    (document([line("1", "25000000000", "10")], currency="VND"), "25000000000 2500000000 27500000000"),
    (document([line("1", "1", "7"), line("1", "1", "19"), line("1", "1", None)]), "3.00 0.26 3.26"),
    # document allowances and charges under their own tax (BT-92, BT-99)
    (document([line("1", "100", "19")], under("19", "-10")), "90.00 17.10 107.10"),
    (document([line("1", "100", "19")], under("19", "-10%"), under("7", "+5")), "95.00 17.45 112.45"),
    (document([line("1", "100", "19")], under(None, "+5")), "105.00 19.00 124.00"),
    # … and spread over the lines that are charged
    (document([line("1", "100", "19"), line("1", "50.05", "7")], spread("-10%")), "135.04 20.25 155.29"),
    (document([line("1", "1000", "19"), line("-1", "950", "7")], spread("-10")), "40.00 121.60 161.60"),
    (document([line("1", "100", "19"), line("-1", "99.99", "7")], spread("-10")), "-9.99 10.10 0.11"),
    (document([line("1", "100", "19"), line("-1", "100", "19")], spread("+3")), "3.00 0.57 3.57"),
    (document([line("1", "1000", "19"), line("-1", "950", "7")], spread("+10")), "60.00 125.40 185.40"),
    (
        document([line("1", "50", "19"), line("-1", "10", "19"), line("1", "50", "7")], spread("-10")),
        "80.00 9.80 89.80",
    ),
    (document([line("1", "10", "19")] * 3 + [line("1", "10", "7")] * 3, spread("-0.01")), "59.99 7.80 67.79"),
    (document([line("-1", "100", "19"), line("-1", "100", "7")], spread("-10%")), "-180.00 -23.40 -203.40"),
    (document([line("-1", "1000", "19"), line("1", "950", "7")], spread("-10%")), "-45.00 -122.55 -167.55"),
    (document([line("1", "0", "19")], spread("+10")), "10.00 1.90 11.90"),
    # prices that include tax: the tax is taken out
    (document([line("1", "119", "19")], prices_include_tax=True), "100.00 19.00 119.00"),
    (document([line("1", "0.99", "19")] * 3, prices_include_tax=True), "2.50 0.47 2.97"),
    (document([line("1", "119", "19")], spread("-11.90"), prices_include_tax=True), "90.00 17.10 107.10"),
    (document([line("1", "107", "7"), line("1", "119", "19")], prices_include_tax=True), "200.00 26.00 226.00"),
    # prepaid and rounding (BT-113, BT-114)
    (document([line("1", "100", "19")], prepaid=D(19)), "100.00 19.00 100.00"),
    (document([line("1", "100", "19")], prepaid=D(200)), "100.00 19.00 -81.00"),
    (document([line("1", "99.98", "0")], rounding=D("0.02")), "99.98 0.00 100.00"),
    (document([line("1", "99.99", "25")], prepaid=D("100.00"), rounding=D("0.01")), "99.99 25.00 25.00"),
    (document([line("-1", "100", "19")], prepaid=D("-19")), "-100.00 -19.00 -100.00"),
]


@pytest.mark.parametrize(("given_", "expected"), BY_HAND, ids=[str(place) for place in range(len(BY_HAND))])
def test_documents_worked_out_by_hand(given_: dict[str, Any], expected: str) -> None:
    """Net, tax and payable amount are those of the arithmetic on paper, with the digits of the currency."""
    amounts = write(**given_).amounts
    assert f"{amounts.net} {amounts.tax} {amounts.payable}" == expected


money = st.decimals(min_value=-9999, max_value=9999, places=2)
sizes = st.decimals(min_value=0, max_value=50, places=0)
rate = st.none() | st.sampled_from(RATES)
kind = st.sampled_from(list(AdjustmentKind))


def adjustments(made: type[Adjustment], **more: Any) -> st.SearchStrategy[Any]:
    return st.builds(made, kind=kind, amount=sizes, **more) | st.builds(made, kind=kind, percent=sizes, **more)


lines = st.builds(
    Line,
    description=st.just("x"),
    quantity=st.sampled_from([D(-3), D(-1), D(1), D("2.5"), D(7)]),
    unit_price=st.decimals(min_value=0, max_value=9999, places=3),
    price_base_quantity=st.sampled_from([D(1), D(3), D(1000)]),
    adjustments=st.lists(adjustments(Adjustment), max_size=3).map(tuple),
    taxes=rate.map(vat),
)
contents = st.fixed_dictionaries(
    {
        "currency": st.sampled_from(["EUR", "RSD", "JPY", "KWD", "CLF"]),
        "lines": st.lists(lines, min_size=1, max_size=6),
        "adjustments": st.lists(adjustments(DocumentAdjustment, taxes=st.none() | rate.map(vat)), max_size=3),
        "prepaid": sizes,
        "rounding": st.sampled_from([D(0), D(1), D(-1)]),
    }
)


@st.composite
def written(draw: st.DrawFn, *, included: bool = False) -> Content:
    """Return a document that staff may write."""
    try:
        return write(**draw(contents), prices_include_tax=included)
    except InvalidInput:
        assume(False)
        raise


def half_up(value: Fraction, currency: str) -> Decimal:
    """Round independently of the code under test."""
    exact = D(value.numerator) / D(value.denominator)
    return exact.quantize(D(1).scaleb(-digits_of(currency)), ROUND_HALF_UP)


def total(values: Any) -> Decimal:
    return sum(values, D(0))


@given(written())
def test_line_net_amount(content: Content) -> None:
    """BT-131: the rounded product, less the allowances, plus the charges, all as they are shown."""
    for one, amounts in zip(content.lines, content.amounts.lines, strict=True):
        product = Fraction(one.quantity) * Fraction(one.unit_price) / Fraction(one.price_base_quantity)
        signed = (a.kind.sign * size for a, size in zip(one.adjustments, amounts.adjustments, strict=True))
        assert amounts.amount == half_up(product, content.currency) + total(signed)


@given(written())
def test_br_co_10_to_16(content: Content) -> None:
    """Sums of lines, allowances and charges; net; tax; gross; payable (BR-CO-10 … BR-CO-16)."""
    amounts, sized_ = content.amounts, list(zip(content.adjustments, content.amounts.adjustments, strict=True))
    assert amounts.lines_total == total(row.amount for row in amounts.lines)
    assert amounts.discounts == total(size for one, size in sized_ if one.kind is AdjustmentKind.DISCOUNT)
    assert amounts.charges == total(size for one, size in sized_ if one.kind is AdjustmentKind.CHARGE)
    assert amounts.net == amounts.lines_total - amounts.discounts + amounts.charges
    assert amounts.tax == total(row.tax for row in amounts.taxes)
    assert amounts.gross == amounts.net + amounts.tax
    assert amounts.payable == amounts.gross - amounts.prepaid + amounts.rounding


@given(written())
def test_br_co_17_and_br_s_09(content: Content) -> None:
    """The tax of each rate is its taxable amount × the rate, rounded half up (BR-CO-17, BR-S-09, BR-Z-09)."""
    for row in content.amounts.taxes:
        assert row.tax == half_up(Fraction(row.taxable) * Fraction(row.percent) / 100, content.currency)


@given(written())
def test_br_s_08(content: Content) -> None:
    """A rate's taxable amount: its lines, less its allowances, plus its charges (BR-S-08, BR-Z-08, BR-O-08)."""
    for row in content.amounts.taxes:
        taxes = (Tax(name=row.name, percent=row.percent),)
        of_lines = total(
            a.amount for one, a in zip(content.lines, content.amounts.lines, strict=True) if one.taxes == taxes
        )
        of_shares = total(part.get(taxes, D(0)) for part in content.shares)
        assert row.taxable == of_lines + of_shares


@given(written())
def test_every_rate_of_a_line_has_its_row_once(content: Content) -> None:
    """One row for each rate in use and none twice (BR-S-01, BR-CO-18)."""
    rows = [(row.name, row.percent) for row in content.amounts.taxes]
    assert len(set(rows)) == len(rows)
    assert {(tax.name, tax.percent) for one in content.lines for tax in one.taxes} <= set(rows)


@given(written())
def test_br_dec(content: Content) -> None:
    """No amount has more digits than its currency (BR-DEC-01 … BR-DEC-28), and none fewer."""
    amounts = content.amounts
    every = [amounts.lines_total, amounts.discounts, amounts.charges, amounts.net, amounts.tax, amounts.gross]
    every += [amounts.prepaid, amounts.rounding, amounts.payable]
    every += [value for row in amounts.taxes for value in (row.taxable, row.tax)]
    every += [value for row in amounts.lines for value in (row.amount, *row.adjustments)]
    assert {-value.as_tuple().exponent for value in every} == {digits_of(content.currency)}  # type: ignore[operator]


@given(written(included=True))
def test_prices_with_tax_inside_add_up(content: Content) -> None:
    """Where prices include tax the gross is what lines and adjustments come to; net + tax is it to the last digit."""
    amounts = content.amounts
    assert amounts.gross == amounts.lines_total - amounts.discounts + amounts.charges
    assert amounts.net == amounts.gross - amounts.tax
    untaxed = total(a.amount for one, a in zip(content.lines, amounts.lines, strict=True) if not one.taxes)
    untaxed += total(part.get((), D(0)) for part in content.shares)
    assert amounts.net == total(row.taxable for row in amounts.taxes) + untaxed


@given(contents, st.integers(min_value=1, max_value=50))
def test_a_discount_lowers_the_tax_by_no_more_than_itself_at_the_highest_rate(
    given_: dict[str, Any], amount: int
) -> None:
    """A discount of X takes between nothing and X × the highest rate off the tax, whatever the signs of the lines."""
    plain = {"currency": given_["currency"], "lines": given_["lines"]}
    before = compute(**plain)
    after = compute(**plain, adjustments=[DocumentAdjustment(kind=AdjustmentKind.DISCOUNT, amount=D(amount))])
    rates = [tax.percent for one in given_["lines"] for tax in one.taxes] or [D(0)]
    slack = len(before.taxes) * D(1).scaleb(-digits_of(given_["currency"]))
    assert -slack <= before.tax - after.tax <= D(amount) * max(rates) / 100 + slack


@given(contents)
def test_no_share_is_larger_than_its_adjustment_or_of_another_sign(given_: dict[str, Any]) -> None:
    """However the lines' signs are mixed, what is spread is divided, never multiplied."""
    amounts = compute(**given_)
    for parts, one, size in zip(
        shares(given_["lines"], given_["adjustments"], amounts, given_["currency"]),
        given_["adjustments"],
        amounts.adjustments,
        strict=True,
    ):
        assert all(0 <= share * one.kind.sign * (1 if size >= 0 else -1) <= abs(size) for share in parts.values())


def test_documents_of_before_keep_the_shares_that_were_computed() -> None:
    """Amounts that an earlier version stored, spread over sums of both signs, are told as they are in the taxes."""
    stored = {"lines": [line("1", "1000", "19"), line("-1", "950", "7")], "adjustments": [spread("-10")]}
    old = Amounts(**{**compute(**stored, currency="EUR").__dict__, "spread": "sums"})
    (parts,) = shares(stored["lines"], stored["adjustments"], old, "EUR")  # type: ignore[arg-type]
    assert list(parts.values()) == [D("-200.00"), D("190.00")]
