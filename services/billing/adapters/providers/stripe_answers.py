"""What a call to Stripe came to: an answer, a refusal (nothing was done), or nobody knows."""

from collections.abc import Awaitable
from typing import Any

import aiohttp
import stripe

from services.billing.adapters.providers.stripe_shapes import Json, plain
from services.billing.application.payment_ports import OutcomeUnknown, ProviderRefused
from services.billing.domain.payment import Failure

_REFUSED = "The payment provider refused this payment. Nothing was charged."
_AMOUNTS = {"amount_too_large", "amount_too_small", "invalid_charge_amount"}
_KEY_IN_USE = "idempotency_key_in_use"


class KeyTaken(OutcomeUnknown):
    """Something else was done under this idempotency key before, and this was not."""


async def answer_to(call: Awaitable[Any]) -> Json:
    """Return the answer as plain JSON.

    Raises:
        KeyTaken: the idempotency key was used for another request.
        ProviderRefused: a declined card or a request that can never work: nothing was done.
        OutcomeUnknown: everything else: a time-out, a broken connection, a 5xx, a 429, an answer without sense.
    """
    try:
        return plain(await call)
    except stripe.CardError as error:
        raise ProviderRefused(_declined(error)) from None
    except stripe.IdempotencyError as error:
        raise OutcomeUnknown if error.code == _KEY_IN_USE or error.http_status == 409 else KeyTaken from None
    except stripe.InvalidRequestError as error:
        if error.http_status == 409:
            raise OutcomeUnknown from None
        raise ProviderRefused(_impossible(error)) from None
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        told = str(error.code or "not_authorized")
        raise ProviderRefused(Failure(code="payment_refused", message=_REFUSED, provider_code=told)) from None
    except (stripe.StripeError, aiohttp.ClientError, TimeoutError, OSError):
        raise OutcomeUnknown from None
    except (AttributeError, KeyError, TypeError, ValueError):  # the library met an answer that it cannot make sense of
        raise OutcomeUnknown from None


def _declined(error: stripe.CardError) -> Failure:
    code = getattr(error.error, "decline_code", None) or error.code or "card_declined"
    return Failure(code=str(code), message=_REFUSED)


def _impossible(error: stripe.InvalidRequestError) -> Failure:
    told = str(error.code or "invalid_request")
    if told in _AMOUNTS:
        return Failure(
            code="amount_not_chargeable",
            message="The payment provider does not accept this amount by card. Nothing was charged.",
            provider_code=told,
        )
    return Failure(code="payment_refused", message=_REFUSED, provider_code=told)
