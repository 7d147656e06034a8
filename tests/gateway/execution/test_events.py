"""Subscriptions over composed subgraphs: one subgraph tells the event, the others complete it."""

from typing import Any

import pytest

from gateway.executor.ports import Forwarded, SubgraphUnavailable
from gateway.pipeline import Prepared
from tests.support.composed import Federation, federation2
from tests.support.memory_subgraphs import MemorySubgraph, MemoryTransport
from tests.support.plans import told

DOCUMENTS = MemorySubgraph(
    "documents",
    federation2("""
    type Query { document: Document }
    type Subscription { changed(kind: String): Document removed: ID }
    interface Document { id: ID! number: String }
    type Invoice implements Document @key(fields: "id") { id: ID! number: String }
    type Estimate implements Document @key(fields: "id") { id: ID! number: String }
    """),
)
COMMENTS = MemorySubgraph(
    "comments",
    federation2("""
    type Invoice @key(fields: "id") { id: ID! comments: [String!] }
    type Estimate @key(fields: "id") { id: ID! comments: [String!] views: Int! }
    """),
    {"Invoice": [{"id": "i1", "comments": ["x"]}], "Estimate": [{"id": "e1", "comments": [], "views": 3}]},
)
FEDERATION = Federation("events", DOCUMENTS, COMMENTS)
INVOICE = {"__typename": "Invoice", "id": "i1", "number": "7"}
ESTIMATE = {"__typename": "Estimate", "id": "e1", "number": "8"}


async def answers(query: str, *events: Any, variables: Any = None, **instead: Any) -> tuple[list[Any], MemoryTransport]:
    """Return the answers to a subscription whose subgraph tells the events."""
    prepared = FEDERATION.pipeline.prepare(query)
    assert isinstance(prepared, Prepared), prepared
    transport = MemoryTransport.of(*FEDERATION.subgraphs)
    transport.events = list(events)
    transport.instead = instead
    return [answer async for answer in prepared.subscribe(variables, transport, Forwarded())], transport


# (name, query, event, data)
CASES: list[tuple[str, str, Any, Any]] = [
    ("nothing from elsewhere", "subscription { changed { number } }", {"changed": INVOICE},
     {"changed": {"number": "7"}}),
    ("a scalar", "subscription { removed }", {"removed": "i1"}, {"removed": "i1"}),
    ("an alias", "subscription { gone: removed }", {"removed": "i1"}, {"gone": "i1"}),
    ("null", "subscription { changed { id } }", {"changed": None}, {"changed": None}),
    ("completed by type", "subscription { changed { number ... on Invoice { comments } } }", {"changed": INVOICE},
     {"changed": {"number": "7", "comments": ["x"]}}),
    ("another type", "subscription { changed { __typename ... on Estimate { views comments } } }",
     {"changed": ESTIMATE},
     {"changed": {"__typename": "Estimate", "views": 3, "comments": []}}),
    ("no fragment for this type", "subscription { changed { ... on Estimate { views } } }", {"changed": INVOICE},
     {"changed": {}}),
]  # fmt: skip


@pytest.mark.parametrize(("query", "event", "data"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
async def test_events_are_completed(query: str, event: Any, data: Any) -> None:
    """Every event has what the client asked for."""
    found, _ = await answers(query, event)
    assert [(data, [])] == [(answer.data, answer.errors) for answer in found]


async def test_each_event_is_its_own() -> None:
    """Different types in a row each ask for what they need, nothing when nothing is needed."""
    query = "subscription { changed { id ... on Estimate { views } } }"
    found, transport = await answers(query, {"changed": INVOICE}, {"changed": ESTIMATE}, {"changed": None})
    assert [answer.data["changed"] for answer in found] == [{"id": "i1"}, {"id": "e1", "views": 3}, None]
    assert [one.subgraph for one in transport.sent] == ["documents", "comments"]


async def test_conditions_and_variables_hold_for_every_event() -> None:
    """The client's variables go to the subscription and to what completes it."""
    query = """subscription($kind: String, $with: Boolean!) {
      changed(kind: $kind) { id ... on Invoice @include(if: $with) { comments } }
    }"""
    found, transport = await answers(query, {"changed": INVOICE}, variables={"kind": "k", "with": False})
    assert [answer.data for answer in found] == [{"changed": {"id": "i1"}}]
    assert [one.subgraph for one in transport.sent] == ["documents"]
    assert transport.sent[0].variables["kind"] == "k"


async def test_what_cannot_be_completed_is_told_with_the_event() -> None:
    """The event comes with nulls and errors at the client's paths."""
    query = "subscription { changed { id ... on Invoice { comments } } }"
    found, _ = await answers(query, {"changed": INVOICE}, comments=SubgraphUnavailable("comments", "gone"))
    assert [answer.data for answer in found] == [{"changed": {"id": "i1", "comments": None}}]
    assert told(found[0]) == [("changed.comments", "SUBGRAPH_UNAVAILABLE")]
