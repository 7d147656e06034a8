"""Asks the other subgraphs what the gateway would ask next: their entity look-ups, with the caller's own token."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import orjson
from pydantic import SecretStr

from chassis.deadlines import DEADLINE_HEADER
from chassis.http_session import HttpSession
from chassis.telemetry import current_traceparent
from chassis.web import GATEWAY_KEY_HEADER
from services.notifications.application.nodes import Named

_DOCUMENT = "query Nodes($wanted: [_Any!]!) { _entities(representations: $wanted) { __typename } }"
_REFUSED = frozenset({"NOT_FOUND", "FORBIDDEN", "WRONG_ID_KIND"})
_NONSENSE = (ValueError, AttributeError, TypeError, KeyError, IndexError)


class HttpLookUps:
    """Implements `Owners`. Connects with the first question."""

    def __init__(self, urls: Mapping[str, str], gateway_key: SecretStr, *, seconds: float) -> None:
        """`urls` are the services' addresses by their names."""
        self._urls = {name: f"{url.rstrip('/')}/graphql" for name, url in urls.items()}
        headers = {GATEWAY_KEY_HEADER: gateway_key.get_secret_value(), DEADLINE_HEADER: str(round(seconds * 1000))}
        self._http = HttpSession(timeout=aiohttp.ClientTimeout(total=seconds), headers=headers)

    async def shown(self, owner: str, wanted: Sequence[Named], token: str) -> Mapping[str, bool]:
        """Return which of these the caller may see; what was not answered is left out."""
        body = {"query": _DOCUMENT, "variables": {"wanted": [{"__typename": one.kind, "id": one.id} for one in wanted]}}
        headers = {"authorization": token, "content-type": "application/json", **_traced()}
        try:
            async with self._http.opened().post(
                self._urls[owner], data=orjson.dumps(body), headers=headers
            ) as response:
                return _read(orjson.loads(await response.read()), wanted)
        except (aiohttp.ClientError, TimeoutError, *_NONSENSE):
            return {}

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _read(answer: Any, wanted: Sequence[Named]) -> Mapping[str, bool]:
    """Return what the answer tells. An entity that is null without an error, or for a refusal, is not shown."""
    errors: list[Any] = answer.get("errors") or []
    codes: dict[Any, str] = {error["path"][1]: error["extensions"]["code"] for error in errors if error.get("path")}
    entities: list[Any] = answer["data"]["_entities"]
    return {
        one.id: entities[place] is not None
        for place, one in enumerate(wanted)
        if entities[place] is not None or codes.get(place, "NOT_FOUND") in _REFUSED
    }


def _traced() -> dict[str, str]:
    traceparent = current_traceparent()
    return {"traceparent": traceparent} if traceparent else {}
