"""Amounts as card providers want them: whole numbers of the currency's minor unit."""

from services.billing.domain.money import Money, digits_of


def to_minor_units(amount: Money) -> int:
    """Return the amount as a whole number of minor units (12.30 EUR → 1230, 500 JPY → 500, 1.234 KWD → 1234)."""
    return int(amount.amount.scaleb(digits_of(amount.currency)))
