"""What a decision asks of the database, command by command: a new one has to be meant."""

from collections.abc import Mapping
from typing import Any

from tests.support.billing.running import Running, invoice_input
from tests.support.commands import recorded


async def test_an_invoice_is_drafted_and_sent_by_so_many_commands(billing: Running) -> None:
    """The second time, when the organisation is known: keys, client company, reminders, number, write, what is seen."""
    await drafted_and_sent(billing)
    drafting, sending = await drafted_and_sent(billing)
    assert drafting == [
        "insert idempotency",
        "find customers",
        "insert invoices",
        "update idempotency",
        "find invoices",
    ]
    assert sending == [
        "insert idempotency",
        "find invoices",
        "find customers",
        "find reminder_policies",
        "find numbers",
        "find numbers",
        "insert numbers",
        "find invoices",
        "update invoices",
        "update idempotency",
        "find invoices",
    ]


async def drafted_and_sent(billing: Running) -> tuple[list[str], list[str]]:
    """Draft an invoice and send it; return the commands of both."""
    name = billing.service.database.name
    with recorded(name) as drafting:
        invoice = await billing.invoice("createInvoice", **invoice_input("50.00"))
    with recorded(name) as sending:
        await billing.invoice("sendInvoice", invoiceId=invoice["id"])
    return [_of(one) for one in drafting], [_of(one) for one in sending]


def _of(command: Mapping[str, Any]) -> str:
    return f"{command['_name']} {command[command['_name']]}"
