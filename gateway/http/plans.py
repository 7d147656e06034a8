"""The query plan beside an answer, for developers: where the operator lets them, and for a request that asks for it."""

import orjson

from gateway.grants import Grants
from gateway.pipeline import Prepared
from gateway.plan import render
from gateway.requests import Refused
from gateway.subgraphs.headers import RawHeaders

HEADER = b"x-portal-query-plan"
EVERYBODY = "*"


class Plans:
    """Shows plans to those whose token has a scope, or to everybody."""

    def __init__(self, scope: str, grants: Grants) -> None:
        """`scope` is what a token must have; `*` needs no token."""
        self._scope, self._grants = scope, grants

    async def beside(self, body: bytes, prepared: Prepared, headers: RawHeaders) -> bytes:
        """Return an answer with its plan as `extensions.queryPlan`; unchanged for those who may not see it."""
        if HEADER not in headers or not await self._may_see(headers):
            return body
        answer = orjson.loads(body)
        answer["extensions"] = {**answer.get("extensions", {}), "queryPlan": render(prepared.plan)}
        return orjson.dumps(answer)

    async def _may_see(self, headers: RawHeaders) -> bool:
        if self._scope == EVERYBODY:
            return True
        try:
            return self._scope in (await self._grants.of(headers)).scopes
        except Refused:
            return False
