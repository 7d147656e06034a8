"""What payments and saved cards refuse."""

from decimal import Decimal

from chassis.kernel import Conflict, InvalidInput, Unavailable


class CardsNotAccepted(Conflict):
    """No provider for cards is set up."""

    description = "Card payments are not set up."

    def __init__(self) -> None:
        super().__init__("Card payments are not set up here. Choose another way to pay.", field=("mode",))


class CardMissing(InvalidInput):
    """A card payment needs exactly one card."""

    description = "Exactly one of card token and saved card is required."

    def __init__(self) -> None:
        super().__init__("Give either a card token or a saved card, not both.", field=("cardToken",))


class CardTokenUsed(Conflict):
    """A card that was just entered pays, or is kept, once."""

    description = "The token of the card form was already used."

    def __init__(self) -> None:
        super().__init__("This card form was used already. Please enter the card again.", field=("cardToken",))


class CardFormUnfinished(Conflict):
    """Nobody has completed the card form."""

    description = "The card form was not completed."

    def __init__(self) -> None:
        super().__init__("The card form was not completed. Please enter the card again.", field=("cardToken",))


class CardTokenInvalid(InvalidInput):
    """What came is no token of the payment form, or of a form that was opened for somebody else."""

    description = "The text is not a token of the card form, or the form was opened for somebody else."

    def __init__(self) -> None:
        super().__init__("This is not a token of the card form.", field=("cardToken",))


class CardExpired(Conflict):
    """A saved card is past its last month."""

    description = "The saved card has expired."

    def __init__(self) -> None:
        super().__init__("This card has expired. Please use another one.", field=("savedCardId",))


class CardRefused(Conflict):
    """The provider does not keep this card."""

    description = "The payment provider refused the card, or does not know the saved card."


class ModeNotOnline(InvalidInput):
    """Money that staff record cannot be paid by a click."""

    description = "This payment method cannot be paid online."

    def __init__(self) -> None:
        super().__init__("This payment method cannot be paid online; follow its instructions.", field=("mode",))


class ModeNotOffline(InvalidInput):
    """Card money comes from the provider and is never recorded by hand."""

    description = "Card payments cannot be recorded by hand."

    def __init__(self) -> None:
        super().__init__(
            "Card payments cannot be recorded by hand; the payment provider reports them.", field=("mode",)
        )


class ReturnUrlNotAllowed(InvalidInput):
    """Nobody is sent to a site that is not ours."""

    description = "The return URL or origin does not belong to the portal."

    def __init__(self, field: str = "returnUrl") -> None:
        super().__init__("This must be an address of the portal.", field=(field,))


class ReceivedInFuture(InvalidInput):
    """Money cannot have come tomorrow."""

    description = "The date of receipt is in the future."

    def __init__(self) -> None:
        super().__init__("The date of receipt must not be in the future.", field=("receivedOn",))


class AmountNotChargeable(Conflict):
    """The payment provider takes no such amount by card."""

    description = "The payment provider does not accept this amount by card."

    def __init__(self, least: Decimal, most: Decimal, step: Decimal, currency: str) -> None:
        super().__init__(
            f"By card, {least:f} to {most:f} {currency} can be paid, in steps of {step:f} {currency}. "
            "Choose another amount or another way to pay.",
            field=("amount",),
        )


class RefundNotPossible(Conflict):
    """The payment provider gives no such amount back."""

    description = "The payment provider cannot refund this amount."

    def __init__(self, step: Decimal, currency: str) -> None:
        super().__init__(f"Card payments can only be refunded in steps of {step:f} {currency}.", field=("amount",))


class EarlierPaymentSucceeded(Conflict):
    """The attempt that was to be given up has gone through in the meantime."""

    description = "An earlier payment of the invoice has just succeeded, so this one was not made."

    def __init__(self) -> None:
        super().__init__(
            "An earlier payment of this invoice has just gone through, so this one was not made. "
            "Open the invoice again."
        )


class PaymentNotRecorded(Conflict):
    """What was to be recorded was refused meanwhile; nothing is recorded."""

    description = "The payment was refused while it was being recorded, and is not recorded."

    def __init__(self, why: str) -> None:
        super().__init__(f"This payment was not recorded: {why.rstrip('.')}.")


class PaymentNotCancellable(Unavailable):
    """The provider is at work on it, or does not tell: money may have moved."""

    description = "The payment is being processed and can no longer be cancelled."

    def __init__(self) -> None:
        super().__init__(
            "The payment is being processed and can no longer be cancelled. Its outcome will be known soon."
        )


class ProviderUnavailable(Unavailable):
    """The payment provider does not answer, so that nobody knows yet."""

    description = "The payment provider is not responding, so the outcome is not known yet."

    def __init__(self) -> None:
        super().__init__("The payment provider is not responding right now. Send the same request again in a moment.")
