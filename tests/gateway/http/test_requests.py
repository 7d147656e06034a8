"""Plain requests over HTTP: what is run, what is refused, what travels to subgraphs and back."""

import asyncio
import io
import json

import pytest
from multidict import CIMultiDict

ME = "{ me { id name invoices { id total } } }"
JSON = {"content-type": "application/json"}


async def test_answers_from_two_subgraphs(world):
    """One operation is answered from both subgraphs."""
    answer = await world.ask(ME)
    assert answer == {
        "data": {"me": {"id": "1", "name": "Ada", "invoices": [{"id": "i0", "total": 0}, {"id": "i2", "total": 200}]}}
    }


async def test_answers_with_aiohttp_and_sharing_too(make_world):
    """The other transport and sharing of fetches give the same answer."""
    world = await make_world(transport="aiohttp", share_fetches=True)
    assert (await world.ask(ME))["data"]["me"]["name"] == "Ada"


BAD = {
    "no body": b"",
    "no JSON": b"{query",
    "cut": b'{"query": "{ me',
    "null": b"null",
    "number": b"1",
    "string": b'"{ me { id } }"',
    "true": b"true",
    "empty list": b"[]",
    "list": b'[{"query": "{ me { id } }"}]',
    "not UTF-8": b'{"query": "{ me { id } }\xff"}',
    "half a surrogate": b'{"query": "\\ud800"}',
    "UTF-16": '{"query": "{ me { id } }"}'.encode("utf-16"),
    "deep": b'{"variables":' + b"[" * 5_000 + b"]" * 5_000 + b"}",
    "deep, within what JSON allows": b'{"query": "{ me { id } }", "variables": {"a":' + b"[" * 900 + b"]" * 900 + b"}}",
    "huge integer": b'{"query": "{ me { id } }", "variables": {"n": ' + b"9" * 10_000 + b"}}",
    "not a number": b'{"query": "{ me { id } }", "variables": {"n": NaN}}',
    "no query": b"{}",
    "query null": b'{"query": null}',
    "query number": b'{"query": 1}',
    "query object": b'{"query": {}}',
    "variables list": b'{"query": "{ me { id } }", "variables": []}',
    "variables string": b'{"query": "{ me { id } }", "variables": "{}"}',
    "name number": b'{"query": "{ me { id } }", "operationName": 1}',
    "extensions list": b'{"query": "{ me { id } }", "extensions": []}',
    "hash number": b'{"extensions": {"persistedQuery": {"sha256Hash": 1}}}',
    "hash short": b'{"extensions": {"persistedQuery": {"sha256Hash": "abc"}}}',
    "persisted list": b'{"extensions": {"persistedQuery": []}}',
    "documentId": b'{"documentId": ["a"]}',
}


@pytest.mark.parametrize("body", BAD.values(), ids=BAD.keys())
async def test_a_bad_body_is_a_client_error(world, body):
    """What is no GraphQL request is refused with 4xx, a JSON body and a code; no subgraph is asked."""
    async with world.client.post(world.url, data=body, headers=JSON) as answer:
        assert 400 <= answer.status < 500
        error = (await answer.json())["errors"][0]
    assert error["extensions"]["code"] in ("BAD_REQUEST", "VALUE_TOO_LARGE", "BATCHING_DISABLED")
    assert world.accounts.requests == []


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_huge_body_is_refused(world, chunked):
    """10 MB are refused with 413, whether the length is declared or not."""

    async def pieces():
        for _ in range(160):
            yield b" " * 65_536

    data = pieces() if chunked else io.BytesIO(b" " * 10_000_000)
    try:
        async with world.client.post(world.url, data=data, headers=JSON) as answer:
            assert answer.status == 413
            error = (await answer.json())["errors"][0]
            assert error["extensions"]["code"] == "PAYLOAD_TOO_LARGE"
            assert error["message"] == "The request body is too large; the limit is 1,000,000 bytes."
    except (ConnectionError, OSError):
        pytest.fail("the connection was dropped without an answer")


@pytest.mark.parametrize(
    "content_type",
    ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=a", "", "application/jsonx",
     "text/plain; a=application/json", "application/json; charset=utf-16", "application/graphql"],
)  # fmt: skip
async def test_simple_requests_are_not_run(world, content_type):
    """A page of another origin can send only simple content types without asking: none of them is run (CSRF)."""
    body = json.dumps({"query": 'mutation { logIn(name: "a") { id } }'}).encode()
    async with world.client.post(world.url, data=body, headers={"content-type": content_type}) as answer:
        assert answer.status == 415
    assert world.accounts.requests == []


async def test_get_runs_queries(world):
    """A GET answers a query as a POST does, its variables in the query string."""
    params = {"query": "query($n: Int) { invoices(first: $n) { id } }", "variables": '{"n": 1}'}
    async with world.client.get(world.url, params=params, headers={"accept": "application/json"}) as answer:
        assert answer.status == 200
        assert await answer.json() == {"data": {"invoices": [{"id": "i0"}]}}


async def test_get_runs_subscriptions(world):
    """A subscription changes nothing: browsers' own `EventSource`, which can only send GET, may open it."""
    params = {"query": "subscription { ticks(to: 2) { number } }"}
    async with world.client.get(world.url, params=params, headers={"accept": "text/event-stream"}) as answer:
        assert (await answer.text()).count("event: next\n") == 2


async def test_get_never_runs_a_mutation(world):
    """A GET that would change something is refused and says what is allowed."""
    params = {"query": 'mutation { logIn(name: "a") { id } }'}
    for accept in ("application/json", "text/event-stream", "multipart/mixed"):
        async with world.client.get(world.url, params=params, headers={"accept": accept}) as answer:
            assert answer.status == 405
            assert answer.headers["allow"] == "POST, GET"
    assert world.accounts.requests == []


async def test_a_get_without_a_document_is_no_request(world):
    """It is refused as a POST without one is; an address without anything is told what to send."""
    for query, status in (("?", 405), ("?a=1", 400), ("?variables={}", 400)):
        async with world.client.get(world.url + query, headers={"accept": "application/json"}) as answer:
            assert answer.status == status


FOREIGN, ALLOWED = "https://evil.example", "https://app.portal.example"


@pytest.mark.parametrize(
    ("headers", "is_run"),
    [
        ({}, True),
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "none"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": FOREIGN}, False),
        ({"origin": "null"}, False),
        ({"origin": FOREIGN, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, False),
        ({"origin": ALLOWED, "sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}, True),
        ({"sec-fetch-site": "cross-site", "apollo-require-preflight": "1"}, True),
    ],
)
async def test_a_get_of_a_foreign_page_is_not_run(make_world, headers, is_run):
    """What a browser says of the page decides; a header that needs a preflight was allowed by it."""
    world = await make_world(allowed_origins=["https://*.portal.example"])
    async with world.client.get(world.url, params={"query": "{ me { id } }"}, headers=headers) as answer:
        assert answer.status == (200 if is_run else 403)
        assert is_run or (await answer.json())["errors"][0]["extensions"]["code"] == "CROSS_ORIGIN"
    assert bool(world.accounts.requests) is is_run


async def test_a_get_of_the_endpoints_own_page_is_run(world):
    """Its own origin needs no permission."""
    origin = world.url.removesuffix("/graphql")
    async with world.client.get(world.url, params={"query": "{ me { id } }"}, headers={"origin": origin}) as answer:
        assert answer.status == 200


async def test_an_upload_is_told_where_files_go(world):
    """A multipart request is refused, and its refusal says what to do instead."""
    for accept in ("*/*", "text/event-stream"):
        headers = {"content-type": "multipart/form-data; boundary=x", "accept": accept}
        async with world.client.post(world.url, data=b"--x--", headers=headers) as answer:
            assert answer.status == 415
            assert "signed URL" in (await answer.json())["errors"][0]["message"]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS", "HEAD"])
async def test_other_methods_are_refused(world, method):
    """Only POST and GET exist."""
    async with world.client.request(method, world.url) as answer:
        assert answer.status == 405


async def test_an_unacceptable_media_type(world):
    """Who accepts nothing that we can send is told so."""
    async with world.client.post(world.url, json={"query": ME}, headers={"accept": "image/png"}) as answer:
        assert answer.status == 406


async def test_a_subscription_needs_a_stream(world):
    """A subscription over plain HTTP is refused."""
    answer = await world.ask("subscription { ticks(to: 1) { number } }", status=400)
    assert answer["errors"][0]["extensions"]["code"] == "NEEDS_STREAM"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("{ me ", "GRAPHQL_PARSE_FAILED"),
        ("{ nobody }", "GRAPHQL_VALIDATION_FAILED"),
        ("query A { me { id } } query B { me { id } }", "OPERATION_RESOLUTION_FAILURE"),
        ("query($n: Int!) { invoices(first: $n) { id } }", "BAD_USER_INPUT"),
        ("{ a: me {id} " + " ".join(f"a{i}: me {{ id }}" for i in range(40)) + "}", "TOO_MANY_ROOT_FIELDS"),
    ],
)
async def test_request_errors_have_codes(world, query, code):
    """A document that is not run has no `data`: 200 for `application/json`, 400 for the newer media type."""
    for accept, status in (("application/json", 200), ("application/graphql-response+json", 400)):
        answer = await world.ask(query, status=status, accept=accept)
        assert answer["errors"][0]["extensions"]["code"] == code
        assert "data" not in answer


async def test_only_listed_headers_reach_subgraphs(make_world):
    """Authorization, language, browser, trace, ids and the gateway's credential travel; everything else stays."""
    world = await make_world(gateway_key="k" * 20)
    trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
    answer = await world.ask(
        "{ seen }",
        authorization="Bearer t", accept_language="de", traceparent=trace, tracestate="a=1", x_request_id="request-77",
        user_agent="Firefox",
        cookie="portal_refresh=r; other=1", x_evil="1", x_portal_gateway_key="forged", x_portal_service_key="forged",
        x_portal_client_address="6.6.6.6", x_forwarded_for="6.6.6.6",
    )  # fmt: skip
    assert set(answer["data"]["seen"]) == {
        "host", "content-type", "accept", "accept-encoding", "content-length", "authorization", "accept-language",
        "user-agent", "traceparent", "tracestate", "x-request-id", "x-portal-client-address", "x-portal-gateway-key",
        "x-portal-deadline-ms",
    }  # fmt: skip
    headers = world.accounts.requests[0][0]
    assert headers["x-portal-gateway-key"] == "k" * 20
    assert headers["x-portal-client-address"] == "127.0.0.1"
    assert (headers["traceparent"], headers["x-request-id"]) == (trace, "request-77")


async def test_a_request_without_ids_gets_them(world):
    """Trace and request id are made where the client sent none, or bad ones; the request id comes back."""
    async with world.client.post(world.url, json={"query": ME}, headers={"x-request-id": "bad id\x7f"[:6]}) as answer:
        given = answer.headers["x-request-id"]
    sent = [subgraph.requests[0][0] for subgraph in (world.accounts, world.billing)]
    assert [headers["x-request-id"] for headers in sent] == [given, given]
    assert sent[0]["traceparent"].split("-")[1] == sent[1]["traceparent"].split("-")[1]


async def test_a_cookie_goes_only_to_its_subgraph_and_comes_back_only_from_it(make_world):
    """The refresh cookie reaches accounts alone; only listed headers of listed subgraphs come back."""
    cookies, returned = {"accounts": ["portal_refresh"]}, {"accounts": ["set-cookie"]}
    world = await make_world(forwarded_cookies=cookies, returned_headers=returned)
    headers = {"cookie": "a=b; portal_refresh=r0; c=d"}
    query = 'mutation { logIn(name: "a") { id invoices { id } } }'
    async with world.client.post(world.url, json={"query": query}, headers=headers) as answer:
        assert answer.headers.getall("set-cookie") == ["portal_refresh=r1; HttpOnly"]
        assert "x-internal" not in answer.headers
    assert world.accounts.requests[0][0]["cookie"] == "portal_refresh=r0"
    assert "cookie" not in world.billing.requests[0][0]


async def test_trusted_proxies_tell_the_address(make_world):
    """With one trusted proxy its entry is believed, and no entry that came before it."""
    world = await make_world(trusted_proxies=1)
    await world.ask("{ seen }", x_forwarded_for="6.6.6.6, 10.1.2.3")
    assert world.accounts.requests[0][0]["x-portal-client-address"] == "10.1.2.3"


async def test_batches_by_setting(make_world):
    """A batch within the limit is answered in order, each operation by itself; beyond it nothing is run."""
    world = await make_world(limits={"batch": 2})
    batch = [{"query": "{ me { id } }"}, {"query": "{ nobody }"}]
    async with world.client.post(world.url, json=batch) as answer:
        first, second = await answer.json()
    assert first == {"data": {"me": {"id": "1"}}}
    assert second["errors"][0]["extensions"]["code"] == "GRAPHQL_VALIDATION_FAILED"
    async with world.client.post(world.url, json=batch * 2) as answer:
        assert answer.status == 400
        told = (await answer.json())["errors"][0]["message"]
    assert told == "A batch must contain at least 1 and at most 2 operations."


async def test_that_batching_is_disabled_is_said(world):
    """Where no list of operations is accepted, the refusal does not name a limit, but says what to do."""
    async with world.client.post(world.url, json=[{"query": "{ me { id } }"}]) as answer:
        told = (await answer.json())["errors"][0]["message"]
    assert told == "Batching is disabled; send one operation per request."


async def test_another_origin_must_be_allowed(make_world):
    """Pages of a listed origin are let in with credentials, others are not."""
    world = await make_world(allowed_origins=["https://portal.example"])
    ask = {"access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    async with world.client.options(world.url, headers={"origin": "https://portal.example", **ask}) as answer:
        assert answer.headers["access-control-allow-origin"] == "https://portal.example"
        assert answer.headers["access-control-allow-credentials"] == "true"
    async with world.client.options(world.url, headers={"origin": "https://evil.example", **ask}) as answer:
        assert answer.status == 400
        assert "access-control-allow-origin" not in answer.headers


async def test_many_clients_at_once(world):
    """Two hundred operations at once are all answered, each with its own variables."""
    query = "query($n: Int) { invoices(first: $n) { id } }"
    answers = await asyncio.gather(*(world.ask(query, {"n": n % 5}) for n in range(200)))
    assert [len(answer["data"]["invoices"]) for answer in answers] == [min(n % 5, 4) for n in range(200)]


async def test_nothing_of_the_schema_leaks_where_introspection_is_off(make_world):
    """Neither misspelled names nor incomplete variables name what the client did not."""
    world = await make_world(introspection=False)
    guesses = [
        ("{ __schema { types { name } } }", None, "INTROSPECTION_DISABLED"),
        ("{ invoicez { id } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { pay { id } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { pay(input: {}) { id } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation { pay(input: {id: 1, amount: 1, noteForStuff: 1}) { id } }", None, "GRAPHQL_VALIDATION_FAILED"),
        ("mutation($v: PayInput!) { pay(input: $v) { id } }", {"v": {"id": 1}}, "BAD_USER_INPUT"),
        ("mutation($v: PayInput!) { pay(input: $v) { id } }", {"v": {"id": 1, "noteForStuff": 1}}, "BAD_USER_INPUT"),
    ]
    for query, variables, code in guesses:
        answer = await world.ask(query, variables)
        assert {error["extensions"]["code"] for error in answer["errors"]} == {code}
        text = json.dumps(answer)
        assert not [
            name for name in ("Did you", "noteForStaff", '"amount"', "amount'", "invoices", "input'") if name in text
        ]


REQUEST = b'{"query": "query ($n: Int) { invoices(first: $n) { id } }", "variables": {"n": 1}}'
NEW = "application/graphql-response+json"


@pytest.mark.parametrize(
    ("lines", "status", "content_type"),
    [
        ([("accept", NEW), ("accept", "image/png")], 200, NEW),
        ([("accept", f"{NEW};q=0.1"), ("accept", "application/json")], 200, "application/json"),
        ([("accept", "application/json;q=0"), ("accept", "*/*;q=0")], 406, "application/json"),
        ([("accept-encoding", "gzip"), ("accept-encoding", "deflate")], 200, "application/json"),
        ([("content-type", "text/plain"), ("content-type", "application/json")], 415, "application/json"),
        ([("content-type", "application/json"), ("content-type", "application/json")], 415, "application/json"),
        ([("content-encoding", "gzip")], 415, "application/json"),
        ([("content-encoding", "Identity")], 200, "application/json"),
    ],
)
async def test_lines_of_one_name_are_one_field(make_world, lines, status, content_type):
    """A list may come in several lines; what may come once only is refused when it comes twice, or cannot be read."""
    world = await make_world(compress_from=1)
    given = (
        lines if any(name == "content-type" for name, _ in lines) else [("content-type", "application/json"), *lines]
    )
    async with world.client.post(world.url, data=REQUEST, headers=CIMultiDict(given)) as answer:
        assert (answer.status, answer.content_type) == (status, content_type)
        assert (answer.headers.get("content-encoding") == "gzip") is ("accept-encoding" in dict(lines))
        assert (answer.headers.get("accept-encoding") == "identity") is (status == 415)


@pytest.mark.parametrize(
    ("query", "says"),
    [
        ("query={me{id}}&query={me{name}}", "twice"),
        ("query={me{id}}&variables={}&variables={}", "twice"),
        ("query={me{id}}&variables={", "`variables` in the query string"),
        ("query={me{id}}&extensions=x", "`extensions` in the query string"),
    ],
)
async def test_a_query_string_says_one_thing(world, query, says):
    """A parameter that comes twice is refused, and a bad one is named."""
    async with world.client.get(f"{world.url}?{query}") as answer:
        assert answer.status == 400
        assert says in (await answer.json())["errors"][0]["message"]
    assert world.accounts.requests == []


@pytest.mark.parametrize("size", [99_999_999_999, 10**30, -(10**20), 1e300])
async def test_a_size_that_is_no_number_of_its_type_is_wrong_not_expensive(world, size):
    """What is no Int is bad input with the variable's name, however much it would cost; a large Int is expensive."""
    body = {"query": "query ($n: Int) { invoices(first: $n) { id } }", "variables": {"n": size}}
    async with world.client.post(world.url, json=body) as answer:
        [error] = (await answer.json())["errors"]
        assert (error["extensions"]["code"], "$n" in error["message"]) == ("BAD_USER_INPUT", True)
    body["variables"] = {"n": 2**31 - 1}
    async with world.client.post(world.url, json=body) as answer:
        assert (await answer.json())["errors"][0]["extensions"]["code"] == "TOO_EXPENSIVE"
