"""A process that pays an invoice and kills itself with SIGKILL at a chosen point.

`python -m tests.support.billing.dying_payer` reads its orders as JSON from standard input. Every call to a store or to
the provider is a point; `die_at` counts them, and the process dies right after that call has had its effect.
"""

import asyncio
import json
import os
import signal
import sys
from typing import Any

import aiohttp

from chassis.kernel import SystemClock
from chassis.mongo.client import connect
from services.billing.adapters.mongo_card_desk import MongoCardTokens
from services.billing.adapters.mongo_invoices import MongoInvoices
from services.billing.adapters.mongo_payments import MongoPayments
from services.billing.adapters.mongo_saved_cards import MongoSavedCards
from services.billing.adapters.providers.sandbox import SandboxProvider
from services.billing.application.commands.pay_invoice import PayInvoice, PayInvoiceHandler
from services.billing.application.payment_steps import PaymentSteps
from services.billing.application.return_addresses import ReturnAddresses
from services.billing.messaging.published import LANGUAGE
from tests.support.billing.makers import CLIENT
from tests.support.billing.stores import known_directory

CHANGES = {"add", "update", "create", "confirm", "spend"}


class Deadline:
    """Counts the calls that change something, and kills at the last one."""

    def __init__(self, die_at: int) -> None:
        self.left = die_at

    def passed(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)


class Mortal:
    """Stands for a store or a provider; each of its changes is a point to die at."""

    def __init__(self, inner: Any, deadline: Deadline) -> None:
        self._inner, self._deadline = inner, deadline

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._inner, name)
        if name not in CHANGES:
            return found

        async def called(*given: Any, **named: Any) -> Any:
            result = await found(*given, **named)
            self._deadline.passed()
            return result

        return called


async def main(orders: dict[str, Any]) -> None:
    """Pay, as ordered."""
    deadline, database = Deadline(orders["die_at"]), connect(orders["mongo_url"], orders["database"])
    async with aiohttp.ClientSession() as http:
        sandbox = SandboxProvider(http, orders["sandbox"], secret_key=orders["secret_key"], webhook_secret="")
        mortal: Any = {
            "payments": Mortal(MongoPayments(database, LANGUAGE), deadline),
            "invoices": Mortal(MongoInvoices(database, LANGUAGE), deadline),
            "cards": Mortal(MongoSavedCards(database, LANGUAGE), deadline),
            "tokens": Mortal(MongoCardTokens(database), deadline),
            "providers": {"sandbox": Mortal(sandbox, deadline)},
        }
        steps = PaymentSteps(**mortal, card_provider="sandbox", clock=SystemClock())
        command = PayInvoice(
            payment_id=orders["payment_id"],
            invoice_id=orders["invoice_id"],
            card_token=orders["token"],
            save_card=True,
        )
        await PayInvoiceHandler(steps, known_directory(), ReturnAddresses.of("https://portal.test"))(command, CLIENT)
    print(json.dumps({"points": orders["die_at"] - deadline.left}))


if __name__ == "__main__":
    asyncio.run(main(json.load(sys.stdin)))
