"""Documents as tests need them: sensible by default, different where the test says so."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from chassis.kernel import Principal, Role, id_from_bits, new_id
from services.billing.domain.amounts import Line, Tax
from services.billing.domain.content import Address, Content, Party, write
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.money import Money
from services.billing.domain.payment_mode import PaymentMode

_PLACES = count(1)
NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TODAY = NOW.date()
ORGANISATION = id_from_bits("org", 1)
OTHER_ORGANISATION = id_from_bits("org", 2)
CUSTOMER = id_from_bits("cus", 1)
OTHER_CUSTOMER = id_from_bits("cus", 2)
CONTACT = id_from_bits("con", 1)
SELLER = Party(name="Ahlund Studio", address=Address(city="Malmö", country="SE"), tax_id="SE556000000001")
BUYER = Party(name="Bianchi Srl", address=Address(city="Torino", country="IT"))
OWNER = Principal(id=id_from_bits("stf", 1), organisation_id=ORGANISATION, role=Role.OWNER)
ACCOUNTANT = Principal(id=id_from_bits("stf", 2), organisation_id=ORGANISATION, role=Role.ACCOUNTANT)
VIEWER = Principal(id=id_from_bits("stf", 3), organisation_id=ORGANISATION, role=Role.VIEWER)
CLIENT = Principal(id=CONTACT, organisation_id=ORGANISATION, role=Role.CONTACT, customer_id=CUSTOMER)
OTHER_CLIENT = Principal(
    id=id_from_bits("con", 2), organisation_id=ORGANISATION, role=Role.CONTACT, customer_id=OTHER_CUSTOMER
)
STRANGER = Principal(id=id_from_bits("stf", 9), organisation_id=OTHER_ORGANISATION, role=Role.OWNER)


def euros(amount: str | int) -> Money:
    return Money.of(amount, "EUR")


def some_line(price: str = "100.00", quantity: str = "1", percent: str | None = None) -> Line:
    taxes = () if percent is None else (Tax(name="VAT", percent=Decimal(percent)),)
    return Line(description="Work", quantity=Decimal(quantity), unit_price=Decimal(price), taxes=taxes)


def some_content(price: str = "100.00", currency: str = "EUR", **more: Any) -> Content:
    return write(currency=currency, lines=more.pop("lines", [some_line(price)]), **more)


def drafted_invoice(price: str = "100.00", **more: Any) -> Invoice:
    """A draft, its events forgotten; `due_on`, `partial_payments` and `modes` are its terms."""
    terms = PaymentTerms(
        modes=more.pop("modes", (PaymentMode.CARD, PaymentMode.BANK_TRANSFER)),
        due_on=more.pop("due_on", TODAY + timedelta(days=14)),
        partial_payments=more.pop("partial_payments", False),
    )
    invoice = Invoice.draft(
        invoice_id=more.pop("invoice_id", None) or new_id("inv"),
        organisation_id=more.pop("organisation_id", ORGANISATION),
        customer_id=more.pop("customer_id", CUSTOMER),
        content=more.pop("content", None) or some_content(price, **more),
        terms=terms,
        now=NOW,
    )
    invoice.forget_recorded()
    return invoice


def sent_invoice(price: str = "100.00", *, today: date = TODAY, number: str = "", **more: Any) -> Invoice:
    invoice = drafted_invoice(price, **more)
    invoice.send(number=number or f"INV-X{next(_PLACES)}", seller=SELLER, buyer=BUYER, today=today, now=NOW)
    invoice.forget_recorded()
    return invoice


def drafted_estimate(price: str = "100.00", **more: Any) -> Estimate:
    estimate = Estimate.draft(
        estimate_id=more.pop("estimate_id", None) or new_id("est"),
        organisation_id=more.pop("organisation_id", ORGANISATION),
        customer_id=more.pop("customer_id", CUSTOMER),
        expires_on=more.pop("expires_on", TODAY + timedelta(days=30)),
        content=some_content(price, **more),
        now=NOW,
    )
    estimate.forget_recorded()
    return estimate


def sent_estimate(price: str = "100.00", *, number: str = "", **more: Any) -> Estimate:
    estimate = drafted_estimate(price, **more)
    estimate.send(number=number or f"EST-X{next(_PLACES)}", seller=SELLER, buyer=BUYER, today=TODAY, now=NOW)
    estimate.forget_recorded()
    return estimate
