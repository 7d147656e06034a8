"""What is answered follows from the operation and then from `Accept`: the lists of real clients, in every order."""

import itertools
import json

import pytest

from gateway.http.negotiation import Media, Stream, accepted

NEW, OLD, EVENTS = "application/graphql-response+json", "application/json", "text/event-stream"
NEWS, DEFER = "multipart/mixed;subscriptionSpec=1.0", "multipart/mixed;deferSpec=20220824"
CLIENTS = {
    "urql": [NEW, "application/graphql+json", OLD, EVENTS, "multipart/mixed"],
    "urql, a subscription": [EVENTS, "multipart/mixed"],
    "Apollo Client 3": [DEFER, NEW, OLD],
    "Apollo Client 4": ["multipart/mixed;incrementalSpec=v0.2", NEW, f"{OLD};q=0.9"],
    "Apollo, a subscription": ["multipart/mixed;boundary=graphql;subscriptionSpec=1.0", OLD],
    "Apollo Kotlin": [DEFER, NEW, OLD],
    "Apollo Kotlin, a subscription": ['multipart/mixed;subscriptionSpec="1.0"', NEW, OLD],
    "Apollo iOS": [f"{DEFER}", NEW, OLD],
    "graphql-sse": [EVENTS],
    "EventSource": [EVENTS, "*/*;q=0.1"],
    "graphql-request": [NEW, OLD],
    "Relay": [OLD],
    "a browser's fetch": ["*/*"],
    "gql": [OLD, "*/*;q=0.5"],
    "a browser's page": ["text/html", "application/xhtml+xml", "application/xml;q=0.9", "*/*;q=0.8"],
    "axios": [OLD, "text/plain", "*/*"],
}
KINDS = {
    "query": ("{ me { id } }", None),
    "mutation": ('mutation { logIn(name: "a") { id } }', None),
    "deferring": ("{ me { id ... @defer { invoices { id } } } }", None),
    "not deferring": ("query ($d: Boolean!) { me { id ... @defer(if: $d) { name } } }", {"d": False}),
    "subscription": ("subscription ($n: Int!) { ticks(to: $n) { number } }", {"n": 2}),
    "invalid": ("{ nobody }", None),
    "an invalid subscription": ("subscription { nobody }", None),
    "bad variables": ("query ($n: Int!) { invoices(first: $n) { id } }", {"n": "x"}),
    "bad variables of a subscription": ("subscription ($n: Int!) { ticks(to: $n) { number } }", {"n": "x"}),
}


def lists(ranges):
    """Return a client's list as it is and reversed, as it is, with streams put last by quality, and with JSON last."""
    streams = ("text/event-stream", "multipart/mixed")
    for order, low in itertools.product((list, lambda all_: all_[::-1]), (None, True, False)):
        weighed = [
            f"{one};q=0.3" if low is not None and one.startswith(streams) is low and ";q=" not in one else one
            for one in ranges
        ]
        yield order(weighed)


def quality(ranges, *starts):
    """Return the best quality of the ranges that start so; those of subscriptions by multipart only if asked for."""
    found = [
        float(one.partition(";q=")[2] or 1)
        for one in ranges
        if one.startswith(starts) and ("subscriptionSpec" not in one or "subscriptionSpec" in "".join(starts))
    ]
    return max(found, default=0)


def expected(ranges, kind):
    """Return the media type and whether the answer is JSON in one piece, said in another way than the code does."""
    named, wild = quality(ranges, NEW), quality(ranges, "*/*")
    new, old = named or wild, quality(ranges, OLD) or wild
    plain = NEW if new > old or (named and named == old) else OLD if old else None
    events, deferred = quality(ranges, EVENTS), quality(ranges, EVENTS, "multipart/mixed")
    news = max((float(r.partition(";q=")[2] or 1) for r in ranges if "subscriptionSpec" in r), default=0)
    if kind == "subscription":
        return (EVENTS if events >= news else "multipart/mixed") if events or news else plain or "multipart/mixed"
    if kind == "deferring" and deferred and deferred >= max(new, old):
        best = [r for r in ranges if r.startswith((EVENTS, "multipart/mixed")) and "subscriptionSpec" not in r]
        return max(best, key=lambda one: float(one.partition(";q=")[2] or 1)).partition(";")[0]
    if plain:
        return plain
    return max(ranges, key=lambda one: float(one.partition(";q=")[2] or 1)).partition(";")[0]


def is_refused(kind):
    """Tell whether an operation is not run."""
    return "invalid" in kind or "bad" in kind


@pytest.mark.parametrize("client", CLIENTS)
async def test_every_list_of_a_client(world, client):
    """Each kind of operation has its media type, its status and the headers of every other answer."""
    for ranges in lists(CLIENTS[client]):
        for kind, (query, variables) in KINDS.items():
            body, accept = {"query": query, "variables": variables}, ", ".join(ranges)
            async with world.client.post(world.url, json=body, headers={"accept": accept}) as answer:
                text, seen = await answer.text(), (accept, kind)
                lost = kind == "subscription" and answer.status == 400
                assert answer.content_type == expected(ranges, kind), seen
                assert "x-request-id" in answer.headers, seen
                assert answer.headers["x-content-type-options"] == "nosniff", seen
                assert "\r" not in text or answer.content_type == "multipart/mixed", seen
                is_new = answer.content_type == NEW
                assert lost or answer.status == (400 if is_new and is_refused(kind) else 200), seen
                if answer.content_type in (NEW, OLD):
                    assert answer.headers["cache-control"] == "no-store", seen
                    assert answer.headers["vary"] == "accept, accept-encoding", seen
                    told = json.loads(text)
                    assert ("data" in told) is not (is_refused(kind) or lost), seen
                elif is_refused(kind):
                    assert '"errors"' in text, seen
                    assert '"data":null' not in text, seen


@pytest.mark.parametrize(
    ("accept", "complete"),
    [
        ("", Media.JSON),
        ("*/*", Media.JSON),
        ("application/*", Media.JSON),
        (f"{NEW}, {OLD}", Media.RESPONSE),
        (f"{OLD}, {NEW}", Media.RESPONSE),
        (f"{NEW};q=0.8, {OLD}", Media.JSON),
        (f"{NEW};q=0.5, */*", Media.JSON),
        (f"{OLD};q=0, */*", Media.RESPONSE),
        (f"{NEW};q=0, {OLD};q=0, {EVENTS}", Media.EVENTS),
        (f"{OLD};q=0", None),
        (f"{OLD};q=2", None),
        (f"{OLD};q=x", None),
        (f"{OLD};charset=utf-8", Media.JSON),
        (f"{OLD} ; Q=0.2 , {NEW} ; q=0.1", Media.JSON),
        ("APPLICATION/JSON", Media.JSON),
        ("image/png", None),
        (f"{EVENTS};q=0", None),
        ("multipart/mixed", Media.PARTS),
        (f"multipart/mixed;q=0.5, {EVENTS}", Media.EVENTS),
        (NEWS, Media.NEWS),
        (",,;,", None),
    ],
)
def test_a_complete_answer(accept, complete):
    """The best JSON type by quality and specificity; a stream of one piece only where JSON is not accepted."""
    assert accepted(accept.encode()).complete is complete


@pytest.mark.parametrize(
    ("accept", "stream"),
    [
        (f"{OLD}, {EVENTS};q=0.1", EVENTS),
        (f"{EVENTS};q=0.5, {NEWS}", NEWS),
        (f"{EVENTS}, {NEWS}", EVENTS),
        ("multipart/mixed", None),
        ("multipart/mixed;subscriptionSpec=2.0", None),
        ("multipart/mixed;boundary=a;subscriptionSpec='1.0'", NEWS),
        (f"{EVENTS};q=0", None),
        ("*/*", None),
    ],
)
def test_a_stream_for_a_subscription(accept, stream):
    """A stream must be accepted by its name, however little; the better of two is taken."""
    assert accepted(accept.encode()).subscription == (stream and Stream(stream.encode()))


async def test_the_pieces_of_a_whole_answer(world):
    """Who accepts streams only gets one with one piece, which their readers read."""
    body = {"query": "{ me { id } }"}
    async with world.client.post(world.url, json=body, headers={"accept": EVENTS}) as answer:
        assert await answer.text() == 'event: next\ndata: {"data":{"me":{"id":"1"}}}\n\nevent: complete\ndata: \n\n'
    async with world.client.post(world.url, json=body, headers={"accept": "multipart/mixed"}) as answer:
        assert '\r\n\r\n{"data":{"me":{"id":"1"}},"hasNext":false}\r\n-----\r\n' in await answer.text()
    async with world.client.post(world.url, json=body, headers={"accept": NEWS}) as answer:
        assert '\r\n\r\n{"payload":{"data":{"me":{"id":"1"}}}}\r\n--graphql--\r\n' in await answer.text()


async def test_a_refusal_names_the_mistake(world):
    """A subscription without a stream is told what to accept."""
    [error] = (await world.ask("subscription { ticks(to: 1) { number } }", status=400))["errors"]
    assert "text/event-stream" in error["message"]
