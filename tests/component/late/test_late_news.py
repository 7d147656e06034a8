"""Nobody is left out because events are late: facts reach notifications before those who they are for are known."""

from collections.abc import AsyncIterator
from uuid import uuid4

import pytest
import pytest_asyncio

from chassis.cloudevents import CloudEvent
from tests.support.late import Business, Held, held_back

pytestmark = pytest.mark.asyncio(loop_scope="module")

BOTH = {("document_sent", "email"), ("document_sent", "in_app")}
AWAY = ["DirectoryUnavailable"]


@pytest_asyncio.fixture(loop_scope="module", scope="module")
async def world(secantusdb_url: str) -> AsyncIterator[Held]:
    async with held_back(secantusdb_url, f"test_{uuid4().hex}") as held:
        yield held


@pytest.fixture(autouse=True)
def answered(world: Held) -> None:
    """The owners answer until a test says otherwise."""
    world.owners.away = False


async def facts(business: Business, service: str, kind: str) -> list[CloudEvent]:
    """Return what a service has to tell of this kind."""
    news = await business.world.services[service].news()
    return [event for event in news if event.type.endswith(kind)]


async def unheard(world: Held) -> Business:
    """Return a business of which nobody has heard anything: all that identity tells is held back."""
    world.held = True
    try:
        return await world.register()
    finally:
        world.held = False


async def test_a_client_of_whom_nobody_heard_is_told(world: Held) -> None:
    """The first document of a new client reaches its contact by both ways, though nothing else arrived."""
    business = await unheard(world)
    assert business.contact is not None
    await business.sent("invoice")
    sent = await facts(business, "billing", "invoice_sent.v1")
    world.owners.away = True
    assert await business.deliver(sent) == AWAY
    assert await business.told(business.contact) == set()
    world.owners.away = False
    assert await business.deliver([*sent, *sent]) == []
    assert await business.told(business.contact) == BOTH


async def test_staff_of_whom_nobody_heard_are_told(world: Held) -> None:
    """What a client writes reaches the owner, by name, though nothing was heard of either."""
    business = await unheard(world)
    assert business.contact is not None
    document = await business.sent("invoice")
    given = {"documentId": document, "text": "Hello"}
    await business.do("collaboration", "addComment", "comment { id }", business.contact, **given)
    written = await facts(business, "collaboration", "comment_added.v1")
    assert await business.deliver(written) == []
    assert await business.told(business.owner) == {("comment_added", "email"), ("comment_added", "in_app")}
    store = world.services["notifications"].made.database["notifications"]
    row = await store.find_one({"recipient.id": business.owner.id})
    assert row is not None
    assert row["news"]["facts"]["actor"] == "Zoe Client"


@pytest.mark.parametrize("shut", ["closed", "narrowed"])
async def test_a_portal_that_just_opened_shows_the_news(world: Held, shut: str) -> None:
    """A contact gets the entry in the feed, not a mail alone, when the portal opened before and no event says so."""
    business = await world.register()
    assert business.contact is not None
    if shut == "closed":
        await business.change("disablePortal")
    else:
        await business.change("updatePortalSettings", documentTypes=["ESTIMATE"])
    await world.hear()
    if shut == "closed":
        await business.change("enablePortal", name="Open", slug=f"open-{uuid4().hex[:8]}")
    else:
        await business.change("updatePortalSettings", documentTypes=["ESTIMATE", "INVOICE"])
    await business.sent("invoice")
    assert await business.deliver(await facts(business, "billing", "invoice_sent.v1")) == []
    assert await business.told(business.contact) == BOTH


async def test_staff_who_just_asked_to_be_told_are_told(world: Held) -> None:
    """A kind of notice that was switched on reaches the staff, though no event says that it was."""
    business = await world.register()
    await business.change("updatePortalSettings", notifyStaffOf=[])
    await world.hear()
    await business.change("updatePortalSettings", notifyStaffOf=["COMMENTED"])
    document = await business.sent("invoice")
    given = {"documentId": document, "text": "Hello"}
    await business.do("collaboration", "addComment", "comment { id }", business.contact, **given)
    assert await business.deliver(await facts(business, "collaboration", "comment_added.v1")) == []
    assert ("comment_added", "in_app") in await business.told(business.owner)


async def test_what_identity_confirms_stays(world: Held) -> None:
    """A closed portal brings mail without an entry, and switched-off notices bring nothing, as before."""
    business = await world.register()
    assert business.contact is not None
    await business.change("updatePortalSettings", notifyStaffOf=[])
    document = await business.sent("invoice")
    given = {"documentId": document, "text": "Hello"}
    await business.do("collaboration", "addComment", "comment { id }", business.contact, **given)
    written = await facts(business, "collaboration", "comment_added.v1")
    await business.change("disablePortal")
    await world.hear()
    assert await business.deliver(written) == []
    assert await business.told(business.owner) == set()


async def test_a_mail_names_who_sends_it(world: Held) -> None:
    """A mail waits until the business and its portal's address are known; it never goes out without them."""
    business = await unheard(world)
    assert business.contact is not None
    await business.sent("invoice")
    assert await business.deliver(await facts(business, "billing", "invoice_sent.v1")) == []
    service = world.services["notifications"].made
    for name in ("organisations", "portals"):
        await service.database[name].delete_one({"_id": business.owner.organisation_id})
    store = service.database["notifications"]
    match = {"recipient.id": business.contact.id, "channel": "email"}
    world.owners.away = True
    await service.application.jobs.deliver.drain()
    waiting = await store.find_one(match)
    assert waiting is not None
    assert waiting["status"] == "queued"
    world.owners.away = False
    world.identity.clock.advance(minutes=10)
    while await service.application.jobs.deliver.drain():
        pass
    (mail,) = [one for one in world.mailer.sent if one.to == waiting["recipient"]["email"]]
    assert "Portal" in mail.sender_name
    assert "https://" in mail.text or "http://" in mail.text
    assert "//invoices" not in mail.text
