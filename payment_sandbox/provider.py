"""What the provider does: customers, card forms, cards, payments, refunds. Synchronous, one transaction per call.

A payment is created without moving money, and captured at most once by `confirm` (or by the card holder's approval).
"""

import hashlib
import hmac
from collections.abc import Callable
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any

from payment_sandbox.cards import DECLINES, CardBehaviour, check_card
from payment_sandbox.errors import conflict, invalid, missing
from payment_sandbox.giving_back import GivingBack
from payment_sandbox.store import Record, public

TOKEN_LIFE = 3600
SESSION_LIFE = 3600


class Provider(GivingBack):
    """The rules over the records; `now` gives Unix seconds."""

    # --- customers, forms and cards ---

    def customer(self, reference: str) -> Record:
        """Return the one customer with this reference of the caller, made on first use."""
        known = self.store.find("customer", reference)
        return known[0] if known else self.store.add("customer", "cust", {"reference": reference}, reference)

    def open_session(
        self, customer: str, return_url: str | None, origin: str | None, metadata: Record | None = None
    ) -> Record:
        """Return a session whose hosted form takes one card; its token tells the caller's own `metadata` again."""
        self._require("customer", customer)
        body = {"customer": customer, "return_url": return_url, "origin": origin, "status": "open", "token": None}
        kept = {"metadata": metadata or {}, "expires_at": self.now() + SESSION_LIFE}
        return self.store.add("session", "sess", {**body, **kept})

    def session(self, session_id: str) -> Record:
        """Return the session while its form may be used."""
        session = self._require("session", session_id)
        if session["expires_at"] < self.now():
            raise conflict("session_expired", "This form has expired.")
        return session

    def take_card(self, session_id: str, number: str, expiry: str, cvv: str, billing: Record) -> Record:
        """Check the card and return the used session with its one-time token; the number is forgotten here.

        Raises:
            CardRefused: naming the field.
        """
        session = self.session(session_id)
        if session["status"] != "open":
            raise conflict("session_used", "This form was used already.")
        card = check_card(number, expiry, cvv, datetime.fromtimestamp(self.now(), UTC).date())
        behaviour = card.behaviour
        kept = self.store.add(
            "card",
            "card",
            {
                "brand": card.brand,
                "last4": card.number[-4:],
                "exp_month": card.exp_month,
                "exp_year": card.exp_year,
                "billing": billing,
                "customer": None,
                "fingerprint": hmac.new(self._salt(), card.number.encode(), hashlib.sha256).hexdigest()[:24],
                "_behaviour": {
                    "decline": behaviour.decline,
                    "challenge": behaviour.challenge,
                    "fault": behaviour.fault,
                    "processing": behaviour.processing,
                },
            },
        )
        body = {
            "card": kept["id"],
            "customer": session["customer"],
            "metadata": session.get("metadata", {}),
            "_used_by": None,
        }
        token = self.store.add("token", "tok", {**body, "expires_at": self.now() + TOKEN_LIFE})
        return self.store.save({**session, "status": "complete", "token": token["id"]})

    def token(self, token_id: str) -> Record:
        """Return for whom a token was made; looking at it does not use it."""
        return self._require("token", token_id)

    def save_card(self, token: str, customer: str) -> Record:
        """Keep the token's card with the customer for whom its form was opened."""
        self._require("customer", customer)
        card = self._spend(token, "saved", customer)
        return self._attach(card, customer)

    def cards(self, customer: str) -> list[Record]:
        """Return the customer's cards."""
        cards = [self._require("card", link["card"]) for link in self.store.find("customer_card", customer)]
        return [card for card in cards if card["customer"] == customer]

    def detach_card(self, card_id: str) -> Record:
        """Forget the card; it can never be charged again."""
        return self.store.save({**self._require("card", card_id), "customer": None})

    def card_of(self, payment: Record) -> Record:
        """Return the card that pays."""
        return self._require("card", payment["_card"])

    # --- payments ---

    def create(self, reference: str, amount: int, currency: str, source: str, **wishes: Any) -> Record:
        """Return a new payment that waits for `confirm`; no money moves.

        `source` is a one-time token or a saved card; wishes are `customer`, `save_card`, `return_url`, `description`.
        """
        customer: str | None = wishes.get("customer")
        if source.startswith("tok_"):
            card = self._spend(source, reference, customer)
        else:
            card = self._require("card", source)
            if card["customer"] is None or card["customer"] != customer:
                raise invalid("card_not_attached", "This card does not belong to the customer.", "source")
        body = {
            "reference": reference,
            "amount": amount,
            "currency": currency,
            "status": "requires_confirmation",
            "amount_captured": 0,
            "amount_refunded": 0,
            "next_action": None,
            "failure": None,
            "customer": customer,
            "description": wishes.get("description"),
            "card": None,
            "created": int(self.now()),
            "_card": card["id"],
            "_save_card": bool(wishes.get("save_card")),
            "_return_url": wishes.get("return_url"),
            "_secret": token_hex(8),
            "_fault_done": False,
        }
        return self.store.add("payment", "paym", body, reference)

    def confirm(self, payment_id: str, challenge_url: Callable[[Record], str]) -> Record:
        """Charge the card, at most once; further calls return what came of it."""
        payment = self.payment(payment_id)
        if payment["status"] != "requires_confirmation":
            return payment
        behaviour = CardBehaviour(**self.card_of(payment)["_behaviour"])
        if behaviour.challenge:
            action = {"type": "redirect", "redirect_url": challenge_url(payment)}
            return self._move(payment, status="requires_action", next_action=action)
        if behaviour.processing:
            return self._move(payment, status="processing")
        return self._charge(payment)

    def answer_challenge(self, payment_id: str, secret: str, approved: bool) -> Record:
        """Finish the 3-D Secure step; a second answer changes nothing."""
        payment = self.payment(payment_id)
        if not hmac.compare_digest(payment["_secret"], secret):
            raise missing("payment")
        if payment["status"] != "requires_action":
            return payment
        return self._charge(payment) if approved else self._fail(payment, "authentication_failed")

    def take_fault(self, payment_id: str) -> str | None:
        """Return how the provider misbehaves when this payment is first confirmed, once."""
        payment = self.payment(payment_id)
        fault = self.card_of(payment)["_behaviour"]["fault"]
        if fault is None or payment["_fault_done"]:
            return None
        self.store.save({**payment, "_fault_done": True})
        return fault

    def settle(self, payment_id: str) -> Record:
        """Finish a payment that the bank was still processing."""
        payment = self.payment(payment_id)
        return self._charge(payment) if payment["status"] == "processing" else payment

    def cancel(self, payment_id: str) -> Record:
        """Cancel what was not captured; it can never be captured afterwards."""
        payment = self.payment(payment_id)
        if payment["status"] in {"requires_confirmation", "requires_action"}:
            return self._move(payment, status="cancelled", next_action=None)
        if payment["status"] == "cancelled":
            return payment
        raise conflict("payment_not_cancellable", "This payment can no longer be cancelled.")

    # --- inside ---

    def _charge(self, payment: Record) -> Record:
        card = self.card_of(payment)
        decline = CardBehaviour(**card["_behaviour"]).decline
        if decline:
            return self._fail(payment, decline)
        if payment["_save_card"] and payment["customer"] and card["customer"] is None:
            card = self._attach(card, payment["customer"])
        return self._move(
            payment, status="succeeded", amount_captured=payment["amount"], card=public(card), next_action=None
        )

    def _fail(self, payment: Record, code: str) -> Record:
        failure = {"code": code, "message": DECLINES[code]}
        return self._move(payment, status="failed", failure=failure, next_action=None)

    def _move(self, payment: Record, **changes: Any) -> Record:
        moved = self.store.save({**payment, **changes})
        self.emit(f"payment.{moved['status']}", moved)
        return moved

    def _attach(self, card: Record, customer: str) -> Record:
        self.store.add("customer_card", "link", {"card": card["id"]}, customer)
        return self.store.save({**card, "customer": customer})

    def _spend(self, token_id: str, user: str, customer: str | None) -> Record:
        token = self._require("token", token_id)
        if token.get("customer") != customer or customer is None:
            raise invalid("token_invalid", "This token is not one of the customer's.", "source")
        if token["_used_by"] is not None or token["expires_at"] < self.now():
            raise invalid("token_used", "This token was used already or has expired.", "source")
        self.store.save({**token, "_used_by": user})
        return self._require("card", token["card"])

    def _salt(self) -> bytes:
        known = self.store.find("salt", "salt")
        salt = known[0] if known else self.store.add("salt", "salt", {"_hex": token_hex(32)}, "salt")
        return bytes.fromhex(salt["_hex"])
