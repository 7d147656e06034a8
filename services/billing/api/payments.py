"""Payments, refunds and saved cards as the API shows them. No field carries a card number, and none ever will."""

from datetime import date, datetime
from enum import Enum
from typing import Annotated, Self

import strawberry
from strawberry.federation.schema_directives import Key
from strawberry.federation.types import FieldSet

from services.billing.api import loading
from services.billing.api.documents import Contact, Invoice, contact
from services.billing.api.files_of_documents import FileForm, FileLink, link
from services.billing.api.values import AppInfo, PaymentMode, money_of
from services.billing.application.printing import PrintKind
from services.billing.domain import payment as domain
from services.billing.domain.payment import PaymentState
from services.billing.domain.saved_card import SavedCard as DomainCard
from services.chassis.graphql.types import Connection, Money, named
from services.chassis.kernel import NotFound, Principal
from services.chassis.left_out import shown

STUB = Key(fields=FieldSet("id"), resolvable=False)


@strawberry.enum(description="Where a payment stands.")
class PaymentStatus(Enum):
    """`PaymentState` with descriptions."""

    CREATED = strawberry.enum_value("created", description="It has begun; for staff only, clients see `PROCESSING`.")
    REQUIRES_ACTION = strawberry.enum_value(
        "requires_action",
        description="The payer has to do something: open `nextAction.redirectUrl`; where that is null it cannot be "
        "shown, and ends by itself. `cancelPayment` or paying in another way gives it up.",
    )
    PROCESSING = strawberry.enum_value("processing", description="It is under way; look again, or wait for the event.")
    SUCCEEDED = strawberry.enum_value("succeeded", description="The money has arrived.")
    FAILED = strawberry.enum_value("failed", description="No money moved; `failure` says why.")
    CANCELLED = strawberry.enum_value("cancelled", description="It was given up before any money moved.")
    UNKNOWN = strawberry.enum_value(
        "unknown",
        description="The provider does not tell; it is asked again. For staff only, clients see `PROCESSING`.",
    )


@strawberry.enum(description="Where a refund stands.")
class RefundStatus(Enum):
    """`RefundState` with descriptions."""

    PROCESSING = strawberry.enum_value("requested", description="It is under way.")
    SUCCEEDED = strawberry.enum_value("succeeded", description="The money went back.")
    FAILED = strawberry.enum_value("failed", description="The provider refused; nothing went back.")


@strawberry.type(description="What the payer has to do next.")
class PaymentNextAction:
    """A step at the provider."""

    redirect_url: str = strawberry.field(
        description="The provider's page to open; afterwards the browser comes back, and `confirmPayment` tells."
    )


@strawberry.type(description="Why no money moved.")
class PaymentFailure:
    """A failure."""

    code: str = strawberry.field(
        description="A stable code, such as `insufficient_funds`; `generic_decline` where the payer may not know more."
    )
    message: str = strawberry.field(description="A sentence for the payer, in English.")
    provider_code: str | None = strawberry.field(
        description="What the payment provider said, such as `stolen_card`; for staff only."
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


@strawberry.type(description="The card that paid, as far as it may be known.")
class PaymentCard:
    """Brand and last digits."""

    brand: str = strawberry.field(description="The brand, such as `visa`.")
    last_four: str = strawberry.field(description="The last four digits.")


@strawberry.type(description="Where the statements of a card go.")
class CardBillingAddress:
    """A billing address; fields may be null."""

    name: str | None = strawberry.field(description="The name on the card.")
    line1: str | None = strawberry.field(description="Street and number.")
    line2: str | None = strawberry.field(description="More of the street.")
    city: str | None = strawberry.field(description="The town.")
    postal_code: str | None = strawberry.field(description="The postal code.")
    region: str | None = strawberry.field(description="State or province.")
    country: str | None = strawberry.field(description="ISO 3166-1 alpha-2 code.")


@strawberry.federation.type(keys=["id"], description="Money on its way back to the client.")
class Refund:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The id, `rfd_…`.")
    amount: Money = strawberry.field(description="How much goes back.")
    status: RefundStatus = strawberry.field(description="Where it stands.")
    reason: str | None = strawberry.field(description="Why; for staff only.")
    requested_at: datetime = strawberry.field(description="When staff asked for it.")
    settled_at: datetime | None = strawberry.field(description="When it reached its final status.")
    failure: PaymentFailure | None = strawberry.field(description="Why it failed.")
    payment_id: strawberry.Private[str]

    @strawberry.field(description="The payment of which it gives back a part.")
    async def payment(self, info: AppInfo) -> Annotated["Payment", strawberry.lazy(__name__)]:
        by = info.context.acting()
        return Payment.of(await info.context.app.payments.payment(self.payment_id, by), by)

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
            payment = await info.context.app.payments.payment_with_refund(id, by)
        except NotFound:
            return None
        return cls.of(payment.refunds[id], payment, by)


@strawberry.federation.type(keys=["id"], description="An attempt to pay an invoice.")
class Payment:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The id, `pay_…`.")
    invoice_number: str = strawberry.field(description="The number of the invoice.")
    amount: Money = strawberry.field(description="How much is, or was to be, paid.")
    refunded: Money = strawberry.field(description="How much of it went back.")
    refundable: Money = strawberry.field(description="How much of it can still be given back.")
    mode: PaymentMode = strawberry.field(description="How it is paid.")
    status: PaymentStatus = strawberry.field(description="Where it stands.")
    next_action: PaymentNextAction | None = strawberry.field(description="What the payer has to do; mostly null.")
    failure: PaymentFailure | None = strawberry.field(description="Why no money moved.")
    card: PaymentCard | None = strawberry.field(description="The card that paid.")
    paid_by: Contact | None = strawberry.field(description="The contact who paid; null when staff recorded it.")
    note: str | None = strawberry.field(description="What staff noted when they recorded it; for staff only.")
    received_on: date | None = strawberry.field(description="The day of receipt that staff recorded.")
    created_at: datetime = strawberry.field(description="When it began.")
    settled_at: datetime | None = strawberry.field(description="When it reached its final status.")
    refunds: list[Refund] = strawberry.field(description="What was given back, oldest first.")
    invoice_id: strawberry.Private[str]

    @strawberry.field(description="The invoice that it pays.")
    async def invoice(self, info: AppInfo) -> Invoice | None:
        return await loading.invoice(info.context, self.invoice_id)

    @strawberry.field(description="A short-lived link to the receipt; null until the money has arrived.")
    def receipt(
        self,
        info: AppInfo,
        form: Annotated[FileForm, strawberry.argument(description="PDF or print view.")] = FileForm.PDF,
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
            invoice_id=payment.invoice_id,
        )

    @classmethod
    async def resolve_reference(cls, info: AppInfo, id: strawberry.ID) -> "Payment | None":
        """Return the payment when the caller may see it."""
        by = info.context.acting()
        try:
            return cls.of(await info.context.app.payments.payment(id, by), by)
        except NotFound:
            return None


@strawberry.federation.type(
    keys=["id"], description="A card that is kept at the payment provider for one contact. Nobody else sees it."
)
class SavedCard:
    """The entity."""

    id: strawberry.ID = strawberry.field(description="The id, `crd_…`.")
    brand: str = strawberry.field(description="The brand, such as `visa`.")
    last_four: str = strawberry.field(description="The last four digits.")
    exp_month: int = strawberry.field(description="The month in which it expires, 1 to 12.")
    exp_year: int = strawberry.field(description="The year in which it expires.")
    is_default: bool = strawberry.field(description="Whether it is offered first.")
    billing_address: CardBillingAddress = strawberry.field(description="Its billing address.")
    added_at: datetime = strawberry.field(description="When it was saved.")

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


@strawberry.type(description="A way of paying that staff offer on an invoice.")
class PaymentOption:
    """A mode with its instructions."""

    mode: PaymentMode = strawberry.field(description="The mode.")
    instructions: str | None = strawberry.field(
        description="What the client has to do, for modes that are not paid online; null for cards."
    )


@strawberry.type(description="What staff wrote with `setPaymentInstructions`.")
class PaymentInstructions:
    """A mode with the organisation's own text."""

    mode: PaymentMode = strawberry.field(description="The mode.")
    text: str | None = strawberry.field(
        description="The text as it was written, with its placeholders; null where the default is shown."
    )


PaymentList = Connection[Payment]


async def saved_cards(info: AppInfo) -> list[SavedCard]:
    """Return the caller's cards, oldest first."""
    cards, default = await info.context.app.payments.saved_cards(info.context.acting())
    return shown(cards, lambda card: SavedCard.of(card, default))


def _status(state: PaymentState, by: Principal) -> PaymentStatus:
    """A client reads "processing" wherever the outcome is not known yet."""
    if not by.is_staff and state in {PaymentState.CREATED, PaymentState.UNKNOWN}:
        return PaymentStatus.PROCESSING
    return named(PaymentStatus, state)
