"""The mailbox page of the embedded portal: shows the mails that were written to a folder.

A mail is somebody else's text: its HTML is shown in a sandboxed frame that may run nothing and load nothing, and its
attachments are only ever downloaded.
"""

import email
from collections.abc import Iterable
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import default
from email.utils import parsedate_to_datetime
from pathlib import Path
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, select_autoescape
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Route

_PAGES = Environment(loader=PackageLoader("portal_cli"), autoescape=select_autoescape(["html"]))
_PAGE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; form-action 'none'; base-uri 'none'"
_MAIL_POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups"
_GUARDS = {"referrer-policy": "no-referrer", "x-content-type-options": "nosniff"}
_LINKS_OPEN_OUTSIDE = '<base target="_blank">'
_NEWEST = 200


@dataclass(frozen=True)
class Mail:
    """One mail file."""

    name: str
    message: EmailMessage

    @property
    def sent_at(self) -> str:
        return parsedate_to_datetime(str(self.message["Date"])).strftime("%Y-%m-%d %H:%M:%S")

    @property
    def html(self) -> str:
        return self._body("html")

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def attachments(self) -> list[EmailMessage]:
        return list(self.message.iter_attachments())

    def _body(self, kind: str) -> str:
        body = self.message.get_body((kind,))
        return str(body.get_content()) if body is not None else ""


class Mailbox:
    """A folder of `.eml` files whose names begin with the time; newest first."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def newest(self) -> Iterable[Mail]:
        """Return the newest mails."""
        names = sorted((file.name for file in self._folder.glob("*.eml")), reverse=True)
        return [self.open(name) for name in names[:_NEWEST]]

    def open(self, name: str) -> Mail:
        """Return the mail of this file name.

        Raises:
            HTTPException: 404 when the folder has no such file.
        """
        known = {file.name: file for file in self._folder.glob("*.eml")}
        if name not in known:
            raise HTTPException(404, "This e-mail does not exist.")
        message = email.message_from_bytes(known[name].read_bytes(), EmailMessage, policy=default)
        return Mail(name, message)


def create_app(folder: Path) -> Starlette:
    """Return the ASGI application that shows the mails in `folder`."""
    mailbox = Mailbox(folder)

    async def index(_: Request) -> Response:
        return _page("mailbox.html", mails=mailbox.newest())

    async def show(request: Request) -> Response:
        return _page("mail.html", mail=mailbox.open(request.path_params["name"]))

    async def body(request: Request) -> Response:
        mail = mailbox.open(request.path_params["name"])
        return HTMLResponse(mail.html, headers={"content-security-policy": _MAIL_POLICY, **_GUARDS})

    async def attachment(request: Request) -> Response:
        parts, number = mailbox.open(request.path_params["name"]).attachments, int(request.path_params["number"])
        if number >= len(parts):
            raise HTTPException(404, "This attachment does not exist.")
        return _download(parts[number])

    async def alive(_: Request) -> Response:
        return PlainTextResponse("ok")

    routes = [
        Route("/", index),
        Route("/mails/{name}", show),
        Route("/mails/{name}/body", body),
        Route("/mails/{name}/attachments/{number:int}", attachment),
        Route("/livez", alive),
        Route("/readyz", alive),
    ]
    local_names = Middleware(TrustedHostMiddleware, allowed_hosts=["localhost", "127.0.0.1", "[::1]", "testserver"])
    return Starlette(routes=routes, middleware=[local_names])


def _page(template: str, **values: object) -> HTMLResponse:
    headers = {"content-security-policy": _PAGE_POLICY, **_GUARDS, "cache-control": "no-store"}
    return HTMLResponse(_PAGES.get_template(template).render(values), headers=headers)


def _download(part: EmailMessage) -> Response:
    name = quote(part.get_filename() or "attachment")
    headers = {
        "content-disposition": f"attachment; filename*=UTF-8''{name}",
        "content-security-policy": "default-src 'none'; sandbox",
        "x-content-type-options": "nosniff",
    }
    content = part.get_payload(decode=True)
    return Response(content, media_type=part.get_content_type(), headers=headers)
