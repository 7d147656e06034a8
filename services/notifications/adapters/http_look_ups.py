"""Asks the other subgraphs what the gateway would ask next: their entity look-ups, with the caller's own token."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import orjson
from pydantic import SecretStr

from chassis.deadlines import DEADLINE_HEADER
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
        self._key, self._seconds = gateway_key, seconds
        self._session: aiohttp.ClientSession | None = None

    async def shown(self, owner: str, wanted: Sequence[Named], token: str) -> Mapping[str, bool]:
        """Return which of these the caller may see; what was not answered is left out."""
        body = {"query": _DOCUMENT, "variables": {"wanted": [{"__typename": one.kind, "id": one.id} for one in wanted]}}
        headers = {"authorization": token, "content-type": "application/json", **_traced()}
        try:
            async with self._open().post(self._urls[owner], data=orjson.dumps(body), headers=headers) as response:
                return _read(orjson.loads(await response.read()), wanted)
        except (aiohttp.ClientError, TimeoutError, *_NONSENSE):
            return {}

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            headers = {
                GATEWAY_KEY_HEADER: self._key.get_secret_value(),
                DEADLINE_HEADER: str(round(self._seconds * 1000)),
            }
            timeout = aiohttp.ClientTimeout(total=self._seconds)
            self._session = aiohttp.ClientSession(timeout=timeout, headers=headers)
        return self._session


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
