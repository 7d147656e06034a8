"""A front end's view of the portal: one GraphQL endpoint."""

import time
from threading import Lock
from typing import Any, Self
from uuid import uuid4

import httpx2

_RENEWED_AFTER = 120.0
_REFRESH = """mutation($token: String!) {
  refreshSession(input: { refreshToken: $token }) { session { accessToken refreshToken } } }"""


class Refused(AssertionError):
    """The answer has errors where the test expected none."""


class Client:
    """Somebody at the gateway, logged in or not."""

    def __init__(self, http: httpx2.Client, gateway_url: str, token: str | None = None) -> None:
        self.http = http
        self._gateway_url = gateway_url
        self.refresh_token: str | None = None
        self._token = token
        self._since = time.monotonic()
        self._renewing = Lock()

    def as_session(self, session: dict[str, Any]) -> Self:
        """Return a client of the same gateway with this session's token."""
        other = type(self)(self.http, self._gateway_url, session["accessToken"])
        other.refresh_token = session["refreshToken"]
        return other

    def at(self, gateway_url: str) -> Self:
        """Return the same person at another gateway."""
        return type(self)(self.http, gateway_url, self.token)

    @property
    def token(self) -> str | None:
        """The access token, renewed in good time as a front end does it; tests may take longer than one lives."""
        with self._renewing:
            if self.refresh_token and time.monotonic() - self._since > _RENEWED_AFTER:
                self._since = time.monotonic()
                self._renew(self.refresh_token)
            return self._token

    def _renew(self, refresh_token: str) -> None:
        answer = self._post(_REFRESH, {"token": refresh_token}, None)
        session = ((answer.get("data") or {}).get("refreshSession") or {}).get("session")
        if session:
            self._token, self.refresh_token = session["accessToken"], session["refreshToken"]

    def send(self, query: str, **variables: Any) -> dict[str, Any]:
        """Send an operation and return the whole answer, errors included."""
        return self._post(query, variables, self.token)

    def _post(self, query: str, variables: dict[str, Any], token: str | None) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {token}"} if token else {}
        body = {"query": query, "variables": variables}
        answer = self.http.post(f"{self._gateway_url}/graphql", json=body, headers=headers)
        assert answer.status_code in {200, 400, 413}, answer.text
        return answer.json()

    def ask(self, query: str, **variables: Any) -> Any:
        """Send an operation and return its data.

        Raises:
            Refused: when the answer has errors.
        """
        answer = self.send(query, **variables)
        if answer.get("errors"):
            raise Refused(str(answer["errors"]))
        return answer["data"]

    def do(self, mutation: str, shown: str, /, **given: Any) -> Any:
        """Run `mutation(input: …) { shown userErrors }` and return the payload.

        Raises:
            Refused: when there are errors of either kind.
        """
        payload = self.try_to(mutation, shown, **given)
        if payload["userErrors"]:
            raise Refused(f"{mutation}: {payload['userErrors']}")
        return payload

    def try_to(self, mutation: str, shown: str, /, **given: Any) -> Any:
        """As `do`, but refusals are part of the payload."""
        kind = f"{mutation[0].upper()}{mutation[1:]}Input"
        payload = f"{shown} userErrors {{ field message code }}"
        query = f"mutation($input: {kind}!) {{ {mutation}(input: $input) {{ {payload} }} }}"
        return self.ask(query, input=given)[mutation]

    def once(self, mutation: str, shown: str, /, **given: Any) -> Any:
        """As `do`, with a new idempotency key."""
        return self.do(mutation, shown, **given, idempotencyKey=uuid4().hex)

    def refused(self, mutation: str, /, **given: Any) -> list[str]:
        """Return the codes with which a mutation is refused, given a new idempotency key."""
        payload = self.try_to(mutation, "", **given, idempotencyKey=uuid4().hex)
        return [error["code"] for error in payload["userErrors"]]

    def error_codes(self, query: str, **variables: Any) -> list[str]:
        """Return the codes of an operation's top-level errors."""
        return [error["extensions"]["code"] for error in self.send(query, **variables).get("errors", [])]
