"""Reactions that tell people: which fact becomes which news, and for whom (PRODUCT.md, S24)."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from chassis.inbox import Narrow, Received
from services.notifications.application.reactions.notify import Notify
from services.notifications.domain.kinds import Audience, Kind
from services.notifications.domain.notification import News, Recipient
from services.notifications.messaging.consumed import (
    AboutDocument,
    Amount,
    CommentAdded,
    DocumentForwarded,
    DocumentViewed,
    EstimateAccepted,
    EstimateDeclined,
    EstimateTold,
    InvoiceDueSoon,
    InvoiceOverdue,
    InvoiceSent,
    NotificationFailed,
    PaymentSucceeded,
)
from services.notifications.messaging.directory import React

WasMeant = Callable[[str, str, datetime], Awaitable[bool]]
"""Tells of an organisation, an address and a moment whether it was that of a person who was erased later."""


def billing_news(notify: Notify) -> Mapping[type[Narrow], React]:
    """Return what tells people what happened to documents and payments, by what was read."""

    async def estimate_sent(event: Received[EstimateTold]) -> None:
        await notify.clients(_of_estimate(event, Kind.DOCUMENT_SENT))

    async def estimate_accepted(event: Received[EstimateAccepted]) -> None:
        await notify.staff(_of_estimate(event, Kind.ESTIMATE_ACCEPTED, actor=event.data.contact_id))

    async def estimate_declined(event: Received[EstimateDeclined]) -> None:
        data = event.data
        await notify.staff(_of_estimate(event, Kind.ESTIMATE_DECLINED, actor=data.contact_id, quote=data.reason))

    async def invoice_sent(event: Received[InvoiceSent]) -> None:
        await notify.clients(_of_invoice(event, Kind.DOCUMENT_SENT, _money("total", event.data.total)))

    async def invoice_due_soon(event: Received[InvoiceDueSoon]) -> None:
        await notify.clients(_reminder(event, Kind.INVOICE_DUE_SOON))

    async def invoice_overdue(event: Received[InvoiceOverdue]) -> None:
        if event.data.reminds_client:
            await notify.clients(_reminder(event, Kind.INVOICE_OVERDUE))

    async def payment_succeeded(event: Received[PaymentSucceeded]) -> None:
        news = _of_payment(event)
        if not (event.data.paid_by or "").startswith("stf_"):
            await notify.staff(news)
        await notify.clients(replace(news, actor_id=None))

    return {
        EstimateTold: estimate_sent,
        EstimateAccepted: estimate_accepted,
        EstimateDeclined: estimate_declined,
        InvoiceSent: invoice_sent,
        InvoiceDueSoon: invoice_due_soon,
        InvoiceOverdue: invoice_overdue,
        PaymentSucceeded: payment_succeeded,
    }


def collaboration_news(notify: Notify, was_meant: WasMeant) -> Mapping[type[Narrow], React]:
    """Return what tells people what others wrote, saw and sent on, by what was read."""

    async def comment_added(event: Received[CommentAdded]) -> None:
        data = event.data
        if data.author_kind == "contact":
            await notify.staff(_of_document(event, Kind.COMMENT_ADDED, data.author_id, data.excerpt))
        elif data.visibility == "portal":
            await notify.clients(_of_document(event, Kind.REPLY_ADDED, data.author_id, data.excerpt))

    async def document_viewed(event: Received[DocumentViewed]) -> None:
        if event.data.first:
            await notify.staff(_of_document(event, Kind.DOCUMENT_VIEWED, event.data.contact_id))

    async def document_forwarded(event: Received[DocumentForwarded]) -> None:
        data = event.data
        if await was_meant(data.organisation_id, data.recipient_email, event.time):
            return  # it comes again, and its recipient was erased since
        recipient = Recipient(
            id=data.forward_id,
            audience=Audience.OUTSIDE,
            name=data.recipient_name,
            email=data.recipient_email,
            has_access=False,
        )
        await notify.outside(_of_document(event, Kind.DOCUMENT_FORWARDED, data.forwarded_by, data.message), recipient)

    return {
        CommentAdded: comment_added,
        DocumentViewed: document_viewed,
        DocumentForwarded: document_forwarded,
    }


def own_news(notify: Notify) -> Mapping[type[Narrow], React]:
    """Return what tells staff that a client was not reached, by what was read."""

    async def notification_failed(event: Received[NotificationFailed]) -> None:
        await notify.failed(event.data.organisation_id, event.data.notification_id)

    return {NotificationFailed: notification_failed}


def _money(name: str, amount: Amount) -> dict[str, str]:
    return {name: format(amount.amount, "f"), "currency": amount.currency}


def _of_estimate(event: Received[Any], kind: Kind, *, actor: str | None = None, quote: str = "") -> News:
    data: EstimateTold = event.data
    return News(
        event_id=event.id,
        happened_at=event.time,
        organisation_id=data.organisation_id,
        kind=kind,
        customer_id=data.customer_id,
        document_id=data.estimate_id,
        document_type="estimate",
        document_number=data.number,
        actor_id=actor,
        facts=_money("total", data.total) | {"quote": quote},
        chosen=data.recipient_ids,
    )


def _reminder(event: Received[Any], kind: Kind) -> News:
    """Return the news of a reminder; `actor_id` is who asked for it, none where a policy decided."""
    data: InvoiceOverdue | InvoiceDueSoon = event.data
    facts = _money("balance", data.balance) | {"due": data.due_date.isoformat()}
    return replace(_of_invoice(event, kind, facts), actor_id=data.requested_by)


def _of_invoice(event: Received[Any], kind: Kind, facts: dict[str, str]) -> News:
    data: InvoiceSent | InvoiceOverdue | InvoiceDueSoon = event.data
    return News(
        event_id=event.id,
        happened_at=event.time,
        organisation_id=data.organisation_id,
        kind=kind,
        customer_id=data.customer_id,
        document_id=data.invoice_id,
        document_type="invoice",
        document_number=data.number,
        facts=facts,
        chosen=data.recipient_ids,
    )


def _of_payment(event: Received[PaymentSucceeded]) -> News:
    data = event.data
    return News(
        event_id=event.id,
        happened_at=event.time,
        organisation_id=data.organisation_id,
        kind=Kind.PAYMENT_RECEIVED,
        customer_id=data.customer_id,
        document_id=data.invoice_id,
        document_type="invoice",
        document_number=data.invoice_number,
        actor_id=data.paid_by,
        receipt_id=data.payment_id,
        facts=_money("amount", data.amount),
    )


def _of_document(event: Received[Any], kind: Kind, actor: str, quote: str = "") -> News:
    data: AboutDocument = event.data
    return News(
        event_id=event.id,
        happened_at=event.time,
        organisation_id=data.organisation_id,
        kind=kind,
        customer_id=data.customer_id,
        document_id=data.document_id,
        document_type=data.document_type,
        document_number=data.document_number,
        actor_id=actor,
        facts={"quote": quote},
    )
