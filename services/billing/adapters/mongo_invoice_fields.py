"""The fields by which invoices are found, sorted and added up, and what is asked of them."""

from datetime import date
from typing import Any

from chassis.mongo.client import Document
from chassis.mongo.documents import to_value
from chassis.search_keys import search_key
from services.billing.adapters.mongo_listing import (
    all_of,
    between,
    containing,
    day_text,
    minor_units,
    number_key,
    searchable,
)
from services.billing.adapters.mongo_owed import Part
from services.billing.domain.invoice import Invoice, InvoiceState, InvoiceStatus
from services.billing.domain.invoice.record import CollectionState
from services.billing.domain.listing import InvoiceFilter
from services.billing.domain.statement import Ledger

OPEN: Document = {"state": {"$in": ["sent", "written_off"]}}
_OWED: Document = {**OPEN, "listed.balance": {"$gt": 0}}
_GIVES_BACK: Document = {"state": "sent", "listed.balance": {"$lt": 0}, "listed.total": {"$lt": 0}}
LEDGER: dict[str, int] = {
    "number": 1,
    "state": 1,
    "issued_on": 1,
    "sent_at": 1,
    "collections": 1,
    "closed": 1,
    "closed_before": 1,
    "terms.due_on": 1,
    "content.currency": 1,
    "content.amounts.payable": 1,
}
"""What a statement needs of an invoice."""


def where_of(wanted: InvoiceFilter, today: date) -> Document:
    """Return what a filter asks beside whose the invoices are."""
    conditions: Document = {}
    if wanted.currency:
        conditions["content.currency"] = wanted.currency
    if wanted.estimate_id:
        conditions["estimate_id"] = wanted.estimate_id
    if search_key(wanted.search):
        conditions["listed.text"] = containing(wanted.search)
    if issued := between(wanted.issued_from, wanted.issued_to):
        conditions["listed.issued_on"] = issued
    if due := between(wanted.due_from, wanted.due_to):
        conditions["listed.due_on"] = due
    statuses = [_with_status(status, day_text(today)) for status in sorted(wanted.statuses)]
    return all_of(conditions, {"$or": statuses} if statuses else {})


def _with_status(status: InvoiceStatus, today: str) -> Document:
    match status:
        case InvoiceStatus.PAID:
            return {
                "state": "sent",
                "$or": [{"listed.balance": 0}, {"listed.balance": {"$lt": 0}, "listed.total": {"$gte": 0}}],
            }
        case InvoiceStatus.OVERDUE:
            return {**_OWED, "listed.due_on": {"$lt": today}}
        case InvoiceStatus.PARTIALLY_PAID:
            return {**_OWED, "listed.due_on": {"$gte": today}, "listed.paid": {"$gt": 0}}
        case InvoiceStatus.SENT:
            waits = {**_OWED, "listed.due_on": {"$gte": today}, "listed.paid": {"$lte": 0}}
            return {"$or": [waits, _GIVES_BACK]}
        case InvoiceStatus.WRITTEN_OFF:
            return {"state": "written_off", "listed.balance": {"$lt": 1}}
        case _:
            return {"state": status.value}


def listed(invoice: Invoice) -> Document:
    """Return what is stored beside an invoice for queries."""
    settled = (entry.at for entry in invoice.collections.values() if entry.state is CollectionState.SETTLED)
    is_paid = invoice.state is InvoiceState.SENT and invoice.balance.amount <= 0
    paid_at = max(settled, default=None) if is_paid else None
    return {
        "number_key": number_key(invoice.organisation_id, invoice.number, invoice.id),
        "listed": {
            "number": invoice.number or "",
            "text": searchable(invoice.number, invoice.content, invoice.buyer),
            "issued_on": day_text(invoice.issued_on),
            "due_on": day_text(invoice.terms.due_on),
            "total": minor_units(invoice.total.amount, invoice.currency),
            "paid": minor_units(invoice.paid.amount, invoice.currency),
            "balance": minor_units(invoice.balance.amount, invoice.currency),
            "paid_at": paid_at.isoformat() if paid_at else "",
            "owed": _owed(invoice),
        },
    }


def _owed(invoice: Invoice) -> str:
    units = minor_units(invoice.balance.amount, invoice.currency)
    return str(Part(invoice.currency, units, day_text(invoice.terms.due_on))) if units else ""


def ledger_of(row: Document) -> Ledger:
    """Return the ledger of a document that was read with `LEDGER`."""
    fields: dict[str, Any] = {
        "invoice_id": row["_id"],
        "number": row["number"],
        "state": row["state"],
        "issued_on": row["issued_on"],
        "sent_at": row["sent_at"],
        "due_on": row["terms"]["due_on"],
        "currency": row["content"]["currency"],
        "payable": row["content"]["amounts"]["payable"],
        "collections": row["collections"],
        "closed": row["closed"],
        "closed_before": row.get("closed_before", ()),
    }
    return to_value(Ledger, fields)
