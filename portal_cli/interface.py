"""The interface that people open: its built files, and beside them the word on where its gateway is.

Entry: `Interface`, an ASGI application of its own (`portal serve interface`), or around the gateway's (`around`), as
`portal up` has it. Whatever is asked for as a page is answered with `index.html`, which finds its way by the address;
a file that is not there is 404, so that a page of yesterday fails loudly where today's files are others.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal_cli.interface_settings import InterfaceSettings
from portal_cli.refusals import Refusal

CONFIGURATION = "/portal-config.json"
ASSETS = "/assets/"
"""Where the build puts what has its hash in its name: such a file never changes."""
_OF_THE_GATEWAY = frozenset({"/graphql", "/graphiql", "/livez", "/readyz", "/metrics"})
_FOR_EVER, _ASK_FIRST = "public, max-age=31536000, immutable", "no-cache"
_PORTS = {"http": "ws", "https": "wss"}
_COMPRESSED_FROM = 1_000
_HOST = re.compile(r"[A-Za-z0-9.-]+(:\d+)?|\[[0-9A-Fa-f:]+\](:\d+)?")


@dataclass(frozen=True)
class Configuration:
    """What the built files are told when they run; the same files serve every place.

    Without a `gateway` it is at the interface's own address, by whatever name of the machine that was reached.
    """

    gateway: str = ""
    payment_form: str = ""
    slug: str = ""
    persisted: bool = False

    @property
    def subscriptions(self) -> str:
        """Return the same endpoint for WebSockets."""
        scheme, rest = self.gateway.split(":", 1)
        return f"{_PORTS[scheme]}:{rest}"

    def seen_by(self, scope: Scope) -> "Configuration":
        """Return what is told to whoever sent a request."""
        host = Headers(scope=scope).get("host", "")
        if self.gateway or not _HOST.fullmatch(host):
            return self if self.gateway else replace(self, gateway="http://localhost/graphql")
        return replace(self, gateway=f"{scope['scheme']}://{host}/graphql")

    def as_json(self) -> Mapping[str, str | bool | None]:
        """Return what `portal-config.json` says."""
        return {
            "gateway": self.gateway,
            "subscriptions": self.subscriptions,
            "paymentForm": self.payment_form or None,
            "slug": self.slug or None,
            "persisted": self.persisted,
        }

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what each answer says to the browser; foreign are the gateway and the provider's form, nobody else."""
        form = _origin(self.payment_form) if self.payment_form else ""
        policy = (
            ("default-src", "'none'"),
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("img-src", "'self' data:"),
            ("font-src", "'self'"),
            ("manifest-src", "'self'"),
            ("connect-src", f"'self' {_origin(self.gateway)} {_origin(self.subscriptions)}"),
            ("frame-src", form or "'none'"),
            ("form-action", f"'self' {form}".strip()),
            ("base-uri", "'none'"),
            ("frame-ancestors", "'none'"),
            ("object-src", "'none'"),
        )
        return {
            "content-security-policy": "; ".join(f"{name} {value}" for name, value in policy),
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "no-referrer",
            "cross-origin-opener-policy": "same-origin-allow-popups",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), usb=()",
        }


class Interface:
    """The built files of one folder, told where their gateway is."""

    def __init__(self, folder: Path, configuration: Configuration) -> None:
        """Open the folder.

        Raises:
            Refusal: there is no build in it.
        """
        if not (folder / "index.html").is_file():
            raise Refusal(f"{folder} has no built interface (index.html); PORTAL_INTERFACE_FOLDER names its folder.")
        self._configuration = configuration
        self.app: ASGIApp = Starlette(
            routes=[
                Route("/livez", _alive),
                Route("/readyz", _alive),
                Route(CONFIGURATION, self._told),
                Mount("/", _Pages(directory=folder)),
            ],
            middleware=[
                Middleware(_Said, configuration=configuration),
                Middleware(GZipMiddleware, minimum_size=_COMPRESSED_FROM),
            ],
        )

    def around(self, gateway: ASGIApp) -> ASGIApp:
        """Return both at one address: what is the gateway's goes there, all else is asked here."""

        async def either(scope: Scope, receive: Receive, send: Send) -> None:
            theirs = scope["type"] != "http" or f"/{scope['path'].split('/')[1]}" in _OF_THE_GATEWAY
            await (gateway if theirs else self.app)(scope, receive, send)

        return either

    async def _told(self, request: Request) -> Response:
        told = self._configuration.seen_by(request.scope).as_json()
        return JSONResponse(told, headers={"cache-control": _ASK_FIRST})


def build(settings: InterfaceSettings) -> Interface:
    """Return the interface as the environment says.

    Raises:
        Refusal: there is no build in the folder.
    """
    told = Configuration(
        settings.graphql_url,
        settings.interface_payment_form,
        settings.interface_slug,
        settings.interface_persisted,
    )
    return Interface(settings.interface_folder, told)


class _Pages(StaticFiles):
    """Files as they are, and `index.html` for the address of a page."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        served = "/" if path == "." else f"/{path}"
        try:
            answer = await super().get_response(path, scope)
        except HTTPException as refused:
            if refused.status_code != 404 or not _is_page(served):
                raise
            answer = await super().get_response("index.html", scope)
        answer.headers["cache-control"] = _FOR_EVER if served.startswith(ASSETS) else _ASK_FIRST
        return answer


class _Said:
    """Puts headers on every answer, those of refusals too."""

    def __init__(self, app: ASGIApp, configuration: Configuration) -> None:
        self._app = app
        self._configuration = configuration

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def said(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(self._configuration.seen_by(scope).headers)
            await send(message)

        await self._app(scope, receive, said if scope["type"] == "http" else send)


async def _alive(_: Request) -> Response:
    return PlainTextResponse("ok")


def _is_page(path: str) -> bool:
    """Tell whether an address is a page's: nothing in it looks like a file's name, and it is no asset's."""
    return "." not in path.rpartition("/")[2] and not path.startswith(ASSETS)


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"
