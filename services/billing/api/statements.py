"""Statements of client companies."""

from datetime import date
from enum import Enum
from typing import TYPE_CHECKING, Annotated, Self

import strawberry

from services.billing.api import loading
from services.billing.api.documents import Invoice
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.values import AppInfo, money
from services.billing.application.printing import PrintKind
from services.billing.application.queries.draw_statements import Period
from services.billing.domain import statement as domain
from services.chassis.graphql.types import Currency, Money, named

if TYPE_CHECKING:
    from services.billing.api.customers import Customer

CURRENCY = strawberry.argument(description="The currency of the statement.")
FROM = strawberry.argument(name="from", description="The first day.")
TO = strawberry.argument(name="to", description="The last day.")


@strawberry.enum(description="What a row of a statement tells.")
class StatementRowKind(Enum):
    """`RowKind` with descriptions."""

    INVOICE = strawberry.enum_value("invoice", description="An invoice was sent.")
    CREDIT = strawberry.enum_value("credit", description="A credit was sent, or an invoice was taken back.")
    PAYMENT = strawberry.enum_value("payment", description="Money arrived.")
    REFUND = strawberry.enum_value("refund", description="Money went back.")
    WRITE_OFF = strawberry.enum_value("write_off", description="What was owed was given up.")


@strawberry.type(description="One transaction of a statement.")
class StatementRow:
    """A dated row."""

    day: date = strawberry.field(name="date", description="The day, where the business is.")
    kind: StatementRowKind = strawberry.field(description="What happened.")
    number: str = strawberry.field(description="The number of the invoice that it is about.")
    payment_id: strawberry.ID | None = strawberry.field(description="The payment, of payments and refunds.")
    debit: Money = strawberry.field(description="What it adds to the debt; zero when it takes away.")
    credit: Money = strawberry.field(description="What it takes from the debt; zero when it adds.")
    balance: Money = strawberry.field(description="What is owed after it.")
    invoice_id: strawberry.Private[str]

    @strawberry.field(description="The invoice that it is about.")
    async def invoice(self, info: AppInfo) -> Invoice | None:
        return await loading.invoice(info.context, self.invoice_id)


@strawberry.type(
    description="What was open at the end of the period, by days after the due date on that day. It adds up to the "
    "closing balance; credits count as current."
)
class StatementAgeing:
    """Ageing buckets."""

    current: Money = strawberry.field(description="Not due yet, or due on the last day.")
    days1_to30: Money = strawberry.field(name="days1To30", description="1 to 30 days overdue.")
    days31_to60: Money = strawberry.field(name="days31To60", description="31 to 60 days overdue.")
    days61_to90: Money = strawberry.field(name="days61To90", description="61 to 90 days overdue.")
    over90: Money = strawberry.field(name="over90", description="More than 90 days overdue.")


@strawberry.type(
    description="Every transaction of a client company in one currency over a period. The closing balance of a period "
    "is the opening balance of the next."
)
class Statement:
    """A statement."""

    currency: Currency = strawberry.field(description="The currency of every amount.")
    first_day: date = strawberry.field(name="from", description="The first day.")
    last_day: date = strawberry.field(name="to", description="The last day.")
    opening_balance: Money = strawberry.field(description="What was owed before the first day.")
    rows: list[StatementRow] = strawberry.field(description="What happened, day by day.")
    closing_balance: Money = strawberry.field(description="What was owed after the last day.")
    ageing: StatementAgeing = strawberry.field(description="How old the open amounts were on the last day.")
    customer: Annotated["Customer", strawberry.lazy("services.billing.api.customers")] = strawberry.field(
        description="The client company."
    )
    customer_id: strawberry.Private[str]

    @strawberry.field(description="A short-lived link to the file of the statement.")
    def file(
        self,
        info: AppInfo,
        form: Annotated[FileForm, strawberry.argument(description="PDF or print view.")] = FileForm.PDF,
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
