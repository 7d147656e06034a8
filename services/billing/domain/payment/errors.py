"""What payments and saved cards refuse."""

from decimal import Decimal

from services.chassis.kernel import Conflict, InvalidInput


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


class CardTokenInvalid(InvalidInput):
    """What came is no token of the payment form."""

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


class ProviderUnavailable(Conflict):
    """The payment provider does not answer; nothing was changed."""

    def __init__(self) -> None:
        super().__init__("The payment provider does not answer right now. Nothing was changed; please try again.")
