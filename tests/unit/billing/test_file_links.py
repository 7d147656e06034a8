"""Signed links: what they allow, for how long, and the headers of what they give."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import httptools
import pytest
from starlette.applications import Starlette

from chassis.kernel import NotFound, Principal, Role
from services.billing.adapters.file_links import HmacFileLinks
from services.billing.adapters.pdf import HtmlPrintView
from services.billing.api.files import content_disposition, file_name, file_routes
from services.billing.application.printing import FileGrant, LinkRefused, PrintedDocument, PrintForm, PrintKind
from tests.support import printed
from tests.support.asgi import Answer, request

NOW = datetime(2026, 3, 9, 12, tzinfo=UTC)
GRANT = FileGrant(
    kind=PrintKind.INVOICE,
    form=PrintForm.PDF,
    document_id="inv_" + "0" * 26,
    principal=Principal(
        id="con_1", organisation_id="org_1", role=Role.CONTACT, customer_id="cus_1", session_id="ses_1"
    ),
)
STATEMENT = replace(
    GRANT,
    kind=PrintKind.STATEMENT,
    form=PrintForm.PRINT,
    currency="EUR",
    first_day=date(2026, 1, 1),
    last_day=date(2026, 3, 31),
    revision=2,
)


class FixedClock:
    def __init__(self) -> None:
        self.time = NOW

    def now(self) -> datetime:
        return self.time


class PlainRenderer:
    async def render(self, document: PrintedDocument) -> bytes:
        return b"%PDF- " + type(document).__name__.encode()


@pytest.fixture
def clock() -> FixedClock:
    return FixedClock()


@pytest.fixture
def links(clock: FixedClock) -> HmacFileLinks:
    return HmacFileLinks([b"s" * 32], base_url="https://files.example/", clock=clock)


def token_of(url: str) -> str:
    return url.rpartition("/")[2]


async def fetch(links: HmacFileLinks, load: Callable[[FileGrant], Awaitable[PrintedDocument]], token: str) -> Answer:
    app = Starlette(routes=file_routes(links, load, PlainRenderer(), HtmlPrintView()))
    return await request(app, f"/files/{token}")


@pytest.mark.parametrize("grant", [GRANT, STATEMENT])
def test_a_link_carries_its_grant(links: HmacFileLinks, grant: FileGrant) -> None:
    """What was granted comes back from the link, principal and scope included."""
    url = links.url(grant)

    assert url.startswith("https://files.example/files/")
    assert links.open(token_of(url)) == grant


def test_a_link_expires(links: HmacFileLinks, clock: FixedClock) -> None:
    """A link works until the instant before its expiry."""
    token = token_of(links.url(GRANT))

    clock.time = NOW + timedelta(minutes=5) - timedelta(milliseconds=1)
    assert links.open(token) == GRANT

    clock.time = NOW + timedelta(minutes=5)
    with pytest.raises(LinkRefused):
        links.open(token)


def test_every_altered_byte_is_refused(links: HmacFileLinks) -> None:
    """Changing, removing or adding any character of the token makes it worthless."""
    token = token_of(links.url(GRANT))
    altered = [token[:at] + ("B" if token[at] == "A" else "A") + token[at + 1 :] for at in range(len(token) - 1)]
    forged = [*altered, token[:-2], token + "A", "", ".", "a.b", "é.é", token.replace(".", ""), "A" * 5000]

    for one in forged:
        with pytest.raises(LinkRefused):
            links.open(one)


def test_other_secrets_do_not_open(clock: FixedClock, links: HmacFileLinks) -> None:
    """A link of another installation is refused; one signed before a rotation still opens."""
    other = HmacFileLinks([b"o" * 32], base_url="https://files.example", clock=clock)
    rotated = HmacFileLinks([b"n" * 32, b"s" * 32], base_url="https://files.example", clock=clock)
    token = token_of(links.url(GRANT))

    with pytest.raises(LinkRefused):
        other.open(token)
    assert rotated.open(token) == GRANT


def test_a_short_secret_is_refused(clock: FixedClock) -> None:
    """An installation with a guessable secret does not start."""
    with pytest.raises(ValueError, match="32 bytes"):
        HmacFileLinks([b"short"], base_url="https://files.example", clock=clock)


async def test_a_pdf_is_a_download_that_nobody_keeps(links: HmacFileLinks) -> None:
    """The PDF comes with a safe name, is stored by no cache and sniffed by no browser."""

    async def load(grant: FileGrant) -> PrintedDocument:
        assert grant == GRANT
        return printed.invoice()

    response = await fetch(links, load, token_of(links.url(GRANT)))

    assert (response.status, response.body) == (200, b"%PDF- PrintedInvoice")
    assert response.headers["content-type"] == "application/pdf"
    assert response.headers["cache-control"] == "no-store"
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["content-disposition"].startswith('attachment; filename="Invoice INV-0007.pdf"')


async def test_the_print_view_may_fetch_nothing(links: HmacFileLinks) -> None:
    """The print page forbids scripts, frames and every fetch by its policy."""

    async def load(grant: FileGrant) -> PrintedDocument:
        return printed.statement()

    response = await fetch(links, load, token_of(links.url(STATEMENT)))

    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["content-security-policy"].startswith("default-src 'none'; img-src data:;")
    assert "Statement of account" in response.text


async def test_refusals_look_the_same(links: HmacFileLinks) -> None:
    """A forged link and a document that the principal may not see any more give the same answer."""

    async def load(grant: FileGrant) -> PrintedDocument:
        raise NotFound("invoice")

    token = token_of(links.url(GRANT))
    hidden, forged = await fetch(links, load, token), await fetch(links, load, token + "x")

    assert (hidden.status, hidden.body) == (forged.status, forged.body)
    assert hidden.status == 404


@pytest.mark.parametrize(
    "number", ["INV-1", 'a"b', "a\r\nSet-Cookie: x=1", "../../etc/passwd", "请求-7", "x" * 500, "", "a;b,c"]
)
def test_file_names_are_safe_in_headers(number: str) -> None:
    """Whatever the number, the header is one line of ASCII with one quoted name and no path."""
    header = content_disposition(file_name(printed.invoice(number=number)))

    assert header.isascii()
    assert header.isprintable()
    assert header.count('"') == 2
    assert "/" not in header
    assert "\\" not in header


def test_tokens_fit_a_request_line(links: HmacFileLinks) -> None:
    """A link is short enough for every proxy."""
    assert len(links.url(STATEMENT)) < 600
    assert httptools.parse_url(links.url(STATEMENT).encode()).path
