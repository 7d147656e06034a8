"""Comments: who may write and read what."""

import pytest

from chassis.kernel import DomainError, NotFound, PageRequest, Principal, RoleForbids, WrongIdKind, new_id
from chassis.text import ControlCharacters, LooksLikeCardNumber, TextRequired, TextTooLong
from services.collaboration.application.commands.add_comment import PER_HOUR, AddComment
from services.collaboration.domain.comment import TEXT_LIMIT, AuthorKind, Comment, Visibility
from services.collaboration.domain.document import KnownDocument
from services.collaboration.domain.errors import (
    DocumentNotSent,
    TooManyComments,
)
from services.collaboration.domain.events import CommentAdded
from tests.support.collaboration.fakes import FakeDocumentSource, FakeDocumentStore
from tests.support.collaboration.makers import (
    COLLEAGUE,
    CONTACT,
    OUTSIDERS,
    OWNER,
    STRANGER,
    VIEWER,
    World,
    estimate,
    invoice,
)


async def written(world: World, document: KnownDocument, by: Principal, text: str = "Hi", **shown: bool) -> Comment:
    return await world.add_comment(AddComment(new_id("com"), document.id, text, **shown), by=by)


async def read(world: World, document: KnownDocument, by: Principal) -> list[str]:
    page = await world.queries.comments_about(by, document.id, PageRequest(100))
    return [comment.text for comment in page.items]


async def test_a_contact_writes_for_everybody() -> None:
    """A contact's comment is visible in the portal, whatever the input says, and its event tells so."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    comment = await written(world, document, CONTACT, "Could we start in May?")

    assert (comment.author_kind, comment.visibility) == (AuthorKind.CONTACT, Visibility.PORTAL)
    assert world.comments.events == [
        CommentAdded(
            occurred_at=world.clock.now(),
            document=document,
            comment_id=comment.id,
            author_id=CONTACT.id,
            author_kind="contact",
            visibility="portal",
            excerpt="Could we start in May?",
        )
    ]


async def test_a_staff_reply_is_internal_unless_shown() -> None:
    """The client reads a staff reply only when “display in portal” was set."""
    document = invoice()
    world = World(FakeDocumentStore(document))

    await written(world, document, OWNER, "Between us")
    world.clock.advance(seconds=1)
    await written(world, document, OWNER, "For you", display_in_portal=True)

    assert await read(world, document, OWNER) == ["Between us", "For you"]
    assert await read(world, document, COLLEAGUE) == ["For you"]
    assert await read(world, document, STRANGER) == []
    assert await world.queries.comment_counts(COLLEAGUE, [document.id]) == {document.id: 1}


@pytest.mark.parametrize("outsider", OUTSIDERS, ids=["other client", "other organisation"])
async def test_outsiders_find_nothing_to_comment(outsider: Principal) -> None:
    """For another client and another organisation the document does not exist."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    with pytest.raises(NotFound):
        await written(world, document, outsider)
    assert world.comments.rows == {}


async def test_a_draft_is_discussed_by_staff_alone() -> None:
    """Before it is sent, a document takes internal comments only, and the client cannot find it."""
    document = estimate(sent=False)
    world = World(FakeDocumentStore(document))

    assert (await written(world, document, OWNER)).visibility is Visibility.INTERNAL
    with pytest.raises(DocumentNotSent):
        await written(world, document, OWNER, display_in_portal=True)
    with pytest.raises(NotFound):
        await written(world, document, CONTACT)


async def test_staff_who_only_read_write_nothing() -> None:
    """The viewer role reads the discussion and cannot join it."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    with pytest.raises(RoleForbids):
        await written(world, document, VIEWER)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", TextRequired),
        (" \n ", TextRequired),
        ("x" * (TEXT_LIMIT + 1), TextTooLong),
        ("x" * 1_000_000, TextTooLong),
        ("a\x00b", ControlCharacters),
        ("a\u2028b", ControlCharacters),
        ("\x1b[31mred", ControlCharacters),
        ("my card is 4242 4242 4242 4242, ok?", LooksLikeCardNumber),
        ("4242-4242-4242-4242", LooksLikeCardNumber),
    ],
)
async def test_texts_that_are_refused(text: str, refusal: type[DomainError]) -> None:
    """Empty, endless, unprintable texts and card numbers are refused, named by field and never echoed."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    with pytest.raises(refusal) as caught:
        await written(world, document, CONTACT, text)
    assert caught.value.field == ("text",)
    assert "4242" not in caught.value.message
    assert world.comments.rows == {}


async def test_long_texts_and_numbers_that_are_no_cards() -> None:
    """The longest text fits, several lines stay several lines, and an order number is no card number."""
    document = estimate()
    world = World(FakeDocumentStore(document))

    assert len((await written(world, document, CONTACT, "x" * TEXT_LIMIT)).text) == TEXT_LIMIT
    assert (await written(world, document, CONTACT, "one\r\ntwo\tthree")).text == "one\ntwo\tthree"
    assert (await written(world, document, CONTACT, "order 1234567890123456")).text == "order 1234567890123456"


@pytest.mark.parametrize("document_id", ["", "x", "cus_" + "0" * 26, "inv_" + "0" * 25, "est_" + "u" * 26])
async def test_ids_of_other_things(document_id: str) -> None:
    """An id that is none of a document is told apart from one that is not there."""
    world = World(FakeDocumentStore())

    with pytest.raises(WrongIdKind):
        await world.add_comment(AddComment(new_id("com"), document_id, "Hi"), by=CONTACT)


async def test_the_same_id_is_one_comment() -> None:
    """A command that runs again with its id gives the stored comment and records nothing twice."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    command = AddComment(new_id("com"), document.id, "Hi")

    first, second = await world.add_comment(command, by=CONTACT), await world.add_comment(command, by=CONTACT)

    assert (first.id, len(world.comments.events)) == (second.id, 1)


async def test_comments_are_not_a_flood() -> None:
    """After the limit of an hour nothing is stored, and the next hour begins anew."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    for _ in range(PER_HOUR):
        await written(world, document, CONTACT)

    with pytest.raises(TooManyComments):
        await written(world, document, CONTACT)
    await written(world, document, COLLEAGUE)
    world.clock.advance(hours=1)
    await written(world, document, CONTACT)
    assert len(world.comments.rows) == PER_HOUR + 2


async def test_a_document_that_was_just_sent_is_found() -> None:
    """What no event has told yet, or told as a draft, is asked of billing once."""
    late, draft = estimate(), invoice(sent=False)
    sent = KnownDocument(**{name: getattr(draft, name) for name in draft.__slots__} | {"sent": True})
    world = World(FakeDocumentStore(draft), FakeDocumentSource(late, sent))

    await written(world, late, CONTACT)
    await written(world, draft, CONTACT)

    assert world.source.asked == [late.id, draft.id]


async def test_nobody_makes_us_ask_for_what_is_not_theirs() -> None:
    """A known document of another client is refused without asking billing."""
    document = estimate()
    world = World(FakeDocumentStore(document), FakeDocumentSource(document))

    assert await world.queries.visible_documents(STRANGER, [document.id]) == {}
    assert world.source.asked == []


async def test_pages_are_in_order() -> None:
    """The discussion is read from its beginning, page by page, without gaps."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    texts = [f"comment {number}" for number in range(7)]
    for text in texts:
        await written(world, document, CONTACT, text)
        world.clock.advance(seconds=1)

    seen: list[str] = []
    request = PageRequest(3)
    while True:
        page = await world.queries.comments_about(OWNER, document.id, request)
        seen += [comment.text for comment in page.items]
        if not page.has_next_page:
            break
        request = PageRequest(3, page.cursors[-1])

    assert seen == texts
