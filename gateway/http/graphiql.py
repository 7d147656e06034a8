"""GraphiQL, served from files of our own: no content delivery network is asked."""

from pathlib import Path

from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

_FOLDER = Path(__file__).parent.parent / "graphiql"
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cache-control": "no-cache",
}


class GraphiQL:
    """The page, and the files it needs."""

    def __init__(self, path: str) -> None:
        self._page = (_FOLDER / "index.html").read_text("utf-8").replace("{{path}}", path)
        self.files = StaticFiles(directory=_FOLDER)

    async def page(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer with the page."""
        request = Request(scope)
        await HTMLResponse(self._page, headers=_HEADERS)(request.scope, receive, send)
