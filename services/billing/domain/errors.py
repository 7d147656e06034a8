"""What billing refuses.

Each name states the fact and becomes the code that front ends get (`EstimateExpired` → `ESTIMATE_EXPIRED`); each
constructor builds the sentence. Payments add theirs in `domain/payment/errors.py`. Longer than most files,
because it is a list.
"""

from datetime import date, datetime
from decimal import Decimal

from chassis import wording
from chassis.kernel import Conflict, InvalidInput, Unavailable

Path = tuple[str, ...]


# --- input -----------------------------------------------------------------------------------------------------------


class UnknownCurrency(InvalidInput):
    """It is no ISO 4217 code."""

    description = wording.UNKNOWN_CURRENCY

    def __init__(self, *, field: Path = ("currency",)) -> None:
        super().__init__(wording.SAY_UNKNOWN_CURRENCY, field=field)


class CurrencyEnded(InvalidInput):
    """The currency was given up for another; what was written in it before stays as it is."""

    description = wording.CURRENCY_ENDED

    def __init__(self, code: str, successor: str, *, field: Path = ("currency",)) -> None:
        super().__init__(wording.say_currency_ended(code, successor), field=field)


class TooManyDigits(InvalidInput):
    """More digits than the number may have."""

    description = "The number has more digits after the decimal point than allowed."

    def __init__(self, decimals: int, *, field: Path) -> None:
        super().__init__(f"This must be a number with at most {decimals} digits after the decimal point.", field=field)


class NumberOutOfRange(InvalidInput):
    """Outside of what is allowed."""

    description = "The number is outside the allowed range."

    def __init__(self, low: Decimal | int, high: Decimal | int, *, field: Path) -> None:
        super().__init__(f"This must be between {Decimal(low):,f} and {Decimal(high):,f}.", field=field)


class AmountNotPositive(InvalidInput):
    """An amount that moves money must be more than nothing."""

    description = "The amount is not greater than zero."

    def __init__(self, *, field: Path = ("amount",)) -> None:
        super().__init__("The amount must be more than zero.", field=field)


class CurrencyMismatch(InvalidInput):
    """The amount is in another currency than the document."""

    description = "The amount is in a different currency from the document."

    def __init__(self, currency: str, *, field: Path = ("amount", "currency")) -> None:
        super().__init__(f"The amount must be in {currency}.", field=field)


class NoLines(InvalidInput):
    """A document says nothing."""

    description = "The document does not have any lines."

    def __init__(self) -> None:
        super().__init__("At least one line is required.", field=("lines",))


class TooManyEntries(InvalidInput):
    """A list is longer than allowed."""

    description = wording.TOO_MANY_ENTRIES

    def __init__(self, limit: int, *, field: Path) -> None:
        super().__init__(wording.say_too_many_entries(limit), field=field)


class DuplicateTax(InvalidInput):
    """The same tax twice on one line."""

    description = "The same tax is listed twice."

    def __init__(self, *, field: Path) -> None:
        super().__init__("The same tax is listed twice.", field=field)


class AmountOrPercent(InvalidInput):
    """A discount or charge needs one of the two, never both."""

    description = "Exactly one of amount and percentage is required for a discount or charge."

    def __init__(self, *, field: Path) -> None:
        super().__init__("Give either an amount or a percentage, not both.", field=field)


class AdjustmentNegative(InvalidInput):
    """A discount that would make dearer, or a charge that would make cheaper."""

    description = "The amount of a discount or charge is below zero."

    def __init__(self, kind: str, *, field: Path) -> None:
        other = "charge" if kind == "discount" else "discount"
        super().__init__(f"The amount of a {kind} must not be below zero. Enter it as a {other} instead.", field=field)


class DiscountTooLarge(InvalidInput):
    """It takes away more than is charged."""

    description = "The discounts are larger than what is charged."

    def __init__(self, *, field: Path) -> None:
        super().__init__(
            "The discounts are larger than what is charged. Lower them, or add a line with a negative quantity to give "
            "money back.",
            field=field,
        )


class PrepaidSign(InvalidInput):
    """What was paid before has the sign of what was paid back, or the other way round."""

    description = "The prepaid amount has the opposite sign of the gross total."

    def __init__(self, side: str) -> None:
        super().__init__(f"The prepaid amount must not be {side} zero in this document.", field=("prepaid",))


class DatePassed(InvalidInput):
    """The date lies before the day on which it would take effect."""

    description = "The date is earlier than allowed."

    def __init__(self, earliest: date, *, field: Path, what_is_wrong: str = "This date has already passed") -> None:
        super().__init__(f"{what_is_wrong}; the earliest is {earliest.isoformat()}.", field=field)


class DateTooFar(InvalidInput):
    """The date lies too far ahead."""

    description = "The date is later than allowed."

    def __init__(self, latest: date, *, field: Path) -> None:
        super().__init__(f"This date is too far in the future; the latest is {latest.isoformat()}.", field=field)


class NoPaymentModes(InvalidInput):
    """An invoice that nobody could pay."""

    description = "The invoice does not offer any payment mode."

    def __init__(self) -> None:
        super().__init__("At least one payment mode is required.", field=("modes",))


class PeriodReversed(InvalidInput):
    """The period ends before it starts."""

    description = "The period ends before it starts."

    def __init__(self, *, field: Path = ("to",)) -> None:
        super().__init__("The period must not end before it starts.", field=field)


# --- others ----------------------------------------------------------------------------------------------------------


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now. The same request may be sent again."""

    description = wording.DIRECTORY_UNAVAILABLE

    def __init__(self) -> None:
        super().__init__(
            "Organisations, portals and client companies cannot be looked up right now. "
            "Please send the same request again in a moment."
        )


class DocumentChanged(Conflict):
    """Somebody else saved it after this caller had read it."""

    description = "Somebody else has saved the document since this version was read."

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this document since you opened it. Nothing was saved; open it again.",
            field=("expectedVersion",),
        )


# --- estimates -------------------------------------------------------------------------------------------------------


class EstimateNotDraft(Conflict):
    """It was sent already, or is closed."""

    description = "The estimate is not a draft."

    def __init__(self) -> None:
        super().__init__("This is possible only while the estimate is a draft. Revise the estimate first.")


class EstimateNotSent(Conflict):
    """It does not wait for an answer."""

    description = "The estimate is not awaiting an answer."

    def __init__(self) -> None:
        super().__init__("This estimate is not awaiting an answer.")


class EstimateExpired(Conflict):
    """Its last day has passed."""

    description = "The last day of the estimate has passed."

    def __init__(self, last_day: date) -> None:
        super().__init__(f"This estimate was valid until {last_day.isoformat()}.")


class CustomerFixed(Conflict):
    """The client company has seen an earlier revision."""

    description = "The client company of a document that was sent once cannot be changed."

    def __init__(self) -> None:
        super().__init__(
            "The client company cannot be changed once it has received the estimate.",
            field=("customerId",),
        )


class EstimateNotRevisable(Conflict):
    """Only what was declined or has expired is reworked."""

    description = "The estimate is neither declined nor expired."

    def __init__(self) -> None:
        super().__init__("Only a declined or expired estimate can be revised.")


class EstimateNotAccepted(Conflict):
    """There is nothing to invoice yet."""

    description = "The estimate has not been accepted."

    def __init__(self) -> None:
        super().__init__("Only an accepted estimate can be turned into an invoice.")


class TooManyVoidInvoices(Conflict):
    """An estimate whose invoices are voided again and again."""

    description = "The estimate has reached its limit of voided invoices."

    def __init__(self, limit: int) -> None:
        super().__init__(
            f"More than {limit:,} invoices of this estimate were voided. Create an invoice without the estimate."
        )


class EstimateNotVoidable(Conflict):
    """It was answered already."""

    description = "The estimate is neither a draft nor awaiting an answer."

    def __init__(self) -> None:
        super().__init__("Only a draft estimate, or one that is awaiting an answer, can be voided.")


class RevisionOutdated(Conflict):
    """Another revision is the current one."""

    description = "The answer names an earlier revision of the estimate."

    def __init__(self, current: int) -> None:
        super().__init__(f"The estimate has changed: revision {current} is the current one.", field=("revision",))


class TooManyRevisions(Conflict):
    """An estimate that goes on for ever."""

    description = "The estimate has reached its limit of revisions."

    def __init__(self, limit: int) -> None:
        super().__init__(f"This estimate has reached its limit of {limit:,} revisions. Create a new estimate.")


# --- invoices --------------------------------------------------------------------------------------------------------


class InvoiceNotDraft(Conflict):
    """It was sent already, or is closed."""

    description = "The invoice is not a draft."

    def __init__(self) -> None:
        super().__init__("This is possible only while the invoice is a draft.")


class InvoiceNotOpen(Conflict):
    """It was not sent, is closed, or, where money is to be collected, is paid."""

    description = "The invoice is not open: it has not been sent, is paid, or was voided or written off."
    former_codes = ("NOT_PAYABLE",)

    def __init__(self) -> None:
        super().__init__("This invoice is not open: it has not been sent, is paid, or was voided or written off.")


class InvoiceHasPayments(Conflict):
    """Money was paid, or is being paid."""

    description = "The invoice has payments, or a payment of it is under way."

    def __init__(self) -> None:
        super().__init__("This is not possible because the invoice has payments, or a payment is under way.")


class NothingToWriteOff(Conflict):
    """It is paid."""

    description = "The invoice does not have an open balance to write off."

    def __init__(self) -> None:
        super().__init__("This invoice does not have an open balance to write off.")


# --- mailing ---------------------------------------------------------------------------------------------------------


class NotYetSent(Conflict):
    """It was never sent, so that it cannot be sent again, or reminded of."""

    description = "The document has not been sent yet. Send it first."

    def __init__(self) -> None:
        super().__init__("This document has not been sent yet. Send it first.")


class NothingOwed(Conflict):
    """It is paid, or gives money back: there is nothing to remind of."""

    description = "Nothing is owed on the invoice, so that there is nothing to remind of."

    def __init__(self) -> None:
        super().__init__("Nothing is owed on this invoice, so that there is nothing to remind of.")


class RemindedRecently(Conflict):
    """The client was reminded a short while ago."""

    description = "The client was reminded of the invoice less than 24 hours ago."

    def __init__(self, again_at: datetime) -> None:
        super().__init__(
            "The client was reminded of this invoice less than 24 hours ago. "
            f"It is possible again on {again_at:%Y-%m-%d} at {again_at:%H:%M} UTC."
        )


class SentTooOften(Conflict):
    """It was sent again so often today that a slip or a script is likely."""

    description = "The document was sent again as often as is allowed within 24 hours."

    def __init__(self, limit: int, again_at: datetime) -> None:
        super().__init__(
            f"This document was sent again {limit} times within 24 hours, which is the limit. "
            f"It is possible again on {again_at:%Y-%m-%d} at {again_at:%H:%M} UTC."
        )


class NobodyToReach(Conflict):
    """The client company has no contact who could be mailed."""

    description = "The client company does not have a contact who can be reached by e-mail."

    def __init__(self) -> None:
        super().__init__(
            "This client company does not have a contact who can be reached. Add one, or enable one again."
        )


class NotAContactOfTheClient(InvalidInput):
    """Only contacts of the document's own client company can be chosen."""

    description = "A chosen recipient is not a contact of the document's client company, or is disabled."

    def __init__(self, number: int) -> None:
        super().__init__(
            f"Recipient {number} is not a contact of the document's client company, or is disabled.",
            field=("recipientIds", str(number - 1)),
        )


class DuplicateDay(InvalidInput):
    """A day is named twice."""

    description = "The same number of days is given more than once."

    def __init__(self, *, field: Path) -> None:
        super().__init__("Each number of days can be given only once.", field=field)


# --- collecting ------------------------------------------------------------------------------------------------------


class AmountExceedsBalance(Conflict):
    """More than what is owed and not being paid by someone else right now."""

    description = "The amount is more than can be paid on the invoice now."

    def __init__(self, available: Decimal, currency: str) -> None:
        under_way = "Another payment of this invoice is under way; finish it, or wait until it has ended."
        at_most = f"At most {available:f} {currency} can be paid now."
        super().__init__(at_most if available > 0 else under_way, field=("amount",))


class PartialPaymentNotAllowed(Conflict):
    """Staff want this invoice paid at once."""

    description = "The invoice must be paid in full."

    def __init__(self, balance: Decimal, currency: str) -> None:
        super().__init__(f"This invoice must be paid in full: {balance:f} {currency}.", field=("amount",))


class PaymentModeNotAllowed(Conflict):
    """Staff did not offer this way of paying."""

    description = "The payment mode is not offered for the invoice."

    def __init__(self) -> None:
        super().__init__("This payment mode is not offered for this invoice.", field=("mode",))


class PaymentAmountChanged(Conflict):
    """The same payment was reserved or settled with another amount."""

    description = "The payment was recorded with a different amount."

    def __init__(self) -> None:
        super().__init__("This payment was recorded with a different amount.", field=("amount",))


class PaymentEnded(Conflict):
    """It has its final state, or gave its reservation back; a new payment is needed."""

    description = "The payment has ended; a new payment is needed."
    former_codes = ("RESERVATION_RELEASED",)

    def __init__(self) -> None:
        super().__init__("This payment has ended. Start a new one.")


class PaymentAlreadySettled(Conflict):
    """The money has arrived."""

    description = "The payment has already been received."

    def __init__(self) -> None:
        super().__init__("This payment has already been received.")


class PaymentNotRefundable(Conflict):
    """There is no money to give back."""

    description = "The payment has not been received, so it cannot be refunded."
    former_codes = ("PAYMENT_NOT_SETTLED",)

    def __init__(self) -> None:
        super().__init__("Only a received payment can be refunded.")


class RefundTooLarge(Conflict):
    """More than what is left of the payment."""

    description = "The refund is more than what is left of the payment."
    former_codes = ("REFUND_EXCEEDS_PAYMENT",)

    def __init__(self, refundable: Decimal, currency: str) -> None:
        super().__init__(f"At most {refundable:f} {currency} can be refunded.", field=("amount",))


class TooManyPayments(Conflict):
    """An invoice paid in crumbs."""

    description = "The invoice has reached its limit of payments and attempts."

    def __init__(self, limit: int) -> None:
        super().__init__(f"This invoice has reached its limit of {limit:,} payments and attempts.")
