"""graphql-transport-ws: every rule of the protocol, and that one bad operation never closes a socket."""

import asyncio
import hashlib
import io
import json
from contextlib import asynccontextmanager

import pytest
from aiohttp import WSMsgType

from tests.support.waiting import LIMIT, eventually, eventually_answered

TICKS = {"query": "subscription($to: Int!) { ticks(to: $to) { number user { id invoices { id } } } }"}


class Socket:
    """A client of the protocol, by hand."""

    def __init__(self, socket):
        self._socket = socket

    async def send(self, **message):
        """Send a message."""
        await self._socket.send_str(json.dumps(message))

    async def raw(self, text):
        """Send text."""
        await self._socket.send_str(text)

    async def binary(self, data):
        """Send a binary frame."""
        await self._socket.send_bytes(data)

    async def next(self):
        """Return the next message."""
        message = await self._socket.receive(LIMIT)
        assert message.type is WSMsgType.TEXT, (message, self._socket.close_code)
        return json.loads(message.data)

    async def closed(self):
        """Return the code with which the server closes."""
        while True:
            message = await self._socket.receive(LIMIT)
            if message.type is not WSMsgType.TEXT:
                return self._socket.close_code

    async def result(self, number):
        """Return the payloads of an operation up to its end, other operations' messages left out."""
        payloads = []
        while (message := await self.next())["type"] != "complete" or message["id"] != number:
            if message.get("id") == number:
                payloads.append(message["payload"])
                if message["type"] == "error":
                    return payloads
        return payloads


@asynccontextmanager
async def open_socket(world, *, init=True, protocols=("graphql-transport-ws",), payload=None, **headers):
    """Open a socket, initialised unless told otherwise."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    async with world.client.ws_connect(world.url, protocols=protocols, headers=named) as raw:
        socket = Socket(raw)
        if init:
            await socket.send(type="connection_init", **({"payload": payload} if payload else {}))
            assert (await socket.next())["type"] == "connection_ack"
        yield socket


async def test_events_are_completed_from_other_subgraphs(world):
    """Every event of a subscription is completed from the other subgraph; then it completes."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": 3}})
        payloads = await socket.result("1")
    assert [payload["data"]["ticks"]["number"] for payload in payloads] == [1, 2, 3]
    assert payloads[0]["data"]["ticks"]["user"] == {"id": "2", "invoices": [{"id": "i1"}, {"id": "i3"}]}


async def test_queries_and_mutations_run_too(world):
    """The protocol carries every kind of operation."""
    async with open_socket(world) as socket:
        await socket.send(id="q", type="subscribe", payload={"query": "{ me { name } }"})
        assert await socket.result("q") == [{"data": {"me": {"name": "Ada"}}}]
        await socket.send(id="m", type="subscribe", payload={"query": 'mutation { logIn(name: "a") { id } }'})
        assert await socket.result("m") == [{"data": {"logIn": {"id": "1"}}}]


async def test_complete_from_the_client_ends_the_subscription(world):
    """After `complete` nothing more comes, the subgraph's socket closes, and the id is free again."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        assert (await socket.next())["type"] == "next"
        assert world.accounts.open_sockets == 1
        await socket.send(id="1", type="complete")
        await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("1") == [{"data": {"me": {"id": "1"}}}]


async def test_a_client_that_leaves_ends_its_subscriptions(world):
    """Closing the socket closes the subgraph's."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        await socket.next()
    await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")


async def test_a_reload_disturbs_no_subscription(make_world):
    """Sockets and what runs on them outlive a reload; operations begun after it see the new schema."""
    world = await make_world(reload_seconds=0.02)
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        assert (await socket.next())["id"] == "1"
        world.file.write_text(world.sdl().replace("seen:", "seen2: Int @join__field(graph: ACCOUNTS)\n seen:"))
        names = '{ __type(name: "Query") { fields { name } } }'

        async def loaded():
            await socket.send(id="2", type="subscribe", payload={"query": names})
            return "seen2" in json.dumps(await socket.result("2"))

        await eventually_answered(loaded, "the new schema")
        assert world.accounts.open_sockets == 1
        await socket.send(id="1", type="complete")
        await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")


async def test_a_stopping_gateway_closes_with_1012(world):
    """Clients are told that the service restarts, and subgraphs that nobody listens any more."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        await socket.next()
        world.server.should_exit = True
        assert await socket.closed() == 1012
        await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")


async def test_completing_an_unknown_id_is_harmless(world):
    """A `complete` that crosses the server's own is ignored."""
    async with open_socket(world) as socket:
        await socket.send(id="never", type="complete")
        await socket.send(type="ping")
        assert (await socket.next())["type"] == "pong"


@pytest.mark.parametrize("init", [True, False])
async def test_ping_is_answered_by_pong(world, init):
    """At any time, also before the connection is initialised; the payload comes back."""
    async with open_socket(world, init=init) as socket:
        await socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}
        await socket.send(type="ping", payload={"a": 1})
        assert await socket.next() == {"type": "pong", "payload": {"a": 1}}
        await socket.send(type="pong")
        await socket.send(type="pong", payload={"a": 1})
        await socket.send(type="ping")
        assert await socket.next() == {"type": "pong"}


async def test_no_initialisation_in_time_is_4408(make_world):
    """A socket that does not initialise is closed."""
    world = await make_world(socket_init_timeout=0.1)
    async with open_socket(world, init=False) as socket:
        assert await socket.closed() == 4408


async def test_a_second_initialisation_is_4429(world):
    """Only one `connection_init`."""
    async with open_socket(world) as socket:
        await socket.send(type="connection_init")
        assert await socket.closed() == 4429


async def test_subscribing_before_the_acknowledgement_is_4401(world):
    """Nothing runs on a socket that is not initialised."""
    async with open_socket(world, init=False) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.closed() == 4401
    assert world.accounts.requests == []


async def test_an_id_in_use_is_4409(world):
    """Two running operations cannot have one id."""
    async with open_socket(world) as socket:
        for _ in range(2):
            await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        assert await socket.closed() == 4409


@pytest.mark.parametrize(
    "text",
    [
        "", "no JSON", "null", "1", "[]", '"a"', "{}", '{"type": null}', '{"type": 1}', '{"type": "start"}',
        '{"type": "subscribe"}', '{"type": "subscribe", "id": "1"}', '{"type": "subscribe", "payload": {}}',
        '{"type": "subscribe", "id": "", "payload": {"query": "{ me { id } }"}}',
        '{"type": "subscribe", "id": 1, "payload": {"query": "{ me { id } }"}}',
        '{"type": "subscribe", "id": [], "payload": {"query": "{ me { id } }"}}',
        '{"type": "subscribe", "id": "1", "payload": []}', '{"type": "complete"}', '{"type": "complete", "id": {}}',
        '{"type": "ping", "payload": 1}', '{"type": "pong", "payload": []}',
        '{"type": "next", "id": "1", "payload": {}}', '{"type": "connection_ack"}', "[" * 5_000, "9" * 10_000,
    ],
)  # fmt: skip
async def test_a_malformed_message_is_4400(world, text):
    """What is no message of a client closes the socket with 4400."""
    async with open_socket(world) as socket:
        await socket.raw(text)
        assert await socket.closed() == 4400


@pytest.mark.parametrize("payload", ["1", "[]", '"a"'])
async def test_a_malformed_first_payload_is_4400(world, payload):
    """The payload of `connection_init` is an object, or nothing."""
    async with open_socket(world, init=False) as socket:
        await socket.raw(f'{{"type": "connection_init", "payload": {payload}}}')
        assert await socket.closed() == 4400


async def test_a_null_first_payload_is_none(world):
    """Some clients send null."""
    async with open_socket(world, init=False) as socket:
        await socket.raw('{"type": "connection_init", "payload": null}')
        assert (await socket.next())["type"] == "connection_ack"


async def test_a_huge_message_is_4400(world):
    """A message may be as large as a request body, not more."""
    async with open_socket(world) as socket:
        await socket.raw('{"type": "ping", "payload": {"a": "' + "a" * 1_100_000 + '"}}')
        assert await socket.closed() == 4400


async def test_binary_frames_are_4400(world):
    """Messages are text."""
    async with open_socket(world) as socket:
        await socket.binary(b'{"type": "ping"}')
        assert await socket.closed() == 4400


@pytest.mark.parametrize("protocols", [(), ("graphql-ws",), ("soap",)])
async def test_other_protocols_are_4406(world, protocols):
    """Only graphql-transport-ws is spoken."""
    async with open_socket(world, init=False, protocols=protocols) as socket:
        assert await socket.closed() == 4406


BAD = {
    "syntax": {"query": "{ me "},
    "unknown field": {"query": "{ nobody }"},
    "unknown operation": {"query": "query A { me { id } }", "operationName": "B"},
    "no query": {},
    "query null": {"query": None},
    "query number": {"query": 1},
    "empty": {"query": ""},
    "variables missing": {"query": TICKS["query"]},
    "variables wrong": {**TICKS, "variables": {"to": "x"}},
    "variables list": {**TICKS, "variables": []},
    "name number": {"query": "{ me { id } }", "operationName": 1},
    "unknown hash": {"extensions": {"persistedQuery": {"sha256Hash": "a" * 64}}},
    "bad hash": {"documentId": 1},
    "too deep": {"query": "{ me " + "{ invoices { owner " * 12 + "{ id }" + "} }" * 12 + "}"},
    "subgraph refuses": {**TICKS, "variables": {"to": 10**12}},
}


@pytest.mark.parametrize("payload", BAD.values(), ids=BAD.keys())
async def test_a_bad_operation_ends_alone(world, payload):
    """An operation that cannot run is answered by its own `error`; the others on the socket go on."""
    async with open_socket(world) as socket:
        await socket.send(id="good", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        assert (await socket.next())["id"] == "good"
        await socket.send(id="bad", type="subscribe", payload=payload)
        message = await socket.next()
        assert (message["id"], message["type"]) == ("bad", "error")
        assert message["payload"][0]["extensions"]["code"]
        await socket.send(id="bad", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("bad") == [{"data": {"me": {"id": "1"}}}]
    await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")


def codes(errors):
    """Return the codes of errors."""
    return [error["extensions"]["code"] for error in errors]


async def test_a_subgraph_that_breaks_off_ends_only_its_subscription(world):
    """When the subgraph's socket dies, `error` says what to do, nothing completes, and the client's socket stays."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        await socket.next()
        await world.accounts.stop()
        ended = await socket.next()
        assert (ended["type"], codes(ended["payload"])) == ("error", ["STREAM_INTERRUPTED"])
        await world.accounts.start()
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        assert await socket.result("1") == [{"data": {"me": {"id": "1"}}}]


async def test_a_subgraph_that_is_away_starts_no_subscription(world):
    """What never began has missed nothing: the code is that of any other fetch."""
    await world.accounts.stop()
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        ended = await socket.next()
    assert (ended["type"], codes(ended["payload"])) == ("error", ["SUBGRAPH_UNAVAILABLE"])


async def test_a_gateway_that_stops_tells_its_streams(world):
    """On a socket each subscription gets its `error`, then the socket closes with the code that means: come back."""
    async with open_socket(world) as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        await socket.next()
        await world.readiness.farewell()
        ended = await socket.next()
        assert (ended["id"], ended["type"], codes(ended["payload"])) == ("1", "error", ["STREAM_INTERRUPTED"])
        assert await socket.closed() == 1012
        await eventually(lambda: not world.accounts.open_sockets, "the end of the subgraph's socket")


async def test_sockets_leave_one_by_one(world):
    """A gateway that drains draws a time for each socket: while one is told to come back, another is still served."""
    draws = iter((0.0, 1.0))
    world.gateway.farewell._draw = lambda: next(draws)
    async with open_socket(world) as one, open_socket(world) as other:
        world.readiness.leaving(1000.0)
        ends = {asyncio.ensure_future(socket.closed()): socket for socket in (one, other)}
        ended, staying = await asyncio.wait(ends, timeout=LIMIT, return_when=asyncio.FIRST_COMPLETED)
        assert [one.result() for one in ended] == [1012]
        (waiting,) = staying
        waiting.cancel()
        await asyncio.wait(staying)
        await ends[waiting].send(id="3", type="subscribe", payload={"query": "{ me { id } }"})
        assert await ends[waiting].result("3") == [{"data": {"me": {"id": "1"}}}]


async def test_what_runs_on_a_socket_is_answered_before_it_closes(world):
    """A query that is under way when its socket has to go is answered first."""
    async with open_socket(world) as socket:
        world.accounts.mode = "slow"
        await socket.send(id="1", type="subscribe", payload={"query": "{ me { id } }"})
        await eventually(lambda: world.accounts.requests, "the query")
        world.readiness.leaving(0.0)
        world.accounts._never.set()
        assert await socket.result("1") == [{"data": {"me": {"id": "1"}}}]
        assert await socket.closed() == 1012


async def test_too_many_operations_on_one_socket(make_world):
    """Beyond the limit an operation is refused by its own `error`."""
    world = await make_world(operations_per_socket=2)
    async with open_socket(world) as socket:
        for number in range(3):
            await socket.send(id=str(number), type="subscribe", payload={**TICKS, "variables": {"to": -1}})
        messages = [await socket.next() for _ in range(3)]
        refused = [message for message in messages if message["type"] == "error"]
        assert [message["id"] for message in refused] == ["2"]
        assert refused[0]["payload"][0]["extensions"]["code"] == "TOO_MANY_SUBSCRIPTIONS"


@pytest.mark.parametrize("name", ["authorization", "Authorization"])
async def test_the_first_message_may_carry_the_token(world, name):
    """Browsers cannot set headers: `authorization` of `connection_init` travels to subgraphs instead."""
    async with open_socket(world, payload={name: "Bearer t"}, accept_language="de") as socket:
        await socket.send(id="1", type="subscribe", payload={**TICKS, "variables": {"to": 1}})
        await socket.result("1")
    for subgraph in (world.accounts, world.billing):
        assert subgraph.requests[0][0]["authorization"] == "Bearer t"
        assert subgraph.requests[0][0]["accept-language"] == "de"


async def test_a_token_cannot_smuggle_headers(world):
    """A token with a line break is not sent."""
    async with open_socket(world, payload={"authorization": "a\r\nx-evil: 1"}) as socket:
        await socket.send(id="1", type="subscribe", payload={"query": "{ seen }"})
        assert not {"authorization", "x-evil"} & set((await socket.result("1"))[0]["data"]["seen"])


async def test_pages_of_other_origins_cannot_open_sockets(make_world):
    """A handshake from an unlisted origin is refused, since browsers send cookies with it."""
    world = await make_world(allowed_origins=["https://portal.example"])
    async with open_socket(world, origin="https://portal.example") as socket:
        await socket.send(type="ping")
        assert (await socket.next())["type"] == "pong"
    with pytest.raises(Exception, match="403"):
        async with open_socket(world, origin="https://evil.example"):
            pass


async def test_persisted_documents_over_sockets(make_world, tmp_path):
    """A persisted document runs by its id, and nothing else does where only those are accepted."""
    text, file = "{ me { id } }", tmp_path / "documents.json"
    number = hashlib.sha256(text.encode()).hexdigest()
    file.write_text(json.dumps({number: text}))
    world = await make_world(persisted_documents=file, persisted_only=True)
    async with open_socket(world) as socket:
        by_id = {"extensions": {"persistedQuery": {"sha256Hash": number}}}
        for payload in (by_id, {"query": "", **by_id}):
            await socket.send(id="1", type="subscribe", payload=payload)
            assert await socket.result("1") == [{"data": {"me": {"id": "1"}}}]
        await socket.send(id="2", type="subscribe", payload={"query": "{ me { name } }"})
        assert (await socket.next())["payload"][0]["extensions"]["code"] == "PERSISTED_QUERY_REQUIRED"


# --- the other streams -----------------------------------------------------------------------------------------------


async def stream(world, accept, query=TICKS["query"], variables=None, status=200):
    """Ask for a stream and return its text."""
    body = {"query": query, "variables": {"to": 2} if variables is None else variables}
    async with world.client.post(world.url, json=body, headers={"accept": accept}) as answer:
        assert answer.status == status
        return await answer.text()


async def test_server_sent_events(world):
    """A subscription over SSE: `next` for every event, then `complete`."""
    text = await stream(world, "text/event-stream")
    events = [line.removeprefix("event: ") for line in text.splitlines() if line.startswith("event")]
    data = [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: {")]
    assert events == ["next", "next", "complete"]
    assert [one["data"]["ticks"]["number"] for one in data] == [1, 2]


async def test_a_query_over_server_sent_events(world):
    """Queries are answered by one event."""
    assert '{"data":{"me":{"id":"1"}}}' in await stream(world, "text/event-stream", "{ me { id } }", {})


async def test_multipart_subscriptions(world):
    """A subscription over multipart HTTP, as Apollo's clients ask for it."""
    text = await stream(world, "multipart/mixed; subscriptionSpec=1.0, application/json")
    assert text.count('"number"') == 2


async def _stopped(world):
    await world.readiness.farewell()


async def _broken(world):
    await world.accounts.stop()


@pytest.mark.parametrize("end", [_stopped, _broken])
@pytest.mark.parametrize("accept", ["text/event-stream", "multipart/mixed; subscriptionSpec=1.0, application/json"])
async def test_a_stream_that_is_cut_says_so_and_ends(world, accept, end):
    """Its last event has the code and no data, so that nobody takes its end for the end of the news."""
    body = {"query": TICKS["query"], "variables": {"to": -1}}
    async with asyncio.timeout(LIMIT):
        async with world.client.post(world.url, json=body, headers={"accept": accept}) as answer:
            await answer.content.readuntil(b'"number":1')
            await end(world)
            rest = (await answer.content.read()).decode()
    (said,) = [json.loads(line.removeprefix("data: ")) for line in rest.splitlines() if '"errors"' in line]
    assert codes(said.pop("errors")) == ["STREAM_INTERRUPTED"]
    assert said == ({} if "event-stream" in accept else {"payload": None})


@pytest.mark.parametrize("accept", ["text/event-stream", "multipart/mixed; subscriptionSpec=1.0, application/json"])
async def test_a_stream_whose_token_expires_says_so_and_ends(world, accept):
    """What came before the end was told, then the code by which clients get a new token; the stream ends by itself."""
    body, headers = {"query": TICKS["query"], "variables": {"to": -1}}, {"authorization": "Bearer expiring"}
    async with asyncio.timeout(LIMIT):
        async with world.client.post(world.url, json=body, headers={"accept": accept, **headers}) as answer:
            text = await answer.text()
    before, _, after = text.partition('"number":1')
    assert '"errors"' not in before
    assert after.count('"code":"UNAUTHENTICATED"') == 1
    assert ("event: complete" in after) == ("event-stream" in accept)


async def test_a_subscription_whose_token_expires_ends_and_its_socket_lives_on(world):
    """The last event has the code; the next operation of the socket runs."""
    async with world.client.ws_connect(world.url, protocols=("graphql-transport-ws",)) as socket:
        await socket.send_json({"type": "connection_init", "payload": {"authorization": "Bearer expiring"}})
        subscribed = {"query": TICKS["query"], "variables": {"to": -1}}
        heard = []
        async with asyncio.timeout(LIMIT):
            assert (await socket.receive_json())["type"] == "connection_ack"
            await socket.send_json({"id": "1", "type": "subscribe", "payload": subscribed})
            while not heard or heard[-1]["type"] != "complete":
                heard.append(await socket.receive_json())
            await socket.send_json({"id": "2", "type": "subscribe", "payload": {"query": "{ me { id } }"}})
            assert (await socket.receive_json())["payload"]["data"] == {"me": {"id": "1"}}
        assert [message["type"] for message in heard] == ["next", "next", "complete"]
        assert codes(heard[1]["payload"]["errors"]) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("query", ["{ nobody }", "{ me ", "query($n: Int!) { invoices(first: $n) { id } }"])
async def test_a_refused_stream_says_why(world, query):
    """A document that is not run is answered by its errors."""
    text = await stream(world, "text/event-stream", query, {})
    assert '"code"' in text


async def test_a_stream_keeps_the_rules_of_every_request(world):
    """Simple content types, GETs of foreign pages and large bodies are refused for streams as well."""
    headers = {"accept": "text/event-stream"}
    text = json.dumps(TICKS)
    async with world.client.post(world.url, data=text, headers={**headers, "content-type": "text/plain"}) as answer:
        assert answer.status == 415
    foreign = {**headers, "origin": "https://evil.example"}
    async with world.client.get(world.url, params=TICKS, headers=foreign) as answer:
        assert answer.status == 403
    large, json_headers = io.BytesIO(b" " * 1_100_000), {**headers, "content-type": "application/json"}
    async with world.client.post(world.url, data=large, headers=json_headers) as answer:
        assert answer.status == 413
    assert world.accounts.requests == []
