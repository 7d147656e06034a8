"""The JSON API under `/v1` (bearer secret key, `Idempotency-Key`) and `/admin` for tests.

Amounts are whole numbers of the currency's minor unit, as with every card provider.
"""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar, cast

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from payment_sandbox.cards import Fault
from payment_sandbox.errors import ApiError, conflict, invalid
from payment_sandbox.faults import Script, carry_out
from payment_sandbox.provider import Provider
from payment_sandbox.store import Record, public
from payment_sandbox.webhooks import Courier

T = TypeVar("T", str, int, bool)


@dataclass(kw_only=True)
class Api:
    """The endpoints; each takes the request's JSON object and returns a record or a list of records."""

    provider: Provider
    courier: Courier
    script: Script
    secret_key: str
    public_url: str

    def routes(self) -> list[Route]:
        """Return every route of the JSON API."""
        return [
            self._post("/v1/customers", "customer", lambda r, b: self.provider.customer(want(b, "reference", str))),
            self._post("/v1/sessions", "session", self._open_session),
            self._get("/v1/tokens/{id}", "token", lambda r: self.provider.token(r.path_params["id"])),
            self._post("/v1/cards", "save_card", self._save_card),
            self._get("/v1/cards", "cards", lambda r: self.provider.cards(r.query_params.get("customer", ""))),
            self._post("/v1/cards/{id}/detach", "detach", lambda r, b: self.provider.detach_card(r.path_params["id"])),
            self._post("/v1/payments", "create", self._create),
            self._get("/v1/payments", "retrieve", lambda r: self._by_reference(r, "payment")),
            self._get("/v1/payments/{id}", "retrieve", lambda r: self.provider.payment(r.path_params["id"])),
            self._post("/v1/payments/{id}/confirm", "confirm", self._confirm),
            self._post("/v1/payments/{id}/cancel", "cancel", lambda r, b: self.provider.cancel(r.path_params["id"])),
            self._post("/v1/refunds", "refund", self._refund),
            self._get("/v1/refunds", "find_refund", self._refunds),
            self._get("/v1/disputes", "disputes", lambda r: self.provider.disputes_of(_payment_named(r))),
            self._post("/admin/faults", "admin", self._add_fault),
            self._post("/admin/webhook", "admin", self._set_webhook),
            self._post("/admin/payments/{id}/settle", "admin", lambda r, b: self.provider.settle(r.path_params["id"])),
            self._post("/admin/payments/{id}/refund", "admin", self._refund_there),
            self._post(
                "/admin/refunds/{id}/fail", "admin", lambda r, b: self.provider.fail_refund(r.path_params["id"])
            ),
            self._post("/admin/payments/{id}/dispute", "admin", self._dispute),
            self._post("/admin/disputes/{id}/close", "admin", self._decide),
            self._post("/admin/events/{id}/redeliver", "admin", self._redeliver),
            self._get("/admin/events", "admin", lambda r: self.provider.store.all("event")),
            self._get("/admin/payments", "admin", lambda r: self.provider.store.all("payment")),
        ]

    # --- operations ---

    def _open_session(self, request: Request, body: Record) -> Record:
        session = self.provider.open_session(
            want(body, "customer", str), may(body, "return_url", str), may(body, "origin", str), _metadata(body)
        )
        return {**session, "url": f"{self.public_url}/form/{session['id']}"}

    def _save_card(self, request: Request, body: Record) -> Record:
        return self.provider.save_card(want(body, "token", str), want(body, "customer", str))

    def _create(self, request: Request, body: Record) -> Record:
        amount = want(body, "amount", int)
        if amount <= 0 or amount >= 10**12:
            raise invalid("amount_invalid", "The amount must be a positive whole number of minor units.", "amount")
        return self.provider.create(
            want(body, "reference", str),
            amount,
            want(body, "currency", str),
            want(body, "source", str),
            customer=may(body, "customer", str),
            save_card=may(body, "save_card", bool),
            return_url=may(body, "return_url", str),
            description=may(body, "description", str),
        )

    def _confirm(self, request: Request, body: Record) -> Record:
        return self.provider.confirm(request.path_params["id"], self.challenge_url)

    def _refund(self, request: Request, body: Record) -> Record:
        amount = want(body, "amount", int)
        if amount <= 0:
            raise invalid("amount_invalid", "The amount must be positive.", "amount")
        return self.provider.refund(want(body, "payment", str), amount, want(body, "reference", str))

    def challenge_url(self, payment: Record) -> str:
        """Return the address of the 3-D Secure page of this payment."""
        return f"{self.public_url}/challenge/{payment['id']}?secret={payment['_secret']}"

    def _by_reference(self, request: Request, kind: str) -> list[Record]:
        return self.provider.store.find(kind, request.query_params.get("reference", ""))

    def _refunds(self, request: Request) -> list[Record]:
        if "payment" in request.query_params:
            return self.provider.refunds_of(_payment_named(request))
        return self._by_reference(request, "refund")

    def _refund_there(self, request: Request, body: Record) -> Record:
        return self.provider.refund_there(request.path_params["id"], may(body, "amount", int))

    def _dispute(self, request: Request, body: Record) -> Record:
        return self.provider.dispute(request.path_params["id"], may(body, "amount", int), may(body, "reason", str))

    def _decide(self, request: Request, body: Record) -> Record:
        return self.provider.decide(request.path_params["id"], want(body, "outcome", str))

    def _add_fault(self, request: Request, body: Record) -> Record:
        try:
            fault = Fault(want(body, "fault", str))
        except ValueError:
            raise invalid("fault_unknown", "There is no such fault.", "fault") from None
        self.script.add(want(body, "operation", str), fault, may(body, "times", int) or 1)
        return {"waiting": self.script.waiting}

    def _set_webhook(self, request: Request, body: Record) -> Record:
        self.courier.endpoint = want(body, "url", str)
        return {"url": self.courier.endpoint}

    def _redeliver(self, request: Request, body: Record) -> Record:
        self.provider.store.schedule(request.path_params["id"], self.provider.now())
        return {"scheduled": request.path_params["id"]}

    # --- the way in and out ---

    def _post(self, path: str, operation: str, work: Callable[[Request, Record], Record]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                self._authenticate(request)
                raw = await request.body()
                body = _object(raw)
                fault = self._fault(request, operation)
                answer = lambda: self._once(request, raw, lambda: work(request, body))  # noqa: E731
                return await carry_out(fault, answer, self.script.delay)
            except ApiError as refusal:
                return respond(refusal.status, refusal.body)

        return Route(path, endpoint, methods=["POST"])

    def _get(self, path: str, operation: str, work: Callable[[Request], Record | list[Record]]) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                self._authenticate(request)
                fault = self._fault(request, operation)
                return await carry_out(fault, lambda: respond(200, shown(work(request))), self.script.delay)
            except ApiError as refusal:
                return respond(refusal.status, refusal.body)

        return Route(path, endpoint, methods=["GET"])

    def _once(self, request: Request, raw: bytes, work: Callable[[], Record]) -> Response:
        """Do the work in one transaction together with the answer that its idempotency key will give from now on."""
        key = request.headers.get("idempotency-key")
        asked = hashlib.sha256(request.url.path.encode() + b"\n" + raw).hexdigest()
        try:
            with self.provider.store.transaction():
                known = self.provider.store.answer(key) if key else None
                if known and known[0] != asked:
                    raise conflict("idempotency_key_reused", "This idempotency key was used with other parameters.")
                if known:
                    return Response(known[2], known[1], {"idempotent-replayed": "true"}, "application/json")
                body = orjson.dumps(shown(work()))
                if key:
                    self.provider.store.remember_answer(key, asked, 200, body)
        finally:
            self.courier.wake()
        return Response(body, 200, media_type="application/json")

    def _fault(self, request: Request, operation: str) -> Fault | None:
        if operation == "admin":
            return None
        scripted = self.script.take(operation)
        if scripted is None and operation == "confirm":
            by_card = self.provider.take_fault(request.path_params["id"])
            return Fault(by_card) if by_card else None
        return scripted

    def _authenticate(self, request: Request) -> None:
        given = request.headers.get("authorization", "").encode()
        if not hmac.compare_digest(given, f"Bearer {self.secret_key}".encode()):
            raise ApiError(401, "authentication_error", "invalid_key", "A valid secret key is required.")


def _payment_named(request: Request) -> str:
    """Return which payment a list is to be of."""
    return request.query_params.get("payment", "")


def _metadata(body: Record) -> Record:
    """Return what the caller noted on an object: a few short texts."""
    noted: Any = body.get("metadata") or {}
    known = cast("Record", noted) if isinstance(noted, dict) else {"": None}
    if len(known) > 50 or not all(isinstance(value, str) and len(value) <= 500 for value in known.values()):
        raise invalid("parameter_invalid", "The field metadata has the wrong type.", "metadata")
    return known


def shown(result: Record | list[Record]) -> Record:
    """Return what leaves: a record without its inner names, or a list of such."""
    if isinstance(result, list):
        return {"object": "list", "data": [public(record) for record in result]}
    return public(result)


def respond(status: int, body: Record) -> Response:
    """Return JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def want(body: Record, name: str, kind: type[T]) -> T:
    """Return a required field of this type."""
    value = may(body, name, kind)
    if value is None or value == "":
        raise invalid("parameter_missing", f"The field {name} is required.", name)
    return value


def may(body: Record, name: str, kind: type[T]) -> T | None:
    """Return an optional field of this type."""
    value: Any = body.get(name)
    if value is None or type(value) is kind:
        return value
    raise invalid("parameter_invalid", f"The field {name} has the wrong type.", name)


def _object(raw: bytes) -> Record:
    try:
        body = orjson.loads(raw or b"{}")
    except orjson.JSONDecodeError:
        raise invalid("body_invalid", "The body must be JSON.") from None
    if not isinstance(body, dict):
        raise invalid("body_invalid", "The body must be a JSON object.")
    return cast("Record", body)
