"""A card form's token: read as the payer's own, and spent by the first attempt.

It comes back through a browser, so it stands in addresses, histories and logs: whose it is, the provider is asked, and
that it was used is one write of ours before anything is done with it. A request that dies in between may be made again
under its own key, since the same payment or card may spend its token again; nobody else may.
"""

import re

from chassis.kernel import Principal
from services.billing.application.payment_ports import (
    CardToken,
    FormUnfinished,
    OutcomeUnknown,
    Payer,
    PaymentProvider,
    ProviderRefused,
    TokenNotTheirs,
)
from services.billing.application.payment_steps import PaymentSteps
from services.billing.domain.payment.errors import (
    CardFormUnfinished,
    CardTokenInvalid,
    CardTokenUsed,
    ProviderUnavailable,
)

_TOKEN = re.compile(r"[a-z]{2,8}_[A-Za-z0-9_]{6,1000}")


def checked_token(token: str) -> str:
    """Return the token when it has the form of one; anything else, a card number say, is refused unseen.

    Raises:
        CardTokenInvalid: when it has not.
    """
    if not _TOKEN.fullmatch(token):
        raise CardTokenInvalid
    return token


async def read_token(
    token: str, used_for: str, provider: PaymentProvider, *, by: Principal, steps: PaymentSteps
) -> CardToken:
    """Return the card behind a token that this contact may still use for this payment or card.

    Raises:
        CardTokenInvalid: it is no token, or belongs to a form of somebody else.
        CardTokenUsed: another payment or card has used it.
        CardFormUnfinished: nobody has entered a card.
        ProviderUnavailable: the provider does not answer.
    """
    known = await steps.tokens.used_by(provider.name, checked_token(token))
    payer = Payer(contact_id=by.id, organisation_id=by.organisation_id)
    try:
        card = await provider.read_token(token, payer)
    except TokenNotTheirs:
        raise CardTokenInvalid from None
    except FormUnfinished:
        raise CardFormUnfinished from None
    except (OutcomeUnknown, ProviderRefused):
        raise ProviderUnavailable from None
    if known not in {None, used_for}:
        raise CardTokenUsed
    return card


async def spend_token(token: str, used_for: str, provider: PaymentProvider, *, steps: PaymentSteps) -> None:
    """Use the token for this payment or card and for nothing else.

    Raises:
        CardTokenUsed: another one was faster.
    """
    if not await steps.tokens.spend(provider.name, token, used_for, steps.clock.now()):
        raise CardTokenUsed
