"""Turns a document to print into the page both formats show. Computes nothing: it words what is stored."""

from datetime import date
from decimal import Decimal

from services.billing.adapters.pdf.links import target_of
from services.billing.adapters.pdf.page import Block, Cell, Column, Fact, Note, Page, Table, Total
from services.billing.adapters.pdf.paper import paper_of
from services.billing.adapters.pdf.wording import Wording, clean
from services.billing.application.printing import (
    Computed,
    Letter,
    Party,
    PrintedAdjustment,
    PrintedDocument,
    PrintedEstimate,
    PrintedInvoice,
    PrintedLine,
    PrintedReceipt,
    PrintedStatement,
    PrintedStatementRow,
    PrintedTax,
    PrintKind,
)

_TONES = {
    "PAID": "good",
    "ACCEPTED": "good",
    "OVERDUE": "bad",
    "DECLINED": "bad",
    "EXPIRED": "bad",
    "VOID": "bad",
}
_TOLD_AS = {"INVOICED": "ACCEPTED"}
"""Only what was accepted is invoiced, and that is what the client knows of it."""
_AGES = ("age_current", "age_1_30", "age_31_60", "age_61_90", "age_over_90")


def present(document: PrintedDocument) -> Page:
    """Return the page of a document, worded in the recipient's language."""
    wording = Wording.of(document.letter.language, document.letter.currency)
    match document:
        case PrintedEstimate():
            return _estimate(document, wording)
        case PrintedInvoice():
            return _invoice(document, wording)
        case PrintedReceipt():
            return _receipt(document, wording)
        case PrintedStatement():
            return _statement(document, wording)


def _estimate(document: PrintedEstimate, wording: Wording) -> Page:
    letter = document.letter
    accepted = " · ".join(part for part in (wording.day(document.accepted_on), clean(document.accepted_by)) if part)
    facts = (
        ("number", document.number),
        ("revision", str(document.revision) if document.revision > 1 else ""),
        ("date", wording.day(letter.dated)),
        ("expires", wording.day(document.expires_on)),
        ("reference", document.reference),
        ("delivery", _delivery(letter.recipient, wording)),
        ("accepted", accepted),
    )
    notes = (("notes", letter.notes), ("terms", document.terms))
    totals = _computed_totals(document.computed, wording)
    lines, breakdown = _lines(document.computed, wording), _breakdown(document.computed, wording)
    return _page(PrintKind.ESTIMATE, letter, wording, document.number, facts, lines, totals, notes, breakdown)


def _invoice(document: PrintedInvoice, wording: Wording) -> Page:
    letter = document.letter
    facts = (
        ("number", document.number),
        ("date", wording.day(letter.dated)),
        ("due", wording.day(document.due_date)),
        ("reference", document.reference),
        ("delivery", _delivery(letter.recipient, wording)),
    )
    totals = _computed_totals(document.computed, wording)
    if document.paid:
        totals += (Total(wording.label("paid"), wording.money(-document.paid)),)
    totals += (Total(wording.label("balance"), wording.money(document.balance), strong=True),)
    notes = (("payment", document.payment_instructions), ("notes", letter.notes), ("terms", document.terms))
    lines, breakdown = _lines(document.computed, wording), _breakdown(document.computed, wording)
    return _page(PrintKind.INVOICE, letter, wording, document.number, facts, lines, totals, notes, breakdown)


def _receipt(document: PrintedReceipt, wording: Wording) -> Page:
    letter = document.letter
    mode = " · ".join(part for part in (wording.label(f"mode_{document.mode}"), clean(document.card)) if part)
    facts = (
        ("number", document.number),
        ("paid_on", wording.day(letter.dated)),
        ("paid_by", mode),
    )
    row = (Cell(clean(document.invoice_number)), Cell(wording.money(document.invoice_total)))
    columns = (Column(wording.label("for_invoice"), wide=True), Column(wording.label("invoice_total"), number=True))
    totals = (Total(wording.label("received"), wording.money(document.amount), strong=True),)
    if document.refunded:
        totals += (Total(wording.label("refunded"), wording.money(-document.refunded)),)
    totals += (Total(wording.label("remaining"), wording.money(document.balance)),)
    lines = Table("", columns, (row,))
    return _page(PrintKind.RECEIPT, letter, wording, document.number, facts, lines, totals, (("notes", letter.notes),))


def _statement(document: PrintedStatement, wording: Wording) -> Page:
    letter = document.letter
    period = f"{wording.day(document.first_day)} – {wording.day(document.last_day)}"
    facts = (("period", period), ("currency", letter.currency), ("date", wording.day(letter.dated)))
    columns = tuple(
        Column(wording.label(key), number=key in {"debit", "credit", "running"}, wide=key == "transaction")
        for key in ("date", "transaction", "debit", "credit", "running")
    )
    opening = _statement_edge(document.first_day, "opening", document.opening, wording)
    rows = (opening, *(_statement_row(row, wording) for row in document.rows))
    totals = (Total(wording.label("closing"), wording.money(document.closing), strong=True),)
    ages = tuple(Column(wording.label(key), number=True) for key in _AGES)
    title = wording.label("ageing").format(day=wording.day(document.last_day))
    ageing = Table(title, ages, (tuple(Cell(wording.money(amount)) for amount in document.ageing),))
    lines = Table("", columns, rows)
    return _page(PrintKind.STATEMENT, letter, wording, "", facts, lines, totals, (("notes", letter.notes),), ageing)


def _page(
    kind: PrintKind,
    letter: Letter,
    wording: Wording,
    number: str,
    facts: tuple[tuple[str, str], ...],
    lines: Table,
    totals: tuple[Total, ...],
    notes: tuple[tuple[str, str], ...],
    breakdown: Table | None = None,
) -> Page:
    status = _TOLD_AS.get(letter.status, letter.status)
    return Page(
        kind=kind.value,
        paper=paper_of(letter),
        language=wording.language,
        title=wording.label(kind.value),
        number=clean(number),
        mark=wording.stamp(kind, status),
        mark_tone=_TONES.get(status, "plain"),
        sender=_block("", letter.sender, wording, website=clean(letter.sender.website)),
        recipient=_block(wording.label("to"), letter.recipient, wording),
        facts=tuple(Fact(wording.label(key), clean(value)) for key, value in facts if value),
        lines=lines,
        totals=totals,
        breakdown=breakdown,
        notes=tuple(Note(wording.label(key), clean(text)) for key, text in notes if text.strip()),
        footer=" · ".join(filter(None, (clean(letter.sender.name), f"{wording.label(kind.value)} {clean(number)}"))),
    )


def _block(label: str, party: Party, wording: Wording, *, website: str = "") -> Block:
    tax_id = wording.labelled(wording.label("tax_id"), clean(party.tax_id)) if party.tax_id else ""
    email = clean(party.email)
    address = (*map(clean, party.address), wording.country(party.country))
    lines = (*address, email, clean(party.phone), website, tax_id)
    links = {shown: target for shown in (email, website) if (target := target_of(shown))}
    return Block(label, clean(party.name), tuple(line for line in lines if line), links)


def _name(adjustment: PrintedAdjustment, wording: Wording) -> str:
    return clean(adjustment.label) or wording.label(adjustment.kind)


def _delivery(party: Party, wording: Wording) -> str:
    lines = (*party.delivery, wording.country(party.delivery_country))
    return ", ".join(clean(line) for line in lines if line)


def _lines(computed: Computed, wording: Wording) -> Table:
    columns = (
        Column(wording.label("item"), wide=True),
        Column(wording.label("quantity"), number=True),
        Column(wording.label("price"), number=True),
        Column(wording.label("tax"), number=True),
        Column(wording.label("amount"), number=True),
    )
    return Table("", columns, tuple(_line(line, wording) for line in computed.lines))


def _line(line: PrintedLine, wording: Wording) -> tuple[Cell, ...]:
    adjustments = (wording.labelled(_name(one, wording), wording.money(one.amount)) for one in line.adjustments)
    small = tuple(text for text in (clean(line.description), *adjustments) if text)
    quantity = f"{wording.quantity(line.quantity)} {clean(line.unit)}".strip()
    rates = " + ".join(wording.rate(rate) for rate in line.tax_rates)
    return (
        Cell(clean(line.name), small),
        Cell(quantity),
        Cell(wording.price(line.unit_price)),
        Cell(rates or "–"),
        Cell(wording.money(line.amount)),
    )


def _computed_totals(computed: Computed, wording: Wording) -> tuple[Total, ...]:
    subtotal = "subtotal_gross" if computed.prices_include_tax else "subtotal"
    return (
        Total(wording.label(subtotal), wording.money(computed.subtotal)),
        *(Total(_name(one, wording), wording.money(one.amount)) for one in computed.adjustments),
        *(Total(f"{clean(tax.name)} {wording.rate(tax.rate)}", wording.money(tax.amount)) for tax in computed.taxes),
        Total(wording.label("total"), wording.money(computed.total), strong=True),
    )


def _breakdown(computed: Computed, wording: Wording) -> Table | None:
    if not computed.taxes:
        return None
    columns = tuple(
        Column(wording.label(key), number=key != "tax", wide=key == "tax")
        for key in ("tax", "rate", "taxable", "amount")
    )
    rows = tuple(
        (
            Cell(clean(tax.name), _shares(tax, wording)),
            Cell(wording.rate(tax.rate)),
            Cell(wording.money(tax.taxable)),
            Cell(wording.money(tax.amount)),
        )
        for tax in computed.taxes
    )
    return Table(wording.label("breakdown"), columns, rows)


def _shares(tax: PrintedTax, wording: Wording) -> tuple[str, ...]:
    return tuple(wording.labelled(_name(one, wording), wording.money(one.amount)) for one in tax.adjustments)


def _statement_edge(day: date, key: str, amount: Decimal, wording: Wording) -> tuple[Cell, ...]:
    return (Cell(wording.day(day)), Cell(wording.label(key)), Cell(""), Cell(""), Cell(wording.money(amount)))


def _statement_row(row: PrintedStatementRow, wording: Wording) -> tuple[Cell, ...]:
    name = " ".join(part for part in (wording.label(f"row_{row.kind}"), clean(row.number)) if part)
    debit = wording.money(row.debit) if row.debit is not None else ""
    credit = wording.money(row.credit) if row.credit is not None else ""
    return (Cell(wording.day(row.dated)), Cell(name), Cell(debit), Cell(credit), Cell(wording.money(row.balance)))
