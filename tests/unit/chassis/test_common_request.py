"""The common request is answered in one pass, and as Strawberry's view answers it: status, headers, body, log."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import orjson
import pytest
import strawberry
from starlette.requests import ClientDisconnect
from starlette.types import Message

from chassis.graphql import view as views
from chassis.graphql.schema import SubgraphSchema
from chassis.graphql.view import SubgraphView
from chassis.kernel import NotFound
from chassis.left_out import shown


@strawberry.type
class Query:
    @strawberry.field
    async def doubled(self, number: int) -> int:
        await asyncio.sleep(0)
        return number * 2

    @strawberry.field
    def missing(self) -> str | None:
        raise NotFound("thing")

    @strawberry.field
    def broken(self) -> str:
        raise ZeroDivisionError

    @strawberry.field
    def some(self) -> list[str]:
        return shown([_Row("a"), _Row("")], lambda row: row.id[0])


class _Row:
    def __init__(self, id: str) -> None:
        self.id = id


@strawberry.type
class Mutation:
    @strawberry.mutation
    def keep(self, info: strawberry.Info[Any, Any]) -> str:
        info.context.response.set_cookie("kept", "yes", httponly=True)
        info.context.response.delete_cookie("lost")
        return "kept"


@strawberry.type
class Subscription:
    @strawberry.subscription
    async def ticks(self) -> Any:
        yield 1


VIEW = SubgraphView(
    SubgraphSchema(query=Query, mutation=Mutation, open_mutations=["keep"]),
    None,
    cast(Any, None),
    cast(Any, None),
)
TWO = "query A { doubled(number: 1) } query B { doubled(number: 2) }"
SOUND: dict[str, Any] = {
    "a query": {"query": "{ doubled(number: 2) __typename }"},
    "variables": {"query": "query($n: Int!) { doubled(number: $n) }", "variables": {"n": 3}},
    "wrong variables": {"query": "query($n: Int!) { doubled(number: $n) }", "variables": {"n": "three"}},
    "no variables": {"query": "query($n: Int!) { doubled(number: $n) }", "variables": None},
    "one of two": {"query": TWO, "operationName": "B"},
    "a refusal": {"query": "{ doubled(number: 1) missing }"},
    "a failure": {"query": "{ broken }"},
    "something left out": {"query": "{ some }"},
    "a mutation that sets cookies": {"query": "mutation { keep }", "extensions": {"a": 1}},
}
ODD: dict[str, Any] = {
    "neither of two": {"query": TWO},
    "none of that name": {"query": TWO, "operationName": "C"},
    "a name that is none": {"query": TWO, "operationName": 1},
    "a mistake": {"query": "{ unknown }"},
    "no GraphQL": {"query": "{"},
    "no query": {"query": None},
    "an empty query": {"query": ""},
    "no text": {"query": 1},
    "variables in a list": {"query": "{ __typename }", "variables": []},
    "extensions in a list": {"query": "{ __typename }", "extensions": []},
    "a batch": [{"query": "{ __typename }"}],
    "a number": 1,
    "a subscription": {"query": "subscription { ticks }"},
}
HEADS: dict[str, Mapping[str, str]] = {
    "with a charset": {"content-type": "application/json; charset=utf-8"},
    "as text": {"content-type": "text/plain"},
    "for a stream": {"accept": "multipart/mixed"},
    "of no type": {"content-type": ""},
    "of nobody we know": {"authorization": "Basic eA=="},
    "too late": {"x-portal-deadline-ms": "0"},
}


async def answered(messages: list[Message], head: Mapping[str, str] | None = None, method: str = "POST") -> Any:
    """Return what is sent for these messages, and what is noted of it."""
    headers = {"content-type": "application/json", **(head or {})}
    scope: dict[str, Any] = {
        "type": "http",
        "method": method,
        "path": "/graphql",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("127.0.0.1", 1),
        "state": {},
    }
    left, sent = [*messages], list[Any]()

    async def receive() -> Message:
        return left.pop(0) if left else await asyncio.Future[Message]()

    async def send(message: Any) -> None:
        sent.append(message | ({"headers": sorted(message["headers"])} if "headers" in message else {}))

    await VIEW(scope, receive, send)
    return [{key: value for key, value in one.items() if value != b"" and value is not False} for one in sent], scope[
        "state"
    ]


async def both_ways(monkeypatch: pytest.MonkeyPatch, messages: list[Message], *more: Any) -> tuple[bool, Any]:
    """Assert that both ways answer the same; return whether the short one was taken, and the answer."""
    taken: list[Any] = []
    asked_by = views.asked_by

    def noted(*given: Any) -> Any:
        taken.append(asked_by(*given))
        return taken[-1]

    with monkeypatch.context() as patched:
        patched.setattr(views, "asked_by", noted)
        short = await answered(messages, *more)
    with monkeypatch.context() as patched:
        patched.setattr(views, "may_be_common", never)
        assert await answered(messages, *more) == short
    return any(taken), short


def never(_: Any) -> bool:
    """Take no request for a common one."""
    return False


def whole(body: Any) -> list[Message]:
    """Return the messages of a body."""
    return [{"type": "http.request", "body": orjson.dumps(body)}]


@pytest.mark.parametrize("name", SOUND)
async def test_sound_requests_are_answered_in_one_pass(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Byte for byte as by Strawberry's view, cookies and outcome too."""
    was_short, (sent, _) = await both_ways(monkeypatch, whole(SOUND[name]))
    assert was_short
    assert sent[0]["status"] == 200


@pytest.mark.parametrize("name", ODD)
async def test_odd_requests_are_left_to_strawberry(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It reads the body that was read already, and says what is wrong."""
    was_short, _ = await both_ways(monkeypatch, whole(ODD[name]))
    assert not was_short


@pytest.mark.parametrize("name", HEADS)
async def test_heads_decide_who_answers_and_change_no_answer(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Types that only mean JSON are common; all others are not."""
    was_short, _ = await both_ways(monkeypatch, whole(SOUND["a query"]), HEADS[name])
    assert was_short == (name in {"with a charset", "of nobody we know", "too late"})


async def test_other_methods_and_bodies_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    """A body may come in pieces, be no JSON, or be asked for by another method."""
    body = orjson.dumps(SOUND["a query"])
    pieces: list[Message] = [
        {"type": "http.request", "body": body[:5], "more_body": True},
        {"type": "http.request", "body": body[5:]},
    ]
    assert (await both_ways(monkeypatch, pieces))[0]
    for odd in (b"", b"{", b'{"query": "\\ud800"}'):
        assert not (await both_ways(monkeypatch, [{"type": "http.request", "body": odd}]))[0]
    assert not (await both_ways(monkeypatch, pieces, {}, "PUT"))[0]


async def test_a_body_that_breaks_off_is_no_request() -> None:
    """Its client is gone, as Starlette says it."""
    begun: Message = {"type": "http.request", "body": b'{"query"', "more_body": True}
    with pytest.raises(ClientDisconnect):
        await answered([begun, {"type": "http.disconnect"}])
