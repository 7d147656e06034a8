"""What billing answers other services at `/internal/`; they show the service key and name the organisation."""

from collections.abc import Awaitable, Callable

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from services.billing.api.files import pdf_response
from services.billing.application.printing import DocumentRenderer, PrintedDocument
from services.billing.application.queries.show_documents import BriefDocument
from services.chassis.kernel import DomainError, Principal
from services.chassis.web import SERVICE_KEY_HEADER

Guard = Callable[[ASGIApp, str, SecretStr], ASGIApp]
Print = Callable[[Principal, str], Awaitable[PrintedDocument]]
"""Returns an estimate, an invoice or a payment's receipt to print, as the client sees it; raises NotFound."""

NO_SUCH_DOCUMENT = "There is no such document."


def internal_routes(
    brief: BriefDocument, printed: Print, renderer: DocumentRenderer, service_key: SecretStr, guard: Guard
) -> list[BaseRoute]:
    """Return the routes: a document's brief, and its PDF."""

    async def document(request: Request) -> Response:
        by = Principal.for_service(request.query_params.get("organisation", ""))
        try:
            found = await brief(by, request.path_params["id"])
        except DomainError:
            return JSONResponse({"message": NO_SUCH_DOCUMENT}, status_code=404)
        return JSONResponse(
            {
                "id": found.id,
                "documentType": found.kind.value,
                "organisationId": found.organisation_id,
                "customerId": found.customer_id,
                "number": found.number,
                "status": found.status,
                "sent": found.is_visible_to_client,
            }
        )

    async def pdf(request: Request) -> Response:
        by = Principal.for_service(request.query_params.get("organisation", ""))
        try:
            printable = await printed(by, request.path_params["id"])
        except DomainError:
            return JSONResponse({"message": NO_SUCH_DOCUMENT}, status_code=404)
        return pdf_response(printable, await renderer.render(printable))

    return [
        Route("/internal/documents/{id}", guard(_endpoint(document), SERVICE_KEY_HEADER, service_key)),
        Route("/internal/documents/{id}/pdf", guard(_endpoint(pdf), SERVICE_KEY_HEADER, service_key)),
    ]


def _endpoint(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    route = Route("/{path:path}", answer)
    return route.app
