"""Payments, refunds and saved cards as the API shows them. No field carries a card number, and none ever will.

Longer than most files, because payments, refunds and saved cards are shown by the same few types.
"""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from chassis.graphql.types import Connection, Money, named
from chassis.kernel import NotFound, Principal
from chassis.left_out import shown
from services.billing.api.documents import Contact, Invoice, contact
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.values import AppInfo, PaymentMode, money_of
from services.billing.application.printing import PrintKind
from services.billing.domain import payment as domain
from services.billing.domain.payment import PaymentState
from services.billing.domain.saved_card import SavedCard as DomainCard

STUB = Key(fields=FieldSet("id"), resolvable=False)


@strawberry.enum(description="The status of a payment.")
class PaymentStatus(Enum):
    """`PaymentState` with descriptions."""

    CREATED = strawberry.enum_value(
        "created", description="The payment has been created. Visible to staff only; clients see `PROCESSING`."
    )
    REQUIRES_ACTION = strawberry.enum_value(
        "requires_action",
        description="The payer must open `nextAction.redirectUrl`; where that is null, the step cannot be shown and "
        "the payment ends by itself. `cancelPayment`, or paying in another way, cancels the payment.",
    )
    PROCESSING = strawberry.enum_value(
        "processing", description="The payment is under way; check again, or wait for the event."
    )
    SUCCEEDED = strawberry.enum_value("succeeded", description="The money has arrived.")
    FAILED = strawberry.enum_value(
        "failed", description="The payment failed and no money was moved; `failure` has the reason."
    )
    CANCELLED = strawberry.enum_value("cancelled", description="The payment was cancelled before any money was moved.")
    UNKNOWN = strawberry.enum_value(
        "unknown",
        description="The provider has not reported the outcome yet; the portal keeps checking. Visible to staff only; "
        "clients see `PROCESSING`.",
    )


@strawberry.enum(description="The status of a refund.")
class RefundStatus(Enum):
    """`RefundState` with descriptions."""

    PROCESSING = strawberry.enum_value("requested", description="The refund is under way.")
    SUCCEEDED = strawberry.enum_value("succeeded", description="The money was refunded.")
    FAILED = strawberry.enum_value("failed", description="The provider refused the refund; no money was moved.")


@strawberry.enum(description="The status of a dispute.")
class DisputeStatus(Enum):
    """`DisputeState` with descriptions."""

    OPEN = strawberry.enum_value(
        "open", description="The payer's bank demands money back; this has not been decided yet."
    )
    WON = strawberry.enum_value("won", description="The business keeps the money.")
    LOST = strawberry.enum_value("lost", description="The money is lost; it is among the payment's refunds as well.")


@strawberry.type(description="A dispute: the payer's bank demands money of a payment back.")
class PaymentDispute:
    """A dispute."""

    amount: Money = strawberry.field(description="The amount demanded.")
    status: DisputeStatus = strawberry.field(description="The status.")
    reason: str = strawberry.field(description="The reason, in the payment provider's words, such as `fraudulent`.")
    opened_at: datetime = strawberry.field(description="When the dispute was opened.")
    closed_at: datetime | None = strawberry.field(description="When the dispute was decided; null until then.")

    @classmethod
    def of(cls, dispute: domain.Dispute) -> "PaymentDispute":
        """Return the dispute as staff see it."""
        return cls(
            amount=money_of(dispute.amount),
            status=named(DisputeStatus, dispute.state),
            reason=dispute.reason,
            opened_at=dispute.opened_at,
            closed_at=dispute.closed_at,
        )


@strawberry.type(description="The next step of the payer.")
class PaymentNextAction:
    """A step at the provider."""

    redirect_url: str = strawberry.field(
        description="The provider's page to open. When the browser has returned, call `confirmPayment` for the outcome."
    )


@strawberry.type(description="The reason why a payment or refund failed.")
class PaymentFailure:
    """A failure."""

    code: str = strawberry.field(
        description="A stable code, such as `insufficient_funds`; `generic_decline` if the payer may not know more."
    )
    message: str = strawberry.field(description="An explanation for the payer, in English.")
    provider_code: str | None = strawberry.field(
        description="The payment provider's own code, such as `stolen_card`; null for contacts."
    )

    @classmethod
    def of(cls, failure: domain.Failure | None, by: Principal) -> "PaymentFailure | None":
        """Return the failure as this principal may see it."""
        if failure is None:
            return None
        return cls(
            code=failure.code,
            message=failure.message,
            provider_code=failure.provider_code if by.is_staff else None,
        )


@strawberry.type(description="The card used, without its full number.")
class PaymentCard:
    """Brand and last digits."""

    brand: str = strawberry.field(description="The brand, such as `visa`.")
    last_four: str = strawberry.field(description="The last four digits.")


@strawberry.type(description="The billing address of a card.")
class CardBillingAddress:
    """A billing address; fields may be null."""

    name: str | None = strawberry.field(description="The name on the card.")
    line1: str | None = strawberry.field(description="The street and number.")
    line2: str | None = strawberry.field(description="The second line of the street address.")
    city: str | None = strawberry.field(description="The town.")
    postal_code: str | None = strawberry.field(description="The postal code.")
    region: str | None = strawberry.field(description="The state or province.")
    country: str | None = strawberry.field(description="The ISO 3166-1 alpha-2 code of the country.")


@strawberry.federation.type(keys=["id"], description="A refund to the client.")
class Refund:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `rfd_…`.")
    amount: Money = strawberry.field(description="The amount to refund.")
    status: RefundStatus = strawberry.field(description="The status.")
    reason: str | None = strawberry.field(description="The reason; null for contacts.")
    requested_at: datetime = strawberry.field(description="When staff requested the refund.")
    settled_at: datetime | None = strawberry.field(description="When the final status was reached; null until then.")
    failure: PaymentFailure | None = strawberry.field(
        description="The reason why the refund failed; null unless it failed, and for contacts."
    )
    payment_id: strawberry.Private[str]

    @strawberry.field(description="The payment that is refunded.")
    async def payment(self, info: AppInfo) -> Annotated["Payment", strawberry.lazy(__name__)]:
        by = info.context.acting()
        return Payment.of(await info.context.app.queries.payments.one(by, self.payment_id), by)

    @classmethod
    def of(cls, refund: domain.Refund, payment: domain.Payment, by: Principal) -> Self:
        """Return the refund as this principal may see it."""
        return cls(
            id=strawberry.ID(refund.id),
            amount=money_of(payment.money(refund.amount)),
            status=named(RefundStatus, refund.state),
            reason=(refund.reason or None) if by.is_staff else None,
            requested_at=refund.requested_at,
            settled_at=refund.settled_at,
            failure=PaymentFailure.of(refund.failure, by) if by.is_staff else None,
            payment_id=payment.id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Refund | None":
        """Return the refund when the caller may see it."""
        by = info.context.acting()
        try:
            payment = await info.context.app.queries.payments.with_refund(by, id)
        except NotFound:
            return None
        return cls.of(payment.refunds[id], payment, by)


@strawberry.federation.type(keys=["id"], description="An attempt to pay an invoice.")
class Payment:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `pay_…`.")
    invoice_number: str = strawberry.field(description="The number of the invoice.")
    amount: Money = strawberry.field(description="The amount to pay.")
    refunded: Money = strawberry.field(description="The amount that was refunded.")
    refundable: Money = strawberry.field(description="The amount that can still be refunded.")
    mode: PaymentMode = strawberry.field(description="The payment mode.")
    status: PaymentStatus = strawberry.field(description="The status.")
    next_action: PaymentNextAction | None = strawberry.field(
        description="The next step of the payer; null if nothing is left to do."
    )
    failure: PaymentFailure | None = strawberry.field(description="The reason why a payment or refund failed.")
    card: PaymentCard | None = strawberry.field(description="The card used; null for other payment modes.")
    paid_by: Contact | None = strawberry.field(description="The contact who paid; null when staff recorded it.")
    note: str | None = strawberry.field(
        description="The note that staff wrote when they recorded the payment; null for contacts."
    )
    received_on: date | None = strawberry.field(
        description="The date of receipt that staff recorded; null for card payments."
    )
    created_at: datetime = strawberry.field(description="When the payment was created.")
    settled_at: datetime | None = strawberry.field(description="When the final status was reached; null until then.")
    refunds: list[Refund] = strawberry.field(description="The refunds, oldest first.")
    received: Money = strawberry.field(
        description="The amount that arrived: `amount`, or zero, or what the provider took instead, which is sent back."
    )
    disputes: list[PaymentDispute] = strawberry.field(description="The disputes, oldest first; empty for contacts.")
    ended_by: strawberry.ID | None = strawberry.field(
        description="The ID of the staff member, `stf_…`, who ended a payment that its provider knew nothing of; null "
        "for contacts."
    )
    invoice_id: strawberry.Private[str]

    @strawberry.field(description="The invoice that is paid.")
    async def invoice(self, info: AppInfo) -> Invoice | None:
        return await Invoice.load(info.context, self.invoice_id)

    @strawberry.field(description="A short-lived link to the receipt; null until the money has arrived.")
    def receipt(
        self,
        info: AppInfo,
        form: Annotated[
            FileForm, strawberry.argument(description="The form of the file: PDF or print view.")
        ] = FileForm.PDF,
    ) -> FileLink | None:
        arrived = self.status is PaymentStatus.SUCCEEDED
        return link(info, PrintKind.RECEIPT, form, self.id) if arrived else None

    @classmethod
    def of(cls, payment: domain.Payment, by: Principal) -> Self:
        """Return the payment as this principal may see it."""
        card, contact_paid = payment.card, payment.paid_by.startswith("con_")
        return cls(
            id=strawberry.ID(payment.id),
            invoice_number=payment.invoice_number,
            amount=money_of(payment.amount),
            refunded=money_of(payment.refunded),
            refundable=money_of(payment.refundable),
            mode=named(PaymentMode, payment.mode),
            status=_status(payment.state, by),
            next_action=PaymentNextAction(redirect_url=payment.redirect_url) if payment.redirect_url else None,
            failure=PaymentFailure.of(payment.failure, by),
            card=PaymentCard(brand=card.brand, last_four=card.last_four) if card else None,
            paid_by=contact(payment.paid_by) if contact_paid else None,
            note=payment.note if by.is_staff else None,
            received_on=payment.received_on,
            created_at=payment.created_at,
            settled_at=payment.settled_at,
            refunds=[Refund.of(refund, payment, by) for refund in payment.refunds.values()],
            received=money_of(payment.captured),
            disputes=[PaymentDispute.of(each) for each in payment.disputes.values()] if by.is_staff else [],
            ended_by=strawberry.ID(payment.ended_by) if payment.ended_by and by.is_staff else None,
            invoice_id=payment.invoice_id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Payment | None":
        """Return the payment when the caller may see it."""
        by = info.context.acting()
        try:
            return cls.of(await info.context.app.queries.payments.one(by, id), by)
        except NotFound:
            return None


@strawberry.federation.type(
    keys=["id"], description="A card saved at the payment provider for one contact. Nobody else can see it."
)
class SavedCard:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The ID, `crd_…`.")
    brand: str = strawberry.field(description="The brand, such as `visa`.")
    last_four: str = strawberry.field(description="The last four digits.")
    exp_month: int = strawberry.field(description="The month in which it expires, 1 to 12.")
    exp_year: int = strawberry.field(description="The year in which it expires.")
    is_default: bool = strawberry.field(description="Whether it is the default card.")
    billing_address: CardBillingAddress = strawberry.field(description="The billing address; null if unknown.")
    added_at: datetime = strawberry.field(description="When the card was saved.")

    @classmethod
    def of(cls, card: DomainCard, default: DomainCard | None) -> Self:
        """Return the card as its contact sees it."""
        details = card.details
        return cls(
            id=strawberry.ID(card.id),
            brand=details.brand,
            last_four=details.last_four,
            exp_month=details.exp_month,
            exp_year=details.exp_year,
            is_default=default is not None and default.id == card.id,
            billing_address=CardBillingAddress(**vars(details.billing)),
            added_at=card.added_at,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "SavedCard | None":
        """Return the card when it is the caller's own."""
        return next((card for card in await saved_cards(info) if card.id == id), None)


@strawberry.type(description="A payment mode that is offered on an invoice.")
class PaymentOption:
    """A mode with its instructions."""

    mode: PaymentMode = strawberry.field(description="The payment mode.")
    instructions: str | None = strawberry.field(
        description="The instructions to the client for payment modes that are not paid online; null for cards."
    )


@strawberry.type(description="The instructions set with `setPaymentInstructions`.")
class PaymentInstructions:
    """A mode with the organisation's own text."""

    mode: PaymentMode = strawberry.field(description="The payment mode.")
    text: str | None = strawberry.field(
        description="The instructions with their placeholders; null if the standard text is used."
    )


PaymentList = Connection[Payment]


async def saved_cards(info: AppInfo) -> list[SavedCard]:
    """Return the caller's cards, oldest first."""
    cards, default = await info.context.app.queries.saved_cards.all(info.context.acting())
    return shown(cards, lambda card: SavedCard.of(card, default))


def _status(state: PaymentState, by: Principal) -> PaymentStatus:
    """A client reads "processing" wherever the outcome is not known yet."""
    if not by.is_staff and state in {PaymentState.CREATED, PaymentState.UNKNOWN}:
        return PaymentStatus.PROCESSING
    return named(PaymentStatus, state)
