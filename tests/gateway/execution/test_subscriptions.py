"""Subscriptions: each event of one subgraph is completed from the others and answered as the client asked."""

from typing import Any

import pytest

from gateway.executor.answer import InvalidVariables
from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.plan import Subscription
from tests.support.plans import entities, fetch, prepare, told
from tests.support.scripted_transport import ScriptedTransport

SCHEMA = """
type Query { a: String }
type Subscription { renamed(of: ID): User must: User! }
type User { id: ID! name: String age: Int! }
"""
QUERY = "subscription($of: ID) { renamed(of: $of) { id name } }"
NODE = Subscription(
    fetch("a", "subscription($of: ID) { renamed(of: $of) { __typename id } }", "of", kind="subscription"),
    entities("b", "renamed", "... on User { name }"),
)
USER = {"data": {"renamed": {"__typename": "User", "id": "1"}}}


def subscribed(
    events: list[Any], variables: Any = None, query: str = QUERY, node: Any = NODE, **answers: Any
) -> tuple[Any, ScriptedTransport]:
    """Return the answers' iterator and the transport."""
    transport = ScriptedTransport({"b": {"data": {"_entities": [{"name": "A"}]}}, **answers}, events)
    return prepare(SCHEMA, node, query, kind="subscription").subscribe(variables, transport, Forwarded()), transport


async def test_each_event_is_completed() -> None:
    """Every event asks the other subgraph anew."""
    stream, transport = subscribed([USER, USER], b=[{"data": {"_entities": [{"name": one}]}} for one in "AB"])
    answers = [answer.data async for answer in stream]
    assert [{"renamed": {"id": "1", "name": one}} for one in "AB"] == answers
    assert transport.asked == ["a", "b", "b"]


async def test_the_variables_go_with_the_subscription() -> None:
    """The subgraph gets the operation and the client's variables."""
    stream, transport = subscribed([], {"of": "1"})
    assert [answer async for answer in stream] == []
    assert transport.sent[0][1]["variables"] == {"of": "1"}
    assert transport.sent[0][1]["query"].startswith("subscription")


async def test_bad_variables_are_refused_at_once() -> None:
    """Before anything is subscribed to."""
    with pytest.raises(InvalidVariables):
        subscribed([], {"of": 1.5})


async def test_an_event_s_errors_are_that_event_s() -> None:
    """One event with an error does not end the others."""
    bad = {"data": {"renamed": None}, "errors": [{"message": "no", "path": ["renamed"]}]}
    stream, _ = subscribed([bad, USER])
    answers = [answer async for answer in stream]
    assert [told(answer) for answer in answers] == [[("renamed", "SUBGRAPH_ERROR")], []]
    assert answers[1].data == {"renamed": {"id": "1", "name": "A"}}


async def test_a_subgraph_that_cannot_complete_costs_its_fields() -> None:
    """The event arrives without them."""
    stream, _ = subscribed([USER], b=SubgraphUnavailable("b", "gone"))
    answers = [answer async for answer in stream]
    assert answers[0].data == {"renamed": {"id": "1", "name": None}}
    assert told(answers[0]) == [("renamed.name", "SUBGRAPH_UNAVAILABLE")]


async def test_a_broken_stream_ends_with_an_error() -> None:
    """The last answer says that the subscription broke, without the reason."""
    stream, _ = subscribed([USER, SubgraphUnavailable("a", "10.0.0.7 reset")])
    answers = [answer async for answer in stream]
    assert (len(answers), answers[1].ends_stream, told(answers[1])) == (2, True, [("", "SUBGRAPH_UNAVAILABLE")])


async def test_what_is_no_event_ends_the_stream_with_its_own_code() -> None:
    """A subgraph that ends a subscription by errors alone is not heard further; a field's error costs that field."""
    ended = {"data": None, "errors": [{"message": "ask again", "extensions": {"code": "STREAM_INTERRUPTED"}}]}
    stream, transport = subscribed([USER, ended, USER])
    answers = [answer async for answer in stream]
    assert [(answer.ends_stream, told(answer)) for answer in answers] == [
        (False, []),
        (True, [("", "STREAM_INTERRUPTED")]),
    ]
    assert transport.closed


async def test_an_event_that_is_no_answer_ends_the_stream() -> None:
    """A subgraph that does not speak GraphQL is not listened to any longer."""
    stream, transport = subscribed([{"data": 5}, USER])
    assert [told(answer) async for answer in stream] == [[("", "SUBGRAPH_UNAVAILABLE")]]
    assert transport.closed


async def test_a_client_that_leaves_ends_the_subscription() -> None:
    """Closing the answers closes the subgraph's events."""
    stream, transport = subscribed([USER, USER])
    await anext(stream)
    assert not transport.closed
    await stream.aclose()
    assert transport.closed


async def test_null_bubbles_to_the_top_of_an_event() -> None:
    """A field that may not be null makes that event's data null."""
    query = "subscription { must { age } }"
    node = Subscription(fetch("a", query, kind="subscription"))
    stream, _ = subscribed([{"data": {"must": {}}}], query=query, node=node)
    answers = [answer async for answer in stream]
    assert (answers[0].data, told(answers[0])) == (None, [("must.age", "UNEXPECTED_NULL")])


def test_only_subscriptions_can_be_subscribed_to() -> None:
    """Asking a query for events is a mistake of ours."""
    with pytest.raises(TypeError):
        prepare(SCHEMA, fetch("a", "{ a }"), "{ a }").subscribe(None, ScriptedTransport({}), Forwarded())
