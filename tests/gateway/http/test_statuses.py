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
    ("an empty body", "", 400, 400),
    *((f"a document without anything: {text!r}", {"query": text}, 400, 400) for text in ("", " ", "# nothing", ",")),
    *((f"a document that is none: {query!r}", {"query": query}, 400, 422) for query in (None, 7, True, [], {})),
    *(
        (f"variables {given!r}", {"query": "{ me { id } }", "variables": given}, 400, 422)
        for given in ("", 7, True, [])
    ),
    *((f"a name {name!r}", {"query": "{ me { id } }", "operationName": name}, 400, 422) for name in (7, True, [], {})),
    *(
        (f"extensions {given!r}", {"query": "{ me { id } }", "extensions": given}, 400, 422)
        for given in ("", 7, True, [])
    ),
    *((f"a body that is no object: {body}", body, 400, 422) for body in ("null", "7", "true", '"text"', "[]")),
    ("a name that nothing has", {"query": "{ me { id } }", "operationName": "Me"}, 400, 422),
    ("nulls for what may be left out", {"query": "{ me { id } }", "variables": None, "extensions": None}, 200, 200),
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


async def test_plain_json_tells_a_wrong_document_from_a_wrong_request(make_world):
    """In `application/json` a request is 200 as soon as it is well-formed, an empty document included."""
    world = await make_world()
    found = {name: await status(world, sent, OLD) for name, sent, *_ in CASES}
    wanted = {name: 400 if isinstance(sent, str) or _ill_formed(sent) else 200 for name, sent, *_ in CASES}
    assert found == wanted


def _ill_formed(sent):
    members = [("variables", dict), ("operationName", str), ("extensions", dict)]
    return not isinstance(sent.get("query"), str) or any(
        sent.get(name) is not None and not isinstance(sent[name], kind) for name, kind in members
    )


@pytest.mark.parametrize("version", ["audited", "2026-08"])
async def test_a_query_string_that_cannot_be_read_is_no_request(make_world, version):
    """400 in both, as for a body that is no JSON."""
    world = await make_world(status_codes=version)
    async with world.client.get(f"{world.url}?query=%FF", headers={"accept": NEW}) as answer:
        assert answer.status == 400
