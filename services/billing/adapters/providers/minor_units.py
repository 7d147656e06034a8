"""Amounts as card providers want them: whole numbers of the currency's minor unit."""

from services.billing.application.payment_ports import ProviderRefused
from services.billing.domain.money import Money, digits_of
from services.billing.domain.payment import Failure

_STRIPE_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""Where Stripe counts other than ISO 4217 does: two digits that must be zero for ISK and UGX, none for MGA."""


def to_minor_units(amount: Money) -> int:
    """Return the amount as a whole number of minor units (12.30 EUR → 1230, 500 JPY → 500, 1.234 KWD → 1234)."""
    return int(amount.amount.scaleb(digits_of(amount.currency)))


def to_stripe_units(amount: Money) -> int:
    """Return the amount as Stripe counts it: three-digit currencies in steps of ten units.

    Raises:
        ProviderRefused: for an amount that Stripe cannot charge (1.234 KWD).
    """
    digits = digits_of(amount.currency)
    units = amount.amount.scaleb(_STRIPE_DIGITS.get(amount.currency, digits))
    if units != int(units) or (digits >= 3 and int(units) % 10):
        raise ProviderRefused(Failure(code="amount_not_chargeable", message="This amount cannot be charged by card."))
    return int(units)
