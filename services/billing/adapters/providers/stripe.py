"""Stripe as a provider, by its official library: Checkout in setup mode is the card form, PaymentIntents the payments.

An intent is created unconfirmed (no money moves) and confirmed once; our payment id is its idempotency key and in its
metadata. The library's own retries are off: what is unknown stays unknown until the recovery job asks.
"""

from collections.abc import Awaitable, Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

import aiohttp
import orjson
import stripe

from services.billing.adapters.providers.minor_units import to_stripe_units
from services.billing.adapters.providers.signatures import require_signature
from services.billing.adapters.providers.stripe_shapes import (
    Json,
    card_of,
    is_forgotten,
    outcome_of,
    plain,
    refund_of,
    text,
)
from services.billing.application.payment_ports import (
    Attempt,
    CardForm,
    OutcomeUnknown,
    ProviderRefused,
    StoredCard,
    WebhookNotice,
    WebhookRefused,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import CardDetails, Failure, Outcome, OutcomeStatus, RefundOutcome

CALL_SECONDS = 3.0
"""A payment takes three calls at most, and its payer is answered within ten seconds."""
SIGNATURE_HEADER = "stripe-signature"
_EXPAND = ["payment_method"]
_FINISHED = "payment_intent_unexpected_state"
_UNKNOWN_CARD = Failure(code="card_form_unfinished", message="The card form was not completed.")

T = TypeVar("T")


class StripeProvider:
    """Implements `PaymentProvider`. `http_client` is the library's transport; tests replay recorded answers there."""

    name = "stripe"

    def __init__(
        self,
        secret_key: str,
        *,
        webhook_secret: str,
        call_seconds: float = CALL_SECONDS,
        http_client: stripe.HTTPClient | None = None,
    ) -> None:
        transport = http_client or stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=call_seconds))
        self._transport = transport
        self._webhook_secret = webhook_secret
        self._api: Any = stripe.StripeClient(secret_key, http_client=transport, max_network_retries=0).v1

    async def close(self) -> None:
        """Close the transport."""
        await self._transport.close_async()

    async def create(self, attempt: Attempt) -> Outcome:
        """Create an unconfirmed intent under our id."""
        card, customer = await self._source(attempt)
        params: Json = {
            "amount": to_stripe_units(attempt.amount),
            "currency": attempt.amount.currency.lower(),
            "payment_method": card,
            "payment_method_types": ["card"],
            "description": attempt.description,
            "metadata": {
                "payment_id": attempt.payment_id,
                "organisation_id": attempt.organisation_id,
                "keep_card": "yes" if attempt.save_card or isinstance(attempt.source, StoredCard) else "no",
            },
            "expand": _EXPAND,
        }
        if customer:
            params["customer"] = customer
        options = {"idempotency_key": f"create:{attempt.payment_id}"}
        return outcome_of(await _answer(self._api.payment_intents.create_async(params, options)))

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Confirm the intent; one that is confirmed already is looked up instead."""
        params: Json = {"expand": _EXPAND}
        if attempt.return_url:
            params["return_url"] = attempt.return_url
        options = {"idempotency_key": f"confirm:{attempt.payment_id}"}
        try:
            intent = await _answer(self._api.payment_intents.confirm_async(provider_payment_id, params, options))
        except ProviderRefused as refused:
            if refused.failure.code == _FINISHED:
                return await self._look_up(provider_payment_id)
            raise
        return await self._finished(intent)

    async def retrieve(self, payment_id: str, provider_payment_id: str | None) -> Outcome | None:
        """Return what became of our attempt.

        Without the intent's id it is searched by our metadata, which Stripe lists within a minute; an intent that is
        not found yet was never confirmed, since its id is stored before it is.
        """
        if provider_payment_id is not None:
            return await self._look_up(provider_payment_id)
        query = {"query": f"metadata['payment_id']:'{payment_id}'", "limit": 1}
        found = await _answer(self._api.payment_intents.search_async(query))
        rows: list[Json] = found.get("data") or []
        return await self._look_up(text(rows[0], "id")) if rows else None

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        """Cancel the intent, or return what it has become."""
        try:
            cancelled = self._api.payment_intents.cancel_async(provider_payment_id, {"expand": _EXPAND})
            return outcome_of(await _answer(cancelled))
        except ProviderRefused:
            return await self._look_up(provider_payment_id)

    async def refund(self, refund_id: str, provider_payment_id: str, amount: Money) -> RefundOutcome:
        """Give money back, once per refund id."""
        params = {
            "payment_intent": provider_payment_id,
            "amount": to_stripe_units(amount),
            "metadata": {"refund_id": refund_id},
        }
        made = self._api.refunds.create_async(params, {"idempotency_key": f"refund:{refund_id}"})
        return refund_of(await _answer(made))

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        """Return what became of our refund, among those of the intent."""
        found = await _answer(self._api.refunds.list_async({"payment_intent": provider_payment_id, "limit": 100}))
        rows: list[Json] = found.get("data") or []
        return next((refund_of(row) for row in rows if _metadata(row).get("refund_id") == refund_id), None)

    async def open_card_form(self, payer: str, return_url: str | None, origin: str | None) -> CardForm:
        """Return a Checkout page in setup mode; its session's id is the token.

        Raises:
            ProviderRefused: without an address to come back to.
        """
        back = return_url or origin
        if back is None:
            raise ProviderRefused(Failure(code="return_url_missing", message="An address to return to is needed."))
        joined = "&" if urlsplit(back).query else "?"
        params: Json = {
            "mode": "setup",
            "customer": await self._customer(payer),
            "payment_method_types": ["card"],
            "billing_address_collection": "required",
            "success_url": f"{back}{joined}card_token={{CHECKOUT_SESSION_ID}}",
            "cancel_url": back,
        }
        return CardForm(url=text(await _answer(self._api.checkout.sessions.create_async(params)), "url"))

    async def save_card(self, payer: str, token: str) -> CardDetails:
        """Return the card of a finished form; setup mode has attached it to the contact's customer already."""
        return card_of(await self._card_of_form(token))

    async def forget_card(self, card: CardDetails) -> None:
        """Detach the card; one that is detached already is no error."""
        try:
            await _answer(self._api.payment_methods.detach_async(card.token))
        except ProviderRefused as refused:
            if not is_forgotten(refused.failure):
                raise

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        """Verify a delivery (on both sides of the tolerance, which the library does not) and read what it is about."""
        require_signature(self._webhook_secret, headers.get(SIGNATURE_HEADER), body, now)
        try:
            event: Any = orjson.loads(body)
            subject: Json = event["data"]["object"]
            event_id, kind = text(event, "id"), str(subject["object"])
            metadata: Json = subject.get("metadata") or {}
            intent = subject["id"] if kind == "payment_intent" else subject.get("payment_intent")
        except (ValueError, KeyError, TypeError, AttributeError, OutcomeUnknown):
            raise WebhookRefused("malformed event") from None
        if kind not in {"payment_intent", "refund", "charge"} or not isinstance(intent, str):
            return None
        named = metadata.get("payment_id")
        return WebhookNotice(event_id=event_id, payment_id=named, provider_payment_id=intent)

    # --- inside ---

    async def _look_up(self, intent_id: str) -> Outcome:
        found = self._api.payment_intents.retrieve_async(intent_id, {"expand": _EXPAND})
        return await self._finished(await _answer(found))

    async def _finished(self, intent: Json) -> Outcome:
        outcome = outcome_of(intent)
        unwanted = _metadata(intent).get("keep_card") == "no"
        if outcome.status is OutcomeStatus.SUCCEEDED and unwanted and outcome.card and outcome.card.customer:
            with suppress(OutcomeUnknown, ProviderRefused):
                await self.forget_card(outcome.card)
        return outcome

    async def _source(self, attempt: Attempt) -> tuple[str, str | None]:
        if isinstance(attempt.source, StoredCard):
            return attempt.source.token, attempt.source.customer
        card = await self._card_of_form(attempt.source.token if attempt.source else "")
        return text(card, "id"), card.get("customer")

    async def _card_of_form(self, token: str) -> Json:
        """Return the payment method that a Checkout session collected."""
        if not token.startswith("cs_"):
            raise ProviderRefused(_UNKNOWN_CARD)
        expand = {"expand": ["setup_intent.payment_method"]}
        session = await _answer(self._api.checkout.sessions.retrieve_async(token, expand))
        setup: Json = session.get("setup_intent") or {}
        card: Any = setup.get("payment_method")
        if setup.get("status") != "succeeded" or not isinstance(card, dict):
            raise ProviderRefused(_UNKNOWN_CARD)
        return cast(Json, card)

    async def _customer(self, payer: str) -> str:
        found = await _answer(
            self._api.customers.search_async({"query": f"metadata['contact_id']:'{payer}'", "limit": 1})
        )
        rows: list[Json] = found.get("data") or []
        if rows:
            return text(rows[0], "id")
        made = self._api.customers.create_async(
            {"metadata": {"contact_id": payer}}, {"idempotency_key": f"customer:{payer}"}
        )
        return text(await _answer(made), "id")


def _metadata(answer: Json) -> Json:
    return answer.get("metadata") or {}


async def _answer(call: Awaitable[Any]) -> Json:
    """Return the answer as plain JSON.

    Raises:
        ProviderRefused: a declined card or a request that can never work: nothing was done.
        OutcomeUnknown: everything else.
    """
    try:
        return plain(await call)
    except stripe.CardError as error:
        code = str(getattr(error.error, "decline_code", None) or error.code or "card_declined")
        raise ProviderRefused(Failure(code=code, message=error.user_message or "Your card was declined.")) from None
    except stripe.InvalidRequestError as error:
        if error.http_status == 409:
            raise OutcomeUnknown from None
        told = Failure(code=str(error.code or "invalid_request"), message="The payment provider refused this.")
        raise ProviderRefused(told) from None
    except (stripe.StripeError, aiohttp.ClientError, TimeoutError, OSError):
        raise OutcomeUnknown from None
