"""The inputs and payloads of the payment mutations."""

from datetime import date
from decimal import Decimal

import strawberry

from services.billing.api.documents import Invoice
from services.billing.api.errors import UserError
from services.billing.api.inputs import INVOICE_ID
from services.billing.api.payments import Payment, Refund, SavedCard
from services.billing.api.values import PaymentMode
from services.billing.domain.money import Money
from services.chassis.graphql.types import ERRORS, KEY, Currency


@strawberry.input(description="An amount of money in one currency.")
class MoneyInput:
    """An amount."""

    amount: Decimal = strawberry.field(description="The amount, with no more digits than the currency has.")
    currency: Currency = strawberry.field(description="The currency; it must be the invoice's.")

    def value(self) -> Money:
        return Money.of(self.amount, self.currency, field=("amount", "amount"))


@strawberry.input(description="Where the card form leads back to.")
class CreateCardSessionInput:
    """A card form."""

    return_url: str | None = strawberry.field(
        default=None, description="An address of the portal; the token is added to its query as `card_token`."
    )
    origin: str | None = strawberry.field(
        default=None,
        description="Without `returnUrl`: the portal's origin, to which the form posts the token. "
        "With neither the form leads to the portal itself.",
    )


@strawberry.input(description="A payment by card.")
class PayInvoiceInput:
    """A payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    mode: PaymentMode = strawberry.field(default=PaymentMode.CARD, description="Only `CARD` is paid online.")
    amount: MoneyInput | None = strawberry.field(
        default=None,
        description="A part, where the invoice allows that; by default all that can be paid now. "
        "A payment that still waits for its payer and stands in the way is cancelled.",
    )
    card_token: str | None = strawberry.field(
        default=None, description="The token of the card form; works once, and for the contact who opened it."
    )
    saved_card_id: strawberry.ID | None = strawberry.field(default=None, description="Or a saved card, `crd_…`.")
    save_card: bool = strawberry.field(default=False, description="Keep the new card for later.")
    return_url: str | None = strawberry.field(
        default=None,
        description="Where the browser comes back to after 3-D Secure; an address of the portal. "
        "By default the portal itself.",
    )


@strawberry.input(description="A payment to look at again.")
class ConfirmPaymentInput:
    """A payment."""

    payment_id: strawberry.ID = strawberry.field(description="The payment, `pay_…`.")


@strawberry.input(description="A payment to give up.")
class CancelPaymentInput:
    """A payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    payment_id: strawberry.ID = strawberry.field(description="The payment, `pay_…`.")


@strawberry.input(description="Money that came by bank transfer, cheque or cash.")
class RecordPaymentInput:
    """A recorded payment."""

    idempotency_key: str = strawberry.field(description=KEY)
    invoice_id: strawberry.ID = strawberry.field(description=INVOICE_ID)
    mode: PaymentMode = strawberry.field(description="How it came; not `CARD`.")
    amount: MoneyInput = strawberry.field(description="How much.")
    received_on: date = strawberry.field(description="The day on which it came, not in the future.")
    note: str = strawberry.field(default="", description="For staff, a reference say; at most 500 characters.")


@strawberry.input(description="Money that is to go back.")
class RefundPaymentInput:
    """A refund."""

    idempotency_key: str = strawberry.field(description=KEY)
    payment_id: strawberry.ID = strawberry.field(description="The payment, `pay_…`.")
    amount: MoneyInput | None = strawberry.field(default=None, description="A part; by default all that is left.")
    reason: str = strawberry.field(default="", description="Why, for staff; at most 500 characters.")


@strawberry.input(description="A card to keep.")
class AddSavedCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    card_token: str = strawberry.field(
        description="The token of the card form; works once, and for the contact who opened it."
    )
    make_default: bool = strawberry.field(default=False, description="Offer it first from now on.")


@strawberry.input(description="One of the caller's saved cards.")
class RemoveSavedCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    saved_card_id: strawberry.ID = strawberry.field(description="The card, `crd_…`.")


@strawberry.input(description="One of the caller's saved cards.")
class SetDefaultCardInput:
    """A card."""

    idempotency_key: str = strawberry.field(description=KEY)
    saved_card_id: strawberry.ID = strawberry.field(description="The card, `crd_…`.")


@strawberry.input(description="What clients read about a way of paying that is not paid online.")
class SetPaymentInstructionsInput:
    """A text."""

    idempotency_key: str = strawberry.field(description=KEY)
    mode: PaymentMode = strawberry.field(description="The mode; not `CARD`.")
    text: str = strawberry.field(
        description="The text, at most 2000 characters; `{number}` and `{seller}` are filled in. "
        "Empty: a standard text."
    )


@strawberry.type(description="What became of a payment.")
class PaymentOutcome:
    """Fields of payloads with a payment; never used alone."""

    payment: Payment | None = strawberry.field(default=None, description="The payment; null when it was refused.")
    invoice: Invoice | None = strawberry.field(default=None, description="The invoice as it is now.")
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

    refund: Refund | None = strawberry.field(default=None, description="The refund; null when it was refused.")


@strawberry.type(description="The outcome of `createCardSession`.")
class CreateCardSessionPayload:
    """Payload of `createCardSession`."""

    url: str | None = strawberry.field(default=None, description="The provider's card form, to be opened once.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="What became of the caller's saved cards.")
class SavedCardsOutcome:
    """Fields of payloads about saved cards; never used alone."""

    saved_cards: list[SavedCard] | None = strawberry.field(
        default=None, description="The caller's cards as they are now; null when it was refused."
    )
    user_errors: list[UserError] = strawberry.field(description=ERRORS)


@strawberry.type(description="The outcome of `addSavedCard`.")
class AddSavedCardPayload(SavedCardsOutcome):
    """Payload of `addSavedCard`."""

    saved_card: SavedCard | None = strawberry.field(default=None, description="The new card.")


@strawberry.type(description="The outcome of `removeSavedCard`.")
class RemoveSavedCardPayload(SavedCardsOutcome):
    """Payload of `removeSavedCard`."""


@strawberry.type(description="The outcome of `setDefaultCard`.")
class SetDefaultCardPayload(SavedCardsOutcome):
    """Payload of `setDefaultCard`."""


@strawberry.type(description="The outcome of `setPaymentInstructions`.")
class SetPaymentInstructionsPayload:
    """Payload of `setPaymentInstructions`."""

    text: str | None = strawberry.field(default=None, description="The text as it is kept.")
    user_errors: list[UserError] = strawberry.field(description=ERRORS)
