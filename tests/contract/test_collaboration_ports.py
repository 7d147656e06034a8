"""Collaboration's ports, one suite over the fakes and over MongoDB."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from chassis.kernel import AlreadyExists, NotFound, PageRequest, Principal, new_id
from chassis.mongo.client import connect
from chassis.mongo.indexes import ensure_indexes
from services.collaboration.adapters.mongo_discussion import INDEXES, MongoComments, MongoForwards, MongoViews
from services.collaboration.adapters.mongo_projections import MongoAllowance, MongoDocumentStore, MongoPortalStore
from services.collaboration.domain.comment import Comment
from services.collaboration.domain.document import DocumentType, KnownDocument, PortalRules
from services.collaboration.domain.forward import Forward, Recipient
from services.collaboration.domain.view import View
from services.collaboration.messaging.published import LANGUAGE
from tests.support.clock import NOON
from tests.support.collaboration import fakes
from tests.support.collaboration.makers import COLLEAGUE, CONTACT, CUSTOMER, ORG, OUTSIDERS, OWNER, estimate
from tests.support.storage import SERVERS, address


@dataclass
class Ports:
    """All of them, of one kind."""

    comments: Any
    views: Any
    forwards: Any
    documents: Any
    portals: Any
    allowance: Any


@pytest.fixture(params=["fake", *SERVERS])
async def ports(request: pytest.FixtureRequest) -> AsyncIterator[Ports]:
    if request.param == "fake":
        yield Ports(
            fakes.FakeComments(),
            fakes.FakeViews(),
            fakes.FakeForwards(),
            fakes.FakeDocumentStore(),
            fakes.FakePortals(),
            fakes.FakeAllowance(),
        )
        return
    database = connect(address(request), f"test_{new_id('com')}")
    await ensure_indexes(database, INDEXES)
    yield Ports(
        MongoComments(database, LANGUAGE),
        MongoViews(database, LANGUAGE),
        MongoForwards(database, LANGUAGE),
        MongoDocumentStore(database),
        MongoPortalStore(database),
        MongoAllowance(database),
    )
    await database.drop()
    await database.close()


def comment_on(document: KnownDocument, text: str, by: Principal = CONTACT, minute: int = 0) -> Comment:
    now = NOON + timedelta(minutes=minute)
    return Comment.write(new_id("com"), document, text, by=by, display_in_portal=False, now=now)


async def test_comments_come_back_as_written(ports: Ports) -> None:
    """A stored comment has every field it had, and one id is stored once."""
    comment = comment_on(estimate(), "first line\nsecond, with “quotes” and 日本語")
    await ports.comments.add(comment)

    stored = await ports.comments.get(COLLEAGUE, comment.id)

    assert (stored.text, stored.written_at, stored.visibility) == (comment.text, comment.written_at, "portal")
    with pytest.raises(AlreadyExists):
        await ports.comments.add(comment)


async def test_comments_are_scoped(ports: Ports) -> None:
    """Outsiders find no comment by id, page or count; contacts none that is internal."""
    document = estimate()
    shown, internal = comment_on(document, "shown"), comment_on(document, "internal", OWNER, 1)
    await ports.comments.add(shown)
    await ports.comments.add(internal)

    for outsider in OUTSIDERS:
        with pytest.raises(NotFound):
            await ports.comments.get(outsider, shown.id)
        assert (await ports.comments.about(outsider, document.id, PageRequest())).items == ()
        assert await ports.comments.count(outsider, [document.id]) == {}
    with pytest.raises(NotFound):
        await ports.comments.get(CONTACT, internal.id)
    assert await ports.comments.count(CONTACT, [document.id]) == {document.id: 1}
    assert await ports.comments.count(OWNER, [document.id, new_id("est")]) == {document.id: 2}


async def test_pages_are_in_order_of_writing(ports: Ports) -> None:
    """Pages follow each other without gaps or repetitions, comments of one instant included."""
    document = estimate()
    for number in range(6):
        await ports.comments.add(comment_on(document, str(number), minute=number // 2))

    seen, request = [], PageRequest(2)
    for _ in range(3):
        page = await ports.comments.about(OWNER, document.id, request)
        seen += [comment.text for comment in page.items]
        request = PageRequest(2, page.cursors[-1])

    assert not page.has_next_page
    assert [sorted(seen[0:2]), sorted(seen[2:4]), sorted(seen[4:6])] == [["0", "1"], ["2", "3"], ["4", "5"]]


async def test_views_are_one_per_contact(ports: Ports) -> None:
    """A second first view is refused, a change is kept, and the list is by time."""
    document = estimate()
    first = View.open(document, by=CONTACT, now=NOON)
    await ports.views.add(first)
    with pytest.raises(AlreadyExists):
        await ports.views.add(View.open(document, by=CONTACT, now=NOON))
    await ports.views.add(View.open(document, by=COLLEAGUE, now=NOON + timedelta(minutes=1)))

    later = NOON + timedelta(hours=1)
    await ports.views.update(CONTACT, first.id, lambda view: view.again(document, now=later))

    found = (await ports.views.about(OWNER, [document.id]))[document.id]
    assert [(view.contact_id, view.count) for view in found] == [(CONTACT.id, 2), (COLLEAGUE.id, 1)]
    assert found[0].last_viewed_at == later


async def test_forwards_are_listed_by_document(ports: Ports) -> None:
    """The forwards of several documents come in one answer, for whom they concern."""
    one, two = estimate(), estimate()
    for document in (one, two):
        recipient = Recipient(name="Ada", email="ada@client.example")
        await ports.forwards.add(Forward.send(new_id("fwd"), document, recipient, by=CONTACT, allowed=True, now=NOON))

    found = await ports.forwards.about(OWNER, [one.id, two.id, new_id("est")])

    assert {key: len(rows) for key, rows in found.items()} == {one.id: 1, two.id: 1}
    assert [await ports.forwards.about(outsider, [one.id]) for outsider in OUTSIDERS] == [{}, {}]


async def test_documents_move_forward_only(ports: Ports) -> None:
    """Of shuffled and repeated events the highest sequence wins, and other organisations know nothing."""
    document = new_id("inv")
    drafted = {"organisation_id": ORG, "customer_id": CUSTOMER, "type": "invoice"}
    sent = drafted | {"number": "INV-1", "sent": True}
    for sequence, fields in [(1, drafted), (3, sent), (2, drafted), (3, sent), (1, drafted)]:
        await ports.documents.note(document, sequence, fields)

    (found,) = (await ports.documents.find(ORG, [document])).values()

    assert (found.number, found.sent, found.customer_id) == ("INV-1", True, CUSTOMER)
    assert await ports.documents.find(new_id("org"), [document]) == {}


async def test_forwarding_is_allowed_until_it_is_not(ports: Ports) -> None:
    """Without news everything is allowed; the latest news counts."""
    assert await ports.portals.rules(ORG) == PortalRules()
    await ports.portals.note(ORG, 5, {"forwarding_allowed": False, "document_types": ["invoice"]})
    await ports.portals.note(ORG, 4, {"forwarding_allowed": True, "document_types": ["invoice", "estimate"]})
    expected = PortalRules(forwarding_allowed=False, document_types=(DocumentType.INVOICE,))
    assert await ports.portals.rules(ORG) == expected


async def test_an_allowance_is_exact(ports: Ports) -> None:
    """Forty takers at once get exactly the limit; another person and another hour have their own."""
    hour = timedelta(hours=1)

    taken = await asyncio.gather(*(ports.allowance.take(CONTACT, "x", 7, hour, NOON) for _ in range(40)))

    assert sum(taken) == 7
    assert await ports.allowance.take(COLLEAGUE, "x", 7, hour, NOON)
    assert await ports.allowance.take(CONTACT, "y", 7, hour, NOON)
    assert await ports.allowance.take(CONTACT, "x", 7, hour, NOON + hour)
