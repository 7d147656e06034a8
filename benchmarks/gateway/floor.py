"""The floor: a bare Starlette endpoint that replays the gateway's own fetches over its transport, with no GraphQL.

    python -m benchmarks.gateway.floor PORT FETCHES.json

FETCHES.json maps a query's text to its waves: lists of [subgraph, request body]. The answer is the expected one, as
bytes.
"""

import sys
from pathlib import Path
from typing import Any

import orjson
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from gateway.executor.ports import Forwarded
from gateway.subgraphs.http import HttpTransport


def app(recorded: dict[str, Any]) -> Starlette:
    """Return the endpoint."""
    waves = {
        query: [[(name, body.encode()) for name, body in wave] for wave in one["waves"]]
        for query, one in recorded["queries"].items()
    }
    answers = {query: orjson.dumps(one["answer"]) for query, one in recorded["queries"].items()}
    transports: list[HttpTransport] = []

    async def graphql(request: Request) -> Response:
        query = orjson.loads(await request.body())["query"]
        if not transports:
            transports.append(HttpTransport(recorded["urls"]))
        for wave in waves[query]:
            for fetch in [transports[0].post(name, body, "query", Forwarded()) for name, body in wave]:
                await fetch
        return Response(answers[query], media_type="application/json")

    return Starlette(routes=[Route("/graphql", graphql, methods=["POST"])])


if __name__ == "__main__":
    recorded = orjson.loads(Path(sys.argv[2]).read_bytes())
    uvicorn.run(
        app(recorded), host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", access_log=False
    )
