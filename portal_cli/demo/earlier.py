"""`python -m portal_cli.demo.earlier ORGANISATION INVOICE DAYS`: sends an invoice as of so many days ago.

Nobody can send what is overdue already, so this process is billing itself with its clock turned back. Its settings come
from the environment, as those of `portal serve all`.
"""

import argparse
import asyncio
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from chassis.bus.memory import MemoryBus
from chassis.kernel import Principal, Role, SystemClock
from chassis.settings import load_settings
from portal_cli.composite import settings_with_own_database
from services.billing.application.commands.send_invoice import SendInvoice
from services.billing.bootstrap import assemble
from services.billing.domain.errors import InvoiceNotDraft
from services.billing.settings import BillingSettings


@dataclass(frozen=True)
class EarlierClock:
    """The time of some days ago."""

    ago: timedelta

    def now(self) -> datetime:
        """Return that instant."""
        return SystemClock().now() - self.ago


async def send(organisation: str, invoice: str, ago: timedelta) -> None:
    """Send the draft as if that were done back then; one that is sent stays as it is."""
    settings = settings_with_own_database("billing", load_settings(BillingSettings), os.environ)
    billing = assemble(settings, bus=MemoryBus(), clock=EarlierClock(ago))
    owner = Principal(id="demo", organisation_id=organisation, role=Role.OWNER)
    try:
        await billing.application.commands.send_invoice(SendInvoice(invoice_id=invoice), owner)
    except InvoiceNotDraft:
        return
    finally:
        await billing.close()


def main() -> None:
    """Parse the command line and send."""
    parser = argparse.ArgumentParser(prog="portal_cli.demo.earlier")
    parser.add_argument("organisation")
    parser.add_argument("invoice")
    parser.add_argument("days", type=int)
    given = parser.parse_args()
    asyncio.run(send(given.organisation, given.invoice, timedelta(days=given.days)))


if __name__ == "__main__":
    main()
