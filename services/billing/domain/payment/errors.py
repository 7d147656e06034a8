"""What payments and saved cards refuse."""

from decimal import Decimal

from services.chassis.kernel import Conflict, InvalidInput, Unavailable


class PaymentEnded(Conflict):
    """It has its final state."""

    def __init__(self) -> None:
        super().__init__("This payment has ended. Please start a new one.")


class PaymentNotRefundable(Conflict):
    """No money came, so none can go back."""

    def __init__(self) -> None:
        super().__init__("Only a received payment can be refunded.")


class RefundTooLarge(Conflict):
    """More than what is left of the payment."""

    def __init__(self, refundable: Decimal, currency: str) -> None:
        super().__init__(f"At most {refundable:f} {currency} can be refunded.", field=("amount",))


class CardsNotAccepted(Conflict):
    """No provider for cards is set up."""

    def __init__(self) -> None:
        super().__init__("Cards are not accepted at the moment.", field=("mode",))


class CardMissing(InvalidInput):
    """A card payment needs exactly one card."""

    def __init__(self) -> None:
        super().__init__("Give either a card token or a saved card.", field=("cardToken",))


class CardTokenUsed(Conflict):
    """A card that was just entered pays, or is kept, once."""

    def __init__(self) -> None:
        super().__init__("This card form was used already. Please enter the card again.", field=("cardToken",))


class CardFormUnfinished(Conflict):
    """Nobody has completed the card form."""

    def __init__(self) -> None:
        super().__init__("The card form was not completed. Please enter the card again.", field=("cardToken",))


class CardTokenInvalid(InvalidInput):
    """What came is no token of the payment form, or of a form that was opened for somebody else."""

    def __init__(self) -> None:
        super().__init__("This is not a token of the card form.", field=("cardToken",))


class CardExpired(Conflict):
    """A saved card is past its last month."""

    def __init__(self) -> None:
        super().__init__("This card has expired. Please use another one.", field=("savedCardId",))


class CardRefused(Conflict):
    """The provider does not keep this card."""


class ModeNotOnline(InvalidInput):
    """Money that staff record cannot be paid by a click."""

    def __init__(self) -> None:
        super().__init__("This payment mode is not paid online; follow its instructions.", field=("mode",))


class ModeNotOffline(InvalidInput):
    """Card money comes from the provider and is never recorded by hand."""

    def __init__(self) -> None:
        super().__init__("Card payments are recorded by the provider only.", field=("mode",))


class ReturnUrlNotAllowed(InvalidInput):
    """Nobody is sent to a site that is not ours."""

    def __init__(self) -> None:
        super().__init__("This address does not belong to the portal.", field=("returnUrl",))


class ReceivedInFuture(InvalidInput):
    """Money cannot have come tomorrow."""

    def __init__(self) -> None:
        super().__init__("The day of receipt must not lie in the future.", field=("receivedOn",))


class AmountNotChargeable(Conflict):
    """The payment provider takes no such amount by card."""

    def __init__(self, least: Decimal, most: Decimal, step: Decimal, currency: str) -> None:
        super().__init__(
            f"By card, {currency} can be paid from {least:f} to {most:f} in steps of {step:f}. "
            "Please choose another amount or another way to pay.",
            field=("amount",),
        )


class RefundNotPossible(Conflict):
    """The payment provider gives no such amount back."""

    def __init__(self, step: Decimal, currency: str) -> None:
        super().__init__(f"Card payments in {currency} are refunded in steps of {step:f}.", field=("amount",))


class EarlierPaymentSucceeded(Conflict):
    """The attempt that was to be given up has gone through in the meantime."""

    def __init__(self) -> None:
        super().__init__(
            "An earlier payment of this invoice has just gone through, so this one was not made. "
            "Please look at the invoice again."
        )


class PaymentNotRecorded(Conflict):
    """What was to be recorded was refused meanwhile; nothing is recorded."""

    def __init__(self, why: str) -> None:
        super().__init__(f"This payment was not recorded: {why}")


class PaymentNotCancellable(Unavailable):
    """The provider is at work on it, or does not tell: money may have moved."""

    def __init__(self) -> None:
        super().__init__("The payment is being processed and cannot be cancelled any more. Its outcome will show soon.")


class ProviderUnavailable(Unavailable):
    """The payment provider does not answer; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The payment provider does not answer right now. Nothing was changed; please try again.")
