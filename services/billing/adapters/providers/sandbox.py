"""The payment sandbox as a provider, over its JSON API.

A refusal (4xx) means that nothing was done. Everything else that is no proper answer is an unknown outcome: a
time-out, a broken connection, a 5xx, a 429, a body without sense. Nothing is tried again here; the recovery job asks.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import quote

import aiohttp
import orjson

from chassis.keyring import texts_of
from services.billing.adapters.providers.minor_units import sandbox_limits, to_minor_units
from services.billing.adapters.providers.sandbox_shapes import (
    REFUSED,
    Json,
    card_of,
    dispute_seen,
    outcome_of,
    part,
    refund_of,
    refund_seen,
    rows_of,
    text,
)
from services.billing.adapters.providers.signatures import require_signature
from services.billing.application.payment_ports import (
    Attempt,
    CardForm,
    CardToken,
    ChargeLimits,
    OutcomeUnknown,
    Payer,
    ProviderCustomers,
    ProviderRefused,
    TokenNotTheirs,
    WebhookNotice,
    WebhookRefused,
)
from services.billing.domain.money import Money
from services.billing.domain.payment import (
    CardDetails,
    Failure,
    Movements,
    Outcome,
    RefundOutcome,
)

CALL_SECONDS = 2.4
"""A payment takes four calls at most, and its payer is answered within ten seconds."""
SIGNATURE_HEADER = "payment-signature"


_OWN = {
    "token_used": "This card form was used already. Please enter the card again.",
    "token_invalid": "This is not a token of the card form.",
}


class SandboxProvider:
    """Implements `PaymentProvider`. Made with an aiohttp session that the process owns and closes."""

    name = "sandbox"

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        *,
        secret_key: str,
        webhook_secret: str | Sequence[str],
        customers: ProviderCustomers | None = None,
        call_seconds: float = CALL_SECONDS,
    ) -> None:
        self._http = http
        self._url = url.rstrip("/")
        self._headers = {"authorization": f"Bearer {secret_key}", "content-type": "application/json"}
        self._webhook_secrets = texts_of(webhook_secret)
        self._customers = customers
        self._timeout = aiohttp.ClientTimeout(total=call_seconds)

    def limits(self, currency: str) -> ChargeLimits:
        """Return what the sandbox takes."""
        return sandbox_limits(currency)

    async def read_token(self, token: str, payer: Payer) -> CardToken:
        """Return whose card a token stands for, when it is this payer's."""
        try:
            found = await self._call("GET", f"/v1/tokens/{_part(token)}")
        except ProviderRefused:
            raise TokenNotTheirs from None
        if found.get("metadata") != _names(payer):
            raise TokenNotTheirs
        return CardToken(token=token, card=text(found, "card"), customer=text(found, "customer"))

    async def create(self, attempt: Attempt) -> Outcome:
        """Announce the attempt under our id; no money moves. The sandbox itself refuses a token of another customer."""
        source = attempt.source
        customer = source.customer if source else None
        if customer is None and isinstance(source, CardToken):
            customer = await self._customer(attempt.owner)
        body: Json = {
            "reference": attempt.payment_id,
            "amount": to_minor_units(attempt.amount),
            "currency": attempt.amount.currency,
            "source": source.token if source else "",
            "customer": customer,
            "save_card": attempt.save_card,
            "return_url": attempt.return_url,
            "description": attempt.description,
        }
        return outcome_of(await self._call("POST", "/v1/payments", body, key=f"create:{attempt.payment_id}"))

    async def confirm(self, attempt: Attempt, provider_payment_id: str) -> Outcome:
        """Capture it; the sandbox does that at most once."""
        return outcome_of(await self._call("POST", f"/v1/payments/{_part(provider_payment_id)}/confirm", {}))

    async def retrieve(
        self, payment_id: str, provider_payment_id: str | None, *, begun_at: datetime | None = None
    ) -> Outcome | None:
        """Return what became of our attempt."""
        found = await self._call("GET", f"/v1/payments?reference={_part(payment_id)}")
        rows = rows_of(found)
        return outcome_of(rows[0]) if rows else None

    async def cancel(self, payment_id: str, provider_payment_id: str) -> Outcome:
        """Cancel it, or return what it has become."""
        path = f"/v1/payments/{_part(provider_payment_id)}"
        try:
            return outcome_of(await self._call("POST", f"{path}/cancel", {}))
        except ProviderRefused:
            return outcome_of(await self._call("GET", path))

    async def refund(self, refund_id: str, provider_payment_id: str, amount: Money) -> RefundOutcome:
        """Give money back, once per refund id."""
        body = {"payment": provider_payment_id, "amount": to_minor_units(amount), "reference": refund_id}
        return refund_of(await self._call("POST", "/v1/refunds", body, key=f"refund:{refund_id}"))

    async def find_refund(self, refund_id: str, provider_payment_id: str) -> RefundOutcome | None:
        """Return what became of our refund."""
        rows = rows_of(await self._call("GET", f"/v1/refunds?reference={_part(refund_id)}"))
        return refund_of(rows[0]) if rows else None

    async def movements(self, payment_id: str, provider_payment_id: str) -> Movements:
        """Return the refunds and disputes of a payment."""
        about = f"payment={_part(provider_payment_id)}"
        refunds = rows_of(await self._call("GET", f"/v1/refunds?{about}"))
        disputes = rows_of(await self._call("GET", f"/v1/disputes?{about}"))
        return Movements(
            refunds=tuple(refund_seen(row) for row in refunds), disputes=tuple(dispute_seen(row) for row in disputes)
        )

    async def open_card_form(self, payer: Payer, return_url: str | None, origin: str | None) -> CardForm:
        """Return a fresh hosted form for this payer."""
        body = {
            "customer": await self._customer(payer),
            "return_url": return_url,
            "origin": origin,
            "metadata": _names(payer),
        }
        return CardForm(url=text(await self._call("POST", "/v1/sessions", body), "url"))

    async def save_card(self, payer: Payer, token: CardToken) -> CardDetails:
        """Keep the token's card with the contact; the same token gives the same card."""
        body = {"token": token.token, "customer": token.customer or await self._customer(payer)}
        return card_of(await self._call("POST", "/v1/cards", body, key=f"card:{payer.contact_id}:{token.token}"))

    async def forget_card(self, card: CardDetails) -> None:
        """Detach the card."""
        await self._call("POST", f"/v1/cards/{_part(card.token)}/detach", {})

    def read_webhook(self, headers: Mapping[str, str], body: bytes, now: datetime) -> WebhookNotice | None:
        """Verify a delivery and say which payment it is about."""
        require_signature(self._webhook_secrets, headers.get(SIGNATURE_HEADER), body, now)
        try:
            event: Any = orjson.loads(body)
            subject: Json = event["data"]["object"]
            event_id, about = text(event, "id"), str(event["type"]).partition(".")[0]
        except (ValueError, KeyError, TypeError, OutcomeUnknown):
            raise WebhookRefused("malformed event") from None
        if about == "payment":
            return WebhookNotice(
                event_id=event_id, payment_id=subject.get("reference"), provider_payment_id=subject.get("id")
            )
        if about in {"refund", "dispute"}:
            return WebhookNotice(
                event_id=event_id,
                payment_id=subject.get("payment_reference"),
                provider_payment_id=subject.get("payment"),
            )
        return None

    async def close(self) -> None:
        """The session belongs to the process, which closes it."""

    async def _customer(self, payer: Payer) -> str:
        known = await self._customers.get(self.name, payer) if self._customers else None
        if known is None:
            known = text(await self._call("POST", "/v1/customers", {"reference": payer.contact_id}), "id")
            if self._customers:
                await self._customers.put(self.name, payer, known)
        return known

    async def _call(self, method: str, path: str, body: Json | None = None, *, key: str | None = None) -> Json:
        headers = self._headers | ({"idempotency-key": key} if key else {})
        data = None if body is None else json.dumps(body)
        try:
            async with self._http.request(
                method, self._url + path, data=data, headers=headers, timeout=self._timeout, allow_redirects=False
            ) as response:
                status, raw = response.status, await response.read()
        except (aiohttp.ClientError, TimeoutError, OSError):
            raise OutcomeUnknown from None
        return _answer(status, raw)


def _answer(status: int, raw: bytes) -> Json:
    try:
        answer: Any = orjson.loads(raw)
    except orjson.JSONDecodeError:
        raise OutcomeUnknown from None
    if not isinstance(answer, dict):
        raise OutcomeUnknown
    known: Json = answer  # pyright: ignore[reportUnknownVariableType]
    if status == 200:
        return known
    if status in {400, 402, 404, 409}:
        code = str(part(known, "error").get("code", "refused"))
        if code in _OWN:
            raise ProviderRefused(Failure(code=code, message=_OWN[code], provider_code=code))
        declined = status == 402
        raise ProviderRefused(
            Failure(code=code if declined else "payment_refused", message=REFUSED, provider_code=code)
        )
    raise OutcomeUnknown


def _names(payer: Payer) -> Json:
    return {"contact_id": payer.contact_id, "organisation_id": payer.organisation_id}


def _part(text: str) -> str:
    return quote(text, safe="")
