"""Settings that are wrong are told at start, by their names."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic_settings import BaseSettings

from chassis.settings import PUBLISHED, ServiceSettings, SettingsError, load_settings
from gateway.settings import GatewaySettings
from services.billing.settings import BillingSettings
from services.collaboration.settings import CollaborationSettings
from services.identity.settings import IdentitySettings
from services.notifications.settings import NotificationsSettings

ROOT = Path(__file__).parents[3]
KINDS = [IdentitySettings, BillingSettings, CollaborationSettings, NotificationsSettings, GatewaySettings]
NOWHERE = [
    "collector:4318",
    "collector",
    "localhost:4318/v1/traces",
    "//collector:4318/v1/traces",
    "/v1/traces",
    "grpc://collector:4317",
    "ftp://collector/",
    "file:///tmp/spans",
    "unix:///run/collector",
    "http:collector:4318",
    "http://",
    "http://:4318/v1/traces",
    "http://[::1/v1/traces",
    "http://[nobody]:4318/",
    "http://collector:port/",
    "http://collector:0/",
    "http://collector:99999/",
    "http://col lector:4318/",
    " http://collector:4318/",
    "http://collector:4318/\n",
    "http://a..b:4318/",
    f"http://{'x' * 64}.example/",
    "0.0.0.0:4318",
]
SOMEWHERE = [
    "",
    "http://collector:4318/v1/traces",
    "https://collector.example/v1/traces?tenant=a",
    "HTTP://127.0.0.1:4318",
    "http://[::1]:4318/v1/traces",
    "http://user:secret@collector:4318/v1/traces",
    "http://otel_collector:4318/v1/traces",
    "http://sammler.münchen.example:4318/v1/traces",
]


@pytest.fixture(autouse=True)
def _complete(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("GATEWAY_KEY", "SERVICE_KEY", "IDENTITY_SECRET"):
        monkeypatch.setenv(f"PORTAL_{name}", "k" * 43 + "=")
    monkeypatch.setenv("PORTAL_SUPERGRAPH", "supergraph.graphql")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("address", NOWHERE)
def test_a_collector_that_cannot_be_reached_by_its_address_is_told_at_start(
    kind: type[BaseSettings], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No scheme, another scheme, no host, no port that there is, what is no address: the process says so and ends."""
    monkeypatch.setenv("PORTAL_OTLP_ENDPOINT", address)
    with pytest.raises(SettingsError) as told:
        load_settings(kind)
    (said,) = [line for line in str(told.value).splitlines() if line.startswith("PORTAL_OTLP_ENDPOINT: ")]
    assert "http://collector:4318/v1/traces" in said
    assert "error" not in said


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("address", SOMEWHERE)
def test_an_address_of_a_collector_is_taken_as_it_is(
    kind: type[BaseSettings], address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Names, addresses of both families, paths and credentials."""
    monkeypatch.setenv("PORTAL_OTLP_ENDPOINT", address)
    assert load_settings(kind).model_dump()["otlp_endpoint"] == address


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:1", "portal.example", "//portal.example", "ftp://portal.example", "https://", ""),
        *("https://p.example/?a=1", "https://p.example/#x", "https://me:pw@p.example", "https://p.example:0"),
        "https://p. example",
        "https://☃.example",
    ],
)
def test_links_lead_somewhere(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """An address of the portal with which links in mails would be wrong, or dangerous, is told at start."""
    monkeypatch.setenv("PORTAL_PORTAL_URL", address)
    with pytest.raises(SettingsError, match="PORTAL_PORTAL_URL: This must be the address of the portal"):
        load_settings(ServiceSettings)


@pytest.mark.parametrize(
    ("address", "taken"),
    [
        ("https://p.example/", "https://p.example"),
        ("http://[::1]:8080/a", "http://[::1]:8080/a"),
        ("https://straße.example", "https://xn--strae-oqa.example"),
        ("https://Portal.MÜLLER.example:8443/Kunden/", "https://portal.xn--mller-kva.example:8443/Kunden"),
        ("HTTPS://Portal.Example", "https://portal.example"),
        ("https://例え.example", "https://xn--r8jz45g.example"),
        ("https://xn--r8jz45g.example", "https://xn--r8jz45g.example"),
        ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
        ("http://localhost:5173/", "http://localhost:5173"),
    ],
)
def test_the_portal_s_address_is_as_browsers_name_it(address: str, taken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """No link has two slashes; the host is in ASCII, for headers of mails, origins and passkeys."""
    monkeypatch.setenv("PORTAL_PORTAL_URL", address)
    for name in ("GATEWAY_KEY", "SERVICE_KEY"):
        monkeypatch.setenv(f"PORTAL_{name}", "Zt4Qw9_sVb2LmX7cRk1PdN8fHy5JgA3e")
    assert load_settings(ServiceSettings).portal_url == taken


def test_the_process_ends_before_it_serves() -> None:
    """Status 1, and a line of JSON for each sentence, as all that a process logs; no traceback."""
    ended = subprocess.run(
        [sys.executable, "-m", "portal_cli.main", "serve", "gateway"],
        cwd=ROOT,
        env={"PORTAL_SUPERGRAPH": "gateway/schema/supergraph.graphql", "PORTAL_OTLP_ENDPOINT": "collector:4318"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (1, "")
    (_, sentence) = [json.loads(line)["reason"] for line in ended.stdout.splitlines()]
    assert sentence.startswith("PORTAL_OTLP_ENDPOINT: This must be the address of a collector")


GOOD = "kJ8-random-3fQ2xW9zLmB7"
OVER_HTTPS = {"portal_url": "https://portal.example", "supergraph": ROOT / "gateway" / "schema" / "supergraph.graphql"}
SAID = {"introspection": True, "graphiql": False}


def refusal(kind: type[BaseSettings], **given: object) -> list[str]:
    """Return the names of what is refused, and see to it that no value is shown."""
    with pytest.raises(SettingsError) as caught:
        load_settings(kind, **given)
    text = str(caught.value)
    assert not any(isinstance(value, SecretStr) and value.get_secret_value() in text for value in given.values())
    return [line.partition(":")[0] for line in text.splitlines()[1:]]


def test_the_published_secrets_are_those_of_the_compose_file() -> None:
    """Whatever docker-compose.yml holds as a secret is known as published."""
    compose = (ROOT / "docker-compose.yml").read_text()
    written = re.findall(r"PORTAL_\w*(?:SECRET|KEY)\w*: (?:\$\{\w+:-)?([^}\n]+)", compose)

    assert len(written) >= 6
    assert {*written} <= PUBLISHED


def test_a_service_by_https_names_all_unsafe_secrets_at_once() -> None:
    """Published and guessable secrets are told in one message."""
    given = {
        "gateway_key": SecretStr("a-gateway-key-for-this-machine"),
        "service_key": SecretStr("s" * 32),
        "identity_secret": SecretStr("an-identity-secret-for-this-machine"),
    }
    names = refusal(IdentitySettings, **OVER_HTTPS, **given)

    assert names == ["PORTAL_GATEWAY_KEY", "PORTAL_SERVICE_KEY", "PORTAL_IDENTITY_SECRET"]


def test_one_machine_may_use_published_secrets() -> None:
    """By http, `docker compose up` starts as it is."""
    key = SecretStr("a-gateway-key-for-this-machine")

    assert load_settings(CollaborationSettings, gateway_key=key, service_key=key).gateway_key == key


@pytest.mark.parametrize(
    ("given", "names"),
    [
        ({}, ["PORTAL_INTROSPECTION", "PORTAL_GRAPHIQL", "PORTAL_GATEWAY_KEY"]),
        ({**SAID}, ["PORTAL_GATEWAY_KEY"]),
        ({**SAID, "gateway_key": SecretStr("short")}, ["PORTAL_GATEWAY_KEY", "PORTAL_GATEWAY_KEY"]),
        ({"gateway_key": SecretStr(GOOD), "introspection": True}, ["PORTAL_GRAPHIQL"]),
        ({**SAID, "gateway_key": SecretStr("a-gateway-key-for-this-machine")}, ["PORTAL_GATEWAY_KEY"]),
    ],
)
def test_a_gateway_by_https_is_safe_or_does_not_start(
    given: dict[str, object], names: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It has its key, and whether schema and GraphiQL are shown is said."""
    monkeypatch.delenv("PORTAL_GATEWAY_KEY", raising=False)
    assert refusal(GatewaySettings, **OVER_HTTPS, **given) == names


def test_a_safe_gateway_starts() -> None:
    """With its key and everything said, also in capitals, nothing is refused."""
    given = {**OVER_HTTPS, **SAID, "gateway_key": SecretStr(GOOD), "portal_url": "HTTPS://portal.example"}

    assert load_settings(GatewaySettings, **given).gateway_key == SecretStr(GOOD)
