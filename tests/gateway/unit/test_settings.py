"""What operators set."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from gateway.bootstrap import load
from gateway.http.front import Front
from gateway.settings import GatewaySettings
from portal_cli.paths import SERVICES

SUPERGRAPH = Path(__file__).parents[3] / "gateway/schema/supergraph.graphql"


def test_addresses_come_from_the_settings_the_environment_or_the_file(monkeypatch):
    """A given address wins over `PORTAL_SUBGRAPH_<NAME>_URL`, and that over the file's; other characters are `_`."""
    monkeypatch.setenv("PORTAL_SUBGRAPH_MY_SHOP_URL", "http://environment/")
    settings = GatewaySettings(supergraph=SUPERGRAPH, subgraph_urls={"given": "http://given/"})
    assert settings.url_of("given", "http://file/") == "http://given/"
    assert settings.url_of("my-shop", "http://file/") == "http://environment/"
    assert settings.url_of("MY_SHOP", "http://file/") == "http://environment/"
    assert settings.url_of("other", "http://file/") == "http://file/"


def test_the_portals_own_supergraph_loads(monkeypatch):
    """The four subgraphs of the checked-in file get their addresses from the environment."""
    for name in SERVICES:
        monkeypatch.setenv(f"PORTAL_SUBGRAPH_{name.upper()}_URL", f"http://{name}:8080/graphql")
    loaded = load(SUPERGRAPH.read_text(), GatewaySettings(supergraph=SUPERGRAPH))
    assert loaded.urls == {name: f"http://{name}:8080/graphql" for name in SERVICES}


def test_the_application_is_made_from_the_environment(monkeypatch):
    """`uvicorn --factory gateway.app:app` needs no more than `PORTAL_SUPERGRAPH`."""
    from gateway import app

    monkeypatch.setattr(app, "start_logging", lambda *_: None)
    monkeypatch.setenv("PORTAL_SUPERGRAPH", str(SUPERGRAPH))
    assert isinstance(app.app(), Front)


@pytest.mark.parametrize("limits", ['{"dept": 1}', "[]", '{"depth": "deep"}'])
def test_a_wrong_limit_is_noticed_at_start(monkeypatch, limits):
    """A misspelled limit is not silently ignored."""
    monkeypatch.setenv("PORTAL_LIMITS", limits)
    with pytest.raises(ValidationError):
        GatewaySettings(supergraph=SUPERGRAPH)


def test_limits_replace_defaults_one_by_one(monkeypatch):
    """What is not named keeps its default."""
    monkeypatch.setenv("PORTAL_LIMITS", '{"depth": 7}')
    limits = GatewaySettings(supergraph=SUPERGRAPH, introspection=False).all_limits()
    assert (limits.depth, limits.aliases, limits.introspection) == (7, 100, False)
