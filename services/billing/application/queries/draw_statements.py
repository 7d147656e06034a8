"""A client company's statements over a period, one per currency."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from chassis.kernel import NotFound, Principal, Unreadable, require_id
from chassis.left_out import noting
from services.billing.application.access import require_shown
from services.billing.application.ports import Directory
from services.billing.domain.calendar import require_period
from services.billing.domain.money import digits_of
from services.billing.domain.repositories import Invoices
from services.billing.domain.series import Series
from services.billing.domain.statement import Statement, draw_statement


@dataclass(frozen=True, kw_only=True)
class Period:
    """From the first through the last day; in one currency, or in each in which there was an invoice."""

    customer_id: str | None
    first_day: date
    last_day: date
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class DrawStatements:
    """Reads ledgers and draws."""

    invoices: Invoices
    directory: Directory

    async def __call__(self, by: Principal, period: Period) -> Sequence[Statement]:
        """Return the statements, sorted by currency; for one named currency exactly one, empty if need be.

        Raises:
            PeriodReversed, UnknownCurrency, WrongIdKind, NotFound: no such client company, or not the contact's own.
            Unreadable: when an invoice of the company cannot be read.
        """
        require_period(period.first_day, period.last_day)
        customer_id = period.customer_id or by.customer_id
        if customer_id is None:
            raise NotFound("client company", field=("customerId",))
        require_id(customer_id, "cus", "customerId")
        if period.currency is not None:
            digits_of(period.currency)
        await require_shown(by, Series.INVOICE, self.directory)
        await self.directory.customer(by, customer_id)
        organisation = await self.directory.organisation(by)
        with noting() as unreadable:
            ledgers = await self.invoices.ledgers(by, customer_id, period.last_day)
        if unreadable:
            raise Unreadable  # a sum that leaves something out is a wrong sum, in an answer and on paper
        wanted = {period.currency} if period.currency else {ledger.currency for ledger in ledgers}
        return [
            draw_statement(
                [ledger for ledger in ledgers if ledger.currency == currency],
                customer_id=customer_id,
                currency=currency,
                first_day=period.first_day,
                last_day=period.last_day,
                time_zone=organisation.time_zone,
            )
            for currency in sorted(wanted)
        ]
