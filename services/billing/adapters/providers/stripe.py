"""Stripe as a provider, by its official library: Checkout in setup mode is the card form, PaymentIntents the payments.

An intent is created unconfirmed (no money moves) and confirmed once; our payment id is in its metadata. Its idempotency
key is our payment id, or the card form's token: Stripe itself then refuses a token that another attempt has used. The
library's own retries are off: what is unknown stays unknown until the recovery job asks. Nothing is ever searched: some
accounts have no search, and it does not show what was just written.
"""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import aiohttp
import orjson
import stripe

from chassis.keyring import texts_of
from services.billing.adapters.providers.minor_units import stripe_limits, to_stripe_units
from services.billing.adapters.providers.signatures import require_signature
from services.billing.adapters.providers.stripe_answers import KeyTaken, answer_to
from services.billing.adapters.providers.stripe_forms import StripeForms
from services.billing.adapters.providers.stripe_movements import movements_of
from services.billing.adapters.providers.stripe_shapes import (
    MISSING,
    Json,
    card_of,
    id_of,
    is_forgotten,
    metadata_of,
    outcome_of,
    part,
    refund_of,
    rows_of,
    text,
)
from services.billing.adapters.providers.stripe_webhooks import is_live, read_notice
from services.billing.application.payment_ports import (
    Attempt,
    CardForm,
    CardToken,
    ChargeLimits,
    FormUnfinished,
    OutcomeUnknown,
    Payer,
    ProviderCustomers,
    ProviderRefused,
    StoredCard,
    TokenNotTheirs,
    WebhookNotice,
    WebhookRefused,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import CardDetails, Failure, Movements, Outcome, OutcomeStatus, RefundOutcome

API_VERSION = "2026-08-26.dahlia"
"""The version in which Stripe answers us, whatever the account's default is; `tests/foreign` holds our calls to it."""
CALL_SECONDS = 2.4
"""A payment takes four calls at most, and its payer is answered within ten seconds."""
SIGNATURE_HEADER = "stripe-signature"
LISTED_AROUND = timedelta(minutes=10)
"""How far from its beginning an attempt whose id never came back is looked for."""
_EXPAND = ["payment_method"]
_FINISHED = "payment_intent_unexpected_state"
_ENDS = {OutcomeStatus.SUCCEEDED, OutcomeStatus.FAILED, OutcomeStatus.CANCELLED}
_USED = Failure(code="token_used", message="This card form was used already. Please enter the card again.")
_NOT_THEIRS = Failure(code="token_invalid", message="This is not a token of the card form.")


class StripeProvider:
    """Implements `PaymentProvider`. `http_client` is the library's transport; tests replay recorded answers there.

    `customers` remembers who is which customer there; without it every form asks Stripe to make the same one again.
    """

    name = "stripe"

    def __init__(
        self,
        secret_key: str,
        *,
        webhook_secret: str | Sequence[str],
        customers: ProviderCustomers | None = None,
        call_seconds: float = CALL_SECONDS,
        http_client: stripe.HTTPClient | None = None,
    ) -> None:
        transport = http_client or stripe.AIOHTTPClient(timeout=aiohttp.ClientTimeout(total=call_seconds))
        self._transport = transport
        self._webhook_secrets = texts_of(webhook_secret)
        self._live = is_live(secret_key)
        self._api: Any = stripe.StripeClient(
            secret_key, http_client=transport, max_network_retries=0, stripe_version=API_VERSION
        ).v1
        self._forms = StripeForms(self._api, customers)

    async def close(self) -> None:
        """Close the transport."""
        await self._transport.close_async()

    def limits(self, currency: str) -> ChargeLimits:
        """Return what Stripe's documentation allows by card."""
        return stripe_limits(currency)

    # --- payments ---

    async def create(self, attempt: Attempt) -> Outcome:
        """Create an unconfirmed intent under our id."""
        source = attempt.source
        entered = await self._entered(source, attempt.owner) if isinstance(source, CardToken) else None
        params = _intent_params(attempt, entered)
        key = f"token:{entered.token}" if entered else f"create:{attempt.payment_id}"
        try:
            made = await answer_to(self._api.payment_intents.create_async(params, {"idempotency_key": key}))
        except KeyTaken:
            raise ProviderRefused(_USED) if entered else OutcomeUnknown from None
        if metadata_of(made).get("payment_id") not in {None, attempt.payment_id}:
            raise ProviderRefused(_USED)
        return outcome_of(made)

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Confirm the intent; one that is confirmed already, or was declined, is looked up."""
        params: Json = {"expand": _EXPAND}
        if attempt.return_url:
            params["return_url"] = attempt.return_url
        options = {"idempotency_key": f"confirm:{attempt.payment_id}"}
        try:
            intent = await answer_to(self._api.payment_intents.confirm_async(provider_payment_id, params, options))
        except KeyTaken:
            return await self._look_up(provider_payment_id)
        except ProviderRefused as refused:
            return await self._after_refusal(provider_payment_id, refused)
        return await self._finished(intent)

    async def retrieve(
        self, payment_id: str, provider_payment_id: str | None, *, begun_at: datetime | None = None
    ) -> Outcome | None:
        """Return what became of our attempt.

        Without the intent's id, those that were made around its beginning are listed: a list shows what was just
        written. An intent that is not found was never confirmed, since its id is stored before it is.
        """
        try:
            if provider_payment_id is not None:
                return await self._look_up(provider_payment_id)
        except ProviderRefused as refused:
            if refused.failure.provider_code == MISSING:
                return None
            raise
        found = await self._listed(payment_id, begun_at)
        return await self._look_up(found) if found else None

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        """Cancel the intent, or return what it has become."""
        try:
            cancelled = self._api.payment_intents.cancel_async(provider_payment_id, {"expand": _EXPAND})
            return await self._finished(await answer_to(cancelled))
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
        return refund_of(await answer_to(made))

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        """Return what became of our refund, among those of the intent."""
        found = await answer_to(self._api.refunds.list_async({"payment_intent": provider_payment_id, "limit": 100}))
        return next((refund_of(row) for row in rows_of(found) if metadata_of(row).get("refund_id") == refund_id), None)

    async def movements(self, payment_id: str, provider_payment_id: str) -> Movements:
        """Return the refunds and disputes of the intent."""
        return await movements_of(self._api, provider_payment_id)

    # --- cards ---

    async def open_card_form(self, payer: Payer, return_url: str | None, origin: str | None) -> CardForm:
        """Return a Checkout page in setup mode for this payer; its session's id is the token.

        Raises:
            ProviderRefused: without an address to come back to.
        """
        back = return_url or origin
        if back is None:
            raise ProviderRefused(Failure(code="return_url_missing", message="A return URL is required."))
        return await self._forms.open(payer, back)

    async def read_token(self, token: str, payer: Payer) -> CardToken:
        """Return the card that a Checkout session collected for this payer."""
        return await self._forms.read(token, payer)

    async def save_card(self, payer: Payer, token: CardToken) -> CardDetails:
        """Return the card of a finished form; setup mode has attached it to the contact's customer already."""
        entered = await self._entered(token, payer)
        params = {"metadata": {"kept_for": payer.contact_id}}
        options = {"idempotency_key": f"token:{entered.token}"}
        try:
            return card_of(await answer_to(self._api.payment_methods.update_async(entered.card, params, options)))
        except KeyTaken:
            raise ProviderRefused(_USED) from None

    async def forget_card(self, card: CardDetails) -> None:
        """Detach the card; one that is detached already is no error."""
        await self._detach(card.token)

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        """Verify a delivery (on both sides of the tolerance, which the library does not) and read what it is about."""
        require_signature(self._webhook_secrets, headers.get(SIGNATURE_HEADER), body, now)
        try:
            event: Any = orjson.loads(body)
        except ValueError:
            raise WebhookRefused("malformed event") from None
        return read_notice(event, live=self._live)

    # --- inside ---

    async def _look_up(self, intent_id: str) -> Outcome:
        found = self._api.payment_intents.retrieve_async(intent_id, {"expand": _EXPAND})
        return await self._finished(await answer_to(found))

    async def _after_refusal(self, intent_id: str, refused: ProviderRefused) -> Outcome:
        """Return what the intent has become, since a decline is written on it; at worst say what was answered."""
        try:
            found = await self._look_up(intent_id)
        except (OutcomeUnknown, ProviderRefused):
            if refused.failure.provider_code == _FINISHED:
                raise OutcomeUnknown from None
            raise refused from None
        if found.status is OutcomeStatus.UNCONFIRMED:
            raise refused
        return found

    async def _finished(self, intent: Json) -> Outcome:
        """Return the outcome; a card that nobody wanted kept is detached when the attempt has ended."""
        outcome, keep = outcome_of(intent), metadata_of(intent).get("keep_card")
        paid = outcome.status is OutcomeStatus.SUCCEEDED
        if outcome.status in _ENDS and (keep == "no" or (keep == "if_paid" and not paid)):
            await self._detach_quietly(_method_of(intent))
        return outcome

    async def _listed(self, payment_id: str, begun_at: datetime | None) -> str | None:
        query: Json = {"limit": 100}
        if begun_at is not None:
            first, last = begun_at - LISTED_AROUND, begun_at + LISTED_AROUND
            query["created"] = {"gte": int(first.timestamp()), "lte": int(last.timestamp())}
        while True:
            page = await answer_to(self._api.payment_intents.list_async(query))
            rows = rows_of(page)
            for row in rows:
                if metadata_of(row).get("payment_id") == payment_id:
                    return text(row, "id")
            if not rows or not page.get("has_more"):
                return None
            query["starting_after"] = text(rows[-1], "id")

    async def _entered(self, token: CardToken, payer: Payer) -> CardToken:
        """Return the card of a token that is this payer's, read now unless it was before."""
        if token.card is not None:
            return token
        try:
            return await self._forms.read(token.token, payer)
        except (TokenNotTheirs, FormUnfinished):
            raise ProviderRefused(_NOT_THEIRS) from None

    async def _detach(self, card: str) -> None:
        try:
            await answer_to(self._api.payment_methods.detach_async(card))
        except ProviderRefused as refused:
            if not is_forgotten(refused.failure):
                raise

    async def _detach_quietly(self, card: str | None) -> None:
        if card is not None:
            with suppress(OutcomeUnknown, ProviderRefused):
                await self._detach(card)


def _intent_params(attempt: Attempt, entered: CardToken | None) -> Json:
    source = attempt.source
    stored = source if isinstance(source, StoredCard) else None
    params: Json = {
        "amount": to_stripe_units(attempt.amount),
        "currency": attempt.amount.currency.lower(),
        "payment_method": entered.card if entered else stored.token if stored else "",
        "payment_method_types": ["card"],
        "description": attempt.description,
        "metadata": {
            "payment_id": attempt.payment_id,
            "organisation_id": attempt.organisation_id,
            "keep_card": "yes" if stored else "if_paid" if attempt.save_card else "no",
        },
        "expand": _EXPAND,
    }
    customer = entered.customer if entered else stored.customer if stored else None
    return params | ({"customer": customer} if customer else {})


def _method_of(intent: Json) -> str | None:
    """Return the card of an intent that has ended; a declined one is named by the error only."""
    return id_of(intent.get("payment_method")) or id_of(part(intent, "last_payment_error").get("payment_method"))
