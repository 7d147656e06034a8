"""Views: the mark that staff see on a document."""

import pytest

from chassis.kernel import NotFound, Principal
from services.collaboration.application.commands.record_document_view import RecordDocumentView
from services.collaboration.domain.errors import OnlyClientsView
from services.collaboration.domain.events import DocumentViewed
from services.collaboration.domain.view import SAME_VISIT, View
from tests.support.collaboration.fakes import FakeDocumentStore
from tests.support.collaboration.makers import (
    COLLEAGUE,
    CONTACT,
    OUTSIDERS,
    OWNER,
    VIEWER,
    World,
    estimate,
    invoice,
)


async def test_first_last_and_how_often() -> None:
    """Each contact has one view per document, with first and last time and the number of visits."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    command = RecordDocumentView(document.id)

    first = await world.record_view(command, by=CONTACT)
    world.clock.advance(hours=3)
    later = await world.record_view(command, by=CONTACT)
    await world.record_view(command, by=COLLEAGUE)

    assert later.id == first.id == View.id_of(document.id, CONTACT.id)
    assert (later.first_viewed_at, later.last_viewed_at, later.count) == (first.first_viewed_at, world.clock.now(), 2)
    views = (await world.queries.views_about(OWNER, [document.id]))[document.id]
    assert [(view.contact_id, view.count) for view in views] == [(CONTACT.id, 2), (COLLEAGUE.id, 1)]
    assert [(one.contact_id, one.count) for one in world.views.events if isinstance(one, DocumentViewed)] == [
        (CONTACT.id, 1),
        (CONTACT.id, 2),
        (COLLEAGUE.id, 1),
    ]


async def test_a_reload_is_the_same_visit() -> None:
    """Looks within five minutes of each other count once and tell nobody anything new."""
    document = invoice()
    world = World(FakeDocumentStore(document))
    for _ in range(5):
        await world.record_view(RecordDocumentView(document.id), by=CONTACT)
        world.clock.time += SAME_VISIT

    (view,) = world.views.rows.values()
    assert (view.count, len(world.views.events)) == (1, 1)
    assert view.last_viewed_at == world.clock.now() - SAME_VISIT


@pytest.mark.parametrize("by", [OWNER, VIEWER], ids=["owner", "viewer"])
async def test_a_staff_preview_marks_nothing(by: Principal) -> None:
    """Staff look at documents without leaving the client's mark."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    with pytest.raises(OnlyClientsView):
        await world.record_view(RecordDocumentView(document.id), by=by)
    assert world.views.rows == {}


@pytest.mark.parametrize("by", [*OUTSIDERS, CONTACT], ids=["other client", "other organisation", "draft"])
async def test_what_is_not_visible_is_not_viewed(by: Principal) -> None:
    """Neither outsiders nor, before it is sent, the client can mark a document."""
    document = estimate(sent=by is not CONTACT)
    world = World(FakeDocumentStore(document))

    with pytest.raises(NotFound):
        await world.record_view(RecordDocumentView(document.id), by=by)


async def test_reading_marks_nothing() -> None:
    """No query leaves a view, and contacts learn nothing about each other's."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    await world.record_view(RecordDocumentView(document.id), by=CONTACT)
    before = dict(world.views.rows)

    await world.queries.visible_documents(COLLEAGUE, [document.id])

    assert await world.queries.views_about(COLLEAGUE, [document.id]) == {}
    assert world.views.rows == before
