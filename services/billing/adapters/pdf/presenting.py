"""Turns a document to print into the page both formats show. Computes nothing: it words what is stored."""

from datetime import date
from decimal import Decimal

from services.billing.adapters.pdf.links import target_of
from services.billing.adapters.pdf.page import Block, Cell, Column, Fact, Note, Page, Table, Total, Way
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
    Transfer,
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
    wording = Wording.of(document.letter.language, document.letter.currency, document.letter.place)
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
    accepted = wording.joined(" · ", wording.day(document.accepted_on), clean(document.accepted_by))
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
    ways = _online(letter, "open_online", wording)
    return _page(PrintKind.ESTIMATE, letter, wording, document.number, facts, lines, totals, notes, breakdown, ways)


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
    ways = _online(letter, "pay_online" if document.payable_online else "open_online", wording)
    ways += _by_transfer(document.transfer, wording)
    notes = (("payment", document.payment_instructions), ("notes", letter.notes), ("terms", document.terms))
    lines, breakdown = _lines(document.computed, wording), _breakdown(document.computed, wording)
    return _page(PrintKind.INVOICE, letter, wording, document.number, facts, lines, totals, notes, breakdown, ways)


def _receipt(document: PrintedReceipt, wording: Wording) -> Page:
    letter = document.letter
    mode = wording.joined(" · ", wording.label(f"mode_{document.mode}"), clean(document.card))
    payer = wording.joined(", ", clean(document.payer), clean(letter.recipient.name))
    facts = (
        ("number", document.number),
        ("paid_on", wording.day(letter.dated)),
        ("payer", payer),
        ("paid_by", mode),
    )
    row = (Cell(clean(document.invoice_number)), Cell(wording.money(document.invoice_total)))
    columns = (Column(wording.label("for_invoice"), wide=True), Column(wording.label("invoice_total"), number=True))
    totals = (Total(wording.label("received"), wording.money(document.amount), strong=True),)
    if document.refunded:
        totals += (Total(wording.label("refunded"), wording.money(-document.refunded)),)
    totals += (Total(wording.label("remaining"), wording.money(document.balance)),)
    lines, taxes = Table("", columns, (row,)), _taxes(document.taxes, "invoice_tax", wording)
    notes = (("notes", letter.notes),)
    return _page(PrintKind.RECEIPT, letter, wording, document.number, facts, lines, totals, notes, taxes)


def _statement(document: PrintedStatement, wording: Wording) -> Page:
    letter = document.letter
    period = wording.joined(" – ", wording.day(document.first_day), wording.day(document.last_day))
    facts = (("period", period), ("currency", letter.currency), ("date", wording.day(letter.dated)))
    columns = tuple(
        Column(wording.label(key), number=key in {"debit", "credit", "running"}, wide=key == "transaction")
        for key in ("date", "transaction", "debit", "credit", "running")
    )
    opening = _statement_edge(document.first_day, "opening", document.opening, wording)
    rows = (opening, *(_statement_row(row, wording) for row in document.rows))
    totals = (Total(wording.label("closing"), wording.money(document.closing), strong=True),)
    ages = tuple(Column(wording.label(key), number=True) for key in _AGES)
    title = wording.filled(wording.label("ageing"), day=wording.day(document.last_day))
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
    ways: tuple[Way, ...] = (),
) -> Page:
    status = _TOLD_AS.get(letter.status, letter.status)
    return Page(
        kind=kind.value,
        paper=paper_of(letter),
        language=wording.language,
        rtl=wording.rtl,
        title=wording.label(kind.value),
        number=clean(number),
        subject=clean(letter.subject),
        mark=wording.stamp(kind, status),
        mark_tone=_TONES.get(status, "plain"),
        sender=_block("", letter.sender, wording, website=clean(letter.sender.website)),
        recipient=_block(wording.label("to"), letter.recipient, wording),
        facts=tuple(Fact(wording.label(key), clean(value)) for key, value in facts if value),
        lines=lines,
        totals=totals,
        breakdown=breakdown,
        ways=ways,
        notes=tuple(Note(wording.label(key), clean(text)) for key, text in notes if text.strip()),
        footer=wording.joined(
            " · ", clean(letter.sender.name), wording.joined(" ", wording.label(kind.value), clean(number))
        ),
    )


def _online(letter: Letter, title: str, wording: Wording) -> tuple[Way, ...]:
    link = letter.link
    return (Way(wording.label(title), wording.label("scan_portal"), link, link=link),) if link else ()


def _by_transfer(transfer: Transfer | None, wording: Wording) -> tuple[Way, ...]:
    if transfer is None:
        return ()
    named = (
        ("account_holder", transfer.holder),
        ("iban", transfer.iban),
        ("bic", transfer.bic),
        ("bank_reference", transfer.reference),
    )
    facts = tuple(Fact(_label_of_bank(key, wording), clean(value)) for key, value in named if value)
    return (Way(wording.label("mode_BANK_TRANSFER"), wording.label("scan_bank"), transfer.code, facts),)


def _label_of_bank(key: str, wording: Wording) -> str:
    """Return the label; IBAN and BIC are called so in every language."""
    return key.upper() if key in {"iban", "bic"} else wording.label(key)


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
    return wording.joined(", ", *map(clean, lines))


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
    quantity = _quantity(line.quantity, line.unit, wording)
    per = _quantity(line.price_base, line.unit, wording) if line.price_base != 1 else ""
    rates = wording.joined(" + ", *map(wording.rate, line.tax_rates))
    return (
        Cell(clean(line.name), small),
        Cell(quantity),
        Cell(wording.joined(" / ", wording.price(line.unit_price), per)),
        Cell(rates or "–"),
        Cell(wording.money(line.amount)),
    )


def _quantity(quantity: Decimal, unit: str, wording: Wording) -> str:
    return wording.joined(" ", wording.quantity(quantity), clean(unit))


def _computed_totals(computed: Computed, wording: Wording) -> tuple[Total, ...]:
    subtotal = "subtotal_gross" if computed.prices_include_tax else "subtotal"
    return (
        Total(wording.label(subtotal), wording.money(computed.subtotal)),
        *(Total(_name(one, wording), wording.money(one.amount)) for one in computed.adjustments),
        *(Total(_tax_label(tax, computed, wording), wording.money(tax.amount)) for tax in computed.taxes),
        *_payable(computed, wording),
    )


def _tax_label(tax: PrintedTax, computed: Computed, wording: Wording) -> str:
    named = wording.joined(" ", clean(tax.name), wording.rate(tax.rate))
    return wording.filled(wording.label("included"), tax=named) if computed.prices_include_tax else named


def _payable(computed: Computed, wording: Wording) -> tuple[Total, ...]:
    """Return the total with taxes; what was paid or rounded before, and what is left of it, stand below."""
    gross = computed.total if computed.gross is None else computed.gross
    total = Total(wording.label("total"), wording.money(gross), strong=True)
    if not computed.settled:
        return (total,)
    settled = (Total(_name(one, wording), wording.money(one.amount)) for one in computed.settled)
    return (total, *settled, Total(wording.label("payable"), wording.money(computed.total), strong=True))


def _breakdown(computed: Computed, wording: Wording) -> Table | None:
    return _taxes(computed.taxes, "breakdown", wording)


def _taxes(taxes: tuple[PrintedTax, ...], title: str, wording: Wording) -> Table | None:
    if not taxes:
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
        for tax in taxes
    )
    return Table(wording.label(title), columns, rows)


def _shares(tax: PrintedTax, wording: Wording) -> tuple[str, ...]:
    return tuple(wording.labelled(_name(one, wording), wording.money(one.amount)) for one in tax.adjustments)


def _statement_edge(day: date, key: str, amount: Decimal, wording: Wording) -> tuple[Cell, ...]:
    return (Cell(wording.day(day)), Cell(wording.label(key)), Cell(""), Cell(""), Cell(wording.money(amount)))


def _statement_row(row: PrintedStatementRow, wording: Wording) -> tuple[Cell, ...]:
    name = wording.joined(" ", wording.label(f"row_{row.kind}"), clean(row.number))
    debit = wording.money(row.debit) if row.debit is not None else ""
    credit = wording.money(row.credit) if row.credit is not None else ""
    return (Cell(wording.day(row.dated)), Cell(name), Cell(debit), Cell(credit), Cell(wording.money(row.balance)))
