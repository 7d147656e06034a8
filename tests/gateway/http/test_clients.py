"""The clients that front-end teams use, from npm, against the gateway with its own settings."""

import json

import pytest

from tests.support.npm import installed, run_node
from tests.support.waiting import eventually

ME = {"me": {"id": "1", "name": "Ada"}}
WHOLE = {"me": {"id": "1", "invoices": [{"id": "i0"}, {"id": "i2"}]}}
EXPECTED = {
    "query": {"data": ME, "codes": []},
    "by GET": {"data": ME, "codes": []},
    "by POST": {"data": ME, "codes": []},
    "mutation": {"data": {"logIn": {"id": "1"}}, "codes": []},
    "invalid": {"data": None, "codes": ["GRAPHQL_VALIDATION_FAILED"]},
    "subscription": [1, 2],
    "aborted": [1],
    "deferring": {"data": WHOLE, "codes": []},
    "refreshed": [["UNAUTHENTICATED"], {"data": ME, "codes": []}],
    "given up": "AbortError",
}
CLIENTS = {
    "apollo 3": {"subscription", "deferring", "persisted", "refreshed", "aborted"},
    "apollo 4": {"subscription", "deferring", "persisted", "refreshed", "aborted"},
    "urql 4": {"by GET", "by POST", "subscription", "deferring", "aborted"},
    "urql 5": {"by GET", "by POST", "subscription", "deferring", "aborted"},
    "urql 6": {"by GET", "by POST", "subscription", "deferring", "persisted", "refreshed", "aborted"},
    "relay": set(),
    "graphql-request": {"by GET", "given up"},
    "graphql-sse": {"subscription", "aborted"},
    "graphql-ws": {"subscription", "aborted"},
}


@pytest.mark.parametrize("client", CLIENTS)
async def test_a_client_works(world, client):
    """Query, mutation, refusal and whatever else it does come to what they should, and nothing stays open."""
    world.accounts.mode = "tokens"
    status, out, errors = await run_node(installed("graphql-clients"), "clients.mjs", world.url, client)
    assert status == 0, errors
    found = _plain(json.loads(out))
    assert found.keys() == {"query", "mutation", "partial", "invalid", *CLIENTS[client]}
    partial = found.pop("partial")
    assert partial["data"] is None
    assert partial["codes"] == ["SUBGRAPH_ERROR"]
    if "persisted" in found:
        *answers, requests = found.pop("persisted")
        assert answers[0] == answers[1]
        assert (answers[0]["codes"], requests) == ([], 3)
    assert found == {name: EXPECTED[name] for name in found}
    await eventually(
        lambda: world.accounts.open_sockets == 0, "the subscription that was given up ends at its subgraph"
    )


def _plain(value):
    """Return data without the type names that clients add, and without what a thrown error is wrapped in."""
    if isinstance(value, dict):
        if value.keys() == {"thrown"}:
            return {"data": None, "codes": value["thrown"]}
        return {key: _plain(one) for key, one in value.items() if key != "__typename"}
    return [_plain(one) for one in value] if isinstance(value, list) else value
