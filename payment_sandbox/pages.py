"""The pages that people see: the hosted card form and the 3-D Secure challenge. Each posts only to itself.

With `Accept: application/json` the same addresses answer JSON, which is how tests fill in the form.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from babel import Locale
from jinja2 import Environment, PackageLoader
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from payment_sandbox.api import respond
from payment_sandbox.cards import CardRefused
from payment_sandbox.errors import ApiError
from payment_sandbox.provider import Provider
from payment_sandbox.store import Record, public
from payment_sandbox.webhooks import Courier

_TERRITORIES = cast("Mapping[str, str]", Locale("en").territories)
_COUNTRIES = sorted(
    ((code, name) for code, name in _TERRITORIES.items() if len(code) == 2 and code.isalpha() and code < "ZZ"),
    key=lambda country: country[1],
)
_CODES = frozenset(code for code, _ in _COUNTRIES)
_BILLING = ("name", "line1", "line2", "city", "postal_code", "region", "country")
_REQUIRED = {
    "name": "the name on the card",
    "line1": "the billing address",
    "city": "the city",
    "country": "the country",
}
_HEADERS = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}
_templates = Environment(loader=PackageLoader("payment_sandbox"), autoescape=True)


@dataclass(kw_only=True)
class Pages:
    """The form and the challenge over one provider."""

    provider: Provider
    courier: Courier

    def routes(self) -> list[Route]:
        """Return the routes of both pages."""
        return [
            Route("/form/{id}", self.show_form, methods=["GET"]),
            Route("/form/{id}", self.take_form, methods=["POST"]),
            Route("/challenge/{id}", self.show_challenge, methods=["GET"]),
            Route("/challenge/{id}", self.take_challenge, methods=["POST"]),
        ]

    async def show_form(self, request: Request) -> Response:
        """Show the empty form; opening it changes nothing."""
        try:
            session = self.provider.session(request.path_params["id"])
        except ApiError as refusal:
            return self._refused(request, refusal)
        if session["status"] != "open":
            return page("message.html", title="Card form", message="This form was used already.")
        return self._form({}, None)

    async def take_form(self, request: Request) -> Response:
        """Check the card and hand its one-time token back to whoever opened the form."""
        typed = await _typed(request)
        try:
            billing = _billing(typed)
            with self.provider.store.transaction():
                session = self.provider.take_card(
                    request.path_params["id"],
                    typed.get("number", ""),
                    typed.get("expiry", ""),
                    typed.get("cvv", ""),
                    billing,
                )
        except CardRefused as refused:
            if wants_json(request):
                error = {"type": "card_error", "code": refused.code, "message": refused.message, "param": refused.field}
                return respond(402, {"error": error})
            return self._form(typed, refused, 422)
        except ApiError as refusal:
            return self._refused(request, refusal)
        if wants_json(request):
            return respond(200, {"token": session["token"]})
        if session["return_url"]:
            return page("forward.html", url=with_query(session["return_url"], card_token=session["token"]))
        return handed_over(session)

    async def show_challenge(self, request: Request) -> Response:
        """Show the 3-D Secure question; opening it changes nothing."""
        try:
            payment = self.provider.payment(request.path_params["id"])
        except ApiError as refusal:
            return self._refused(request, refusal)
        if payment["status"] != "requires_action":
            return page("message.html", title="3-D Secure", message="This payment no longer needs a confirmation.")
        return page("challenge.html", payment=payment, last4=self.provider.card_of(payment)["last4"])

    async def take_challenge(self, request: Request) -> Response:
        """Approve or decline, then go back to where the payment came from."""
        result = (await _typed(request)).get("result")
        secret = request.query_params.get("secret", "")
        try:
            with self.provider.store.transaction():
                payment = self.provider.answer_challenge(request.path_params["id"], secret, result == "approve")
        except ApiError as refusal:
            return self._refused(request, refusal)
        self.courier.wake()
        if wants_json(request):
            return respond(200, public(payment))
        if payment["_return_url"]:
            return page("forward.html", url=with_query(payment["_return_url"], payment=payment["reference"]))
        return page("message.html", title="3-D Secure", message="Thank you. You can close this window.")

    def _form(self, typed: Mapping[str, str], refused: CardRefused | None, status: int = 200) -> Response:
        shown = {name: typed.get(name, "") for name in _BILLING}
        return page("form.html", status, typed=shown, refused=refused, countries=_COUNTRIES)

    def _refused(self, request: Request, refusal: ApiError) -> Response:
        if wants_json(request):
            return respond(refusal.status, refusal.body)
        return page("message.html", refusal.status, title="Sorry", message=str(refusal))


def page(template: str, status: int = 200, **values: Any) -> Response:
    """Render a page with strict headers."""
    return HTMLResponse(_templates.get_template(template).render(**values), status, _HEADERS)


def handed_over(session: Record) -> Response:
    """Return the page that posts the token to its opener, and to the opener's origin only."""
    html = _templates.get_template("opener.html").render(token=session["token"], origin=session["origin"] or "")
    policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; base-uri 'none'"
    return HTMLResponse(html, 200, {**_HEADERS, "content-security-policy": policy})


async def _typed(request: Request) -> dict[str, str]:
    """Return the fields of a form as browsers post it (`application/x-www-form-urlencoded`), cut to 200 characters."""
    body = (await request.body()).decode("utf-8", "replace")
    return {name: value[:200] for name, value in parse_qsl(body, keep_blank_values=True)}


def wants_json(request: Request) -> bool:
    """Tell whether a program asks."""
    return "application/json" in request.headers.get("accept", "")


def with_query(url: str, **values: str) -> str:
    """Return the address with these parameters in its query, in place of earlier ones of the same names."""
    parts = urlsplit(url)
    kept = [each for each in parts.query.split("&") if each and each.partition("=")[0] not in values]
    return urlunsplit(parts._replace(query="&".join([*kept, urlencode(values)])))


def _billing(typed: Mapping[str, str]) -> Record:
    for name, what in _REQUIRED.items():
        if not typed.get(name, "").strip():
            raise CardRefused(name, "incomplete_address", f"Please give {what}.")
    if typed["country"] not in _CODES:
        raise CardRefused("country", "invalid_country", "Please choose a country.")
    return {name: typed.get(name, "").strip() or None for name in _BILLING}
