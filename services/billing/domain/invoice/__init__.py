"""The invoice: drafted, sent with a number, collected by payments, voided or written off.

`Invoice` is cut by behaviour: `drafting`, `sending`, `collecting` (payments' only door), `closing`, `chasing` (overdue
and reminders) over the `record` of its state. Status and balance are computed, never stored by hand.
"""

from services.billing.domain.invoice.invoice import Invoice
from services.billing.domain.invoice.record import Collection, CollectionState, InvoiceState, PaymentTerms, Refunded
from services.billing.domain.invoice.status import InvoiceStatus

__all__ = ["Collection", "CollectionState", "Invoice", "InvoiceState", "InvoiceStatus", "PaymentTerms", "Refunded"]
