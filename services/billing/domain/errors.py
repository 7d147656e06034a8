"""What billing refuses.

Each name states the fact and becomes the code that front ends get (`EstimateExpired` → `ESTIMATE_EXPIRED`); each
constructor builds the sentence. Payments add theirs in `domain/payment/errors.py`. Longer than most files,
because it is a list.
"""

from datetime import date
from decimal import Decimal

from services.chassis.kernel import Conflict, InvalidInput, Unavailable

Path = tuple[str, ...]


# --- input -----------------------------------------------------------------------------------------------------------


class UnknownCurrency(InvalidInput):
    """It is no ISO 4217 code."""

    def __init__(self, *, field: Path = ("currency",)) -> None:
        super().__init__("This is not an ISO 4217 currency code.", field=field)


class CurrencyEnded(InvalidInput):
    """The currency was given up for another; what was written in it before stays as it is."""

    def __init__(self, code: str, successor: str, *, field: Path = ("currency",)) -> None:
        super().__init__(f"{code} is no longer in use; please write the document in {successor}.", field=field)


class TooManyDigits(InvalidInput):
    """More digits than the number may have."""

    def __init__(self, decimals: int, *, field: Path) -> None:
        super().__init__(f"This must be a number with at most {decimals} digits after the decimal point.", field=field)


class NumberOutOfRange(InvalidInput):
    """Outside of what is allowed."""

    def __init__(self, low: Decimal | int, high: Decimal | int, *, field: Path) -> None:
        super().__init__(f"This must be between {low:f} and {high:f}.", field=field)


class AmountNotPositive(InvalidInput):
    """An amount that moves money must be more than nothing."""

    def __init__(self, *, field: Path = ("amount",)) -> None:
        super().__init__("The amount must be more than zero.", field=field)


class CurrencyMismatch(InvalidInput):
    """The amount is in another currency than the document."""

    def __init__(self, currency: str, *, field: Path = ("amount", "currency")) -> None:
        super().__init__(f"The amount must be in {currency}.", field=field)


class TextMissing(InvalidInput):
    """A text is required."""

    def __init__(self, *, field: Path) -> None:
        super().__init__("This must not be empty.", field=field)


class TextTooLong(InvalidInput):
    """A text is longer than allowed."""

    def __init__(self, limit: int, *, field: Path) -> None:
        super().__init__(f"This may have at most {limit} characters.", field=field)


class ControlCharacters(InvalidInput):
    """A text carries characters that cannot be printed."""

    def __init__(self, *, field: Path) -> None:
        super().__init__("This contains control characters.", field=field)


class LooksLikeCardNumber(InvalidInput):
    """A text carries what may be a payment card's number; it is never echoed."""

    def __init__(self, *, field: Path) -> None:
        super().__init__(
            "This looks like a card number, which belongs on the payment form only. If it is another number, write "
            "what it is right before it, in one piece: “KID: 1234567”.",
            field=field,
        )


class NoLines(InvalidInput):
    """A document says nothing."""

    def __init__(self) -> None:
        super().__init__("At least one line is needed.", field=("lines",))


class TooManyEntries(InvalidInput):
    """A list is longer than allowed."""

    def __init__(self, limit: int, *, field: Path) -> None:
        super().__init__(f"At most {limit} entries are allowed here.", field=field)


class DuplicateTax(InvalidInput):
    """The same tax twice on one line."""

    def __init__(self, *, field: Path) -> None:
        super().__init__("The same tax is listed twice.", field=field)


class AmountOrPercent(InvalidInput):
    """A discount or charge needs one of the two, never both."""

    def __init__(self, *, field: Path) -> None:
        super().__init__("Give either an amount or a percentage.", field=field)


class DatePassed(InvalidInput):
    """The date lies before the day on which it would take effect."""

    def __init__(self, earliest: date, *, field: Path, what_is_wrong: str = "This date has passed already") -> None:
        super().__init__(f"{what_is_wrong}; the earliest is {earliest.isoformat()}.", field=field)


class DateTooFar(InvalidInput):
    """The date lies too far ahead."""

    def __init__(self, latest: date, *, field: Path) -> None:
        super().__init__(f"This date is too far away; the latest is {latest.isoformat()}.", field=field)


class NoPaymentModes(InvalidInput):
    """An invoice that nobody could pay."""

    def __init__(self) -> None:
        super().__init__("At least one payment mode is needed.", field=("modes",))


class PeriodReversed(InvalidInput):
    """The period ends before it starts."""

    def __init__(self) -> None:
        super().__init__("The period must not end before it starts.", field=("to",))


# --- others ----------------------------------------------------------------------------------------------------------


class DirectoryUnavailable(Unavailable):
    """What this depends on cannot be looked up right now; nothing was changed. The same request may be sent again."""

    def __init__(self) -> None:
        super().__init__(
            "Organisations, portals and client companies cannot be looked up right now. "
            "Nothing was changed; please try again in a moment."
        )


class DocumentChanged(Conflict):
    """Somebody else saved it after this caller had read it."""

    def __init__(self) -> None:
        super().__init__(
            "Somebody else has changed this since you opened it. Nothing was saved; please look at it again.",
            field=("expectedVersion",),
        )


# --- estimates -------------------------------------------------------------------------------------------------------


class EstimateNotDraft(Conflict):
    """It was sent already, or is closed."""

    def __init__(self) -> None:
        super().__init__("Only a draft estimate allows this. Revise the estimate first.")


class EstimateNotSent(Conflict):
    """It does not wait for an answer."""

    def __init__(self) -> None:
        super().__init__("This estimate does not wait for an answer.")


class EstimateExpired(Conflict):
    """Its last day has passed."""

    def __init__(self, last_day: date) -> None:
        super().__init__(f"This estimate was valid until {last_day.isoformat()}.")


class CustomerFixed(Conflict):
    """The client company has seen an earlier revision."""

    def __init__(self) -> None:
        super().__init__(
            "An estimate that was sent once, and the invoice made of it, stay with their client company.",
            field=("customerId",),
        )


class EstimateNotRevisable(Conflict):
    """Only what was declined or has expired is reworked."""

    def __init__(self) -> None:
        super().__init__("Only a declined or expired estimate can be revised.")


class EstimateNotAccepted(Conflict):
    """There is nothing to invoice yet."""

    def __init__(self) -> None:
        super().__init__("Only an accepted estimate can be turned into an invoice.")


class EstimateNotVoidable(Conflict):
    """It was answered already."""

    def __init__(self) -> None:
        super().__init__("Only a draft or an unanswered estimate can be voided.")


class RevisionOutdated(Conflict):
    """Another revision is the current one."""

    def __init__(self, current: int) -> None:
        super().__init__(f"The estimate has changed: revision {current} is the current one.", field=("revision",))


class TooManyRevisions(Conflict):
    """An estimate that goes on for ever."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"An estimate can have at most {limit} revisions; draft a new one.")


# --- invoices --------------------------------------------------------------------------------------------------------


class InvoiceNotDraft(Conflict):
    """It was sent already, or is closed."""

    def __init__(self) -> None:
        super().__init__("Only a draft invoice allows this.")


class InvoiceNotOpen(Conflict):
    """It was not sent, or is closed."""

    def __init__(self) -> None:
        super().__init__("Only an open invoice allows this.")


class InvoiceHasPayments(Conflict):
    """Money was paid, or is being paid."""

    def __init__(self) -> None:
        super().__init__("Something was paid on this invoice, or is being paid right now.")


class NothingToWriteOff(Conflict):
    """It is paid."""

    def __init__(self) -> None:
        super().__init__("Nothing is owed on this invoice.")


# --- collecting ------------------------------------------------------------------------------------------------------


class NotPayable(Conflict):
    """The invoice was not sent, is closed, or is paid."""

    def __init__(self) -> None:
        super().__init__("This invoice cannot be paid.")


class AmountExceedsBalance(Conflict):
    """More than what is owed and not being paid by someone else right now."""

    def __init__(self, available: Decimal, currency: str) -> None:
        under_way = "Another payment of this invoice is under way; finish it, or wait until it has ended."
        at_most = f"At most {available:f} {currency} can be paid now."
        super().__init__(at_most if available > 0 else under_way, field=("amount",))


class PartialPaymentNotAllowed(Conflict):
    """Staff want this invoice paid at once."""

    def __init__(self, balance: Decimal, currency: str) -> None:
        super().__init__(f"This invoice must be paid in full: {balance:f} {currency}.", field=("amount",))


class PaymentModeNotAllowed(Conflict):
    """Staff did not offer this way of paying."""

    def __init__(self) -> None:
        super().__init__("This payment mode is not offered for this invoice.", field=("mode",))


class PaymentAmountChanged(Conflict):
    """The same payment was reserved or settled with another amount."""

    def __init__(self) -> None:
        super().__init__("This payment was recorded with another amount.", field=("amount",))


class ReservationReleased(Conflict):
    """The payment gave its reservation back; a new payment is needed."""

    def __init__(self) -> None:
        super().__init__("This payment has ended. Please start a new one.")


class PaymentAlreadySettled(Conflict):
    """The money has arrived."""

    def __init__(self) -> None:
        super().__init__("This payment has been received already.")


class PaymentNotSettled(Conflict):
    """There is no money to give back."""

    def __init__(self) -> None:
        super().__init__("Only a received payment can be refunded.")


class RefundExceedsPayment(Conflict):
    """More than what is left of the payment."""

    def __init__(self, refundable: Decimal, currency: str) -> None:
        super().__init__(f"At most {refundable:f} {currency} can be refunded.", field=("amount",))


class TooManyPayments(Conflict):
    """An invoice paid in crumbs."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"An invoice can have at most {limit} payments and attempts.")
