"""Comments, views and forwards through the subgraph, on a real database."""

import asyncio
from dataclasses import replace
from functools import partial
from typing import Any, cast

import pytest
from starlette.requests import HTTPConnection

from chassis.auth import EndedSessions, TokenVerifier
from chassis.graphql.context import Context
from chassis.graphql.idempotency import Idempotency
from chassis.graphql.types import Span, page_request
from chassis.kernel import PageRequest, Principal, new_id
from services.collaboration.api.schema import SCHEMA
from services.collaboration.application.commands.forward_document import PER_HOUR
from services.collaboration.domain.document import KnownDocument
from tests.component.collaboration.conftest import ADD_COMMENT, Running
from tests.support.collaboration.makers import (
    COLLEAGUE,
    CONTACT,
    CUSTOMER,
    ORG,
    OUTSIDERS,
    OWNER,
    VIEWER,
    estimate,
    invoice,
)
from tests.support.subgraph import Subgraph
from tests.support.tokens import ISSUER
from tests.support.waiting import LIMIT, eventually

ALL_FIELDS = """id
  comments { totalCount nodes { text visibility author { __typename id } } pageInfo { hasNextPage } }
  views { contact { id } count }
  forwards { recipientEmail forwardedBy { id } }"""
VIEW = """mutation($input: RecordDocumentViewInput!) { recordDocumentView(input: $input) {
  view { contact { id } count } document { __typename id } userErrors { code } } }"""
FORWARD = """mutation($input: ForwardDocumentInput!) { forwardDocument(input: $input) {
  forward { id recipientEmail document { id } } userErrors { code field } } }"""


def kind_of(document: KnownDocument) -> str:
    return document.type.value.capitalize()


async def view(running: Running, document: KnownDocument, by: Principal, key: str = "view-key-1") -> dict:
    given = {"documentId": document.id, "idempotencyKey": key}
    return (await running.subgraph.data(VIEW, by, input=given))["recordDocumentView"]


async def forward(running: Running, document: KnownDocument, by: Principal, key: str, **extra: str) -> dict:
    given = {"documentId": document.id, "recipientName": "Ada", "recipientEmail": "ada@client.example"}
    given |= {"idempotencyKey": key, **extra}
    return (await running.subgraph.data(FORWARD, by, input=given))["forwardDocument"]


async def test_a_discussion(running: Running) -> None:
    """Contact and staff discuss a document; each reads what is meant for them, through the entity of billing's."""
    document = estimate()
    await running.tell_of(document)

    asked = await running.comment(document, CONTACT, "Could we start in May?")
    running.clock.advance(seconds=1)
    await running.comment(document, OWNER, "Can we?")
    running.clock.advance(seconds=1)
    await running.comment(document, OWNER, "Yes, gladly.", displayInPortal=True)

    assert asked["comment"]["author"] == {"__typename": "Contact", "id": CONTACT.id}
    assert asked["comment"]["document"] == {"__typename": "Estimate", "id": document.id}
    (staff,), _ = await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, VIEWER)
    (client,), _ = await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, COLLEAGUE)
    assert [one["text"] for one in staff["comments"]["nodes"]] == ["Could we start in May?", "Can we?", "Yes, gladly."]
    assert [one["text"] for one in client["comments"]["nodes"]] == ["Could we start in May?", "Yes, gladly."]
    assert (staff["comments"]["totalCount"], client["comments"]["totalCount"]) == (3, 2)


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=["other client", "other organisation"])
async def test_outsiders_see_nothing(running: Running, outsider: Principal) -> None:
    """For outsiders the entity, its comments and every mutation look as if the document did not exist."""
    document = invoice()
    await running.tell_of(document)
    comment = (await running.comment(document, CONTACT))["comment"]
    unknown = invoice()

    answers = [
        await running.subgraph.entities("Invoice", [one.id], ALL_FIELDS, outsider) for one in (document, unknown)
    ]
    refusals = [(await running.comment(one, outsider, f"from {one.id}"))["userErrors"] for one in (document, unknown)]

    assert answers == [([None], []), ([None], [])]
    assert refusals[0] == refusals[1]
    assert refusals[0][0]["code"] == "NOT_FOUND"
    assert (await view(running, document, outsider))["userErrors"][0]["code"] in {"NOT_FOUND", "ONLY_CLIENTS_VIEW"}
    query = "query($id: ID!) { comment(id: $id) { text } }"
    assert await running.subgraph.codes(query, outsider, id=comment["id"]) == ["NOT_FOUND"]
    assert await running.subgraph.codes(query, outsider, id=new_id("com")) == ["NOT_FOUND"]
    entity, codes = await running.subgraph.entities("Comment", [comment["id"]], "text", outsider)
    assert (entity, codes) == ([None], ["NOT_FOUND"])


async def test_internal_comments_stay_internal(running: Running) -> None:
    """A contact cannot read an internal comment by its id either, whatever the door."""
    document = invoice()
    await running.tell_of(document)
    internal = (await running.comment(document, OWNER, "Between us"))["comment"]["id"]

    query = "query($id: ID!) { comment(id: $id) { text } }"
    assert await running.subgraph.codes(query, CONTACT, id=internal) == ["NOT_FOUND"]
    assert await running.subgraph.entities("Comment", [internal], "text", CONTACT) == ([None], ["NOT_FOUND"])
    assert (await running.subgraph.data(query, OWNER, id=internal))["comment"]["text"] == "Between us"


async def test_one_bad_entity_does_not_hide_the_others(running: Running) -> None:
    """In a batch, what may not be seen is null alone; one question to the database answers all."""
    ours, theirs, draft = invoice(), new_id("inv"), invoice(sent=False)
    await running.tell_of(ours)
    await running.tell_of(draft)

    entities, _ = await running.subgraph.entities("Invoice", [ours.id, theirs, "nonsense", draft.id], "id", CONTACT)

    assert entities == [{"id": ours.id}, None, None, None]


async def test_the_viewed_mark(running: Running) -> None:
    """Staff see who opened the document and how often; contacts do not, and no query leaves a mark."""
    document = estimate()
    await running.tell_of(document)
    await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, CONTACT)

    first = await view(running, document, CONTACT)
    running.clock.advance(minutes=4)
    await view(running, document, CONTACT, "view-key-2")
    running.clock.advance(minutes=6)
    last = await view(running, document, CONTACT, "view-key-3")

    assert (first["view"]["count"], last["view"]["count"]) == (1, 2)
    assert first["document"] == {"__typename": "Estimate", "id": document.id}
    (staff,), _ = await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, OWNER)
    (client,), _ = await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, CONTACT)
    assert (staff["views"], client["views"]) == ([{"contact": {"id": CONTACT.id}, "count": 2}], None)
    assert (await view(running, document, OWNER))["userErrors"][0]["code"] == "ONLY_CLIENTS_VIEW"


async def test_a_hundred_tabs_are_one_first_view(running: Running) -> None:
    """However many tabs open at once, there is one view with one visit and one event."""
    document = invoice()
    await running.tell_of(document)

    await asyncio.gather(*(view(running, document, CONTACT, f"tab-key-{tab}") for tab in range(30)))
    await running.service.relay.drain()

    (staff,), _ = await running.subgraph.entities("Invoice", [document.id], ALL_FIELDS, OWNER)
    assert staff["views"] == [{"contact": {"id": CONTACT.id}, "count": 1}]
    assert [event.data["first"] for event in running.bus.published if "viewed" in event.type] == [True]


async def test_forwarding(running: Running) -> None:
    """A forward is kept, told to others with everything they need, and shown to both sides."""
    document = invoice()
    await running.tell_of(document)

    payload = await forward(running, document, CONTACT, "forward-key", message="Please have a look.")
    await running.service.relay.drain()

    (event,) = (one for one in running.bus.published if one.type == "collaboration.document_forwarded.v1")
    assert event.data == {
        "organisationId": ORG,
        "documentId": document.id,
        "documentType": "invoice",
        "documentNumber": "INV-0007",
        "customerId": CUSTOMER,
        "forwardId": payload["forward"]["id"],
        "forwardedBy": CONTACT.id,
        "recipientName": "Ada",
        "recipientEmail": "ada@client.example",
        "message": "Please have a look.",
    }
    (client,), _ = await running.subgraph.entities("Invoice", [document.id], ALL_FIELDS, COLLEAGUE)
    assert client["forwards"] == [{"recipientEmail": "ada@client.example", "forwardedBy": {"id": CONTACT.id}}]


async def test_forwarding_follows_the_setting(running: Running) -> None:
    """When the organisation switches forwarding off, the next forward is refused; a stale event changes nothing."""
    document = invoice()
    await running.tell_of(document)
    await running.tell(
        "identity.portal_settings_changed.v1", ORG, 7, forwardingAllowed=False, documentTypes=["invoice"]
    )
    await running.tell("identity.portal_settings_changed.v1", ORG, 3, forwardingAllowed=True, documentTypes=["invoice"])

    assert (await forward(running, document, CONTACT, "forward-off"))["userErrors"] == [
        {"code": "FORWARDING_NOT_ALLOWED", "field": None}
    ]
    await running.tell("identity.portal_settings_changed.v1", ORG, 8, forwardingAllowed=True, documentTypes=["invoice"])
    assert (await forward(running, document, CONTACT, "forward-on"))["userErrors"] == []


@pytest.mark.parametrize(("enabled", "types"), [(True, ["invoice"]), (False, ["estimate", "invoice"])])
async def test_a_kind_that_the_portal_does_not_show(running: Running, enabled: bool, types: list[str]) -> None:
    """When estimates are withdrawn from the portal, or it is closed, clients find none of the discussion; staff do."""
    document = estimate()
    await running.tell_of(document)
    comment = (await running.comment(document, CONTACT))["comment"]["id"]
    settings = {"enabled": enabled, "forwardingAllowed": True, "documentTypes": types}
    await running.tell("identity.portal_settings_changed.v1", ORG, **settings)

    query = "query($id: ID!) { comment(id: $id) { text } }"
    assert await running.subgraph.codes(query, CONTACT, id=comment) == ["NOT_FOUND"]
    assert await running.subgraph.entities("Estimate", [document.id], "id", CONTACT) == ([None], [])
    assert (await running.comment(document, CONTACT, "again"))["userErrors"][0]["code"] == "NOT_FOUND"
    assert (await view(running, document, CONTACT))["userErrors"][0]["code"] == "NOT_FOUND"
    assert await running.subgraph.entities("Estimate", [document.id], "id", OWNER) == ([{"id": document.id}], [])


async def test_the_allowance_holds_under_a_crowd(running: Running) -> None:
    """Thirty forwards at once: exactly the allowance of an hour gets through."""
    document = invoice()
    await running.tell_of(document)

    answers = await asyncio.gather(
        *(forward(running, document, CONTACT, f"crowd-key-{n}") for n in range(PER_HOUR + 10))
    )

    assert sum(1 for answer in answers if answer["forward"]) == PER_HOUR
    assert {error["code"] for answer in answers for error in answer["userErrors"]} == {"TOO_MANY_FORWARDS"}


async def test_the_same_key_is_the_same_answer(running: Running) -> None:
    """A repeated request gives the first answer, another input under the same key an error."""
    document = estimate()
    await running.tell_of(document)
    given = {"documentId": document.id, "text": "Once", "idempotencyKey": "the-same-key"}

    first = await running.subgraph.data(ADD_COMMENT, CONTACT, input=given)
    again = await running.subgraph.data(ADD_COMMENT, CONTACT, input=given)
    other = await running.subgraph.data(ADD_COMMENT, CONTACT, input=given | {"text": "Twice"})

    assert first == again
    assert other["addComment"]["userErrors"][0]["code"] == "IDEMPOTENCY_KEY_REUSED"
    (staff,), _ = await running.subgraph.entities("Estimate", [document.id], ALL_FIELDS, OWNER)
    assert staff["comments"]["totalCount"] == 1


async def test_a_document_whose_event_is_late(running: Running) -> None:
    """What billing has sent but not yet told can be discussed at once, and read as an entity."""
    document = estimate()
    running.source.documents[document.id] = document

    assert (await running.comment(document, CONTACT))["userErrors"] == []
    entities, _ = await running.subgraph.entities("Estimate", [document.id], "id", CONTACT)
    assert entities == [{"id": document.id}]


async def test_events_out_of_order(running: Running) -> None:
    """Drafted after sent, as a replay may bring it, does not hide the document again."""
    document = estimate()
    facts = {"estimateId": document.id, "customerId": CUSTOMER}
    await running.tell("billing.estimate_sent.v1", document.id, 4, number="EST-0042", **facts)
    await running.tell("billing.estimate_drafted.v1", document.id, 1, **facts)

    assert (await running.comment(document, CONTACT))["userErrors"] == []
    assert running.bus.parked == {}


async def test_only_the_gateway_may_ask(running: Running) -> None:
    """Without the gateway's key there is no answer at all, without a token no data."""
    status, body = await running.subgraph.answer("{ __typename }", OWNER, key="wrong")
    assert (status, body["errors"][0]["extensions"]["code"]) == (401, "UNAUTHENTICATED")

    document = invoice()
    await running.tell_of(document)
    entities, codes = await running.subgraph.entities("Invoice", [document.id], "id")
    assert (entities, codes) == ([None], ["UNAUTHENTICATED"])


async def test_an_ended_session_ends_the_access(running: Running) -> None:
    """After identity has told that a session ended, its token opens nothing."""
    by = Principal(
        id=CONTACT.id, organisation_id=ORG, role=CONTACT.role, customer_id=CUSTOMER, session_id=new_id("ses")
    )
    subgraph: Subgraph = running.subgraph
    query = "query($id: ID!) { comment(id: $id) { text } }"
    assert await subgraph.codes(query, by, id=new_id("com")) == ["NOT_FOUND"]

    ended = {"principalId": by.id, "sessionIds": [by.session_id], "endedAt": "2026-03-09T12:00:00Z"}
    await running.tell("identity.sessions_ended.v1", by.id, **ended)

    assert await subgraph.codes(query, by, id=new_id("com")) == ["UNAUTHENTICATED"]


@pytest.mark.parametrize("first", [0, -1, 101])
async def test_pages_have_limits(running: Running, first: int) -> None:
    """A page has 1 to 100 rows."""
    document = invoice()
    await running.tell_of(document)

    _, codes = await running.subgraph.entities(
        "Invoice", [document.id], f"comments(first: {first}) {{ totalCount }}", OWNER
    )

    assert codes == ["INVALID_PAGE"]


async def test_pages_follow_each_other(running: Running) -> None:
    """The cursor of one page begins the next, for staff and contacts alike, in the order of writing."""
    document = invoice()
    await running.tell_of(document)
    for number in range(5):
        await running.comment(document, CONTACT, f"comment {number}")
        running.clock.advance(seconds=1)

    seen: list[str] = []
    after = "null"
    for _ in range(3):
        fields = f"comments(first: 2, after: {after}) {{ nodes {{ text }} pageInfo {{ endCursor }} }}"
        (found,), _ = await running.subgraph.entities("Invoice", [document.id], fields, CONTACT)
        seen += [node["text"] for node in found["comments"]["nodes"]]
        after = f'"{found["comments"]["pageInfo"]["endCursor"]}"'

    assert seen == [f"comment {number}" for number in range(5)]


async def test_new_comments_arrive_live(running: Running) -> None:
    """A subscriber gets each comment it may read, once it is on the bus, and nothing after its session ended."""
    document = estimate()
    await running.tell_of(document)
    app = running.service.application
    await running.service.live.start(running.bus)
    stream = app.queries.new_comments.about(CONTACT, document.id, PageRequest())
    arriving = asyncio.ensure_future(anext(stream))
    await eventually(lambda: running.service.live.listening(document.id), "the listener")

    await running.comment(document, OWNER, "Between us")
    await running.comment(document, OWNER, "For you", displayInPortal=True)
    await running.service.relay.drain()

    async with asyncio.timeout(LIMIT):
        assert (await arriving).text == "For you"
    await stream.aclose()


async def test_a_stream_begins_where_a_client_stopped_reading(running: Running) -> None:
    """What was added since the client's last page comes first, then what is added; each once, internal ones never."""
    document = estimate()
    await running.tell_of(document)
    await running.service.live.start(running.bus)
    await running.comment(document, OWNER, "Read", displayInPortal=True)
    fields = "comments { pageInfo { endCursor } }"
    (found,), _ = await running.subgraph.entities("Estimate", [document.id], fields, CONTACT)
    running.clock.advance(minutes=2)
    await running.comment(document, OWNER, "Missed", displayInPortal=True)
    await running.comment(document, OWNER, "Between us")
    await running.service.relay.drain()

    seen = page_request(Span(100, found["comments"]["pageInfo"]["endCursor"]), "comments")
    stream = running.service.application.queries.new_comments.about(CONTACT, document.id, seen)
    first = await anext(stream)
    arriving = asyncio.ensure_future(anext(stream))
    await eventually(lambda: running.service.live.listening(document.id), "the listener")
    await running.comment(document, OWNER, "New", displayInPortal=True)
    await running.service.relay.drain()

    async with asyncio.timeout(LIMIT):
        assert [first.text, (await arriving).text] == ["Missed", "New"]
    await stream.aclose()


async def test_a_place_of_another_list_is_refused(running: Running) -> None:
    """A stream that cannot begin where it was asked to says so, and does not begin now instead."""
    document = estimate()
    await running.tell_of(document)
    socket = HTTPConnection({"type": "websocket", "headers": []})
    context = Context(running.service.application, CONTACT, cast(Idempotency, None), socket, None)
    asked = f'subscription {{ commentAdded(documentId: "{document.id}", after: "nonsense") {{ text }} }}'
    stream: Any = await SCHEMA.subscribe(asked, context_value=context)
    result = await anext(stream)
    assert [error.extensions["code"] for error in result.errors] == ["INVALID_PAGE"]


async def test_a_quiet_subscription_ends_with_its_session(running: Running) -> None:
    """Nothing is said in the discussion, the session ends, and so does the stream, by an error that says so."""
    document, session_id = estimate(), new_id("ses")
    await running.tell_of(document)
    await running.service.live.start(running.bus)
    by, app = replace(CONTACT, session_id=session_id), running.service.application
    signer, socket = running.subgraph.signer, HTTPConnection({"type": "websocket", "headers": []})
    verifier = TokenVerifier(signer, ISSUER, running.clock, cast(EndedSessions, app.queries.new_comments.ended))
    still_in, kept = partial(verifier.verify, signer.token(by)), cast(Idempotency, None)
    context = Context(app, by, kept, socket, None, still_in=still_in)
    asked = "subscription($id: ID!) { commentAdded(documentId: $id) { text } }"
    stream: Any = await SCHEMA.subscribe(asked, {"id": document.id}, context_value=context)
    ending = asyncio.ensure_future(anext(stream))
    await eventually(lambda: running.service.live.listening(document.id), "the listener")

    ended = {"principalId": by.id, "sessionIds": [session_id], "endedAt": "2026-03-09T12:00:00Z"}
    await running.tell("identity.sessions_ended.v1", by.id, **ended)

    async with asyncio.timeout(LIMIT):
        result = await ending
        assert [error.extensions["code"] for error in result.errors] == ["UNAUTHENTICATED"]
        assert [later async for later in stream] == []
    assert not running.service.live.listening(document.id)
