"""`GET /files/{token}`: the file a signed link allows. Never marks a document viewed, never logs anybody in."""

import re
from collections.abc import Awaitable, Callable
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from chassis.kernel import DomainError, Unavailable, Unreadable
from services.billing.application.printing import (
    DocumentRenderer,
    FileGrant,
    FileLinks,
    LinkRefused,
    PrintedDocument,
    PrintedEstimate,
    PrintedInvoice,
    PrintedReceipt,
    PrintForm,
    PrintView,
)

Load = Callable[[FileGrant], Awaitable[PrintedDocument]]
"""Returns the document for the grant's principal, as it may see it now; raises NotFound otherwise."""

PRINT_POLICY = (
    "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'; sandbox allow-modals"
)
_HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
    "Cross-Origin-Resource-Policy": "same-site",
}
_UNSAFE = re.compile(r"[^\w.\- ]+", re.ASCII)


def file_routes(links: FileLinks, load: Load, renderer: DocumentRenderer, view: PrintView) -> list[Route]:
    """Return the routes of billing's web app that serve signed links."""

    async def serve(request: Request) -> Response:
        try:
            grant = links.open(request.path_params["token"])
            document = await load(grant)
        except LinkRefused as refusal:
            return PlainTextResponse(refusal.message, status_code=404, headers=_HEADERS)
        except (Unavailable, Unreadable) as away:
            return PlainTextResponse(away.message, status_code=503, headers=_HEADERS | {"Retry-After": "5"})
        except DomainError:
            return PlainTextResponse(LinkRefused().message, status_code=404, headers=_HEADERS)
        if grant.form is PrintForm.PRINT:
            headers = _HEADERS | {"Content-Security-Policy": PRINT_POLICY}
            return Response(view.page(document), media_type="text/html; charset=utf-8", headers=headers)
        return pdf_response(document, await renderer.render(document))

    return [Route("/files/{token}", serve, methods=["GET"])]


def pdf_response(document: PrintedDocument, content: bytes) -> Response:
    """Return a PDF as a download that no cache keeps."""
    headers = _HEADERS | {"Content-Disposition": content_disposition(file_name(document))}
    return Response(content, media_type="application/pdf", headers=headers)


def file_name(document: PrintedDocument) -> str:
    """Return a file name such as `Invoice INV-0007.pdf`, in the document's own characters."""
    match document:
        case PrintedEstimate():
            name = f"Estimate {document.number or 'draft'}"
        case PrintedInvoice():
            name = f"Invoice {document.number or 'draft'}"
        case PrintedReceipt():
            name = f"Receipt {document.number}"
        case _:
            name = f"Statement {document.letter.currency} {document.first_day} {document.last_day}"
    return f"{name}.pdf"


def content_disposition(name: str) -> str:
    """Return the header for a download (RFC 6266): an ASCII name for old readers and the exact one in UTF-8."""
    plain = " ".join(_UNSAFE.sub("-", name).split()).strip(". ")[:120] or "document.pdf"
    exact = re.sub(r"[\x00-\x1f\x7f/\\]+", "-", name)[:120]
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(exact, safe='')}"
