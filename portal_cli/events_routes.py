"""What `portal events` asks of a portal that runs here; whoever has no service key gets 404."""

from collections.abc import Callable, Collection
from hmac import compare_digest

from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from chassis.mongo.client import Database
from chassis.web import SERVICE_KEY_HEADER
from portal_cli.events_tail import Tails
from portal_cli.events_waiting import rows_of
from portal_cli.parked import ParkedMessages


def event_routes(
    parked: ParkedMessages, tails: Tails, database: Callable[[str], Database], services: Collection[str], key: str
) -> list[Route]:
    """Return the routes; `database` opens that of a service."""

    def may(request: Request) -> bool:
        shown = request.headers.get(SERVICE_KEY_HEADER, "")
        return request.path_params.get("service") in {None, *services} and compare_digest(shown.encode(), key.encode())

    async def parked_of(request: Request) -> Response:
        if not may(request):
            return Response(status_code=404)
        return JSONResponse({"rows": await parked.rows(request.path_params["service"])})

    async def outbox_of(request: Request) -> Response:
        if not may(request):
            return Response(status_code=404)
        service = request.path_params["service"]
        opened = database(service)
        try:
            return JSONResponse({"rows": await rows_of(opened, service)})
        finally:
            await opened.close()

    async def tail(request: Request) -> Response:
        if not may(request):
            return Response(status_code=404)
        return StreamingResponse(tails.lines(), media_type="application/jsonl")

    return [
        Route("/parked/{service}", parked_of),
        Route("/outbox/{service}", outbox_of),
        Route("/tail", tail),
    ]
