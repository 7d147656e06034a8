"""Stripe without the network: recorded answers replayed below the official library, moved from state to state.

`RecordedStripe` is the library's transport. The objects are those of `tests/fixtures/stripe`; what is decided here is
only which recorded state comes next, idempotency keys included.
"""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import stripe

Json = dict[str, Any]
_FOLDER = Path(__file__).parent.parent / "fixtures" / "stripe"


def recorded(name: str, **changes: Any) -> Json:
    """Return a recorded object with some fields replaced."""
    return {**json.loads((_FOLDER / f"{name}.json").read_text()), **changes}


class RecordedStripe(stripe.HTTPClient):
    """Answers like api.stripe.com. `faults` lists what goes wrong on the next calls that change something."""

    name = "recorded"

    def __init__(self) -> None:
        super().__init__()
        self.objects: dict[str, Json] = {}
        self.keys: dict[str, tuple[str, tuple[int, Json]]] = {}
        self.requests: list[tuple[str, str, Json, str | None]] = []
        self.faults: list[str] = []
        self.seen_versions: set[str] = set()
        self.page = 100
        self.answers: dict[str, tuple[int, Any]] = {}

    async def request_async(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        parts, key = urlsplit(url), headers.get("Idempotency-Key")
        given = dict(parse_qsl(post_data or parts.query))
        self.requests.append((method, parts.path, given, key))
        self.seen_versions.add(headers["Stripe-Version"])
        fault = self.faults.pop(0) if self.faults and method == "post" else None
        if fault == "rate_limit":
            return b'{"error": {"message": "Too many requests.", "type": "rate_limit_error"}}', 429, {}
        if fault == "reset":
            raise stripe.APIConnectionError("reset", should_retry=True)
        if parts.path in self.answers:
            status, body = self.answers[parts.path]
            return json.dumps(body).encode(), status, {"request-id": "req_recorded"}
        status, body = self.once(key, f"{parts.path} {post_data}", lambda: self.answer(method, parts.path, given))
        if fault == "reset_after":
            raise stripe.APIConnectionError("reset", should_retry=True)
        if fault == "error_after":
            return b'{"error": {"message": "An error occurred.", "type": "api_error"}}', 500, {}
        if fault == "nonsense_after":
            return b"<html>}{", 200, {}
        return json.dumps(body).encode(), status, {"request-id": "req_recorded"}

    async def close_async(self) -> None:
        return None

    def once(self, key: str | None, asked: str, work: Any) -> tuple[int, Json]:
        if key is None:
            return work()
        first, answer = self.keys.setdefault(key, (asked, (0, {})))
        if first != asked:
            return 400, recorded("idempotency_error")
        if answer[0] == 0:
            self.keys[key] = (asked, work())
        return self.keys[key][1]

    def answer(self, method: str, path: str, given: Json) -> tuple[int, Json]:
        parts = path.removeprefix("/v1/").split("/")
        return self.changed(parts, given) if method == "post" else self.shown(parts, given)

    def changed(self, parts: list[str], given: Json) -> tuple[int, Json]:
        match parts:
            case ["payment_intents"]:
                return self.create_intent(given)
            case ["payment_intents", intent, "confirm"]:
                return self.confirm(self.objects[intent], given)
            case ["payment_intents", intent, "cancel"]:
                return self.cancel(self.objects[intent])
            case ["refunds"]:
                return self.refund(given)
            case ["checkout", "sessions"]:
                return self.open_session(given)
            case ["payment_methods", card, "detach"] if self.objects[card]["customer"] is None:
                return 400, recorded("not_attached_error")
            case ["payment_methods", card]:
                return 200, self.objects[card]
            case ["payment_methods", card, "detach"]:
                self.objects[card]["customer"] = None
                return 200, self.objects[card]
            case ["customers"]:
                return self.kept(recorded("customer", id=self.new_id("cus"), metadata=metadata(given)))
        return 404, recorded("missing_error")

    def shown(self, parts: list[str], given: Json) -> tuple[int, Json]:
        match parts:
            case [_, "search"]:
                return 403, recorded("no_search_error")
            case ["payment_intents"]:
                return 200, self.listed("payment_intent", given)
            case ["refunds"]:
                return self.of_intent("refund", given)
            case ["disputes"]:
                return self.of_intent("dispute", given)
            case ["payment_intents", known] | ["checkout", "sessions", known]:
                return self.found(known)
        return 404, recorded("missing_error")

    # --- the recorded states ---

    def create_intent(self, given: Json) -> tuple[int, Json]:
        card = self.objects[given["payment_method"]]
        if given.get("customer") != card["customer"]:
            return 400, recorded("wrong_customer_error")
        return self.kept(
            recorded(
                "payment_intent",
                id=self.new_id("pi"),
                amount=int(given["amount"]),
                currency=given["currency"],
                customer=given.get("customer"),
                description=given["description"],
                metadata=metadata(given),
                payment_method=card,
            )
        )

    def confirm(self, intent: Json, given: Json) -> tuple[int, Json]:
        if intent["status"] != "requires_confirmation":
            return 400, recorded("unexpected_state_error")
        does = intent["payment_method"]["does"]
        if does == "decline":
            error = recorded("card_declined_error")
            kept = {**error["error"], "payment_method": intent["payment_method"]}
            intent.update(status="requires_payment_method", last_payment_error=kept, payment_method=None)
            return 402, error
        if does == "challenge":
            own_script = {"type": "use_stripe_sdk", "use_stripe_sdk": {"type": "three_d_secure_redirect"}}
            shown = {} if given.get("return_url") else {"next_action": own_script}
            intent.update({**recorded("requires_action"), **shown})
            return 200, intent
        return 200, self.succeed(intent)

    def succeed(self, intent: Json) -> Json:
        intent.update(status="succeeded", next_action=None, latest_charge=self.new_id("ch"))
        intent["amount_received"] = intent["amount"]
        intent["captures"] = intent.get("captures", 0) + 1
        return intent

    def challenge_answered(self, payment_id: str, *, approve: bool) -> None:
        intent = self.intent_of(payment_id)
        if intent["status"] != "requires_action":
            return
        if approve:
            self.succeed(intent)
            return
        card, failed = intent["payment_method"], recorded("authentication_failed")
        intent.update({**failed, "last_payment_error": {**failed["last_payment_error"], "payment_method": card}})

    def cancel(self, intent: Json) -> tuple[int, Json]:
        if intent["status"] in {"succeeded", "canceled"}:
            return 400, recorded("unexpected_state_error")
        intent.update(status="canceled", canceled_at=1741608200, next_action=None)
        return 200, intent

    def refund(self, given: Json) -> tuple[int, Json]:
        intent, amount = self.objects[given["payment_intent"]], int(given["amount"])
        if intent.get("refunded", 0) + amount > intent["amount_received"]:
            return 400, recorded("refund_too_large_error")
        intent["refunded"] = intent.get("refunded", 0) + amount
        made = recorded("refund", id=self.new_id("re"), amount=amount, payment_intent=intent["id"])
        return self.kept({**made, "metadata": metadata(given)})

    def open_session(self, given: Json) -> tuple[int, Json]:
        session = self.new_id("cs_test")
        url = f"https://checkout.stripe.com/c/pay/{session}"
        if self.objects.get(given["customer"], {}).get("deleted"):
            return 400, recorded("missing_error")
        made = recorded("checkout_session", id=session, customer=given["customer"], url=url, metadata=metadata(given))
        return self.kept({**made, "success_url": given["success_url"]})

    def card_entered(self, session_id: str, does: str) -> str:
        """Somebody completes the form; return the token that comes back."""
        session = self.objects[session_id]
        card = recorded("payment_method", id=self.new_id("pm"), customer=session["customer"], does=does)
        self.objects[card["id"]] = card
        setup = recorded("setup_intent", id=self.new_id("seti"), customer=session["customer"], payment_method=card)
        session.update(status="complete", setup_intent=setup)
        return session_id

    def refund_there(self, intent_id: str, amount: int) -> None:
        """Somebody gives money back on Stripe's own page."""
        self.refund({"payment_intent": intent_id, "amount": str(amount)})

    def bounce(self, intent_id: str) -> None:
        """Every refund of the intent comes back, as Stripe shows it days later."""
        for refund in self.mine("refund", intent_id):
            refund.update(status="failed", failure_reason="expired_or_canceled_card")
            self.objects[intent_id]["refunded"] -= refund["amount"]

    def dispute(self, intent_id: str, status: str) -> None:
        """The client's bank disputes all of it, or it was decided."""
        intent, known = self.objects[intent_id], self.mine("dispute", intent_id)
        if known:
            known[0]["status"] = status
            return
        amounts = {"amount": intent["amount"], "currency": intent["currency"]}
        self.kept(recorded("dispute", id=self.new_id("du"), payment_intent=intent_id, status=status, **amounts))

    # --- inside ---

    def mine(self, kind: str, intent_id: str) -> list[Json]:
        known = [each for each in self.objects.values() if each["object"] == kind]
        return [each for each in known if each.get("payment_intent") == intent_id]

    def of_intent(self, kind: str, given: Json) -> tuple[int, Json]:
        """Return a page of the intent's refunds or disputes, newest first."""
        if given["payment_intent"] not in self.objects:
            return 404, recorded("missing_error")
        known = self.mine(kind, given["payment_intent"])[::-1]
        if after := given.get("starting_after"):
            known = known[[each["id"] for each in known].index(after) + 1 :]
        page = known[: self.page]
        return 200, {"object": "list", "data": page, "has_more": len(known) > len(page), "url": f"/v1/{kind}s"}

    def intent_of(self, payment_id: str) -> Json:
        return next(o for o in self.objects.values() if o["metadata"].get("payment_id") == payment_id)

    def listed(self, kind: str, given: Json) -> Json:
        """Return a page, newest first, of at most `self.page` objects."""
        known = [o for o in self.objects.values() if o["object"] == kind][::-1]
        first, last = int(given.get("created[gte]", 0)), int(given.get("created[lte]", 2**40))
        known = [o for o in known if first <= o["created"] <= last]
        if after := given.get("starting_after"):
            known = known[[o["id"] for o in known].index(after) + 1 :]
        page = known[: self.page]
        return {"object": "list", "data": page, "has_more": len(known) > len(page), "url": f"/v1/{kind}s"}

    def found(self, object_id: str) -> tuple[int, Json]:
        known = self.objects.get(object_id)
        return (200, known) if known else (404, recorded("missing_error"))

    def kept(self, made: Json) -> tuple[int, Json]:
        self.objects[made["id"]] = made
        return 200, deepcopy(made)

    def new_id(self, prefix: str) -> str:
        return f"{prefix}_recorded{len(self.objects) + len(self.requests):06}"


def metadata(given: Json) -> Json:
    """Return the metadata of a form-encoded request."""
    return {name[9:-1]: value for name, value in given.items() if name.startswith("metadata[")}
