"""Card numbers: brand, Luhn and expiry checks, and the test numbers with what each of them does.

A number lives only as long as the request that carries it; what is kept is a `CardBehaviour` and the last four digits.
"""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class Fault(StrEnum):
    """How the provider misbehaves. `*_AFTER` does the work first, so that the money has moved unseen."""

    HANG_BEFORE = "hang_before"
    HANG_AFTER = "hang_after"
    RESET_BEFORE = "reset_before"
    RESET_AFTER = "reset_after"
    ERROR_BEFORE = "error_before"
    ERROR_AFTER = "error_after"
    RATE_LIMIT = "rate_limit"
    NONSENSE_AFTER = "nonsense_after"
    DELAY = "delay"


@dataclass(frozen=True, slots=True)
class CardBehaviour:
    """What a test card does when it is charged."""

    decline: str | None = None
    challenge: bool = False
    fault: Fault | None = None
    processing: bool = False


DECLINES = {
    "card_declined": "Your card was declined.",
    "insufficient_funds": "Your card has insufficient funds.",
    "expired_card": "Your card has expired.",
    "stolen_card": "Your card was declined.",
    "incorrect_cvc": "Your card's security code is incorrect.",
    "authentication_failed": "The card holder could not be authenticated.",
}

TEST_CARDS: dict[str, CardBehaviour] = {
    "4242424242424242": CardBehaviour(),
    "4000056655665556": CardBehaviour(),
    "5555555555554444": CardBehaviour(),
    "2223003122003222": CardBehaviour(),
    "378282246310005": CardBehaviour(),
    "6011111111111117": CardBehaviour(),
    "3056930009020004": CardBehaviour(),
    "4000000000000002": CardBehaviour(decline="card_declined"),
    "4000000000009995": CardBehaviour(decline="insufficient_funds"),
    "4000000000000069": CardBehaviour(decline="expired_card"),
    "4000000000009979": CardBehaviour(decline="stolen_card"),
    "4000000000000127": CardBehaviour(decline="incorrect_cvc"),
    "4000002760003184": CardBehaviour(challenge=True),
    "4000008400001629": CardBehaviour(challenge=True, decline="card_declined"),
    "4000000000000077": CardBehaviour(processing=True),
    "4000000000910010": CardBehaviour(fault=Fault.HANG_BEFORE),
    "4000000000910028": CardBehaviour(fault=Fault.HANG_AFTER),
    "4000000000910036": CardBehaviour(fault=Fault.RESET_BEFORE),
    "4000000000910044": CardBehaviour(fault=Fault.RESET_AFTER),
    "4000000000910051": CardBehaviour(fault=Fault.ERROR_BEFORE),
    "4000000000910069": CardBehaviour(fault=Fault.ERROR_AFTER),
    "4000000000910077": CardBehaviour(fault=Fault.RATE_LIMIT),
    "4000000000910085": CardBehaviour(fault=Fault.NONSENSE_AFTER),
    "4000000000910093": CardBehaviour(fault=Fault.DELAY),
}

_BRANDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("visa", re.compile(r"4(\d{12}|\d{15}|\d{18})")),
    ("mastercard", re.compile(r"(5[1-5]\d{4}|222[1-9]\d{2}|22[3-9]\d{3}|2[3-6]\d{4}|27[01]\d{3}|2720\d{2})\d{10}")),
    ("amex", re.compile(r"3[47]\d{13}")),
    ("discover", re.compile(r"(6011|65\d{2}|64[4-9]\d)\d{12}")),
    ("diners", re.compile(r"3(0[0-5]|[68]\d)\d{11}(\d{2})?")),
    ("jcb", re.compile(r"35(2[89]|[3-8]\d)\d{12}")),
)


class CardRefused(Exception):
    """One field of the form is wrong; `field` names it, the message never repeats what was typed."""

    def __init__(self, field: str, code: str, message: str) -> None:
        super().__init__(message)
        self.field, self.code, self.message = field, code, message


@dataclass(frozen=True, slots=True)
class CheckedCard:
    """A card that passed every check; `number` never leaves the request."""

    number: str
    brand: str
    exp_month: int
    exp_year: int
    behaviour: CardBehaviour

    def __repr__(self) -> str:
        return f"CheckedCard({self.brand}, last4={self.number[-4:]})"


def passes_luhn(number: str) -> bool:
    """Tell whether the digits pass the Luhn check (ISO/IEC 7812-1, annex B)."""
    doubled = [
        digit if place % 2 == 0 else sum(divmod(2 * digit, 10)) for place, digit in enumerate(map(int, number[::-1]))
    ]
    return sum(doubled) % 10 == 0


def check_card(number: str, expiry: str, cvv: str, today: date) -> CheckedCard:
    """Return the card, checked as a provider's form does.

    Raises:
        CardRefused: naming the first field that is wrong.
    """
    digits = re.sub(r"[ \-]", "", number)
    brand = next((name for name, pattern in _BRANDS if pattern.fullmatch(digits)), None) if digits.isascii() else None
    if brand is None or not passes_luhn(digits):
        raise CardRefused("number", "invalid_number", "Your card number is invalid.")
    month, year = _expiry(expiry, today)
    if not re.fullmatch(r"[0-9]{4}" if brand == "amex" else r"[0-9]{3}", cvv.strip()):
        raise CardRefused("cvv", "invalid_cvc", "Your card's security code is invalid.")
    behaviour = TEST_CARDS.get(digits)
    if behaviour is None:
        raise CardRefused("number", "live_card", "This is a sandbox: please use one of the test card numbers.")
    return CheckedCard(digits, brand, month, year, behaviour)


def _expiry(expiry: str, today: date) -> tuple[int, int]:
    found = re.fullmatch(r"\s*(0?[1-9]|1[0-2])\s*/\s*(20)?([0-9]{2})\s*", expiry, re.ASCII)
    if not found:
        raise CardRefused("expiry", "invalid_expiry", "Your card's expiration date is invalid.")
    month, year = int(found[1]), 2000 + int(found[3])
    if (year, month) < (today.year, today.month):
        raise CardRefused("expiry", "invalid_expiry", "Your card's expiration date is in the past.")
    if year > today.year + 20:
        raise CardRefused("expiry", "invalid_expiry", "Your card's expiration date is invalid.")
    return month, year
