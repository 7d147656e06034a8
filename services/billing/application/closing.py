"""Closing an invoice on which a payment waits for its payer: the payment is given up first."""

from collections.abc import Callable
from typing import Protocol

from chassis.kernel import Principal
from services.billing.domain.errors import InvoiceHasPayments
from services.billing.domain.invoice import Invoice
from services.billing.domain.repositories import Invoices


class GiveWay(Protocol):
    """Gives up every payment of an invoice that waits for its payer; the providers are asked."""

    async def __call__(self, invoice_id: str, by: Principal, /) -> None: ...


async def closing(
    invoices: Invoices,
    invoice_id: str,
    by: Principal,
    give_way: GiveWay,
    *,
    change: Callable[[Invoice], None],
    is_held: Callable[[Invoice], bool],
) -> Invoice:
    """Apply a change that closes the invoice; where only a payment under way forbids it, give that up and try again.

    `is_held` tells whether nothing but payments under way stands in the way.

    Raises:
        InvoiceHasPayments: something was paid, or its outcome is not known yet.
    """
    try:
        return await invoices.update(by, invoice_id, change)
    except InvoiceHasPayments:
        if not is_held(await invoices.get(by, invoice_id)):
            raise
        await give_way(invoice_id, by)
        return await invoices.update(by, invoice_id, change)
