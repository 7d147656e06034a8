"""Amounts as card providers want them: whole numbers of the currency's minor unit, within what the provider takes.

Stripe's rules are those of docs.stripe.com/currencies as of 2026: which currencies it counts otherwise than ISO 4217,
the least amount per currency, and twelve digits at most. (Its API reference says eight digits of any payment; that
page says so of other ways of paying than cards.) What it refuses beyond that, it refuses before any money moves.
"""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from services.billing.application.payment_ports import ChargeLimits, ProviderRefused
from services.billing.domain.errors import UnknownCurrency
from services.billing.domain.money import Money, digits_of
from services.billing.domain.payment import Failure

_STRIPE_DIGITS = {"ISK": 2, "UGX": 2, "MGA": 0}
"""How many digits Stripe counts where ISO 4217 has others: ISK and UGX with two that must be zero, MGA with none."""
_STRIPE_UNITS = {"ISK": 100, "UGX": 100}
"""Steps in Stripe's units; three-digit currencies go in steps of ten."""
_STRIPE_LEAST = {
    "AED": 200, "ARS": 50, "AUD": 50, "BRL": 50, "CAD": 50, "CHF": 50, "COP": 50, "CZK": 1500, "DKK": 250, "EUR": 50,
    "GBP": 30, "HKD": 400, "HUF": 17500, "IDR": 50, "ILS": 50, "INR": 50, "JPY": 50, "KRW": 50, "MXN": 1000,
    "MYR": 200, "NOK": 300, "NZD": 50, "PHP": 50, "PLN": 200, "RON": 200, "RUB": 50, "SEK": 300, "SGD": 50,
    "THB": 1000, "USD": 50, "ZAR": 50,
}  # fmt: skip
_STRIPE_MOST = 999_999_999_999
SANDBOX_MOST = 999_999_999_999


def to_minor_units(amount: Money) -> int:
    """Return the amount as a whole number of minor units (12.30 EUR → 1230, 500 JPY → 500, 1.234 KWD → 1234)."""
    return int(amount.amount.scaleb(digits_of(amount.currency)))


def sandbox_limits(currency: str) -> ChargeLimits:
    """Return what the sandbox takes: any amount of at most twelve digits."""
    unit = Decimal(1).scaleb(-digits_of(currency))
    return ChargeLimits(least=unit, most=SANDBOX_MOST * unit, step=unit)


def from_minor_units(units: Any, currency: Any) -> Money | None:
    """Return an amount that the sandbox tells; None where it tells none that can be read."""
    return _money(units, currency, digits_of)


def from_stripe_units(units: Any, currency: Any) -> Money | None:
    """Return an amount that Stripe tells; None where it tells none that can be read."""
    return _money(units, currency, stripe_digits)


def _money(units: Any, currency: Any, digits: Callable[[str], int]) -> Money | None:
    if not isinstance(units, int) or isinstance(units, bool) or units < 0 or not isinstance(currency, str):
        return None
    code = currency.upper()
    try:
        return Money(Decimal(units).scaleb(-digits(code)), code)
    except UnknownCurrency:
        return None


def stripe_limits(currency: str) -> ChargeLimits:
    """Return what Stripe takes by card."""
    ours = Decimal(1).scaleb(-digits_of(currency))
    digits = stripe_digits(currency)
    theirs = Decimal(1).scaleb(-digits)
    step = _STRIPE_UNITS.get(currency, 10 if digits >= 3 else 1) * theirs
    step = max(step, ours)
    least = max(_STRIPE_LEAST.get(currency, 1) * theirs, step)
    return ChargeLimits(least=least, most=_STRIPE_MOST * theirs // step * step, step=step)


def stripe_digits(currency: str) -> int:
    """Return how many of an amount's digits Stripe counts as minor units."""
    return _STRIPE_DIGITS.get(currency, digits_of(currency))


def to_stripe_units(amount: Money) -> int:
    """Return the amount as Stripe counts it.

    Raises:
        ProviderRefused: for an amount that Stripe cannot count (1.234 KWD).
    """
    if amount.amount % stripe_limits(amount.currency).step:
        raise ProviderRefused(Failure(code="amount_not_chargeable", message="This amount cannot be charged by card."))
    return int(amount.amount.scaleb(stripe_digits(amount.currency)))
