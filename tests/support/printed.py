"""Documents to print, as a client would get them."""

import struct
import zlib
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from services.billing.application.printing import (
    Computed,
    Letter,
    Party,
    PrintedAdjustment,
    PrintedEstimate,
    PrintedInvoice,
    PrintedLine,
    PrintedReceipt,
    PrintedStatement,
    PrintedStatementRow,
    PrintedTax,
)

SENDER = Party(
    name="Northwind Studio GmbH",
    address=("Lindenstraße 12", "10969 Berlin", "Germany"),
    tax_id="DE123456789",
    email="billing@northwind.example",
    phone="+49 30 1234567",
)
RECIPIENT = Party(
    name="Élan Vital SARL", address=("14 rue de la Paix", "75002 Paris", "France"), tax_id="FR40303265045"
)


def png(width: int = 60, height: int = 20) -> bytes:
    """Return a small blue PNG."""
    row = b"\x00" + b"\x2b\x5d\x8a" * width
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(row * height)),
        (b"IEND", b""),
    )
    body = b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + body


def letter(**changes: object) -> Letter:
    """Return a letterhead; `changes` replace its fields."""
    plain = Letter(
        sender=SENDER,
        recipient=RECIPIENT,
        language="en",
        currency="EUR",
        dated=date(2026, 3, 9),
        logo=png(),
        status="SENT",
        notes="Thank you for your business.\nWe look forward to the next project.",
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def computed(count: int = 3) -> Computed:
    """Return `count` lines of 100.00 with 19 % tax, one of them discounted."""
    loyalty = PrintedAdjustment(kind="discount", label="Loyalty", amount=Decimal("-10.00"))
    lines = tuple(
        PrintedLine(
            name=f"Design work, part {number}",
            description="Concept, drafts and two rounds of changes",
            quantity=Decimal("2.5"),
            unit="h",
            unit_price=Decimal("40.00"),
            tax_rates=(Decimal(19),),
            adjustments=(loyalty,) if number == 1 else (),
            amount=Decimal("90.00") if number == 1 else Decimal("100.00"),
        )
        for number in range(1, count + 1)
    )
    subtotal = Decimal(count * 100 - 10)
    tax = (subtotal * 19 / 100).quantize(Decimal("0.01"))
    taxes = (PrintedTax(name="VAT", rate=Decimal(19), taxable=subtotal, amount=tax),)
    return Computed(lines=lines, subtotal=subtotal, taxes=taxes, total=subtotal + tax)


def estimate(**changes: object) -> PrintedEstimate:
    """Return an estimate in its second revision."""
    plain = PrintedEstimate(
        letter=letter(),
        number="EST-0042",
        revision=2,
        expires_on=date(2026, 4, 8),
        computed=computed(),
        terms="Valid for thirty days.",
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def invoice(**changes: object) -> PrintedInvoice:
    """Return an invoice that is partly paid."""
    amounts = computed()
    plain = PrintedInvoice(
        letter=letter(status="PARTIALLY_PAID"),
        number="INV-0007",
        reference="PO 4711",
        due_date=date(2026, 4, 8),
        computed=amounts,
        paid=Decimal("100.00"),
        balance=amounts.total - 100,
        payment_instructions="IBAN DE89 3704 0044 0532 0130 00\nBIC COBADEFFXXX",
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def receipt(**changes: object) -> PrintedReceipt:
    """Return the receipt of a card payment."""
    plain = PrintedReceipt(
        letter=letter(status="PAID"),
        number="PAY-0003",
        amount=Decimal("100.00"),
        mode="CARD",
        card="Visa •••• 4242",
        invoice_number="INV-0007",
        invoice_total=Decimal("345.10"),
        balance=Decimal("245.10"),
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]


def statement(rows: int = 6, **changes: object) -> PrintedStatement:
    """Return a statement in which every invoice but the last is paid by the next row."""
    first, balance, printed = date(2026, 1, 1), Decimal("50.00"), list[PrintedStatementRow]()
    for index in range(rows):
        invoiced = index % 2 == 0
        balance += Decimal(200) if invoiced else Decimal(-200)
        amount = Decimal("200.00")
        printed.append(
            PrintedStatementRow(
                dated=first + timedelta(days=index * 3),
                kind="INVOICE" if invoiced else "PAYMENT",
                number=f"INV-{index:04}" if invoiced else f"PAY-{index:04}",
                debit=amount if invoiced else None,
                credit=None if invoiced else amount,
                balance=balance,
            )
        )
    plain = PrintedStatement(
        letter=letter(status="", notes=""),
        first_day=first,
        last_day=date(2026, 3, 31),
        opening=Decimal("50.00"),
        rows=tuple(printed),
        closing=balance,
        ageing=(balance, Decimal(0), Decimal(0), Decimal(0), Decimal(0)),
    )
    return replace(plain, **changes)  # pyright: ignore[reportArgumentType]
