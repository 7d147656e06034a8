"""How the built interface is served: pages, files, what browsers may do with them, and where its gateway is."""

import gzip
import json
from pathlib import Path

import pytest
from pydantic import ValidationError
from starlette.responses import PlainTextResponse

from portal_cli.interface import Configuration, Interface, build
from portal_cli.interface_settings import InterfaceSettings
from portal_cli.refusals import Refusal
from tests.support.asgi import Answer, request

_HERE = {"host": "127.0.0.1:8080"}
_FAR = Configuration("https://api.example/graphql", "https://pay.example/form", "acme", persisted=True)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A build of the smallest kind: a page, and a script that has its hash in its name."""
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html><title>Portal</title>" + " " * 2_000)
    (tmp_path / "assets" / "index-a1b2c3.js").write_text("export const answer = 42;\n" * 200)
    return tmp_path


async def _get(folder: Path, path: str, told: Configuration | None = None, **headers: str) -> Answer:
    return await request(Interface(folder, told or Configuration()).app, path, headers={**_HERE, **headers})


@pytest.mark.parametrize("path", ["/", "/acme/invoices/inv_019", "/staff/settings", "/acme/accept-invite"])
async def test_the_address_of_a_page_is_answered_with_the_page(folder: Path, path: str) -> None:
    """Links of mails and reloads open the interface, which is asked for anew each time."""
    answer = await _get(folder, path)

    assert answer.status == 200
    assert "<title>Portal</title>" in answer.text
    assert answer.headers["cache-control"] == "no-cache"
    assert answer.headers["etag"]


@pytest.mark.parametrize(
    "path", ["/assets/index-0000.js", "/assets/old", "/favicon.ico", "/acme/logo.png", "/../up.py"]
)
async def test_a_file_that_is_missing_is_not_the_page(folder: Path, path: str) -> None:
    """A script of an earlier build is 404 and never HTML, which a browser would refuse to run without saying why."""
    answer = await _get(folder, path)

    assert answer.status == 404
    assert "<title>" not in answer.text
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_hashed_file_is_kept_for_ever_and_travels_compressed(folder: Path) -> None:
    """Its name changes with its content, so nobody has to ask again."""
    answer = await _get(folder, "/assets/index-a1b2c3.js", **{"accept-encoding": "gzip"})

    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert answer.headers["content-encoding"] == "gzip"
    assert "accept-encoding" in answer.headers["vary"].lower()
    assert gzip.decompress(answer.body).startswith(b"export const answer")


@pytest.mark.parametrize("path", ["/assets/../index.html", "/assets/../acme", "/assets//../", "//assets/../index.html"])
async def test_nothing_else_is_kept_for_ever_by_a_name_that_begins_alike(folder: Path, path: str) -> None:
    """What is served decides how long it is kept, not how it was asked for: caches on the way would keep the page."""
    answer = await _get(folder, path)

    assert answer.headers["cache-control"] == "no-cache"
    assert "content-security-policy" in answer.headers


async def test_what_did_not_change_is_not_sent_again(folder: Path) -> None:
    """Who has the page asks by its tag and is answered 304."""
    first = await _get(folder, "/")

    again = await _get(folder, "/", **{"if-none-match": first.headers["etag"]})

    assert again.status == 304


async def test_the_policy_lets_in_the_gateway_and_the_card_form_only(folder: Path) -> None:
    """No inline script, no eval, and no foreign origin but those two; nobody frames the interface."""
    policy = (await _get(folder, "/", _FAR)).headers["content-security-policy"]
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))

    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == "'self'"
    assert rules["connect-src"] == "'self' https://api.example wss://api.example"
    assert rules["frame-src"] == "https://pay.example"
    assert rules["form-action"] == "'self' https://pay.example"
    assert rules["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


async def test_the_interface_is_told_where_its_gateway_is(folder: Path) -> None:
    """The same files serve every place: what differs is in `portal-config.json`."""
    answer = await _get(folder, "/portal-config.json", _FAR)

    assert json.loads(answer.body) == {
        "gateway": "https://api.example/graphql",
        "subscriptions": "wss://api.example/graphql",
        "paymentForm": "https://pay.example/form",
        "slug": "acme",
        "persisted": True,
    }
    assert answer.headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("host", ["localhost:8080", "127.0.0.1:8080", "[::1]:8080"])
async def test_beside_the_gateway_it_is_found_by_the_name_that_was_typed(folder: Path, host: str) -> None:
    """Cookies do not go from `localhost` to `127.0.0.1`: the gateway is where the page is."""
    answer = await request(Interface(folder, Configuration()).app, "/portal-config.json", headers={"host": host})

    told = json.loads(answer.body)
    assert told == {
        "gateway": f"http://{host}/graphql",
        "subscriptions": f"ws://{host}/graphql",
        "paymentForm": None,
        "slug": None,
        "persisted": False,
    }
    assert f"connect-src 'self' http://{host} ws://{host};" in answer.headers["content-security-policy"]


async def test_a_name_that_is_none_does_not_reach_the_policy(folder: Path) -> None:
    """A host of several words would add its own to what the page may do."""
    answer = await request(Interface(folder, Configuration()).app, "/", headers={"host": "a.example; script-src *"})

    assert "a.example" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("path", "whose"),
    [("/graphql", "gateway"), ("/graphiql/start.js", "gateway"), ("/readyz", "gateway"), ("/graphqls", "interface")],
)
async def test_around_the_gateway_each_has_its_own_paths(folder: Path, path: str, whose: str) -> None:
    """`portal up` has both at one address."""
    both = Interface(folder, Configuration()).around(PlainTextResponse("gateway"))

    answer = await request(both, path, headers=_HERE)

    assert ("gateway" if answer.text == "gateway" else "interface") == whose


def test_a_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    """The process says what is missing and which setting names it."""
    with pytest.raises(Refusal, match="PORTAL_INTERFACE_FOLDER"):
        build(InterfaceSettings(interface_folder=tmp_path))


@pytest.mark.parametrize("address", ["portal.example", "ftp://portal.example", "https://a.example; script-src *"])
def test_an_address_that_is_none_is_refused(address: str) -> None:
    """It would be written into the policy that browsers keep to."""
    with pytest.raises(ValidationError, match="is not an address"):
        InterfaceSettings(graphql_url=address)
