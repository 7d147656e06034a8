"""Ways of paying that staff can offer on an invoice."""

from chassis.words import Word


class PaymentMode(Word):
    """How money reaches the business."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    CHEQUE = "cheque"
    CASH = "cash"

    @classmethod
    def is_carried(cls) -> bool:
        return True

    @property
    def is_offline(self) -> bool:
        """Whether staff record the money by hand."""
        return self is not PaymentMode.CARD
