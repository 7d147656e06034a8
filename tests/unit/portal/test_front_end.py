"""A front end that runs elsewhere: what `portal up --origin`, `--portal-url` and `--host` tell the portal."""

import json
from types import SimpleNamespace

import pytest

from gateway.settings import GatewaySettings
from portal_cli.embedded import Embedded, Ports
from portal_cli.front_end import FrontEnd
from portal_cli.refusals import Refusal

PORTS = Ports(
    gateway=8080, services=8081, sandbox=8082, mailbox=8083, identity=1, billing=2, collaboration=3, notifications=4
)


def embedded(tmp_path, *, host="127.0.0.1", origins=(), portal_url=""):
    """Return an embedded portal for these options."""
    data = SimpleNamespace(folder=lambda name: tmp_path / name, secret=lambda name: name * 4, lock=None)
    return Embedded(data, PORTS, FrontEnd.of(host=host, origins=origins, portal_url=portal_url))


def told(portal, name):
    """Return what processes are told."""
    return portal.environment[f"PORTAL_{name}"]


def test_by_itself_the_portal_is_its_own_front_end(tmp_path):
    """Without options links lead to the gateway; its other name is its own, since passkeys are made for names only."""
    portal = embedded(tmp_path)
    assert told(portal, "PORTAL_URL") == told(portal, "ISSUER") == "http://127.0.0.1:8080"
    assert json.loads(told(portal, "ALLOWED_ORIGINS")) == ["http://localhost:8080"]
    assert told(portal, "PASSKEY_DOMAIN") == "localhost"
    assert json.loads(told(portal, "RETURN_ORIGINS")) == ["http://127.0.0.1:8080", "http://localhost:8080"]


def test_an_origin_is_allowed_and_mails_lead_to_it(tmp_path):
    """Its pages may call and be returned to, under both names of this machine; the token's issuer stays ours."""
    portal = embedded(tmp_path, origins=["http://localhost:5173"])
    both = ["http://localhost:5173", "http://127.0.0.1:5173"]
    assert json.loads(told(portal, "ALLOWED_ORIGINS")) == both
    assert json.loads(told(portal, "RETURN_ORIGINS")) == [*both, "http://localhost:8080", "http://127.0.0.1:8080"]
    assert told(portal, "PORTAL_URL") == "http://localhost:5173"
    assert told(portal, "ISSUER") == "http://127.0.0.1:8080"
    assert portal.graphql_url == "http://localhost:8080/graphql"
    assert told(portal, "FILES_URL") == "http://localhost:8081/billing"


def test_mails_may_lead_elsewhere(tmp_path):
    """`--portal-url` wins, its path is kept, and its pages may call as well."""
    portal = embedded(tmp_path, origins=["https://app.example"], portal_url="https://portal.example/in/")
    assert told(portal, "PORTAL_URL") == "https://portal.example/in"
    assert json.loads(told(portal, "ALLOWED_ORIGINS")) == ["https://app.example", "https://portal.example"]
    assert told(portal, "PASSKEY_DOMAIN") == ""


@pytest.mark.parametrize(
    ("host", "shown", "reached"),
    [
        ("127.0.0.1", "127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1", "127.0.0.1"),
        ("::", "127.0.0.1", "127.0.0.1"),
        ("192.0.2.7", "192.0.2.7", "192.0.2.7"),
        ("2001:db8::7", "[2001:db8::7]", "[2001:db8::7]"),
    ],
)
def test_everything_that_browsers_need_listens_there(tmp_path, host, shown, reached):
    """Gateway, files, mailbox and card form listen on the host and are shown under a name that works."""
    portal = embedded(tmp_path, host=host)
    for program in portal.servers():
        assert program.argv[-2:] == ("--host", host)
    assert portal.graphql_url == f"http://{shown}:8080/graphql"
    assert portal.sandbox_url == f"http://{shown}:8082"
    assert portal.services_url == told(portal, "IDENTITY_URL").removesuffix("/identity") == f"http://{reached}:8081"


@pytest.mark.parametrize(
    "origin", ["localhost:5173", "http://localhost:5173/app", "http://", "*", "http://a:b@c.example"]
)
def test_what_is_no_origin_is_refused(tmp_path, origin):
    """The refusal shows what one looks like."""
    with pytest.raises(Refusal, match="http://localhost:5173"):
        embedded(tmp_path, origins=[origin])
    with pytest.raises(Refusal, match="http://localhost:5173"):
        embedded(tmp_path, portal_url=origin.removesuffix("/app") if "/app" not in origin else "x")


def test_the_gateway_reads_what_it_is_told(tmp_path, monkeypatch):
    """The origins are ones that its settings accept."""
    monkeypatch.setenv(
        "PORTAL_ALLOWED_ORIGINS", told(embedded(tmp_path, origins=["http://localhost:5173"]), "ALLOWED_ORIGINS")
    )
    assert GatewaySettings(supergraph=tmp_path).allowed_origins == ["http://localhost:5173", "http://127.0.0.1:5173"]
