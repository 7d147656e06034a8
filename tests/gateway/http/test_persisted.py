"""Persisted documents."""

import hashlib
import json

import pytest

from gateway.requests import Refused
from gateway.requests.persisted import InvalidManifest, PersistedDocuments

QUERY = "query Mine($n: Int) { me { id } invoices(first: $n) { id } }"
MUTATION = 'mutation { logIn(name: "a") { id } }'


def sha(text):
    """Return the id."""
    return hashlib.sha256(text.encode()).hexdigest()


@pytest.fixture
def manifest(tmp_path):
    """A manifest as graphql-codegen writes it."""
    file = tmp_path / "documents.json"
    file.write_text(json.dumps({sha(text): text for text in (QUERY, MUTATION)}))
    return file


@pytest.fixture
async def strict(make_world, manifest):
    """A world that accepts nothing else."""
    return await make_world(persisted_documents=manifest, persisted_only=True)


@pytest.mark.parametrize(
    "asked",
    [
        {"documentId": sha(QUERY)},
        {"documentId": "sha256:" + sha(QUERY)},
        {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(QUERY)}}},
        {"query": QUERY, "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(QUERY)}}},
        {"query": "", "extensions": {"persistedQuery": {"version": 1, "sha256Hash": sha(QUERY)}}},
        {"query": QUERY},
    ],
)
async def test_every_way_to_name_a_document(strict, asked):
    """A persisted document runs, however it is named."""
    async with strict.client.post(strict.url, json={**asked, "variables": {"n": 1}}) as answer:
        assert (await answer.json())["data"] == {"me": {"id": "1"}, "invoices": [{"id": "i0"}]}


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ({"query": "{ me { id } }"}, "PERSISTED_QUERY_REQUIRED"),
        ({"documentId": sha("{ me { id } }")}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": sha("{ me { id } }"), "query": ""}, "PERSISTED_QUERY_NOT_FOUND"),
        ({"documentId": sha("{ me { id } }"), "query": "{ me { id } }"}, "PERSISTED_QUERY_REQUIRED"),
        ({"documentId": sha(QUERY), "query": "{ me { id } }"}, "PERSISTED_QUERY_MISMATCH"),
        ({}, "PERSISTED_QUERY_REQUIRED"),
    ],
)
async def test_nothing_else_where_only_those_are_accepted(strict, asked, code):
    """Every other document is refused before it is parsed."""
    async with strict.client.post(strict.url, json=asked) as answer:
        assert answer.status == 400
        assert (await answer.json())["errors"][0]["extensions"]["code"] == code
    assert strict.accounts.requests == []


async def test_beside_other_documents(make_world, manifest):
    """By default persisted documents are one way among others; an unknown id is still an error."""
    world = await make_world(persisted_documents=manifest)
    assert (await world.ask("{ me { id } }"))["data"]["me"] == {"id": "1"}
    async with world.client.post(world.url, json={"documentId": sha("x")}) as answer:
        assert (await answer.json())["errors"][0]["message"] == "PersistedQueryNotFound"


async def test_get_runs_persisted_queries(strict):
    """GET runs a persisted query, named by id or by its exact text."""
    persisted = json.dumps({"persistedQuery": {"version": 1, "sha256Hash": sha(QUERY)}})
    for params in ({"extensions": persisted}, {"documentId": sha(QUERY)}, {"query": QUERY}):
        async with strict.client.get(strict.url, params={**params, "variables": '{"n": 2}'}) as answer:
            assert answer.status == 200
            assert len((await answer.json())["data"]["invoices"]) == 2


async def test_get_never_runs_a_mutation(strict):
    """Not even a persisted one."""
    async with strict.client.get(strict.url, params={"documentId": sha(MUTATION)}) as answer:
        assert answer.status == 405
    assert strict.accounts.requests == []


@pytest.mark.parametrize("query", ["documentId=%ff", "documentId=" + "a" * 64 + "&variables={", "a=1" + "&a=1" * 30])
async def test_a_bad_query_string_is_a_client_error(strict, query):
    """What cannot be read is refused with 4xx."""
    async with strict.client.get(strict.url + "?" + query) as answer:
        assert 400 <= answer.status < 500


def test_reads_apollos_manifest(tmp_path):
    """Apollo's manifest is a list of operations."""
    file = tmp_path / "m.json"
    file.write_text(json.dumps({"format": "apollo", "operations": [{"id": sha(QUERY), "body": QUERY}]}))
    assert PersistedDocuments.from_file(file, only=True).document({"documentId": sha(QUERY)}) == QUERY


@pytest.mark.parametrize(
    "content",
    [
        "[]",
        "{",
        '{"operations": [1]}',
        '{"operations": [{}]}',
        '{"a": "b"}',
        json.dumps({sha(QUERY): "other"}),
        json.dumps({sha("1"): 1}),
    ],
)
def test_a_wrong_manifest_is_noticed_at_start(tmp_path, content):
    """A manifest that is no map of sha256 to document is refused as a whole."""
    file = tmp_path / "m.json"
    file.write_text(content)
    with pytest.raises(InvalidManifest):
        PersistedDocuments.from_file(file)


# --- automatic persisted queries: a hash first, its text when asked for ----------------------------------------------


def hashed(text, number=None):
    """Return what Apollo's clients send with the hash of a document."""
    return {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": number or sha(text)}}}


async def code_of(world, body):
    """Send a request; return its error's code, None for an answer."""
    async with world.client.post(world.url, json=body) as answer:
        found = await answer.json()
    return found["errors"][0]["extensions"]["code"] if "errors" in found else None


async def test_a_hash_is_remembered_with_its_text(world):
    """Not found, then both together, then the hash alone: by POST and by GET, and for every later request."""
    text = "{ me { id } }"
    assert await code_of(world, hashed(text)) == "PERSISTED_QUERY_NOT_FOUND"
    assert await code_of(world, {"query": text, **hashed(text)}) is None
    for _ in range(2):
        assert await code_of(world, hashed(text)) is None
    params = {"extensions": json.dumps(hashed(text)["extensions"])}
    async with world.client.get(world.url, params=params) as answer:
        assert (await answer.json())["data"] == {"me": {"id": "1"}}


async def test_a_get_teaches_a_hash_too(world):
    """Links that use GET for hashed queries send the text by GET as well."""
    text = "{ me { name } }"
    params = {"query": text, "extensions": json.dumps(hashed(text)["extensions"])}
    async with world.client.get(world.url, params=params) as answer:
        assert answer.status == 200
    assert await code_of(world, hashed(text)) is None


async def test_a_wrong_hash_is_not_remembered(world):
    """Nobody can put a document under another's hash."""
    assert await code_of(world, {"query": "{ me { id } }", **hashed("{ users { id } }")}) == "PERSISTED_QUERY_MISMATCH"
    assert await code_of(world, hashed("{ users { id } }")) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("strict", [False, True])
async def test_where_it_is_off_clients_are_told_to_stop(make_world, manifest, strict):
    """The code is a promise: nothing says "send it again with the text" where the text is forgotten."""
    world = await make_world(
        persisted_documents=manifest, persisted_only=strict, automatic_persisted_bytes=4_000_000 * strict
    )
    assert await code_of(world, hashed("{ me { id } }")) == "PERSISTED_QUERY_NOT_SUPPORTED"
    assert await code_of(world, {**hashed(QUERY), "variables": {"n": 1}}) is None


def test_what_is_remembered_is_bounded_in_bytes():
    """The document that was not asked for the longest goes first; one that is too large never comes in."""
    texts = [f"{{ a{n} }}" + " " * 930 for n in range(5)]
    documents = PersistedDocuments({}, remembered=3_000)
    for text in texts[:3]:
        assert documents.document({"query": text, **hashed(text)}) == text
        documents.document(hashed(texts[0]))
    assert documents.document(hashed(texts[0])) == texts[0]
    documents.document({"query": texts[3], **hashed(texts[3])})
    kept = [text[:6] for text in texts if _is_known(documents, text)]
    assert kept == ["{ a0 }", "{ a2 }", "{ a3 }"]
    documents.document({"query": "x" * 3_000, **hashed("x" * 3_000)})
    assert [text[:6] for text in texts if _is_known(documents, text)] == kept


def _is_known(documents, text):
    try:
        return documents.document(hashed(text)) == text
    except Refused:
        return False
