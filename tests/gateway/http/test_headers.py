"""Headers of subgraphs that go back to clients, and of clients that go to subgraphs, through a running gateway."""

import pytest
from pydantic import ValidationError

from gateway.settings import GatewaySettings

STRICT = {"returned_headers": {"*": ["cache-control"]}, "merged_headers": {"cache-control": "strictest"}}
BOTH = "{ me { id } invoices(first: 1) { id } }"


async def headers_of(world, query, **headers):
    """Return the headers of an answer."""
    async with world.client.post(world.url, json={"query": query}, headers=headers) as answer:
        assert answer.status == 200
        return answer.headers


async def test_an_answer_is_kept_as_long_as_every_part_of_it_may_be(make_world):
    """A subgraph that says nothing, and a part that is lost, forbid it; what is kept depends on the caller."""
    world = await make_world(**STRICT)
    world.accounts.returns = {"cache-control": "public, max-age=60"}
    assert (await headers_of(world, "{ me { id } }"))["cache-control"] == "public, max-age=60"
    assert "authorization" in (await headers_of(world, "{ me { id } }"))["vary"]
    found = await headers_of(world, BOTH)
    assert (found["cache-control"], "authorization" in found["vary"]) == ("no-store", False)
    world.billing.returns = {"cache-control": "private, max-age=20"}
    assert (await headers_of(world, BOTH))["cache-control"] == "private, max-age=20"
    world.billing.mode = "html"
    found = await headers_of(world, BOTH)
    assert found.getall("cache-control") == ["no-store"]
    assert found["x-content-type-options"] == "nosniff"


async def test_rules_reach_one_subgraph(make_world):
    """The other gets what it always got; on the aiohttp transport as on ours."""
    rules = {"billing": [{"propagate": "x-tenant"}, {"remove": "authorization"}]}
    for transport in ("lean", "aiohttp"):
        world = await make_world(header_rules=rules, transport=transport)
        await headers_of(world, BOTH, **{"x-tenant": "t1", "authorization": "Bearer t"})
        accounts, billing = world.accounts.requests[-1][0], world.billing.requests[-1][0]
        assert (accounts["authorization"], accounts.get("x-tenant")) == ("Bearer t", None)
        assert (billing.get("authorization"), billing["x-tenant"]) == (None, "t1")


async def test_pages_may_send_what_rules_propagate(make_world):
    """Nobody has to name a header twice."""
    world = await make_world(header_rules={"*": [{"propagate": "x-tenant"}]}, allowed_origins=["http://app.example"])
    asked = {"origin": "http://app.example", "access-control-request-method": "POST"}
    asked["access-control-request-headers"] = "x-tenant"
    async with world.client.options(world.url, headers=asked) as answer:
        assert answer.status == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"header_rules": {"*": [{"propagate": "host"}]}},
        {"merged_headers": {"cache-control": "strictest"}},
        {"merged_headers": {"x-a": "strictest"}, "returned_headers": {"*": ["x-a"]}},
        {"merged_headers": {"x-a": "any"}},
    ],
)
def test_wrong_settings_are_refused(tmp_path, wrong):
    """At start."""
    with pytest.raises(ValidationError):
        GatewaySettings(supergraph=tmp_path / "s", **wrong)
