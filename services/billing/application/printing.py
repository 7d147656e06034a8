"""What a document looks like on paper: frozen values to print, and the ports that print them and link to them.

Everything here is a plain string, number or date, copied from the stored amounts; nothing is computed while printing.
Whoever prints fills one of `PrintedEstimate`, `PrintedInvoice`, `PrintedReceipt`, `PrintedStatement`.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from chassis.kernel import DomainError, Principal


class PrintKind(StrEnum):
    """Which document a file shows."""

    ESTIMATE = "estimate"
    INVOICE = "invoice"
    RECEIPT = "receipt"
    STATEMENT = "statement"


class PrintForm(StrEnum):
    """How it is shown: a PDF to keep, or an HTML page for the browser's printer."""

    PDF = "pdf"
    PRINT = "print"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """A sender or recipient as it stands in a letterhead; an address is one string per line, as somebody typed it.

    `delivery` is where goods go, when that differs from `address`. Countries are ISO 3166-1 codes, and the only part
    that is put into words.
    """

    name: str
    address: tuple[str, ...] = ()
    country: str = ""
    delivery: tuple[str, ...] = ()
    delivery_country: str = ""
    tax_id: str = ""
    email: str = ""
    phone: str = ""
    website: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLine:
    """One line: `amount` is its net (or gross, where prices include tax) after `adjustments`.

    `unit_price` is the price of `price_base` units, as written: divided it may need more digits than there are.
    """

    name: str
    description: str = ""
    quantity: Decimal
    unit: str = ""
    unit_price: Decimal
    price_base: Decimal = Decimal(1)
    tax_rates: tuple[Decimal, ...] = ()
    adjustments: tuple["PrintedAdjustment", ...] = ()
    amount: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedAdjustment:
    """A discount (negative) or charge (positive), of a line or of the document.

    `kind` is a key such as `discount` or `prepaid`, whose localised word stands where `label` is empty.
    """

    kind: str
    amount: Decimal
    label: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedTax:
    """One row of the tax breakdown; `rate` in percent (19 means 19 %).

    `adjustments` are what discounts and charges of the document add to this row's sum, each with its own share.
    """

    name: str
    rate: Decimal
    taxable: Decimal
    amount: Decimal
    adjustments: tuple[PrintedAdjustment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What every document has: who writes to whom, in which language (BCP 47) and currency (ISO 4217).

    `logo` is a PNG or JPEG file; anything else is left out. `status` is a key such as `PAID` or `DRAFT`, shown as a
    localised mark; `dated` is the document's own date and the only date the file carries. `place` is the locale of the
    business, by which days are written where `language` names no country; `link` is where the portal shows it.
    """

    sender: Party
    recipient: Party
    language: str
    currency: str
    dated: date
    logo: bytes | None = None
    status: str = ""
    subject: str = ""
    notes: str = ""
    place: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Computed:
    """Lines and the stored amounts under them.

    `total` is what is to be paid: `gross`, the sum with taxes, less what was `settled` beside (prepaid, rounded).
    """

    lines: tuple[PrintedLine, ...]
    subtotal: Decimal
    adjustments: tuple[PrintedAdjustment, ...] = ()
    taxes: tuple[PrintedTax, ...] = ()
    prices_include_tax: bool = False
    gross: Decimal | None = None
    settled: tuple[PrintedAdjustment, ...] = ()
    total: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """A transfer to the account of the business: what a bank needs, and `code`, the same as a QR code (EPC069-12)."""

    holder: str
    iban: str
    bic: str = ""
    reference: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedEstimate:
    """An estimate in one of its revisions. `number` is empty in a draft."""

    letter: Letter
    number: str
    revision: int
    reference: str = ""
    expires_on: date | None = None
    computed: Computed
    terms: str = ""
    accepted_on: date | None = None
    accepted_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedInvoice:
    """An invoice. `number` is empty in a draft; `payment_instructions` tells how to pay other than by card."""

    letter: Letter
    number: str
    reference: str = ""
    due_date: date | None = None
    computed: Computed
    paid: Decimal = Decimal(0)
    balance: Decimal
    payment_instructions: str = ""
    terms: str = ""
    payable_online: bool = False
    transfer: Transfer | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedReceipt:
    """A payment received. `mode` is a key (`CARD`, `BANK_TRANSFER`, `CHEQUE`, `CASH`) or a provider's own name.

    Papers are for clients, whoever fetches them: what staff alone may read, as a payment's note, has no place here.
    `payer` is the person who paid, where known; `taxes` are those of the invoice.
    """

    letter: Letter
    number: str
    amount: Decimal
    mode: str
    card: str = ""
    invoice_number: str
    invoice_total: Decimal
    refunded: Decimal = Decimal(0)
    balance: Decimal
    payer: str = ""
    taxes: tuple[PrintedTax, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatementRow:
    """One transaction. `kind` is a key: `INVOICE`, `PAYMENT`, `REFUND`, `CREDIT`, `WRITE_OFF`."""

    dated: date
    kind: str
    number: str = ""
    debit: Decimal | None = None
    credit: Decimal | None = None
    balance: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedStatement:
    """All transactions of one client company in one currency; `ageing` is current, 1–30, 31–60, 61–90, over 90."""

    letter: Letter
    first_day: date
    last_day: date
    opening: Decimal
    rows: tuple[PrintedStatementRow, ...]
    closing: Decimal
    ageing: tuple[Decimal, Decimal, Decimal, Decimal, Decimal]


PrintedDocument = PrintedEstimate | PrintedInvoice | PrintedReceipt | PrintedStatement


@dataclass(frozen=True, slots=True, kw_only=True)
class FileGrant:
    """What a signed link allows: this principal may fetch this one document in this one form.

    `document_id` is the estimate, the invoice, the payment (receipt) or the customer (statement);
    `revision` belongs to estimates, `currency`, `first_day` and `last_day` to statements.
    """

    kind: PrintKind
    form: PrintForm
    document_id: str
    principal: Principal
    revision: int | None = None
    currency: str | None = None
    first_day: date | None = None
    last_day: date | None = None


class LinkRefused(DomainError):
    """The link was altered, has expired, or never was one: all look the same."""

    def __init__(self) -> None:
        super().__init__("This link is no longer valid. Open the document in the portal again.")


class DocumentRenderer(Protocol):
    """Makes files of documents."""

    async def render(self, document: PrintedDocument) -> bytes:
        """Return the document as a PDF; the same document always gives the same bytes."""
        ...


class PrintView(Protocol):
    """Makes pages of documents."""

    def page(self, document: PrintedDocument) -> str:
        """Return the document as one self-contained HTML page."""
        ...


class FileLinks(Protocol):
    """Makes and reads short-lived signed links."""

    def url(self, grant: FileGrant) -> str:
        """Return an absolute URL that allows what the grant says, for a few minutes."""
        ...

    def open(self, token: str) -> FileGrant:
        """Return the grant inside the last path segment of a link.

        Raises:
            LinkRefused: when it was altered or has expired.
        """
        ...

    def expires_at(self) -> datetime:
        """Return when a link made now would expire."""
        ...
