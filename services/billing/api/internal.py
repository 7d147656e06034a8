"""What billing answers other services at `/internal/`; they show the service key and name the organisation."""

from collections.abc import Awaitable, Callable

from pydantic import SecretStr
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp

from chassis.kernel import DomainError, Principal, Unavailable, Unreadable
from chassis.keyring import Keyring
from chassis.left_out import noting
from chassis.owners import MOST_IDS, SERVICE_KEY_HEADER
from services.billing.api.files import pdf_response
from services.billing.application.printing import DocumentRenderer, PrintedDocument
from services.billing.application.queries.show_documents import BriefDocuments, DocumentBrief

Guard = Callable[[ASGIApp, str, SecretStr | Keyring], ASGIApp]
Print = Callable[[Principal, str], Awaitable[PrintedDocument]]
"""Returns an estimate, an invoice or a payment's receipt to print, as the client sees it; raises NotFound."""

NO_SUCH_DOCUMENT = "There is no such document."


def internal_routes(
    briefs: BriefDocuments, printed: Print, renderer: DocumentRenderer, service_key: SecretStr | Keyring, guard: Guard
) -> list[BaseRoute]:
    """Return the routes: the briefs of some documents or of one, and its PDF."""

    async def documents(request: Request) -> Response:
        with noting() as unreadable:
            found = await briefs(_asking(request), request.query_params.getlist("id")[:MOST_IDS])
        return JSONResponse({"found": [_told(one) for one in found]}) if found or not unreadable else _unreadable()

    async def document(request: Request) -> Response:
        with noting() as unreadable:
            found = await briefs(_asking(request), [request.path_params["id"]])
        if not found:
            return _unreadable() if unreadable else _not_found()
        return JSONResponse(_told(found[0]))

    async def pdf(request: Request) -> Response:
        try:
            printable = await printed(_asking(request), request.path_params["id"])
        except (Unavailable, Unreadable) as away:
            return JSONResponse({"message": away.message}, status_code=503)
        except DomainError:
            return _not_found()
        return pdf_response(printable, await renderer.render(printable))

    return [
        Route(f"/internal/documents{path}", guard(_endpoint(answer), SERVICE_KEY_HEADER, service_key))
        for path, answer in (("", documents), ("/{id}", document), ("/{id}/pdf", pdf))
    ]


def _not_found() -> Response:
    return JSONResponse({"message": NO_SUCH_DOCUMENT}, status_code=404)


def _unreadable() -> Response:
    """Say that it is there and cannot be read: nobody may act as if it were not."""
    return JSONResponse({"message": Unreadable().message}, status_code=503)


def _asking(request: Request) -> Principal:
    return Principal.for_service(request.query_params.get("organisation", ""))


def _told(brief: DocumentBrief) -> dict[str, str | int | bool | None]:
    return {
        "id": brief.id,
        "documentType": brief.kind.value,
        "organisationId": brief.organisation_id,
        "customerId": brief.customer_id,
        "number": brief.number,
        "sent": brief.was_sent,
        "sequence": brief.sequence,
        "void": brief.is_void,
        "balance": brief.balance,
        "dueOn": brief.due_on.isoformat() if brief.due_on else None,
    }


def _endpoint(answer: Callable[[Request], Awaitable[Response]]) -> ASGIApp:
    route = Route("/{path:path}", answer)
    return route.app
