"""The inputs and payloads of the payment mutations."""

from datetime import date
from decimal import Decimal

import strawberry

from chassis.graphql.types import Currency
from chassis.graphql.wording import ERRORS, KEY
from services.billing.api.documents import Invoice
from services.billing.api.errors import UserError
from services.billing.api.inputs import INVOICE_ID
from services.billing.api.payments import Payment, Refund, SavedCard
from services.billing.api.values import PaymentMode
from services.billing.domain.money import Money


@strawberry.input(description="A filter for payments; all given fields must match.")
class PaymentFilterInput:
    """Filter of `payments`."""

    invoice_id: strawberry.ID | None = strawberry.field(
        default=None, description="Only payments of this invoice, `inv_…`."
    )


@strawberry.input(description="An amount of money in one currency.")
class MoneyInput:
    """An amount."""

    amount: Decimal = strawberry.field(
        description="The amount, with at most as many decimal digits as the currency has."
    )
    currency: Currency = strawberry.field(description="The currency, which must be that of the invoice.")

    def value(self) -> Money:
        return Money.of(self.amount, self.currency, field=("amount", "amount"))


@strawberry.input(description="The page to which the card form returns.")
class CreateCardSessionInput:
    """A card form."""

    return_url: str | None = strawberry.field(
        default=None,
        description="An address of the portal, to which the token is added as the query parameter `card_token`.",
    )
    origin: str | None = strawberry.field(
        default=None,
        description="The origin of the portal, to which the form posts the token; only without `returnUrl`. Without "
        "both, the form leads to the portal itself.",
    )


@strawberry.input(description="A payment by card.")
class PayInvoiceInput:
    """A payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    mode: PaymentMode = strawberry.field(
        default=PaymentMode.CARD, description="The payment mode; only `CARD` can be paid online."
    )
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="The amount to pay, where the invoice allows part payments; by default all that can be paid now."
        " An earlier payment that is still waiting for the payer is cancelled if it is in the way.",
    )
    card_token: str | None = strawberry.field(
        default=None,
        description="The token of the card form; it works once, and only for the contact who opened the form.",
    )
    saved_card_id: strawberry.ID | None = strawberry.field(
        default=None, description="The saved card to use instead of a token, `crd_…`."
    )
    save_card: bool = strawberry.field(default=False, description="Whether to save the new card for later.")
    return_url: str | None = strawberry.field(
        default=None,
        description="The address of the portal to which the browser returns after 3-D Secure; by default the portal "
        "itself.",
    )


@strawberry.input(description="A payment to confirm.")
class ConfirmPaymentInput:
    """A payment."""

    payment_id: strawberry.ID = strawberry.field(description="The ID of the payment, `pay_…`.")


@strawberry.input(description="A payment to cancel.")
class CancelPaymentInput:
    """A payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    payment_id: strawberry.ID = strawberry.field(description="The ID of the payment, `pay_…`.")


@strawberry.input(description="A payment received by bank transfer, cheque or cash.")
class RecordPaymentInput:
    """A recorded payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    mode: PaymentMode = strawberry.field(description="The payment mode; not `CARD`.")
    amount: MoneyInput = strawberry.field(description="The amount received.")
    received_on: date = strawberry.field(description="The date of receipt, not in the future.")
    note: str = strawberry.field(
        default="", description="A note, such as a reference, visible to staff only; at most 500 characters."
    )


@strawberry.input(description="A payment to refund.")
class RefundPaymentInput:
    """A refund."""

    idempotency_key: str = strawberry.field(description=KEY)
    payment_id: strawberry.ID = strawberry.field(description="The ID of the payment, `pay_…`.")
    amount: MoneyInput | None = strawberry.field(
        default=None, description="The amount to refund; by default all that is left of the payment."
    )
    reason: str = strawberry.field(default="", description="The reason, visible to staff only; at most 500 characters.")


@strawberry.input(description="A card to save.")
class AddSavedCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    card_token: str = strawberry.field(
        description="The token of the card form; it works once, and only for the contact who opened the form."
    )
    make_default: bool = strawberry.field(default=False, description="Whether to make it the default card.")


@strawberry.input(description="A saved card of the caller.")
class RemoveSavedCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    saved_card_id: strawberry.ID = strawberry.field(description="The ID of the card, `crd_…`.")


@strawberry.input(description="A saved card of the caller.")
class SetDefaultCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    saved_card_id: strawberry.ID = strawberry.field(description="The ID of the card, `crd_…`.")


@strawberry.input(description="Instructions to clients for a payment mode that is not paid online.")
class SetPaymentInstructionsInput:
    """A text."""

    idempotency_key: str = strawberry.field(description=KEY)
    mode: PaymentMode = strawberry.field(description="The payment mode; not `CARD`.")
    text: str = strawberry.field(
        description="The instructions, at most 2,000 characters; `{number}` and `{seller}` are filled in. If empty, "
        "a standard text is used."
    )


@strawberry.type(description="The result of a payment mutation.")
class PaymentOutcome:
    """Fields of payloads with a payment; never used alone."""

    payment: Payment | None = strawberry.field(
        default=None, description="The payment; null if the request was refused."
    )
    invoice: Invoice | None = strawberry.field(
        default=None, description="The invoice in its current state; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `payInvoice`.")
class PayInvoicePayload(PaymentOutcome):
    """Payload of `payInvoice`."""


@strawberry.type(description="The outcome of `confirmPayment`.")
class ConfirmPaymentPayload(PaymentOutcome):
    """Payload of `confirmPayment`."""


@strawberry.type(description="The outcome of `cancelPayment`.")
class CancelPaymentPayload(PaymentOutcome):
    """Payload of `cancelPayment`."""


@strawberry.type(description="The outcome of `recordPayment`.")
class RecordPaymentPayload(PaymentOutcome):
    """Payload of `recordPayment`."""


@strawberry.type(description="The outcome of `refundPayment`.")
class RefundPaymentPayload(PaymentOutcome):
    """Payload of `refundPayment`."""

    refund: Refund | None = strawberry.field(default=None, description="The refund; null if the request was refused.")


@strawberry.type(description="The outcome of `createCardSession`.")
class CreateCardSessionPayload:
    """Payload of `createCardSession`."""

    url: str | None = strawberry.field(
        default=None,
        description="The address of the provider's card form, which can be opened once; null if the request was "
        "refused.",
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The result of a mutation of saved cards.")
class SavedCardsOutcome:
    """Fields of payloads about saved cards; never used alone."""

    saved_cards: list[SavedCard] | None = strawberry.field(
        default=None, description="The current cards of the caller; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `addSavedCard`.")
class AddSavedCardPayload(SavedCardsOutcome):
    """Payload of `addSavedCard`."""

    saved_card: SavedCard | None = strawberry.field(
        default=None, description="The new card; null if the request was refused."
    )


@strawberry.type(description="The outcome of `removeSavedCard`.")
class RemoveSavedCardPayload(SavedCardsOutcome):
    """Payload of `removeSavedCard`."""


@strawberry.type(description="The outcome of `setDefaultCard`.")
class SetDefaultCardPayload(SavedCardsOutcome):
    """Payload of `setDefaultCard`."""


@strawberry.type(description="The outcome of `setPaymentInstructions`.")
class SetPaymentInstructionsPayload:
    """Payload of `setPaymentInstructions`."""

    text: str | None = strawberry.field(
        default=None, description="The stored instructions; null if the request was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
