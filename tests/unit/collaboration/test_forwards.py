"""Forwards: a document sent on to somebody else."""

import pytest

from chassis.kernel import DomainError, NotFound, Principal, new_id
from chassis.text import ControlCharacters, TextRequired, TextTooLong
from services.collaboration.application.commands.forward_document import PER_HOUR, ForwardDocument
from services.collaboration.domain.document import KnownDocument
from services.collaboration.domain.errors import (
    ForwardingNotAllowed,
    InvalidEmail,
    OnlyClientsForward,
    TooManyForwards,
)
from services.collaboration.domain.events import DocumentForwarded
from services.collaboration.domain.forward import Forward, Recipient
from tests.support.collaboration.fakes import FakeDocumentStore
from tests.support.collaboration.makers import CONTACT, ORG, OUTSIDERS, OWNER, World, estimate, invoice

ADA = Recipient(name="Ada Byron", email="ada@client.example", message="Please have a look.")


async def forwarded(
    world: World, document: KnownDocument, recipient: Recipient = ADA, by: Principal = CONTACT
) -> Forward:
    return await world.forward(ForwardDocument(new_id("fwd"), document.id, recipient), by=by)


async def test_a_contact_forwards() -> None:
    """A forward is stored and told to others: mail and contact follow from its event."""
    document = invoice()
    world = World(FakeDocumentStore(document))

    forward = await forwarded(world, document)

    assert world.forwards.events == [
        DocumentForwarded(
            occurred_at=world.clock.now(),
            document=document,
            forward_id=forward.id,
            forwarded_by=CONTACT.id,
            recipient_name="Ada Byron",
            recipient_email="ada@client.example",
            message="Please have a look.",
        )
    ]


async def test_the_organisation_may_forbid_it() -> None:
    """With forwarding switched off nothing is sent on."""
    document = invoice()
    world = World(FakeDocumentStore(document))
    await world.portals.note(ORG, 1, {"forwarding_allowed": False, "document_types": ["invoice"]})

    with pytest.raises(ForwardingNotAllowed):
        await forwarded(world, document)
    assert world.forwards.rows == {}


async def test_staff_send_themselves() -> None:
    """Staff cannot forward in a client's name."""
    document = invoice()

    with pytest.raises(OnlyClientsForward):
        await forwarded(World(FakeDocumentStore(document)), document, by=OWNER)


@pytest.mark.parametrize("by", OUTSIDERS)
async def test_outsiders_forward_nothing(by: Principal) -> None:
    """A document of another client cannot be sent anywhere, nor can a draft of one's own."""
    document = estimate()
    world = World(FakeDocumentStore(document))
    with pytest.raises(DomainError) as caught:
        await forwarded(world, document, by=by)
    assert isinstance(caught.value, NotFound)

    draft = estimate(sent=False)
    with pytest.raises(NotFound):
        await forwarded(World(FakeDocumentStore(draft)), draft)


@pytest.mark.parametrize(
    ("recipient", "refusal", "field"),
    [
        (Recipient(name="", email="a@b.example"), TextRequired, "recipientName"),
        (Recipient(name="x" * 201, email="a@b.example"), TextTooLong, "recipientName"),
        (Recipient(name="Ada\r\nBcc: all@x.example", email="a@b.example"), ControlCharacters, "recipientName"),
        (Recipient(name="Ada \u202ecilA", email="a@b.example"), ControlCharacters, "recipientName"),
        (Recipient(name="Ada", email="a@b.example", message="x" * 2001), TextTooLong, "message"),
        *(
            (Recipient(name="Ada", email=email), InvalidEmail, "recipientEmail")
            for email in (
                "",
                "ada",
                "ada@",
                "@client.example",
                "ada@client",
                "ada@@client.example",
                "ada@client.example,bob@x.example",
                "ada@client.example\nbcc: bob@x.example",
                "ada@client.example\r",
                "Ada <ada@client.example>",
                "a..b@client.example",
                ".a@client.example",
                "a@-client.example",
                "a b@client.example",
                "ada@client.example;x@y.example",
                "ada@127.0.0.1",
                "ada@[127.0.0.1]",
                "x" * 65 + "@client.example",
                "a@" + "x" * 250 + ".example",
                "ädä@client.example",
            )
        ),
    ],
)
async def test_recipients_that_are_refused(recipient: Recipient, refusal: type[DomainError], field: str) -> None:
    """Whatever could add a second recipient or a header is no recipient, and the refusal names the field."""
    document = invoice()
    world = World(FakeDocumentStore(document))

    with pytest.raises(refusal) as caught:
        await forwarded(world, document, recipient)
    assert caught.value.field == (field,)
    assert world.forwards.rows == {}


@pytest.mark.parametrize("email", ["ada@client.example", "a.b+c@sub.client-x.example", "o'neil@x.xn--p1ai"])
async def test_addresses_that_are_taken(email: str) -> None:
    """Usual addresses, with dots, tags, apostrophes and international domains in their ASCII form, are taken."""
    document = invoice()

    stored = await forwarded(World(FakeDocumentStore(document)), document, Recipient(name="Ada", email=email))

    assert stored.recipient_email == email


async def test_a_portal_is_no_mailing_list() -> None:
    """Twenty forwards an hour and contact, then a pause."""
    document = invoice()
    world = World(FakeDocumentStore(document))
    for _ in range(PER_HOUR):
        await forwarded(world, document)

    with pytest.raises(TooManyForwards):
        await forwarded(world, document)
    world.clock.advance(hours=1)
    await forwarded(world, document)


async def test_the_same_id_is_one_forward() -> None:
    """A command that runs again sends nothing a second time."""
    document = invoice()
    world = World(FakeDocumentStore(document))
    command = ForwardDocument(new_id("fwd"), document.id, ADA)

    await world.forward(command, by=CONTACT)
    await world.forward(command, by=CONTACT)

    assert len(world.forwards.events) == 1
