"""Asking the service that owns a fact, at its `/internal/` endpoints, before something is refused for want of it.

What a service keeps of others comes by events, and events may be late: nothing is refused, hidden or called empty
because of that. Doors: `Owner.ask` and `one_request`. A question always names the organisation of a verified token,
ends within `SECONDS`, and is asked once in a request however many fields need its answer. Requests do not share
answers: who has just changed something must not get what somebody else asked before.
"""

import asyncio
from collections.abc import Sequence
from typing import Any

import aiohttp
import orjson
from pydantic import SecretStr

from chassis.asked import ASKED, SERVICE_KEY_HEADER
from chassis.asked import one_request as one_request
from chassis.http_session import HttpSession
from chassis.kernel import NoAnswer
from chassis.telemetry import current_traceparent
from chassis.troubles import Trouble

MOST_AT_ONCE = 32
MOST_IDS = 100
"""How many ids one question names; more become several questions."""
_SECONDS_TO_ADMIT = 1.0
_ANSWERED_TO_ALL, _NOBODY = "/staff", {"organisation": "org_none"}
"""A question that identity has answered since its first version."""
_REFUSED = (
    "The service {} refuses this one's key: give all services the same PORTAL_SERVICE_KEY, "
    "or that one this key as PORTAL_SERVICE_KEY_NEXT first."
)


class OwnerAway(NoAnswer):
    """The owner does not answer, or answers nonsense: nobody knows, and nothing may be said."""


class Owner:
    """Another service. Connects with the first question."""

    def __init__(self, name: str, url: str, service_key: SecretStr, *, seconds: float = 3.0) -> None:
        self._name = name
        self._url = f"{url.rstrip('/')}/internal"
        self._headers = {SERVICE_KEY_HEADER: service_key.get_secret_value()}
        self._http = HttpSession(timeout=aiohttp.ClientTimeout(total=seconds), most=MOST_AT_ONCE)
        self._admitted = False

    async def admits(self) -> None:
        """Return where the owner takes our key, or does not answer; asks until it has taken it once.

        Raises:
            Trouble: the owner refuses the key.
        """
        if self._admitted:
            return
        asked = self._http.opened().get(self._url + _ANSWERED_TO_ALL, params=_NOBODY, headers=self._headers)
        try:
            async with asyncio.timeout(_SECONDS_TO_ADMIT), asked as response:
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            return
        self._admitted = status in (200, 404)
        if status == 401:
            raise Trouble(_REFUSED.format(self._name))

    async def ask(self, path: str, organisation_id: str, ids: Sequence[str] = ()) -> Any:
        """Return the decoded answer about this organisation, or None when the owner says that there is none.

        Raises:
            OwnerAway: when there is no answer.
        """
        asked = ASKED.get()
        if asked is None:
            return await self._ask(path, organisation_id, ids)
        question = (self._name, path, organisation_id, *ids)
        if question not in asked:
            asked[question] = asyncio.ensure_future(self._ask(path, organisation_id, ids))
            asked[question].add_done_callback(_looked_at)
        return await asyncio.shield(asked[question])

    async def ask_about(self, path: str, organisation_id: str, ids: Sequence[str]) -> list[Any]:
        """Return what the owner answers about those of these things that it has, in no order.

        Raises:
            OwnerAway: when there is no answer about some of them.
        """
        found: list[Any] = []
        for start in range(0, max(len(ids), 1), MOST_IDS):
            answer = await self.ask(path, organisation_id, ids[start : start + MOST_IDS])
            try:
                found += answer["found"]
            except (TypeError, KeyError):
                raise OwnerAway(f"{self._name} answered nonsense") from None
        return found

    async def ask_for_all(self, path: str, organisation_id: str) -> list[Any]:
        """Return everything that the owner answers to a question for many things. Raises OwnerAway."""
        return await self.ask_about(path, organisation_id, ())

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    async def _ask(self, path: str, organisation_id: str, ids: Sequence[str]) -> Any:
        query = [("organisation", organisation_id), *(("id", one) for one in ids)]
        try:
            async with self._http.opened().get(self._url + path, params=query, headers=self._told()) as response:
                return self._read(response, await response.read())
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise OwnerAway(f"{self._name}: {type(error).__name__}") from error

    def _told(self) -> dict[str, str]:
        traceparent = current_traceparent()
        return self._headers | ({"traceparent": traceparent} if traceparent else {})

    def _read(self, response: aiohttp.ClientResponse, body: bytes) -> Any:
        """Return the answer. A 404 that is not JSON is of a version that does not know the question."""
        if response.status == 404 and response.content_type == "application/json":
            return None
        answer = orjson.loads(body) if response.status == 200 else None
        if answer is None:
            raise OwnerAway(f"{self._name} answered {response.status}")
        return answer


def _looked_at(answer: "asyncio.Future[Any]") -> None:
    """Say that a failure was noticed, also when whoever asked has gone."""
    if not answer.cancelled():
        answer.exception()
