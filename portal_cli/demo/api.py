"""A small GraphQL client, enough to tell the demo's story."""

import http.client
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from portal_cli.demo.people import Person

Json = dict[str, Any]
_TIMEOUT = 30.0


class DemoFailed(Exception):
    """The portal refused a step of the demo."""


@dataclass(frozen=True)
class Api:
    """The gateway, as somebody who is logged in, or not."""

    url: str
    token: str | None = None

    def do(self, mutation: str, selection: str, **values: Any) -> Json:
        """Run `mutation(input: values)` and return its payload.

        Raises:
            DemoFailed: when there are errors of any kind.
        """
        kind = mutation[0].upper() + mutation[1:]
        document = (
            f"mutation Demo($input: {kind}Input!) "
            f"{{ {mutation}(input: $input) {{ {selection} userErrors {{ field message code }} }} }}"
        )
        payload = self._send(document, {"input": values})[mutation]
        if payload["userErrors"]:
            raise DemoFailed(f"{mutation}: {payload['userErrors']}")
        return payload

    def ask(self, query: str) -> Json:
        """Run a query and return its data.

        Raises:
            DemoFailed: when there are errors.
        """
        return self._send(query, {})

    def log_in(self, person: Person, **where: str) -> "Api":
        """Return the API as this person."""
        payload = self.do("logIn", "session { accessToken }", email=person.email, password=person.password, **where)
        return Api(self.url, payload["session"]["accessToken"])

    def _send(self, document: str, variables: Json) -> Json:
        address = urlsplit(self.url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_TIMEOUT)
        headers = {"content-type": "application/json", "accept": "application/json"}
        if self.token:
            headers["authorization"] = f"Bearer {self.token}"
        try:
            connection.request("POST", address.path, json.dumps({"query": document, "variables": variables}), headers)
            answer = json.loads(connection.getresponse().read())
        except (OSError, ValueError, http.client.HTTPException) as error:
            raise DemoFailed(f"the gateway did not answer: {error}") from None
        finally:
            connection.close()
        if answer.get("errors"):
            raise DemoFailed(str(answer["errors"]))
        return answer["data"]
