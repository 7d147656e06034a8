"""The one status that people see, computed from the stored state, the balance and the day."""

from datetime import date
from enum import StrEnum
from typing import Protocol

from services.billing.domain.invoice.record import InvoiceState
from services.billing.domain.money import Money


class Standing(Protocol):
    """An invoice, or what is known of one: how it stands follows from these."""

    @property
    def state(self) -> InvoiceState: ...
    @property
    def total(self) -> Money: ...
    @property
    def paid(self) -> Money: ...
    @property
    def balance(self) -> Money: ...
    @property
    def due_on(self) -> date | None: ...
    @property
    def is_open(self) -> bool: ...


class InvoiceStatus(StrEnum):
    """What a list shows."""

    DRAFT = "draft"
    SENT = "sent"
    PARTIALLY_PAID = "partially_paid"
    OVERDUE = "overdue"
    PAID = "paid"
    VOID = "void"
    WRITTEN_OFF = "written_off"


def is_overdue(invoice: Standing, today: date) -> bool:
    """Tell whether something is owed and the due date lies before today in the organisation's time zone."""
    due_on = invoice.due_on
    return invoice.is_open and due_on is not None and due_on < today and invoice.balance.amount > 0


def gives_back(invoice: Standing) -> bool:
    """Tell whether it is an invoice below zero whose money has not gone to the client: nobody has paid it."""
    return invoice.total.amount < 0 and invoice.balance.amount < 0


def status_of(invoice: Standing, today: date) -> InvoiceStatus:
    """Return the display status on this day of the organisation."""
    if not invoice.is_open:
        return InvoiceStatus(invoice.state.value)
    if invoice.balance.amount <= 0:
        return InvoiceStatus.SENT if gives_back(invoice) else InvoiceStatus.PAID
    if is_overdue(invoice, today):
        return InvoiceStatus.OVERDUE
    return InvoiceStatus.PARTIALLY_PAID if invoice.paid.amount > 0 else InvoiceStatus.SENT
