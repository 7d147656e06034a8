"""Pages of other origins: who may, what they may send, and how long a browser may remember it."""

import pytest
from aiohttp import WSServerHandshakeError

from chassis.settings import SettingsError, load_settings
from gateway.requests.origins import Origins
from gateway.settings import GatewaySettings

PAGE = "https://app.example"
LIBRARIES = {
    "Apollo Client's awareness": "apollographql-client-name,apollographql-client-version,content-type",
    "Sentry": "baggage,content-type,sentry-trace",
    "OpenTelemetry": "baggage,content-type,traceparent,tracestate",
    "Zipkin": "b3,x-b3-sampled,x-b3-spanid,x-b3-traceid",
    "Datadog": "x-datadog-origin,x-datadog-parent-id,x-datadog-sampling-priority,x-datadog-trace-id",
    "New Relic": "newrelic,traceparent,tracestate",
    "Apollo's own preflight": "apollo-require-preflight,x-apollo-operation-name",
    "Hive": "graphql-client-name,graphql-client-version,x-graphql-client-name,x-graphql-client-version",
    "a token and an id": "authorization,content-type,x-request-id",
    "an EventSource that comes back": "last-event-id",
}


def preflight(world, sent, origin=PAGE, method="POST"):
    """Ask as a browser does before it sends these headers."""
    headers = {"origin": origin, "access-control-request-method": method, "access-control-request-headers": sent}
    return world.client.options(world.url, headers=headers)


@pytest.mark.parametrize("sent", LIBRARIES.values(), ids=LIBRARIES.keys())
async def test_what_libraries_send_is_allowed(make_world, sent):
    """Client awareness, error tracing and tracing pass a preflight by default, which is remembered for a while."""
    world = await make_world(allowed_origins=[PAGE])
    async with preflight(world, sent) as answer:
        assert answer.status == 200
        allowed = {name.strip().lower() for name in answer.headers["access-control-allow-headers"].split(",")}
        assert set(sent.split(",")) <= allowed
        assert answer.headers["access-control-max-age"] == "600"
        assert answer.headers["access-control-allow-credentials"] == "true"


async def test_what_is_forwarded_may_be_sent(make_world):
    """Headers that the operator forwards or lists are allowed; others are not."""
    world = await make_world(
        allowed_origins=[PAGE], forwarded_headers=["X-Tenant"], allowed_headers=["x-mine"], preflight_seconds=5,
        allowed_credentials=False,
    )  # fmt: skip
    async with preflight(world, "x-mine,x-tenant") as answer:
        assert answer.status == 200
        assert answer.headers["access-control-max-age"] == "5"
        assert "access-control-allow-credentials" not in answer.headers
    async with preflight(world, "baggage") as answer:
        assert answer.status == 400


async def test_a_listed_page_may_reach_a_private_network(make_world):
    """A gateway inside a network is reached from a public page that is listed by name, never by `*`."""
    asked = {"origin": PAGE, "access-control-request-method": "POST", "access-control-request-private-network": "true"}
    for listed, allowed in ((PAGE, "true"), ("*", None), ("https://other.example", None)):
        world = await make_world(allowed_origins=[listed])
        async with world.client.options(world.url, headers=asked) as answer:
            granted = answer.status == 200 and answer.headers.get("access-control-allow-private-network")
            assert (granted or None) == allowed


async def test_a_page_reads_the_request_id(make_world):
    """A plain answer and a stream name the origin and what its page may read."""
    world = await make_world(allowed_origins=[PAGE])
    for accept in ("application/json", "text/event-stream"):
        async with world.client.post(
            world.url, json={"query": "{ me { id } }"}, headers={"origin": PAGE, "accept": accept}
        ) as answer:
            assert answer.headers["access-control-allow-origin"] == PAGE
            assert "x-request-id" in answer.headers["access-control-expose-headers"]
            assert "Origin" in ", ".join(answer.headers.getall("vary"))


async def test_sockets_keep_the_same_rules(make_world):
    """A page of an origin that fits a pattern may open a WebSocket, another may not."""
    world = await make_world(allowed_origins=["https://*.app.example"])

    def socket(origin):
        return world.client.ws_connect(world.url, protocols=("graphql-transport-ws",), headers={"origin": origin})

    async with socket("https://a.app.example") as opened:
        assert opened.protocol == "graphql-transport-ws"
    with pytest.raises(WSServerHandshakeError, match="403"):
        await socket("https://evil.example")


@pytest.mark.parametrize(
    ("listed", "origin", "is_allowed"),
    [
        ("https://app.example", "https://app.example", True),
        ("https://App.example/", "https://app.example", True),
        ("https://app.example", "http://app.example", False),
        ("https://app.example", "https://app.example:444", False),
        ("https://app.example", "https://appxexample", False),
        ("https://app.example", "https://app.example.evil.example", False),
        ("https://*.app.example", "https://a.app.example", True),
        ("https://*.app.example", "https://a.b.app.example", True),
        ("https://*.app.example", "https://app.example", False),
        ("https://*.app.example", "https://evilapp.example", False),
        ("https://*.app.example", "https://evil.example/.app.example", False),
        ("http://localhost:*", "http://localhost:5173", True),
        ("http://localhost:*", "http://localhost", True),
        ("http://localhost:*", "http://localhost:5173.evil.example", False),
        ("http://[::1]:*", "http://[::1]:5173", True),
        ("*", "https://anything.example", True),
        ("https://app.example", "null", False),
        ("https://app.example", "", False),
    ],
)
def test_a_pattern_covers_no_more_than_it_says(listed, origin, is_allowed):
    """Scheme, host and port are compared whole."""
    assert Origins(listed=[listed]).allow(origin) is is_allowed


@pytest.mark.parametrize("origin", ["app.example", "https://app.example/path", "https://*", "https://a.*.example", ""])
def test_what_is_no_origin_is_refused_at_start(origin, monkeypatch, tmp_path):
    """A setting that would never match, or too often, is told."""
    monkeypatch.setenv("PORTAL_SUPERGRAPH", str(tmp_path))
    monkeypatch.setenv("PORTAL_ALLOWED_ORIGINS", f'["{origin}"]')
    with pytest.raises(SettingsError, match="like https"):
        load_settings(GatewaySettings)
