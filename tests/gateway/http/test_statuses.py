"""The statuses of `application/graphql-response+json` by the audits, and by the draft of August 2026."""

import pytest

NEW, OLD = "application/graphql-response+json", "application/json"
# (what is sent, its status by the audits, by the draft)
CASES = [
    ("data", {"query": "{ me { id } }"}, 200, 200),
    ("data and errors", {"query": "{ users { id must } }"}, 200, 294),
    ("a document that does not parse", {"query": "{ me {"}, 400, 400),
    ("an invalid document", {"query": "{ nobody }"}, 400, 422),
    ("an ambiguous operation", {"query": "query A { me { id } } query B { me { id } }"}, 400, 422),
    ("variables that do not fit", {"query": "query ($n: Int!) { invoices(first: $n) { id } }"}, 400, 422),
    ("a request that is not well-formed", {"query": "{ me { id } }", "variables": 1}, 400, 422),
    ("no document", {"variables": {}}, 400, 422),
    ("a body that is no JSON", "{", 400, 400),
]


async def status(world, sent, accept):
    """Return the status of a request."""
    given = {"data": sent} if isinstance(sent, str) else {"json": sent}
    headers = {"accept": accept, "content-type": "application/json"}
    async with world.client.post(world.url, headers=headers, **given) as answer:
        assert answer.content_type == accept
        return answer.status


@pytest.mark.parametrize("version", ["audited", "2026-08"])
async def test_statuses_are_those_of_one_version(make_world, version):
    """All of them, by the setting."""
    world = await make_world(status_codes=version)
    found = {name: await status(world, sent, NEW) for name, sent, *_ in CASES}
    assert found == {name: (audited if version == "audited" else draft) for name, _, audited, draft in CASES}


async def test_plain_json_is_the_same_in_both(make_world):
    """`application/json` keeps its statuses: 200 for whatever is read."""
    one, other = await make_world(), await make_world(status_codes="2026-08")
    for name, sent, *_ in CASES:
        assert await status(one, sent, OLD) == await status(other, sent, OLD), name
