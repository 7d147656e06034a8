"""Money that goes back: refunds by the API, and what people do at the provider's own pages, and banks behind it."""

import time
from collections.abc import Callable

from payment_sandbox.errors import invalid, missing
from payment_sandbox.store import Record, Store, public


class GivingBack:
    """The rules of refunds and disputes over the records; `now` gives Unix seconds."""

    def __init__(self, store: Store, now: Callable[[], float] = time.time) -> None:
        self.store, self.now = store, now

    def payment(self, payment_id: str) -> Record:
        """Return the payment."""
        return self._require("payment", payment_id)

    def refund(self, payment_id: str, amount: int, reference: str) -> Record:
        """Give back a part of what was captured."""
        payment = self.payment(payment_id)
        if amount > payment["amount_captured"] - payment["amount_refunded"]:
            raise invalid("refund_too_large", "The refund is greater than what is left of the payment.", "amount")
        return self._give_back(payment, amount, reference)

    def refunds_of(self, payment_id: str) -> list[Record]:
        """Return every refund of the payment, whoever made it."""
        self.payment(payment_id)
        links = self.store.find("payment_refund", payment_id)
        currency = self.payment(payment_id)["currency"]  # which a refund of an earlier version does not tell
        return [{"currency": currency, **self._require("refund", link["refund"])} for link in links]

    def disputes_of(self, payment_id: str) -> list[Record]:
        """Return every dispute of the payment."""
        self._require("payment", payment_id)
        return self.store.find("dispute", payment_id)

    # --- what people do at the provider's own pages, and banks behind it ---

    def refund_there(self, payment_id: str, amount: int | None) -> Record:
        """Give money back without the caller of the API: it has no reference of theirs."""
        payment = self.payment(payment_id)
        left = payment["amount_captured"] - payment["amount_refunded"]
        if not 0 < (amount or left) <= left:
            raise invalid("refund_too_large", "The refund is greater than what is left of the payment.", "amount")
        return self._give_back(payment, amount or left, None)

    def fail_refund(self, refund_id: str) -> Record:
        """The card's bank refuses a refund, days after it was made: the money is back here."""
        refund = self._require("refund", refund_id)
        if refund["status"] == "failed":
            return refund
        payment = self.payment(refund["payment"])
        self.store.save({**payment, "amount_refunded": payment["amount_refunded"] - refund["amount"]})
        failed = self.store.save({**refund, "status": "failed"})
        self.emit("refund.failed", {**failed, "payment_reference": payment["reference"]})
        return failed

    def dispute(self, payment_id: str, amount: int | None, reason: str | None) -> Record:
        """The card's bank wants money back."""
        payment = self.payment(payment_id)
        wanted = payment["amount_captured"] if amount is None else amount
        if not 0 < wanted <= payment["amount_captured"]:
            raise invalid("amount_invalid", "No more can be disputed than was captured.", "amount")
        body = {"payment": payment_id, "amount": wanted, "currency": payment["currency"], "status": "open"}
        kept = {"reason": reason or "general", "created": int(self.now())}
        made = self.store.add("dispute", "disp", {**body, **kept}, payment_id)
        self.emit("dispute.opened", {**made, "payment_reference": payment["reference"]})
        return made

    def decide(self, dispute_id: str, outcome: str) -> Record:
        """Close a dispute: the business has `won` and keeps the money, or `lost` it."""
        dispute = self._require("dispute", dispute_id)
        if outcome not in {"won", "lost"}:
            raise invalid("outcome_unknown", "A dispute is won or lost.", "outcome")
        decided = self.store.save({**dispute, "status": outcome})
        reference = self.payment(dispute["payment"])["reference"]
        self.emit("dispute.closed", {**decided, "payment_reference": reference})
        return decided

    # --- inside ---

    def emit(self, kind: str, subject: Record) -> Record:
        """Record an event and schedule its delivery at once."""
        body = {"type": kind, "created": int(self.now()), "data": {"object": public(subject)}}
        event = self.store.add("event", "evt", body)
        self.store.schedule(event["id"], self.now())
        return event

    def _give_back(self, payment: Record, amount: int, reference: str | None) -> Record:
        body = {"payment": payment["id"], "amount": amount, "currency": payment["currency"], "reference": reference}
        kept = {**body, "status": "succeeded", "created": int(self.now())}
        refund = self.store.add("refund", "refd", kept, *([reference] if reference else []))
        self.store.add("payment_refund", "link", {"refund": refund["id"]}, payment["id"])
        self.store.save({**payment, "amount_refunded": payment["amount_refunded"] + amount})
        self.emit("refund.succeeded", {**refund, "payment_reference": payment["reference"]})
        return refund

    def _require(self, kind: str, record_id: str) -> Record:
        record = self.store.get(kind, record_id)
        if record is None:
            raise missing(kind)
        return record
