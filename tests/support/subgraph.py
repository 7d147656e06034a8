"""One subgraph under test: GraphQL requests by a principal, as the gateway sends them."""

from dataclasses import dataclass
from typing import Any

import orjson
from starlette.applications import Starlette
from starlette.routing import BaseRoute

from chassis.deadlines import DEADLINE_HEADER
from chassis.kernel import Principal
from chassis.web import GATEWAY_KEY_HEADER
from tests.support.asgi import request
from tests.support.tokens import Signer

GATEWAY_KEY = "gateway-key-for-tests"


@dataclass
class Subgraph:
    """The `/graphql` of a service."""

    routes: list[BaseRoute]
    signer: Signer

    async def answer(
        self, document: str, by: Principal | None = None, *, key: str = GATEWAY_KEY, **variables: Any
    ) -> tuple[int, dict[str, Any]]:
        """Return status and body of one request."""
        headers = {"content-type": "application/json", GATEWAY_KEY_HEADER: key, DEADLINE_HEADER: "60000"}
        if by is not None:
            headers["authorization"] = f"Bearer {self.signer.token(by)}"
        body = orjson.dumps({"query": document, "variables": variables})
        answer = await request(Starlette(routes=self.routes), "/graphql", method="POST", headers=headers, body=body)
        return answer.status, orjson.loads(answer.body)

    async def data(self, document: str, by: Principal | None = None, **variables: Any) -> dict[str, Any]:
        """Return the data of a request that has no errors."""
        status, body = await self.answer(document, by, **variables)
        assert (status, body.get("errors")) == (200, None), body
        return body["data"]

    async def codes(self, document: str, by: Principal | None = None, **variables: Any) -> list[str]:
        """Return the codes of a request's errors."""
        _, body = await self.answer(document, by, **variables)
        return [error["extensions"]["code"] for error in body.get("errors") or []]

    async def entities(
        self, kind: str, ids: list[str], fields: str, by: Principal | None = None
    ) -> tuple[list[Any], list[str]]:
        """Return the resolved entities and the codes of errors."""
        document = f"query($r: [_Any!]!) {{ _entities(representations: $r) {{ ... on {kind} {{ {fields} }} }} }}"
        _, body = await self.answer(document, by, r=[{"__typename": kind, "id": one} for one in ids])
        codes = [error["extensions"]["code"] for error in body.get("errors") or []]
        return (body.get("data") or {}).get("_entities") or [], codes
