"""The EN 16931 rule, on golden cases, on 60 real invoices and on arbitrary documents."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.billing.domain.amounts import (
    Adjustment,
    AdjustmentKind,
    Amounts,
    DocumentAdjustment,
    Line,
    Tax,
    by_tax,
    compute,
    shares,
)
from services.billing.domain.money import digits_of, fits

INVOICES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[2] / "fixtures" / "real-invoices.json").read_text("utf-8")
)
D = Decimal


def taxes_of(rows: list[dict[str, str]]) -> tuple[Tax, ...]:
    return tuple(Tax(name=row["name"], percent=D(row["percent"])) for row in rows)


def adjustment_of(row: dict[str, Any], kind: str) -> dict[str, Any]:
    if row["percent"]:
        return {"kind": AdjustmentKind(kind), "percent": D(row["percent"].rstrip("%"))}
    return {"kind": AdjustmentKind(kind), "amount": D(row["amount"])}


def line_of(row: dict[str, Any]) -> Line:
    return Line(
        description=row["description"] or "-",
        quantity=D(row["quantity"]),
        unit_price=D(row["unit_price"]),
        price_base_quantity=D(row.get("price_base_quantity") or 1),
        adjustments=tuple(
            Adjustment(**adjustment_of(entry, kind)) for kind in ("discount", "charge") for entry in row[f"{kind}s"]
        ),
        taxes=taxes_of(row["taxes"]),
    )


def computed(invoice: dict[str, Any]) -> Amounts:
    return compute(
        [line_of(row) for row in invoice["lines"]],
        [
            DocumentAdjustment(**adjustment_of(row, row["kind"]), taxes=taxes_of(row["taxes"]))
            for row in invoice["document_adjustments"]
        ],
        currency=invoice["currency"],
        prices_include_tax=invoice["tax_inclusive"],
        prepaid=D(invoice["expected"].get("prepaid") or 0),
        rounding=D(invoice["expected"].get("rounding") or 0),
    )


def adds_up(expected: dict[str, Any]) -> bool:
    return sum(D(row["tax"]) for row in expected["taxes"]) == D(expected["tax"])


def test_one_source_contradicts_itself() -> None:
    """Only one author's taxes per rate do not add up to his own total (he typed them in); his totals still hold."""
    odd = [row["id"] for row in INVOICES if not adds_up(row["expected"])]
    assert odd == ["gobl/es/invoice-es-bypass"]


@pytest.mark.parametrize("invoice", INVOICES, ids=lambda invoice: invoice["id"])
def test_real_invoices_come_out_to_the_cent(invoice: dict[str, Any]) -> None:
    """Every line, tax and total of 60 invoices equals what their authors computed."""
    amounts, expected = computed(invoice), invoice["expected"]
    assert [D(row["net"]) for row in invoice["lines"]] == [line.amount for line in amounts.lines]
    if adds_up(expected):
        assert {(row["name"], D(row["percent"]), D(row["taxable"]), D(row["tax"])) for row in expected["taxes"]} == {
            (row.name, row.percent, row.taxable, row.tax) for row in amounts.taxes
        }
    for name, actual in {
        "lines_net": amounts.lines_total,
        "discounts": amounts.discounts,
        "charges": amounts.charges,
        "net": amounts.net,
        "tax": amounts.tax,
        "gross": amounts.gross,
        "payable": amounts.payable,
    }.items():
        assert (name, D(expected[name])) == (name, actual)


def simple(price: str, percent: str, currency: str, quantity: str = "1", **more: Any) -> Amounts:
    line = Line(
        description="Work",
        quantity=D(quantity),
        unit_price=D(price),
        taxes=(Tax(name="VAT", percent=D(percent)),),
        **more,
    )
    return compute([line], currency=currency)


@pytest.mark.parametrize(
    ("currency", "price", "percent", "tax", "gross"),
    [
        ("CAD", "8180", "9.975", "815.96", "8995.96"),
        ("JPY", "8180", "9.975", "816", "8996"),
        ("KWD", "8180", "9.975", "815.955", "8995.955"),
        ("EUR", "138.66", "19", "26.35", "165.01"),
        ("JPY", "138.66", "19", "26", "165"),
        ("KWD", "138.66", "19", "26.345", "165.005"),
    ],
)
def test_golden_cases(currency: str, price: str, percent: str, tax: str, gross: str) -> None:
    """The golden cases hold in currencies of two, no and three digits."""
    amounts = simple(price, percent, currency)
    assert (tax, gross) == (str(amounts.tax), str(amounts.gross))


@pytest.mark.parametrize(("currency", "gross"), [("EUR", "1190.00"), ("JPY", "1190"), ("KWD", "1190.000")])
def test_a_deposit_is_taken_off_before_tax(currency: str, gross: str) -> None:
    """(8500 − 7500) + 19 % is 1190 in every currency, as lines and as line discount."""
    vat = (Tax(name="VAT", percent=D(19)),)
    as_lines = compute(
        [
            Line(description="Work", quantity=D(1), unit_price=D(8500), taxes=vat),
            Line(description="Deposit", quantity=D(-1), unit_price=D(7500), taxes=vat),
        ],
        currency=currency,
    )
    as_discount = simple(
        "8500", "19", currency, adjustments=(Adjustment(kind=AdjustmentKind.DISCOUNT, amount=D(7500)),)
    )
    assert [gross, gross] == [str(as_lines.gross), str(as_discount.gross)]


def test_a_document_discount_without_taxes_is_spread_over_the_lines_taxes() -> None:
    """10 % off the document lowers the base of each tax by 10 %, and the shares add up to the discount."""
    lines = [
        Line(description="A", quantity=D(1), unit_price=D("100.00"), taxes=(Tax(name="VAT", percent=D(19)),)),
        Line(description="B", quantity=D(1), unit_price=D("50.05"), taxes=(Tax(name="VAT", percent=D(7)),)),
    ]
    amounts = compute(lines, [DocumentAdjustment(kind=AdjustmentKind.DISCOUNT, percent=D(10))], currency="EUR")
    assert D("15.01") == amounts.discounts
    assert [D("90.00"), D("45.04")] == [row.taxable for row in amounts.taxes]
    assert D("135.04") == amounts.net


def test_the_shares_of_a_discount_are_those_that_were_computed() -> None:
    """Spread, named and untaxed: each share is told, signed, to the cent, and the base of its tax has it inside."""
    vat, reduced = (Tax(name="VAT", percent=D(19)),), (Tax(name="VAT", percent=D(7)),)
    lines = [
        Line(description="A", quantity=D(1), unit_price=D("100.00"), taxes=vat),
        Line(description="B", quantity=D(1), unit_price=D("50.05"), taxes=reduced),
        Line(description="C", quantity=D(1), unit_price=D("0.05")),
    ]
    adjustments = [
        DocumentAdjustment(kind=AdjustmentKind.DISCOUNT, amount=D("10.00")),
        DocumentAdjustment(kind=AdjustmentKind.CHARGE, amount=D("4.50"), taxes=reduced),
        DocumentAdjustment(kind=AdjustmentKind.CHARGE, amount=D("1.00"), taxes=()),
    ]
    amounts = compute(lines, adjustments, currency="EUR")

    spread, named, untaxed = shares(lines, adjustments, amounts, "EUR")

    assert spread == {vat: D("-6.66"), reduced: D("-3.34"), (): D("0.00")}
    assert (named, untaxed) == ({reduced: D("4.50")}, {(): D("1.00")})
    assert [row.taxable for row in amounts.taxes] == [D("93.34"), D("51.21")]
    assert by_tax(spread, -1) == [(vat[0], D("6.66")), (reduced[0], D("3.34"))]


amounts_of_money = st.decimals(min_value=-9999, max_value=9999, places=3)
percents = st.sampled_from([D(0), D(5), D("8.5"), D("9.975"), D(19), D(21), D(100)])
tax_sets = st.lists(
    st.builds(Tax, name=st.sampled_from(["VAT", "GST", "PST"]), percent=percents),
    max_size=3,
    unique_by=lambda tax: tax.name,
).map(tuple)
kinds = st.sampled_from(list(AdjustmentKind))
line_adjustments = st.one_of(
    st.builds(Adjustment, kind=kinds, percent=percents), st.builds(Adjustment, kind=kinds, amount=amounts_of_money)
)
arbitrary_lines = st.builds(
    Line,
    description=st.just("x"),
    quantity=st.decimals(min_value=-100, max_value=100, places=3),
    unit_price=amounts_of_money,
    price_base_quantity=st.sampled_from([D(1), D(3), D(1000)]),
    adjustments=st.lists(line_adjustments, max_size=2).map(tuple),
    taxes=tax_sets,
)
document_adjustments = st.one_of(
    st.builds(DocumentAdjustment, kind=kinds, percent=percents, taxes=st.none() | tax_sets),
    st.builds(DocumentAdjustment, kind=kinds, amount=amounts_of_money, taxes=st.none() | tax_sets),
)
documents = st.fixed_dictionaries(
    {
        "lines": st.lists(arbitrary_lines, min_size=1, max_size=6),
        "adjustments": st.lists(document_adjustments, max_size=3),
        "currency": st.sampled_from(["EUR", "JPY", "KWD", "CLF"]),
        "prices_include_tax": st.booleans(),
    }
)


def every_amount(amounts: Amounts) -> list[Decimal]:
    own = [amounts.lines_total, amounts.discounts, amounts.charges, amounts.net, amounts.tax, amounts.gross]
    lines = [value for line in amounts.lines for value in (line.amount, *line.adjustments)]
    return (
        own
        + lines
        + [amounts.payable, *amounts.adjustments]
        + [v for row in amounts.taxes for v in (row.taxable, row.tax)]
    )


@given(documents)
def test_shares_add_up_to_their_adjustment(document: dict[str, Any]) -> None:
    """Whatever the lines, taxes and digits: what falls under the taxes is the adjustment, signed, to the last digit."""
    amounts = compute(**document)

    parts = shares(document["lines"], document["adjustments"], amounts, document["currency"])

    signed = [one.kind.sign * size for one, size in zip(document["adjustments"], amounts.adjustments, strict=True)]
    assert [sum(part.values(), D(0)) for part in parts] == signed


@given(documents)
def test_totals_add_up_and_have_the_digits_of_the_currency(document: dict[str, Any]) -> None:
    """Net + tax = gross, the taxes add up, net or gross is the sum of lines and adjustments, all in minor units."""
    amounts = compute(**document)
    total = amounts.gross if document["prices_include_tax"] else amounts.net
    assert amounts.gross == amounts.net + amounts.tax
    assert amounts.tax == sum((row.tax for row in amounts.taxes), D(0))
    assert amounts.lines_total == sum((line.amount for line in amounts.lines), D(0))
    assert total == amounts.lines_total - amounts.discounts + amounts.charges
    digits = digits_of(document["currency"])
    assert all(fits(amount, document["currency"]) for amount in every_amount(amounts))
    assert {-digits} == {amount.as_tuple().exponent for amount in every_amount(amounts)}


@given(documents)
def test_turning_every_sign_turns_every_total(document: dict[str, Any]) -> None:
    """A correction with every quantity and amount negated cancels the document exactly."""

    def negated(adjustment: Any) -> Any:
        changes = {} if adjustment.amount is None else {"amount": -adjustment.amount}
        return type(adjustment)(**{**adjustment.__dict__, **changes})

    lines = [
        Line(**{**line.__dict__, "quantity": -line.quantity, "adjustments": tuple(map(negated, line.adjustments))})
        for line in document["lines"]
    ]
    back = compute(**{**document, "lines": lines, "adjustments": [negated(a) for a in document["adjustments"]]})
    amounts = compute(**document)
    assert (-amounts.net, -amounts.tax, -amounts.payable) == (back.net, back.tax, back.payable)


@given(document=documents)
def test_the_order_of_lines_changes_no_total(document: dict[str, Any]) -> None:
    """Lines in reverse give the same totals where nothing has to be spread over them."""
    own_taxes = [a for a in document["adjustments"] if a.taxes is not None]
    forth = compute(**{**document, "adjustments": own_taxes})
    back = compute(**{**document, "adjustments": own_taxes, "lines": document["lines"][::-1]})
    assert (forth.net, forth.tax, forth.gross) == (back.net, back.tax, back.gross)
