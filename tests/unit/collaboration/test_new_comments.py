"""Following a discussion live: what a stream shows, and when it ends."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime

from chassis.kernel import PageRequest, Principal, new_id
from chassis.live import Missed
from services.collaboration.application.commands.add_comment import AddComment
from services.collaboration.application.documents import Documents, Portals
from services.collaboration.application.queries.new_comments import NewComments
from tests.support.collaboration.fakes import FakeDocumentStore
from tests.support.collaboration.makers import CONTACT, ORG, OWNER, World, estimate


@dataclass
class ScriptedFeed:
    """Tells of each comment after what happened before it."""

    script: list[tuple[Callable[[], Awaitable[None]], str]]

    async def comment_ids(self, document_id: str, missed: Missed | None = None) -> AsyncIterator[str]:
        for happening, comment_id in self.script:
            await happening()
            yield comment_id


@dataclass
class Ended:
    """Sessions end when the test says so."""

    ended: bool = False

    def has_ended(self, principal: Principal, issued_at: datetime) -> bool:
        return self.ended


async def test_a_stream_shows_what_a_query_would_show_at_that_moment() -> None:
    """Nothing internal, nothing while the portal hides estimates, and nothing more once the session has ended."""
    document, ended = estimate(), Ended()
    world = World(FakeDocumentStore(document))

    async def write(text: str, *, shown: bool = True) -> str:
        command = AddComment(new_id("com"), document.id, text, display_in_portal=shown)
        return (await world.add_comment(command, by=OWNER)).id

    async def show(*types: str) -> None:
        sequence = world.portals.told[ORG][0] + 1 if ORG in world.portals.told else 1
        await world.portals.note(ORG, sequence, {"forwarding_allowed": True, "document_types": list(types)})

    async def end() -> None:
        ended.ended = True

    feed = ScriptedFeed(
        [
            (lambda: show("estimate"), await write("First")),
            (lambda: show("estimate"), await write("Between us", shown=False)),
            (lambda: show("invoice"), await write("While hidden")),
            (lambda: show("estimate"), await write("Again")),
            (end, await write("Too late")),
        ]
    )
    documents = Documents(world.store, world.source, Portals(world.portals, world.portal_source))
    stream = NewComments(world.comments, documents, feed, ended, world.clock).about(CONTACT, document.id, PageRequest())

    assert [comment.text async for comment in stream] == ["First", "Again"]
