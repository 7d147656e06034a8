"""Ways of paying that staff can offer on an invoice."""

from enum import StrEnum


class PaymentMode(StrEnum):
    """How money reaches the business."""

    CARD = "card"
    BANK_TRANSFER = "bank_transfer"
    CHEQUE = "cheque"
    CASH = "cash"

    @property
    def is_offline(self) -> bool:
        """Whether staff record the money by hand."""
        return self is not PaymentMode.CARD
