"""What billing tells, by example: a few documents and payments go through their lives, and every fact is published.

The domain decides and `LANGUAGE` translates, as in production, so no example can say what never happens.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from chassis.cloudevents import CloudEvent
from chassis.kernel import derived_bits, id_from_bits
from services.billing.domain.amounts import Line, Tax
from services.billing.domain.content import Address, Content, Party, write
from services.billing.domain.estimate import Estimate
from services.billing.domain.invoice import Invoice, PaymentTerms
from services.billing.domain.money import Money
from services.billing.domain.payment import (
    DisputeSeen,
    DisputeState,
    Failure,
    Movements,
    Outcome,
    OutcomeStatus,
    Payment,
    RefundOutcome,
    RefundSeen,
)
from services.billing.domain.payment_mode import PaymentMode
from services.billing.messaging.published import LANGUAGE

_NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
_TODAY = _NOW.date()
_TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
_SELLER = Party(name="Nordlicht Studio GmbH", address=Address(city="Berlin", country="DE"), tax_id="DE123456789")
_BUYER = Party(name="Blumen Krause OHG", address=Address(city="Berlin", country="DE"))


def examples() -> Iterator[CloudEvent]:
    """Yield the events of the lives below; every published type is among them."""
    for life in (_answers, _second_thoughts, _withdrawn, _paid_in_parts, _chased, _taken_back, _payments):
        yield from life()


def _answers() -> Iterator[CloudEvent]:
    accepted, invoiced = _estimate("accepted"), _id("inv", "of the estimate")
    _send(accepted, "EST-000042", recipients=(_id("con"),))
    accepted.send_again(by=_id("stf"), recipients=(_id("con"),), today=_TODAY, now=_later(hours=1))
    accepted.accept(1, contact_id=_id("con"), today=_TODAY, now=_later(hours=5))
    accepted.become_invoice(invoiced, now=_later(days=1))
    yield from LANGUAGE.told(accepted, _TRACE)


def _second_thoughts() -> Iterator[CloudEvent]:
    declined = _estimate("declined")
    _send(declined, "EST-000043")
    declined.decline(1, contact_id=_id("con"), reason="Too expensive.", today=_TODAY, now=_later(hours=5))
    declined.revise(today=_TODAY, now=_later(days=1))
    yield from LANGUAGE.told(declined, _TRACE)


def _withdrawn() -> Iterator[CloudEvent]:
    unanswered, voided = _estimate("unanswered"), _estimate("voided")
    _send(unanswered, "EST-000044")
    unanswered.expire(today=_TODAY + timedelta(days=31), now=_later(days=31))
    voided.void(now=_later(hours=1))
    yield from LANGUAGE.told(unanswered)
    yield from LANGUAGE.told(voided, _TRACE)


def _paid_in_parts() -> Iterator[CloudEvent]:
    invoice, first, second = _invoice("paid"), _id("pay", "first"), _id("pay", "second")
    _send(invoice, "INV-000042", recipients=(_id("con"),))
    terms = PaymentTerms(modes=(PaymentMode.CARD,), due_on=_TODAY + timedelta(days=30), partial_payments=True)
    invoice.change_terms(terms, today=_TODAY, now=_later(hours=1))
    for payment_id, at in ((first, _later(days=2)), (second, _later(days=3))):
        invoice.reserve(payment_id, _euros("595.00"), at)
        invoice.settle(payment_id, _euros("595.00"), at)
    invoice.record_refund(_id("rfd"), second, _euros("100.00"), _later(days=4))
    invoice.reverse_refund(_id("rfd"), second, _euros("100.00"), _later(days=5))
    yield from LANGUAGE.told(invoice, _TRACE)


def _chased() -> Iterator[CloudEvent]:
    invoice = _invoice("overdue")
    _send(invoice, "INV-000043")
    invoice.send_again(by=_id("stf"), recipients=(_id("con"),), now=_later(days=1))
    invoice.remind(by=_id("stf"), recipients=(), today=_TODAY + timedelta(days=10), now=_later(days=10))
    invoice.chase(today=_TODAY + timedelta(days=15), now=_later(days=15))
    invoice.remind(by=_id("stf"), recipients=(_id("con"),), today=_TODAY + timedelta(days=18), now=_later(days=18))
    invoice.chase(today=_TODAY + timedelta(days=21), now=_later(days=21))
    invoice.write_off("Insolvent.", now=_later(days=90))
    yield from LANGUAGE.told(invoice)


def _taken_back() -> Iterator[CloudEvent]:
    invoice = _invoice("voided")
    _send(invoice, "INV-000044")
    invoice.void("Sent twice.", now=_later(hours=1))
    yield from LANGUAGE.told(invoice, _TRACE)


def _payments() -> Iterator[CloudEvent]:
    paid, failed, refund = _payment("first"), _payment("failed"), _id("rfd")
    paid.apply(Outcome(provider_payment_id="1", status=OutcomeStatus.SUCCEEDED), _later(days=2))
    paid.request_refund(refund, _euros("100.00"), reason="", requested_by=_id("stf"), now=_later(days=4))
    paid.settle_refund(refund, RefundOutcome(provider_refund_id="1", succeeded=True), _later(days=4))
    paid.mirror(_movements(refund), _later(days=5))
    failed.fail(Failure(code="card_declined", message="The card was declined."), _later(days=2))
    yield from LANGUAGE.told(paid, _TRACE)
    yield from LANGUAGE.told(failed, _TRACE)


def _movements(refund_id: str) -> Movements:
    """A refund that came back, and a dispute that was lost."""
    bounced = Failure(code="refund_failed", message="The refund could not be made.", provider_code="account_closed")
    back = RefundSeen(provider_refund_id="1", refund_id=refund_id, amount=_euros("100.00"), failure=bounced)
    lost = DisputeSeen(provider_dispute_id="du_1", amount=_euros("595.00"), state=DisputeState.LOST)
    return Movements(refunds=(back,), disputes=(lost,))


def _estimate(name: str) -> Estimate:
    return Estimate.draft(
        estimate_id=_id("est", name),
        organisation_id=_id("org"),
        customer_id=_id("cus"),
        content=_content(),
        expires_on=_TODAY + timedelta(days=30),
        now=_NOW,
    )


def _invoice(name: str) -> Invoice:
    return Invoice.draft(
        invoice_id=_id("inv", name),
        organisation_id=_id("org"),
        customer_id=_id("cus"),
        content=_content(),
        terms=PaymentTerms(modes=(PaymentMode.CARD,), due_on=_TODAY + timedelta(days=14)),
        now=_NOW,
    )


def _content() -> Content:
    vat = Tax(name="USt", percent=Decimal(19))
    work = Line(description="Website", quantity=Decimal(1), unit_price=Decimal("1000.00"), taxes=(vat,))
    return write(currency="EUR", lines=[work])


def _send(document: Estimate | Invoice, number: str, *, recipients: tuple[str, ...] = ()) -> None:
    document.send(
        number=number,
        seller=_SELLER,
        buyer=_BUYER,
        today=_TODAY,
        now=_later(minutes=10),
        by=_id("stf"),
        recipients=recipients,
    )


def _payment(name: str) -> Payment:
    return Payment(
        id=_id("pay", name),
        organisation_id=_id("org"),
        customer_id=_id("cus"),
        invoice_id=_id("inv", "paid"),
        invoice_number="INV-000042",
        amount=_euros("595.00"),
        mode=PaymentMode.CARD,
        provider="sandbox",
        paid_by=_id("con"),
        created_at=_later(days=2),
    )


def _euros(amount: str) -> Money:
    return Money.of(amount, "EUR")


def _id(kind: str, name: str = "") -> str:
    return id_from_bits(kind, derived_bits(f"example {kind} {name}", _NOW))


def _later(**distance: float) -> datetime:
    return _NOW + timedelta(**distance)
