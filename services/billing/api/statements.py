"""Statements of client companies."""

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from chassis.graphql.types import Currency, Money, named
from services.billing.api.documents import Invoice
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.values import AppInfo, money
from services.billing.application.printing import PrintKind
from services.billing.application.queries.draw_statements import Period
from services.billing.domain import statement as domain

if TYPE_CHECKING:
    from services.billing.api.customers import Customer

CURRENCY = strawberry.argument(description="The currency of the statement.")
FROM = strawberry.argument(name="from", description="The first day of the period.")
TO = strawberry.argument(name="to", description="The last day of the period.")


@strawberry.enum(description="The kind of a statement row.")
class StatementRowKind(Enum):
    """`RowKind` with descriptions."""

    INVOICE = strawberry.enum_value("invoice", description="An invoice was sent.")
    CREDIT = strawberry.enum_value("credit", description="A credit was sent, or an invoice was voided.")
    PAYMENT = strawberry.enum_value("payment", description="A payment was received.")
    REFUND = strawberry.enum_value("refund", description="A payment was refunded.")
    WRITE_OFF = strawberry.enum_value("write_off", description="The balance of an invoice was written off.")


@strawberry.type(description="A transaction of a statement.")
class StatementRow:
    """A dated row."""

    day: date = strawberry.field(name="date", description="The date, in the business's time zone.")
    kind: StatementRowKind = strawberry.field(description="The kind of transaction.")
    number: str = strawberry.field(description="The number of the invoice concerned.")
    payment_id: strawberry.ID | None = strawberry.field(
        description="The ID of the payment, for payments and refunds; null otherwise."
    )
    debit: Money = strawberry.field(description="The amount added to the balance; zero for credits.")
    credit: Money = strawberry.field(description="The amount deducted from the balance; zero for debits.")
    balance: Money = strawberry.field(description="The balance after this transaction.")
    invoice_id: strawberry.Private[str]

    @strawberry.field(description="The invoice concerned; null if the caller may not see it.")
    async def invoice(self, info: AppInfo) -> Invoice | None:
        return await Invoice.load(info.context, self.invoice_id)


@strawberry.type(
    description="Ageing of the open amounts at the end of the period. The amounts add up to the closing balance;"
    " credits count as current."
)
class StatementAgeing:
    """Ageing buckets."""

    current: Money = strawberry.field(description="Not yet due, or due on the last day of the period.")
    days1_to30: Money = strawberry.field(name="days1To30", description="1 to 30 days overdue.")
    days31_to60: Money = strawberry.field(name="days31To60", description="31 to 60 days overdue.")
    days61_to90: Money = strawberry.field(name="days61To90", description="61 to 90 days overdue.")
    over90: Money = strawberry.field(name="over90", description="More than 90 days overdue.")


@strawberry.type(
    description="All transactions of a client company in one currency over a period. The closing balance of a "
    "period is the opening balance of the next."
)
class Statement:
    """A statement."""

    currency: Currency = strawberry.field(description="The currency of all amounts.")
    first_day: date = strawberry.field(name="from", description="The first day of the period.")
    last_day: date = strawberry.field(name="to", description="The last day of the period.")
    opening_balance: Money = strawberry.field(description="The balance before the first day.")
    rows: list[StatementRow] = strawberry.field(description="The transactions in order of date.")
    closing_balance: Money = strawberry.field(description="The balance at the end of the last day.")
    ageing: StatementAgeing = strawberry.field(description="Ageing of the open amounts at the end of the period.")
    customer: Annotated["Customer", strawberry.lazy("services.billing.api.customers")] = strawberry.field(
        description="The client company."
    )
    customer_id: strawberry.Private[str]

    @strawberry.field(description="A short-lived link to the statement as a file.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[
            FileForm, strawberry.argument(description="The form of the file: PDF or print view.")
        ] = FileForm.PDF,
    ) -> FileLink:
        return link(
            info,
            PrintKind.STATEMENT,
            form,
            self.customer_id,
            currency=self.currency,
            first_day=self.first_day,
            last_day=self.last_day,
        )

    @classmethod
    def of(cls, drawn: domain.Statement) -> Self:
        """Return the statement as the API shows it."""
        from services.billing.api.customers import Customer as Entity

        currency = drawn.currency
        buckets = [money(amount, currency) for amount in drawn.ageing.buckets]
        return cls(
            currency=Currency(currency),
            first_day=drawn.first_day,
            last_day=drawn.last_day,
            opening_balance=money(drawn.opening, currency),
            rows=[_row(row, currency) for row in drawn.rows],
            closing_balance=money(drawn.closing, currency),
            ageing=StatementAgeing(
                current=buckets[0],
                days1_to30=buckets[1],
                days31_to60=buckets[2],
                days61_to90=buckets[3],
                over90=buckets[4],
            ),
            customer=Entity(id=strawberry.ID(drawn.customer_id)),
            customer_id=drawn.customer_id,
        )


async def statements(
    info: AppInfo, customer_id: str | None, first_day: date, last_day: date, currency: str | None
) -> list[Statement]:
    """Return the statements of the caller's company, or of one that staff name."""
    period = Period(customer_id=customer_id, first_day=first_day, last_day=last_day, currency=currency)
    drawn = await info.context.app.queries.statements(info.context.acting(), period)
    return [Statement.of(one) for one in drawn]


def _row(row: domain.Row, currency: str) -> StatementRow:
    entry = row.entry
    return StatementRow(
        day=entry.day,
        kind=named(StatementRowKind, entry.kind),
        number=entry.number,
        payment_id=strawberry.ID(entry.payment_id) if entry.payment_id else None,
        debit=money(row.debit, currency),
        credit=money(row.credit, currency),
        balance=money(row.balance, currency),
        invoice_id=entry.invoice_id,
    )
