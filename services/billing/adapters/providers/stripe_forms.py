"""Stripe's card form: a Checkout session in setup mode, opened for one payer, whose id is the token that comes back.

The token travels through a browser, so whose it is stands in the session and is asked there. Which customer a payer is
at Stripe we keep ourselves; where nothing is noted the same customer is made again under its idempotency key.
"""

from typing import Any

from services.billing.adapters.providers.stripe_answers import answer_to
from services.billing.adapters.providers.stripe_shapes import MISSING, Json, id_of, metadata_of, part, text, with_token
from services.billing.application.payment_ports import (
    CardForm,
    CardToken,
    FormUnfinished,
    Payer,
    ProviderCustomers,
    ProviderRefused,
    TokenNotTheirs,
)

_NAME = "stripe"


class StripeForms:
    """Opens forms and reads what came of them."""

    def __init__(self, api: Any, customers: ProviderCustomers | None) -> None:
        self._api = api
        self._customers = customers

    async def open(self, payer: Payer, back: str) -> CardForm:
        """Return a fresh form that leads back to this address; a customer who was deleted there is made anew."""
        customer = await self._customer(payer)
        try:
            made = await self._open_session(payer, customer, back)
        except ProviderRefused as refused:
            if refused.failure.provider_code != MISSING:
                raise
            customer = await self._customer(payer, gone=customer)
            made = await self._open_session(payer, customer, back)
        return CardForm(url=text(made, "url"))

    async def read(self, token: str, payer: Payer) -> CardToken:
        """Return the card that a form collected for this payer.

        Raises:
            TokenNotTheirs, FormUnfinished.
        """
        if not token.startswith("cs_"):
            raise TokenNotTheirs
        session = await self._session(token)
        customer = id_of(session.get("customer"))
        if not await self._is_theirs(session, customer, payer):
            raise TokenNotTheirs
        setup = part(session, "setup_intent")
        card = id_of(setup.get("payment_method"))
        if setup.get("status") != "succeeded" or card is None:
            raise FormUnfinished
        return CardToken(token=token, card=card, customer=customer)

    async def _session(self, token: str) -> Json:
        expand = {"expand": ["setup_intent.payment_method"]}
        try:
            return await answer_to(self._api.checkout.sessions.retrieve_async(token, expand))
        except ProviderRefused as refused:
            if refused.failure.provider_code == MISSING:
                raise TokenNotTheirs from None
            raise

    async def _is_theirs(self, session: Json, customer: str | None, payer: Payer) -> bool:
        named, known = metadata_of(session), await self._known(payer)
        return (
            (named.get("contact_id"), named.get("organisation_id")) == (payer.contact_id, payer.organisation_id)
            and session.get("mode") == "setup"
            and (known is None or known == customer)
        )

    async def _open_session(self, payer: Payer, customer: str, back: str) -> Json:
        params: Json = {
            "mode": "setup",
            "customer": customer,
            "payment_method_types": ["card"],
            "billing_address_collection": "required",
            "success_url": with_token(back),
            "cancel_url": back,
            "metadata": _names(payer),
        }
        return await answer_to(self._api.checkout.sessions.create_async(params))

    async def _known(self, payer: Payer) -> str | None:
        return await self._customers.get(_NAME, payer) if self._customers else None

    async def _customer(self, payer: Payer, *, gone: str | None = None) -> str:
        known = await self._known(payer)
        if known is not None and known != gone:
            return known
        again = f":{gone}" if gone else ""
        key = f"customer:{payer.organisation_id}:{payer.contact_id}{again}"
        made = self._api.customers.create_async({"metadata": _names(payer)}, {"idempotency_key": key})
        customer = text(await answer_to(made), "id")
        if self._customers:
            await self._customers.put(_NAME, payer, customer)
        return customer


def _names(payer: Payer) -> dict[str, str]:
    return {"contact_id": payer.contact_id, "organisation_id": payer.organisation_id}
